// A box is drawn, moved and sized over the picture, by pointer and by keyboard. What a person puts is a key of this one picture.
import { between, handleAt, holds, isLarge, moved, sized } from "./boxes.js";
import { boxHere, drawHere, putHere } from "./acts.js";

const REACH = 12; // CSS pixels around a side that take hold of it
const SLACK = 4; // CSS pixels that a hand may shake before a box moves
const STEP = 0.01; // of the picture, for one key

/** @typedef {import("./analysis.js").Box} Box */
/** @typedef {import("./boxes.js").Handle} Handle */
/** @typedef {import("./boxes.js").Point} Point */
/** @typedef {import("./overlay.js").Overlay} Overlay */
/** @typedef {import("./review.js").Review} Review */
/** @typedef {{ from: Point, x: number, y: number, box: Box | null, handle: Handle | null, moves: boolean }} Held by a pointer */

export class Drawing {
  /**
   * @param {Review} review
   * @param {Overlay} overlay
   */
  constructor(review, overlay) {
    this.review = review;
    this.overlay = overlay;
    this.frame = review.frame; // in which a box is moved
    this.armed = false; // is the next drag a new box?
    this.moving = false; // do the arrows move the chosen box?
    /** @type {Held | null} */
    this.held = null;
    /** @type {() => void} */
    this.changed = () => undefined; // somebody says how it stands
    const { canvas } = overlay;
    const { signal } = review;
    canvas.addEventListener("pointerdown", (event) => this.down(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.move(event), { signal });
    canvas.addEventListener("pointerup", () => this.up(), { signal });
    canvas.addEventListener("pointercancel", () => this.forget(), { signal });
    review.onChange((what) => this.heard(what));
  }

  /** @param {import("./review.js").Changed} what */
  heard(what) {
    if (what === "frame" || what === "selected" || what === "copy") this.keep();
    const { selected, plays } = this.review;
    this.overlay.canvas.classList.toggle("holds", this.armed || (selected !== null && !plays));
  }

  // -- by pointer --

  /**
   * Where an event lies in the picture, in shares of it.
   * @param {PointerEvent} event
   * @returns {Point}
   */
  point({ clientX, clientY }) {
    const { left, top, width } = this.overlay.canvas.getBoundingClientRect();
    const scale = width / this.overlay.canvas.clientWidth; // somebody may look closer
    const { area } = this.overlay;
    return { x: ((clientX - left) / scale - area.left) / area.width, y: ((clientY - top) / scale - area.top) / area.height };
  }

  /** @param {PointerEvent} event */
  down(event) {
    const { review, overlay } = this;
    if (review.plays || event.button !== 0) return;
    const from = this.point(event);
    const held = this.armed ? { box: null, handle: null } : this.takeHold(from);
    if (held === undefined) return;
    event.stopPropagation(); // whoever looks closer would move the picture
    event.preventDefault();
    review.player.playback.pause();
    overlay.canvas.setPointerCapture(event.pointerId);
    this.held = { from, x: event.clientX, y: event.clientY, moves: false, ...held };
  }

  /**
   * Take hold of the chosen box, or choose what lies under a point.
   * @param {Point} point
   * @returns {{ box: Box, handle: Handle } | undefined}
   */
  takeHold(point) {
    const { selected } = this.review;
    const { area } = this.overlay;
    const chosen = selected === null ? null : boxHere(this.review, selected);
    const handle = chosen && handleAt(chosen, point, { x: REACH / area.width, y: REACH / area.height });
    if (chosen && handle) return { box: chosen, handle };
    this.choose(point);
    return undefined;
  }

  /**
   * The smallest box under a point is chosen; pressed again, the next one.
   * @param {Point} point
   */
  choose(point) {
    const { review } = this;
    const size = (/** @type {Box} */ box) => (box.x1 - box.x0) * (box.y1 - box.y0);
    const under = review.plan.here(review.frame).filter(({ box }) => holds(box, point)).sort((a, b) => size(a.box) - size(b.box));
    const at = under.findIndex(({ span }) => span.number === review.selected);
    if (under.length > 0) review.select(under[(at + 1) % under.length].span.number);
    else review.select(null);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { held } = this;
    if (!held) return;
    held.moves ||= Math.hypot(event.clientX - held.x, event.clientY - held.y) > SLACK;
    if (!held.moves) return;
    this.preview(this.dragged(held, this.point(event)));
  }

  /**
   * @param {Held} held
   * @param {Point} to
   * @returns {Box}
   */
  dragged({ from, box, handle }, to) {
    if (!box || !handle) return between(from, to);
    const [right, down] = [to.x - from.x, to.y - from.y];
    const isWhole = handle.across === "middle" && handle.down === "middle";
    return isWhole ? moved(box, right, down) : sized(box, handle, right, down);
  }

  up() {
    const { held } = this;
    if (!held) return;
    this.held = null;
    if (!held.moves && held.box) this.choose(held.from);
    else if (held.box) this.keep();
    else if (held.moves) this.finish();
  }

  /** A new box was drawn. */
  finish() {
    const box = this.overlay.preview?.box;
    this.arm(false);
    this.preview(null);
    if (box && isLarge(box)) drawHere(this.review, box);
  }

  /** @param {boolean} on is the next drag a new box? */
  arm(on) {
    this.armed = on;
    this.overlay.canvas.classList.toggle("draws", on);
    this.heard("look");
    this.changed();
  }

  // -- by keyboard --

  /** The arrows move the chosen box from here on. */
  begin() {
    const { selected, frame, player } = this.review;
    if (selected === null) return;
    player.playback.pause();
    const box = boxHere(this.review, selected) ?? this.nearest(selected, frame);
    this.moving = true;
    this.preview(box);
  }

  /**
   * Where a track was last, of which there is no box here.
   * @param {number} track
   * @param {number} frame
   */
  nearest(track, frame) {
    const spans = this.review.plan.spans.filter(({ number }) => number === track);
    const away = (/** @type {import("./stretches.js").Span} */ { first, last }) => Math.max(first - frame, frame - last);
    const [near] = spans.sort((a, b) => away(a) - away(b));
    return near?.covered(Math.min(near.last, Math.max(near.first, frame))) ?? { x0: 0.4, y0: 0.3, x1: 0.6, y1: 0.7 };
  }

  /**
   * @param {string} arrow the name of the key
   * @param {boolean} sizes does it size the box, and not move it?
   */
  arrow(arrow, sizes) {
    const box = this.overlay.preview?.box;
    /** @type {Record<string, [right: number, down: number]>} */
    const ways = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    if (!box || !ways[arrow]) return;
    this.preview(sizes ? sized(box, { across: "right", down: "bottom" }, ...ways[arrow]) : moved(box, ...ways[arrow]));
  }

  /** A box by keyboard: it is put in the middle, and the arrows move it at once. */
  drawByKey() {
    this.arm(false);
    this.review.player.playback.pause();
    drawHere(this.review);
    this.begin();
  }

  // -- both --

  /** @param {Box | null} box */
  preview(box) {
    const track = this.armed ? null : this.review.selected;
    this.frame = this.review.frame;
    this.overlay.preview = box && { track, box };
    this.overlay.draw();
    this.changed();
  }

  /** What was moved stays: it is a key of the picture in which it was moved. */
  keep() {
    const { preview } = this.overlay;
    this.held = null;
    this.moving = false;
    this.overlay.preview = null;
    if (preview && preview.track !== null && this.differs(preview.track, preview.box)) {
      putHere(this.review, preview.track, preview.box, this.frame);
    }
    this.overlay.draw();
    this.changed();
  }

  /**
   * @param {number} track
   * @param {Box} box
   */
  differs(track, box) {
    const had = boxHere(this.review, track, this.frame);
    return had === null || ["x0", "y0", "x1", "y1"].some((side) => {
      const one = /** @type {keyof Box} */ (side);
      return Math.abs(had[one] - box[one]) > 0.00005;
    });
  }

  /** Nothing of it stays. */
  forget() {
    Object.assign(this, { held: null, moving: false });
    this.overlay.preview = null;
    this.arm(false);
    this.overlay.draw();
  }
}
