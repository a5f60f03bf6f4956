// One recording on the screen: its clips one after another in one <video>, and an honest account of what was shown.
const FRAME_GUESS = 1 / 25; // seconds, until the film itself has shown two frames
const SHOWN = 3; // HTMLMediaElement.readyState from which pictures go on

export class Film {
  /** `clips` as the server told them, each with the `path` under which the service worker plays it. */
  constructor(opening, clips, element) {
    Object.assign(this, { opening, clips, element, video: element.querySelector("video") });
    this.index = -1;
    this.frame = FRAME_GUESS;
    this.spans = []; // [clip index, start, end] in seconds of film, shown and not yet reported
    this.from = null;
    this.last = 0;
    this.started = Date.parse(opening.started_at) / 1000;
    this.watchFrames();
    const ends = ["pause", "waiting", "ended", "seeking", "emptied"];
    ends.forEach((name) => this.video.addEventListener(name, () => this.endSpan(name === "pause" || name === "ended")));
    this.video.addEventListener("playing", () => { this.from ??= this.video.currentTime; });
    this.video.addEventListener("timeupdate", () => this.tick(this.video.currentTime));
    this.video.addEventListener("seeked", () => this.noteStill());
    this.video.addEventListener("ended", () => this.goOn());
    this.video.addEventListener("contextmenu", (event) => event.preventDefault()); // it offers to save
  }

  lengthOf(index) {
    const told = this.clips[index].duration_ms;
    return told ? told / 1000 : index === this.index && Number.isFinite(this.video.duration) ? this.video.duration : 0;
  }

  /** Where a clip begins, in seconds of this recording. */
  begin(index) {
    return this.clips.slice(0, index).reduce((sum, _clip, at) => sum + this.lengthOf(at), 0);
  }

  get length() {
    return this.begin(this.clips.length);
  }

  get at() {
    return this.index < 0 ? 0 : this.begin(this.index) + this.video.currentTime;
  }

  get shows() {
    return this.video.readyState >= SHOWN - 1 && !this.video.seeking;
  }

  /** Go to a place, in seconds of this recording; the clip it lies in is chosen. */
  seek(seconds) {
    const wanted = Math.max(0, seconds);
    let index = this.clips.length - 1;
    while (index > 0 && this.begin(index) > wanted) index -= 1;
    this.choose(index, wanted - this.begin(index));
  }

  choose(index, at = 0) {
    if (index === this.index) {
      this.video.currentTime = at;
      return;
    }
    this.endSpan(false);
    this.index = index;
    this.lastFrameAt = null;
    this.video.src = this.clips[index].path;
    if (at > 0) this.video.currentTime = at; // before the length is known this is where it will begin
  }

  /** After a lost connection: the same place again. */
  again() {
    const at = this.video.currentTime;
    const index = this.index;
    this.index = -1;
    this.choose(index, at);
  }

  goOn() {
    if (this.index + 1 >= this.clips.length) return;
    this.choose(this.index + 1);
    this.video.play().catch(() => undefined);
  }

  /** The length of a frame is the smallest step between two frames that were shown one after the other. */
  watchFrames() {
    if (!("requestVideoFrameCallback" in this.video)) return;
    const seen = (_moment, { mediaTime }) => {
      const step = mediaTime - (this.lastFrameAt ?? mediaTime);
      if (step > 0.008 && step < this.frame * 1.5) this.frame = step;
      this.lastFrameAt = mediaTime;
      this.tick(mediaTime);
      this.video.requestVideoFrameCallback(seen);
    };
    this.video.requestVideoFrameCallback(seen);
  }

  tick(now) {
    if (this.video.paused || this.video.seeking) return;
    this.from ??= now;
    this.last = Math.max(now, this.from);
  }

  endSpan(stopped) {
    const end = stopped ? Math.max(this.last, this.video.currentTime) : this.last;
    if (this.from !== null && end > this.from) this.spans.push([this.index, this.from, end]);
    this.from = null;
  }

  /** A still picture after a jump was seen too. */
  noteStill() {
    if (!this.video.paused) return;
    const at = this.video.currentTime;
    this.spans.push([this.index, at, at + this.frame]);
  }

  /** One frame on or back. Half a frame past the border, so that rounding cannot land on the frame before. */
  step(count) {
    this.video.pause();
    const frame = Math.round((this.lastFrameAt ?? this.video.currentTime) / this.frame) + count;
    this.video.currentTime = Math.max(0, (frame + 0.5) * this.frame);
  }

  /** What was shown since the last time, as the server wants it. */
  takeSpans() {
    const playing = this.from !== null;
    this.endSpan(false);
    if (playing) this.from = this.last;
    const spans = this.spans.map(([index, start, end]) => ({
      clip: this.clips[index].object, start_ms: Math.round(start * 1000), end_ms: Math.round(end * 1000),
    }));
    this.spans = [];
    return spans.filter(({ start_ms: start, end_ms: end }) => end > start);
  }

  giveBack(spans) {
    const index = (object) => this.clips.findIndex((clip) => clip.object === object);
    this.spans.unshift(...spans.map((one) => [index(one.clip), one.start_ms / 1000, one.end_ms / 1000]));
  }

  /** Nothing to see any more. */
  shut() {
    this.video.pause();
    this.endSpan(true);
    this.video.removeAttribute("src");
    this.video.load();
  }
}
