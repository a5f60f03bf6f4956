// What a person did to a draft, step by step, to take back and do again.
/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {{ draft: Draft, words: string }} Step the draft after it, and what was done in a few words */

const MOST = 500; // steps that can be taken back

export class History {
  /** @param {Draft} draft */
  constructor(draft) {
    /** @type {Step[]} */
    this.done = [{ draft, words: "" }];
    /** @type {Step[]} */
    this.undone = [];
  }

  get draft() {
    return this.done[this.done.length - 1].draft;
  }

  /** What `undo` would take back; empty when there is nothing. */
  get words() {
    return this.done[this.done.length - 1].words;
  }

  /** What `redo` would do again; empty when there is nothing. */
  get undoneWords() {
    return this.undone.at(-1)?.words ?? "";
  }

  /**
   * @param {Draft} draft
   * @param {string} words what was done
   */
  change(draft, words) {
    if (draft === this.draft) return;
    this.done = [...this.done.slice(-MOST), { draft, words }];
    this.undone = [];
  }

  /** @returns {boolean} whether there was something to take back */
  undo() {
    if (this.done.length < 2) return false;
    this.undone.push(/** @type {Step} */ (this.done.pop()));
    return true;
  }

  /** @returns {boolean} whether there was something to do again */
  redo() {
    const step = this.undone.pop();
    if (step) this.done.push(step);
    return step !== undefined;
  }
}
