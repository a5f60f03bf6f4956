// The draft over the picture that is on the screen: lines around everybody with a word and a number, or what the copy will show.
// It is drawn for just that picture, which the browser tells of, so that a change of one picture is seen at once.
import { within } from "../page.js";
import { numbered } from "./names.js";

const INK = "#0b1220";
const FREE = "#4fd48a";
const DOUBT = "#ffb938";
/** @type {Fill} */
const COPY = { inside: "#5d5d5d", edge: "#8a8a8a" }; // luma 96, as in the copy: masking/paint.py
/** @type {Fill} */
const SHADE = { inside: "rgb(11 18 32 / 45%)", edge: "transparent" };
const TEXT = 15; // CSS pixels
const NARROW = 520; // CSS pixels of picture under which a label is a number alone
const HANDLE = 9; // CSS pixels

/** @typedef {import("./analysis.js").Box} Box */
/** @typedef {import("./review.js").Review} Review */
/** @typedef {{ left: number, top: number, width: number, height: number }} Area in CSS pixels of the canvas */
/** @typedef {{ inside: string, edge: string }} Fill colours */
/** @typedef {{ line: string, dash: number[], label: string, short: string, ink: string, back: string }} Style */

/** @type {Style} */
const LOOK = { line: DOUBT, dash: [3, 4], label: "Kijk hier", short: "!", ink: INK, back: DOUBT };
/** @type {Style} */
const NEW = { line: "#fff", dash: [], label: "Nieuw vak", short: "+", ink: INK, back: "#fff" };

export class Overlay {
  /** @param {Review} review */
  constructor(review) {
    this.review = review;
    const { film, signal } = review;
    this.video = film.video;
    this.canvas = within(film.element, "canvas", HTMLCanvasElement);
    /** @type {{ track: number | null, box: Box } | null} */
    this.preview = null; // a box that somebody draws or moves at this moment
    this.canvas.hidden = false;
    const size = new ResizeObserver(() => this.draw());
    size.observe(this.canvas);
    signal.addEventListener("abort", () => { size.disconnect(); this.canvas.hidden = true; });
    ["seeked", "loadeddata", "timeupdate"].forEach((name) => this.video.addEventListener(name, () => this.follow(), { signal }));
    review.onChange(() => this.draw());
    this.watch();
    this.draw();
  }

  /** Is the clip of this review on the screen? */
  get isHere() {
    const { film, clip } = this.review;
    return film.clips[film.index] === clip;
  }

  /** The browser tells of each picture that it put on the screen; one from before a jump is of another place. */
  watch() {
    const { film, signal } = this.review;
    if (!("requestVideoFrameCallback" in this.video)) return;
    /** @type {VideoFrameRequestCallback} */
    const seen = (_moment, { mediaTime, presentationTime }) => {
      if (signal.aborted) return;
      if (this.isHere && presentationTime >= film.movedAt) this.review.shown(this.review.analysis.frameAt(mediaTime));
      this.video.requestVideoFrameCallback(seen);
    };
    this.video.requestVideoFrameCallback(seen);
  }

  /** Where the browser does not tell of pictures, the time of the film says which it is. */
  follow() {
    const { film, analysis } = this.review;
    if (film.frameAt === null && this.isHere && !this.video.seeking) this.review.shown(analysis.frameAt(this.video.currentTime));
    this.draw();
  }

  /**
   * Where the picture lies within the element that shows it, which has bars beside a picture of another shape.
   * @returns {Area}
   */
  get area() {
    const { clientWidth, clientHeight } = this.canvas;
    const width = this.video.videoWidth || this.review.analysis.width; // pixels that are not square are stretched by the browser
    const height = this.video.videoHeight || this.review.analysis.height;
    const scale = Math.min(clientWidth / width, clientHeight / height);
    const [across, down] = [width * scale, height * scale];
    return { left: (clientWidth - across) / 2, top: (clientHeight - down) / 2, width: across, height: down };
  }

  draw() {
    const { canvas, review } = this;
    const density = window.devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * density);
    canvas.height = Math.round(canvas.clientHeight * density);
    const context = canvas.getContext("2d");
    if (!context || review.plays || !this.isHere || canvas.width === 0) return;
    context.scale(density, density);
    const { area } = this;
    this.cover(context, area, review.look === "copy" ? COPY : SHADE);
    if (review.look === "outlines") this.outline(context, area);
    if (this.preview) this.box(context, area, this.preview.box, this.styleOf(this.preview.track), true);
  }

  /**
   * What the copy covers: opaque, or darker under the lines.
   * @param {CanvasRenderingContext2D} context
   * @param {Area} area
   * @param {Fill} fill
   */
  cover(context, area, fill) {
    const { plan, frame } = this.review;
    const { everything, covered, freed } = plan.at(frame);
    const paint = (/** @type {Box} */ box) => {
      Object.assign(context, { fillStyle: fill.inside, strokeStyle: fill.edge, lineWidth: 1 });
      context.fillRect(...placed(area, box));
      context.strokeRect(...placed(area, box));
    };
    if (everything || plan.mode === "inverted") paint({ x0: 0, y0: 0, x1: 1, y1: 1 });
    if (everything) return;
    if (plan.mode === "inverted") freed.forEach((box) => context.clearRect(...placed(area, box)));
    covered.forEach(paint);
  }

  // -- lines --

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Area} area
   */
  outline(context, area) {
    const { plan, frame, selected, analysis } = this.review;
    for (const [at, found] of analysis.faint) {
      if (Math.abs(at - frame) <= 2) this.box(context, area, found.box, LOOK, false);
    }
    const here = plan.here(frame).filter(({ span }) => span.number !== this.preview?.track);
    const last = here.filter(({ span }) => span.number === selected);
    for (const one of [...here.filter((other) => !last.includes(other)), ...last]) {
      const isSelected = one.span.number === selected;
      if (one.shown) this.box(context, area, one.box, covering(one.span.number, "free"), isSelected);
      else this.box(context, area, one.box, covering(one.span.number, one.span.free ? "unsure" : "cover"), isSelected);
    }
  }

  /** @param {number | null} track */
  styleOf(track) {
    const { plan, frame } = this.review;
    const one = plan.here(frame).find(({ span }) => span.number === track);
    return track === null ? NEW : covering(track, one?.span.free ? "free" : "cover");
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Area} area
   * @param {Box} box
   * @param {Style} style
   * @param {boolean} isSelected
   */
  box(context, area, box, style, isSelected) {
    const [left, top, width, height] = placed(area, box);
    context.setLineDash([]);
    Object.assign(context, { lineWidth: isSelected ? 7 : 5, strokeStyle: INK });
    context.strokeRect(left, top, width, height);
    context.setLineDash(style.dash);
    Object.assign(context, { lineWidth: isSelected ? 4 : 3, strokeStyle: style.line });
    context.strokeRect(left, top, width, height);
    context.setLineDash([]);
    label(context, area, { left, top: top + height, text: area.width < NARROW ? style.short : style.label }, style);
    if (isSelected) handles(context, [left, top, width, height], style);
  }
}

/**
 * How a track is drawn: freed is green and solid, covered is dashed, freed but not followed surely is amber and dotted.
 * @param {number} track
 * @param {"free" | "cover" | "unsure"} state
 * @returns {Style}
 */
function covering(track, state) {
  const short = numbered(track);
  if (state === "free") return { line: FREE, dash: [], label: `${short} Vrijgegeven`, short, ink: INK, back: FREE };
  if (state === "unsure") return { line: DOUBT, dash: [3, 4], label: `${short} Onzeker: afgedekt`, short: `${short}!`, ink: INK, back: DOUBT };
  return { line: "#fff", dash: [9, 6], label: `${short} Afgedekt`, short, ink: INK, back: "#fff" };
}

/**
 * @param {Area} area
 * @param {Box} box
 * @returns {[left: number, top: number, width: number, height: number]}
 */
function placed({ left, top, width, height }, { x0, y0, x1, y1 }) {
  return [left + x0 * width, top + y0 * height, (x1 - x0) * width, (y1 - y0) * height];
}

/**
 * Words at the foot of a box, within the picture.
 * @param {CanvasRenderingContext2D} context
 * @param {Area} area
 * @param {{ left: number, top: number, text: string }} where
 * @param {Style} style
 */
function label(context, area, { left, top, text }, { ink, back }) {
  context.font = `600 ${TEXT}px "Source Sans 3", system-ui, sans-serif`;
  const [wide, high] = [context.measureText(text).width + 14, TEXT + 10];
  const x = Math.max(area.left, Math.min(left, area.left + area.width - wide));
  const y = Math.max(area.top + high, Math.min(top, area.top + area.height));
  Object.assign(context, { fillStyle: back });
  context.fillRect(x, y - high, wide, high);
  Object.assign(context, { fillStyle: ink, textBaseline: "middle" });
  context.fillText(text, x + 7, y - high / 2);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[left: number, top: number, width: number, height: number]} place
 * @param {Style} style
 */
function handles(context, [left, top, width, height], { line }) {
  Object.assign(context, { fillStyle: line, strokeStyle: INK, lineWidth: 2 });
  for (const across of [0, 0.5, 1]) {
    for (const down of [0, 0.5, 1]) {
      if (across === 0.5 && down === 0.5) continue;
      const [x, y] = [left + across * width - HANDLE / 2, top + down * height - HANDLE / 2];
      context.fillRect(x, y, HANDLE, HANDLE);
      context.strokeRect(x, y, HANDLE, HANDLE);
    }
  }
}
