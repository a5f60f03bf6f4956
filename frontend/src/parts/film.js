// One recording on the screen: its clips one after another in one <video>, and an honest account of what was shown.
import { within } from "./page.js";
import { Shown } from "./shown.js";

const FRAME_GUESS = 1 / 60; // seconds, until the film itself has shown two frames; too short only costs a try
const PICTURE = 2; // HTMLMediaElement.readyState from which there is a picture
const TRIES = 120; // halves of a frame that a step looks ahead for the next picture
const RENDERINGS = 60; // of the page after a jump, within which its picture is drawn; counted, because a busy computer is slow
const END = 0.001; // seconds before the end, where the last picture still is

/** @typedef {import("./told.js").PlayableClip} PlayableClip */
/** @typedef {import("./told.js").Opening} Opening */
/** @typedef {import("./told.js").Span} Span */
/** @typedef {{ path: string, noting: Shown }} Copy */

/**
 * How long a clip is, in seconds, as this browser reads it; 0 when it cannot.
 * @param {string} path
 * @returns {Promise<number>}
 */
function lengthAt(path) {
  const probe = document.createElement("video");
  probe.preload = "metadata";
  const length = new Promise((resolve) => {
    probe.addEventListener("loadedmetadata", () => resolve(Number.isFinite(probe.duration) ? probe.duration : 0), { once: true });
    probe.addEventListener("error", () => resolve(0), { once: true });
    probe.src = path;
  });
  return length.finally(() => {
    probe.removeAttribute("src");
    probe.load();
  });
}

/**
 * When the page was drawn `count` times; a page out of sight is not.
 * @param {number} count
 * @returns {Promise<void>}
 */
function renderings(count) {
  return new Promise((resolve) => {
    const one = (/** @type {number} */ left) => {
      if (left === 0) resolve();
      else requestAnimationFrame(() => one(left - 1));
    };
    one(count);
  });
}

export class Film {
  /**
   * @param {Opening} opening
   * @param {PlayableClip[]} clips as the server told them, each with the `path` under which the service worker plays it
   * @param {HTMLElement} element
   */
  constructor(opening, clips, element) {
    this.opening = opening;
    this.clips = clips;
    this.element = element;
    this.video = within(element, "video", HTMLVideoElement);
    this.index = -1;
    this.lengths = clips.map((clip) => (clip.duration_ms ?? 0) / 1000);
    this.frame = FRAME_GUESS;
    this.measured = false; // did the film itself show how long a frame is?
    /** @type {number | null} */
    this.frameAt = null; // the moment of the picture that is on the screen, when the browser told it
    this.movedAt = 0; // performance.now() of the last jump: pictures that were put on the screen before it are of another place
    this.account = new Shown(clips);
    /** @type {Map<number, Copy>} */
    this.copies = new Map(); // what plays in the place of a clip, and notes for itself what was shown of it
    this.shown = false; // was there ever a picture of the clip that is chosen?
    this.stepping = false;
    this.retries = 0; // times that it was asked for again
    this.retriedAt = -1; // at this place
    /** @type {(() => void) | undefined} */
    this.finished = undefined; // what to do when the last clip came to its end
    /** @type {(() => void) | undefined} */
    this.drawn = undefined; // what to do when a picture is drawn
    this.started = Date.parse(opening.started_at) / 1000;
    this.listen();
    this.watchFrames();
  }

  /** Lengths that nobody told: without them no place of a later clip can be named. What cannot be read counts as told roughly. */
  async learn() {
    for (const [index, clip] of this.clips.entries()) {
      if (!this.lengths[index] && this.clips.length > 1) this.lengths[index] = (await lengthAt(clip.path)) || (clip.about_ms ?? 0) / 1000;
    }
  }

  listen() {
    const { video } = this;
    ["pause", "waiting", "ended", "seeking", "emptied"].forEach((name) => {
      video.addEventListener(name, () => this.endSpan(name === "pause" || name === "ended"));
    });
    video.addEventListener("playing", () => this.noting.begin(video.currentTime));
    video.addEventListener("timeupdate", () => this.tick(video.currentTime));
    video.addEventListener("seeked", () => this.noteStill());
    video.addEventListener("loadeddata", () => { this.shown = true; this.noteStill(); });
    video.addEventListener("loadedmetadata", () => this.noteLength());
    video.addEventListener("ended", () => this.goOn());
    video.addEventListener("contextmenu", (event) => event.preventDefault()); // it offers to save
  }

  noteLength() {
    if (!this.lengths[this.index] && Number.isFinite(this.video.duration)) this.lengths[this.index] = this.video.duration;
  }

  // -- places, in seconds of this recording --

  /** @param {number} index */
  begin(index) {
    return this.lengths.slice(0, index).reduce((sum, length) => sum + length, 0);
  }

  get length() {
    return this.begin(this.clips.length);
  }

  get at() {
    return this.index < 0 ? 0 : this.begin(this.index) + this.video.currentTime;
  }

  /** Where the bytes come from that play now. */
  get path() {
    return (this.copies.get(this.index) ?? this.clips[this.index]).path;
  }

  /** Who notes what is shown now. */
  get noting() {
    return this.copies.get(this.index)?.noting ?? this.account;
  }

  get shows() {
    return this.video.readyState >= PICTURE && !this.video.seeking;
  }

  /**
   * Go to a place; the clip it lies in is chosen.
   * @param {number} seconds
   */
  seek(seconds) {
    let rest = Math.max(0, seconds);
    let index = 0;
    while (index + 1 < this.clips.length && this.lengths[index] && rest >= this.lengths[index]) {
      rest -= this.lengths[index];
      index += 1;
    }
    this.choose(index, rest);
  }

  /**
   * @param {number} index
   * @param {number} at
   */
  choose(index, at = 0) {
    if (index === this.index) {
      this.moveTo(at);
      return;
    }
    this.endSpan(false);
    Object.assign(this, { index, shown: false });
    this.leavePicture();
    this.video.src = this.path;
    if (at > 0) this.video.currentTime = at; // before the length is known this is where it will begin
  }

  /** @param {number} at in seconds of this clip */
  moveTo(at) {
    this.leavePicture();
    this.video.currentTime = at;
  }

  /** What is on the screen now is not the picture of the place that we go to. */
  leavePicture() {
    this.frameAt = null;
    this.movedAt = performance.now();
  }

  /** After a lost connection: the same place again. */
  again() {
    const { index } = this;
    const at = this.video.currentTime;
    this.endSpan(false);
    this.index = -1;
    this.choose(index, at);
  }

  goOn() {
    if (!this.video.ended) return; // a handler before this one went elsewhere
    if (this.index + 1 >= this.clips.length) {
      this.finished?.();
      return;
    }
    this.choose(this.index + 1);
    this.video.play().catch(() => undefined);
  }

  // -- frames --

  /**
   * The length of a frame is the smallest step between two frames that were shown one after the other. A busy browser may tell of
   * a picture only after a jump away from it: it counts by when it was put on the screen, not by when that is told.
   */
  watchFrames() {
    if (!("requestVideoFrameCallback" in this.video)) return;
    /** @type {VideoFrameRequestCallback} */
    const seen = (_moment, { mediaTime, presentationTime }) => {
      if (presentationTime >= this.movedAt) this.picture(mediaTime);
      this.video.requestVideoFrameCallback(seen);
    };
    this.video.requestVideoFrameCallback(seen);
  }

  /** @param {number} mediaTime of the picture that is on the screen */
  picture(mediaTime) {
    this.measure(mediaTime - (this.frameAt ?? mediaTime));
    this.frameAt = mediaTime;
    this.tick(mediaTime);
    this.drawn?.();
  }

  /** @param {number} step in seconds */
  measure(step) {
    if (this.video.paused || this.video.playbackRate > 1 || step < 0.008 || step > 0.5) return; // faster ones leave frames out
    this.frame = this.measured ? Math.min(this.frame, step) : step;
    this.measured = true;
  }

  /**
   * Jump within this clip.
   * @param {number} seconds
   * @returns {Promise<number | null>} the moment of the picture that is there then; null when the browser does not tell
   */
  async jump(seconds) {
    const landed = new Promise((resolve) => { this.video.addEventListener("seeked", resolve, { once: true }); });
    /** @type {Promise<void>} */
    const drawn = new Promise((resolve) => { this.drawn = resolve; });
    this.moveTo(seconds);
    await landed;
    if ("requestVideoFrameCallback" in this.video) await Promise.race([drawn, renderings(RENDERINGS)]);
    return this.frameAt;
  }

  /**
   * One picture on or back, also over the border of two clips. Presses that come meanwhile are left out.
   * @param {number} count 1 or -1
   */
  async step(count) {
    this.video.pause();
    if (this.stepping || !this.shows) return;
    this.stepping = true;
    try {
      await (count > 0 ? this.stepOn() : this.stepBack());
    } finally {
      this.stepping = false;
    }
  }

  /** The next picture begins at least one frame from this one, and perhaps later: look further until it is another. */
  async stepOn() {
    const from = this.frameAt ?? this.video.currentTime;
    for (let turn = 0; turn < TRIES; turn += 1) {
      const wanted = from + this.frame * (1.5 + turn / 2);
      if (wanted >= this.video.duration) {
        if (this.index + 1 < this.clips.length) this.choose(this.index + 1);
        else await this.jump(this.video.duration - END);
        return;
      }
      const found = await this.jump(wanted);
      if (found === null || found > from + 0.001) return;
    }
  }

  async stepBack() {
    const from = this.frameAt ?? this.video.currentTime;
    const wanted = from - this.frame / 2;
    if (wanted < 0 && this.index > 0) this.choose(this.index - 1, Math.max(0, this.lengths[this.index - 1] - END));
    else await this.jump(Math.max(0, wanted));
  }

  // -- the account --

  /** @param {number} now in seconds of this clip */
  tick(now) {
    if (!this.video.paused && !this.video.seeking) this.noting.reach(now);
  }

  /** @param {boolean} stopped did it stop by itself or by hand, so that it stands where it was shown? */
  endSpan(stopped) {
    const still = stopped && !this.video.seeking; // while it seeks, the time is of a place that was not reached yet
    this.noting.end(this.index, still ? this.video.currentTime : undefined);
  }

  /** A still picture was seen too: after a jump, and when the film was opened. */
  noteStill() {
    if (!this.video.paused || this.index < 0) return;
    this.noting.still(this.index, this.video.currentTime, this.frame);
  }

  /** What was shown since the last time. */
  takeSpans() {
    return this.account.take(this.index);
  }

  /** @param {Span[]} spans */
  giveBack(spans) {
    this.account.giveBack(spans);
  }

  /** Is there something to see, or was it shut? */
  get isOpen() {
    return this.video.hasAttribute("src");
  }

  /** Nothing to see any more. */
  shut() {
    this.video.pause();
    this.endSpan(true);
    this.video.removeAttribute("src");
    this.video.load();
  }
}
