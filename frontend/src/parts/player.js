// The viewing screen around the browser's own <video>: frames, keys, and an honest account of what was played.
import { $, post, say } from "./page.js";

const REPORT_EVERY = 5000; // milliseconds
const JUMP = 5; // seconds
const FRAME_GUESS = 1 / 25; // seconds, until the film itself has shown two frames

export class Player {
  constructor(opening, clips) {
    this.opening = opening;
    this.clips = clips;
    this.video = $("#film");
    this.spans = []; // [start, end] in seconds of film, played and not yet reported
    this.from = null;
    this.frame = FRAME_GUESS;
  }

  start() {
    this.listClips();
    this.choose(0);
    this.listen();
    this.watchFrames();
    this.timer = setInterval(() => this.report(), REPORT_EVERY);
    this.video.focus();
  }

  listClips() {
    const list = $("#clips");
    this.clips.forEach((clip, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "utrecht-button utrecht-button--secondary-action";
      button.textContent = `Deel ${index + 1}`;
      button.addEventListener("click", () => this.choose(index));
      list.append(button);
    });
    list.hidden = this.clips.length < 2;
  }

  choose(index) {
    this.endSpan();
    this.report();
    this.index = index;
    this.video.src = this.clips[index].path;
    this.lastFrameAt = null;
    [...$("#clips").children].forEach((button, at) => button.setAttribute("aria-pressed", String(at === index)));
  }

  listen() {
    const { video } = this;
    video.addEventListener("playing", () => { this.from ??= video.currentTime; });
    ["pause", "waiting", "ended", "seeking"].forEach((name) => video.addEventListener(name, () => this.endSpan()));
    video.addEventListener("timeupdate", () => this.tick());
    video.addEventListener("error", () => {
      say($("#film-problem"), "De beelden kunnen niet verder worden afgespeeld: het zegel klopt niet, de verbinding is weg of de tijd is om.");
    });
    document.addEventListener("keydown", (event) => this.key(event));
    $("#frame-back").addEventListener("click", () => this.step(-1));
    $("#frame-on").addEventListener("click", () => this.step(1));
    $("#to-activation").addEventListener("click", () => this.toActivation());
    $("#close").addEventListener("click", () => this.close());
    window.addEventListener("pagehide", () => this.leave());
  }

  /** The length of a frame is the smallest step between two frames that were shown one after the other. */
  watchFrames() {
    if (!("requestVideoFrameCallback" in this.video)) return;
    const seen = (_moment, { mediaTime }) => {
      const step = mediaTime - (this.lastFrameAt ?? mediaTime);
      if (step > 0.008 && step < this.frame * 1.5) this.frame = step;
      this.lastFrameAt = mediaTime;
      this.video.requestVideoFrameCallback(seen);
    };
    this.video.requestVideoFrameCallback(seen);
  }

  tick() {
    const now = this.video.currentTime;
    if (!this.video.paused && !this.video.seeking) {
      this.from ??= now;
      this.last = now;
    }
    $("#moment").textContent = `${now.toFixed(2).replace(".", ",")} s`;
  }

  endSpan() {
    if (this.from !== null && this.last > this.from) this.spans.push([this.index, this.from, this.last]);
    this.from = null;
  }

  /** One frame on or back. Half a frame past the border, so that rounding cannot land on the frame before. */
  step(count) {
    this.video.pause();
    const frame = Math.round((this.lastFrameAt ?? this.video.currentTime) / this.frame) + count;
    this.video.currentTime = Math.max(0, (frame + 0.5) * this.frame);
    this.spans.push([this.index, Math.max(0, frame * this.frame), Math.max(0, (frame + 1) * this.frame)]);
  }

  toActivation() {
    this.choose(0);
    this.video.currentTime = this.opening.activation_ms / 1000;
  }

  key(event) {
    if (event.target.matches("input, textarea, select") || event.ctrlKey || event.altKey || event.metaKey) return;
    const onButton = event.target.matches("button, a, summary, video"); // these know the space bar themselves
    const acts = {
      " ": () => { if (!onButton) (this.video.paused ? this.video.play() : this.video.pause()); },
      ",": () => this.step(-1),
      ".": () => this.step(1),
      ArrowLeft: () => { this.video.currentTime = Math.max(0, this.video.currentTime - JUMP); },
      ArrowRight: () => { this.video.currentTime += JUMP; },
      Home: () => { this.video.currentTime = 0; },
      a: () => this.toActivation(),
    };
    if (!acts[event.key]) return;
    if (event.key !== " " || !onButton) event.preventDefault();
    acts[event.key]();
  }

  takeSpans() {
    const playing = this.from !== null;
    this.endSpan();
    if (playing) this.from = this.last;
    const spans = this.spans.map(([index, start, end]) => ({
      clip: this.clips[index].object, start_ms: Math.round(start * 1000), end_ms: Math.round(end * 1000),
    }));
    this.spans = [];
    return spans.filter(({ start_ms: start, end_ms: end }) => end > start);
  }

  async report() {
    const spans = this.takeSpans();
    if (spans.length === 0) return;
    try {
      await post(this.opening.played, { spans });
    } catch {
      const index = (object) => this.clips.findIndex((clip) => clip.object === object);
      this.spans.unshift(...spans.map(({ clip, start_ms: start, end_ms: end }) => [index(clip), start / 1000, end / 1000]));
    }
  }

  async close() {
    clearInterval(this.timer);
    this.video.pause();
    await this.report();
    const { next } = await post(this.opening.close, {});
    window.location.assign(next);
  }

  /** The page goes away: the last seconds travel with a request that outlives it. */
  leave() {
    clearInterval(this.timer);
    const spans = this.takeSpans();
    if (spans.length > 0) post(this.opening.played, { spans }, { keepalive: true }).catch(() => undefined);
    post(this.opening.close, {}, { keepalive: true }).catch(() => undefined);
  }
}
