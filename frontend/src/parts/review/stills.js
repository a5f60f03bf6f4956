// Stills of the film that is open, drawn from it in this page onto canvas. They go nowhere else, and go when the film goes. Each was
// shown to somebody, so the account of what was seen has it.
import { area } from "./geometry.js";

const PICTURE = 2; // HTMLMediaElement.readyState from which there is a picture
const PATIENCE = 20_000; // milliseconds for one picture
const AROUND = 0.15; // of a box that is shown around it on each side

/** @typedef {import("./analysis.js").Box} Box */
/** @typedef {import("./review.js").Review} Review */
/** @typedef {{ canvas: HTMLCanvasElement, frame: number, box: Box }} Still */

/** One picture after another, by a film of its own, so that what is on the screen stays where it is. */
export class Stills {
  /** @param {Review} review */
  constructor(review) {
    this.review = review;
    /** @type {Still[]} */
    this.waiting = [];
    /** @type {Set<HTMLCanvasElement>} */
    this.drawn = new Set();
    /** @type {HTMLVideoElement | null} */
    this.video = null;
    this.busy = false;
    review.signal.addEventListener("abort", () => this.forget());
    review.film.video.addEventListener("emptied", () => { if (this.isOver) this.forget(); }, { signal: review.signal });
    window.addEventListener("pagehide", () => this.forget(), { signal: review.signal });
  }

  /**
   * Draw this still when its turn comes; of one canvas only the last that was asked.
   * @param {Still} still
   */
  ask(still) {
    this.waiting = [...this.waiting.filter(({ canvas }) => canvas !== still.canvas), still];
    if (!this.busy) this.work();
  }

  /** Has the screen shut? Then nothing is drawn any more. */
  get isOver() {
    return this.review.signal.aborted || this.review.player.ending.done;
  }

  async work() {
    this.busy = true;
    for (let next = this.waiting.shift(); next && !this.isOver; next = this.waiting.shift()) {
      if (next.canvas.isConnected) await this.draw(next).catch(() => undefined); // a picture that does not come leaves a card without one
    }
    this.busy = false;
    this.rest();
  }

  /** Nothing to draw: the film is let go, so that nothing of it is fetched on. */
  rest() {
    if (this.isOver) this.forget();
    this.video?.removeAttribute("src");
    this.video?.load();
    this.video = null;
  }

  /** @returns {HTMLVideoElement} */
  probe() {
    if (this.video) return this.video;
    const video = document.createElement("video");
    [video.muted, video.preload, video.src] = [true, "auto", this.review.clip.path];
    this.video = video;
    return video;
  }

  /** @param {Still} still */
  async draw({ canvas, frame, box }) {
    const { analysis, film, clip } = this.review;
    const video = this.probe();
    const [begins, next] = [analysis.secondsAt(frame), analysis.secondsAt(frame + 1)];
    video.currentTime = next > begins ? (begins + next) / 2 : begins + 0.002;
    await settled(video);
    if (this.isOver) return;
    const [x, y, width, height] = cut(around(box), canvas, video);
    canvas.getContext("2d")?.drawImage(video, x, y, width, height, 0, 0, canvas.width, canvas.height);
    film.account.still(film.clips.indexOf(clip), begins, film.frame);
    this.drawn.add(canvas);
  }

  /** Of what was drawn nothing stays. */
  forget() {
    this.waiting = [];
    this.drawn.forEach((canvas) => canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height));
    this.drawn.clear();
  }
}

/**
 * When the picture of the place that was asked is there. An Error when it does not come.
 * @param {HTMLVideoElement} video
 * @returns {Promise<void>}
 */
function settled(video) {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const timer = setTimeout(() => reject(new Error("no picture")), PATIENCE);
    const look = () => {
      if (video.readyState < PICTURE || video.seeking) return;
      clearTimeout(timer);
      stop.abort();
      resolve();
    };
    ["seeked", "loadeddata", "canplay"].forEach((name) => video.addEventListener(name, look, { signal: stop.signal }));
    video.addEventListener("error", () => { clearTimeout(timer); stop.abort(); reject(new Error("no picture")); }, { signal: stop.signal });
    look();
  });
}

/**
 * A box with something around it; of none the whole picture.
 * @param {Box} box
 * @returns {Box}
 */
function around(box) {
  if (!area(box)) return { x0: 0, y0: 0, x1: 1, y1: 1 };
  const [wide, high] = [(box.x1 - box.x0) * AROUND, (box.y1 - box.y0) * AROUND];
  return { x0: box.x0 - wide, y0: box.y0 - high, x1: box.x1 + wide, y1: box.y1 + high };
}

/**
 * The piece of a film, in its own pixels, that holds a box and has the shape of a canvas.
 * @param {Box} box
 * @param {{ width: number, height: number }} canvas
 * @param {{ videoWidth: number, videoHeight: number }} video
 * @returns {[x: number, y: number, width: number, height: number]}
 */
export function cut(box, canvas, { videoWidth: across, videoHeight: down }) {
  const shape = canvas.width / canvas.height;
  let width = (box.x1 - box.x0) * across;
  let height = (box.y1 - box.y0) * down;
  if (width / height < shape) width = height * shape;
  else height = width / shape;
  const scale = Math.min(1, across / width, down / height);
  [width, height] = [width * scale, height * scale];
  const x = Math.min(Math.max(0, ((box.x0 + box.x1) / 2) * across - width / 2), across - width);
  const y = Math.min(Math.max(0, ((box.y0 + box.y1) / 2) * down - height / 2), down - height);
  return [x, y, width, height];
}
