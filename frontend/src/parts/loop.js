// The part of the line that is shown again and again.
import { clockTime } from "./times.js";

export class Loop {
  constructor() {
    /** @type {number | null} */
    this.from = null;
    /** @type {number | null} */
    this.to = null;
  }

  /**
   * One end of it, in seconds on the line. An end that does not lie after its beginning takes both away.
   * @param {"from" | "to"} side
   * @param {number} position
   */
  set(side, position) {
    this[side] = position;
    if (this.from !== null && this.to !== null && this.to <= this.from) this.clear();
  }

  clear() {
    this.from = null;
    this.to = null;
  }

  /**
   * Where to go on when `position` is reached: back to the beginning of the loop at its end, otherwise nowhere else (null).
   * @param {number} position
   */
  again(position) {
    return this.to !== null && position >= this.to ? this.from ?? 0 : null;
  }

  /** What to say of it; nothing when there is none. */
  get sentence() {
    const said = (/** @type {number | null} */ value) => (value === null ? "niet gekozen" : clockTime(value));
    return this.from === null && this.to === null ? "" : `Herhalen van ${said(this.from)} tot ${said(this.to)}`;
  }
}
