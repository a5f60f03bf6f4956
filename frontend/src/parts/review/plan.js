// What is covered in each picture of a copy: an analysis, and what a person made of it (masking/plan.py, to the last bit).
import { stretchesOf } from "./stretches.js";

const SHELF = 64; // pictures that share one list of what lies in them

/** @typedef {import("./analysis.js").Analysis} Analysis */
/** @typedef {import("./analysis.js").Box} Box */
/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./stretches.js").Span} Span */

/**
 * Of one picture. `everything`: cover it whole, whatever the rest says. Mode inverted: all is covered but what lies in `freed` and
 * not in `covered`. Mode covered: `covered` is covered. A freed area never shows what is covered there.
 * @typedef {object} Covers
 * @property {boolean} everything
 * @property {Box[]} covered
 * @property {Box[]} freed
 */

/**
 * A track in one picture: where its cover lies, and what it shows of itself when it is free (null: nothing, it is not followed
 * surely there, and it is covered unless a track that is joined to it is shown).
 * @typedef {{ span: Span, box: Box, shown: Box | null }} Here
 */

export class Plan {
  /**
   * An Error for a draft that speaks of a track which is not there.
   * @param {Analysis} analysis
   * @param {Draft} draft
   */
  constructor(analysis, draft) {
    this.mode = draft.mode;
    this.frames = analysis.frames;
    /** @type {Span[]} */
    this.spans = stretchesOf(analysis, draft);
    /** @type {Map<number, Span[]>} */
    this.shelves = new Map();
    for (const span of this.spans) this.shelve(span);
  }

  /** @param {Span} span */
  shelve(span) {
    for (let shelf = Math.floor(span.first / SHELF); shelf <= Math.floor(span.last / SHELF); shelf += 1) {
      const spans = this.shelves.get(shelf);
      if (spans) spans.push(span);
      else this.shelves.set(shelf, [span]);
    }
  }

  /**
   * The spans that hold a picture.
   * @param {number} frame
   * @returns {Span[]}
   */
  spansAt(frame) {
    return (this.shelves.get(Math.floor(frame / SHELF)) ?? []).filter(({ first, last }) => first <= frame && frame <= last);
  }

  /**
   * What is covered in this picture; everything where the film has no such picture.
   * @param {number} frame
   * @returns {Covers}
   */
  at(frame) {
    if (!(frame >= 0 && frame < this.frames)) return { everything: true, covered: [], freed: [] };
    const here = this.spansAt(frame);
    /** @type {Set<number>} */
    const open = new Set();
    /** @type {Box[]} */
    const freed = [];
    for (const span of here) {
      const box = span.free ? span.shown(frame) : null;
      if (box) {
        open.add(span.group);
        freed.push(box);
      }
    }
    if (this.mode === "inverted" && freed.length === 0) return { everything: true, covered: [], freed: [] };
    const hidden = here.filter((span) => !(span.free && open.has(span.group)));
    return { everything: false, covered: hidden.map((span) => span.covered(frame)).filter((box) => box !== null), freed };
  }

  /**
   * Every track that lies in a picture, for who draws them with their numbers.
   * @param {number} frame
   * @returns {Here[]}
   */
  here(frame) {
    return this.spansAt(frame).flatMap((span) => {
      const box = span.covered(frame);
      return box ? [{ span, box, shown: span.free ? span.shown(frame) : null }] : [];
    });
  }

  /**
   * Stretches of pictures in which nobody and nothing is marked.
   * @returns {import("./analysis.js").Stretch[]}
   */
  get bare() {
    /** @type {import("./analysis.js").Stretch[]} */
    const found = [];
    let next = 0;
    for (const { first, last } of [...this.spans].sort((one, other) => one.first - other.first)) {
      if (first > next) found.push([next, first - 1]);
      next = Math.max(next, last + 1);
    }
    if (next < this.frames) found.push([next, this.frames - 1]);
    return found;
  }
}
