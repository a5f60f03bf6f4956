// The copy that was made of the newest draft, in the place of the original that is open. What is played of it is noted apart: it
// is told to whoever asks whether the copy was watched whole, and never as a look at the original.
import { Shown } from "../shown.js";

/** @typedef {import("../film.js").Film} Film */
/** @typedef {{ start_ms: number, end_ms: number, heard: boolean }} Played milliseconds of the copy */

export class Copy {
  /**
   * @param {Film} film
   * @param {number} index of the clip that it is a copy of
   * @param {{ path: string, version: number }} made where it plays, and the version in which the draft last changed
   */
  constructor(film, index, { path, version }) {
    this.film = film;
    this.index = index;
    this.path = path;
    this.version = version;
    this.heard = new Shown(film.clips);
    this.silent = new Shown(film.clips);
    this.noting = this.silent;
    film.video.addEventListener("volumechange", () => this.listen());
  }

  get plays() {
    return this.film.copies.get(this.index) === this;
  }

  play() {
    if (this.plays) return;
    this.film.endSpan(false);
    this.film.copies.set(this.index, this);
    this.reopen();
  }

  stop() {
    if (!this.plays) return;
    this.film.endSpan(false);
    this.film.copies.delete(this.index);
    this.reopen();
  }

  /** The same place, in the other film; nothing any more once it was shut. */
  reopen() {
    this.listen();
    if (this.film.index === this.index && this.film.isOpen) this.film.again();
  }

  /** What plays from here on is heard, or is not. */
  listen() {
    const { muted, volume } = this.film.video;
    const now = muted || volume === 0 ? this.silent : this.heard;
    if (now === this.noting) return;
    if (this.plays && this.film.index === this.index) this.film.endSpan(false);
    this.noting = now;
  }

  /**
   * What was played since the last time.
   * @returns {Played[]}
   */
  take() {
    const one = (/** @type {Shown} */ account, /** @type {boolean} */ heard) => (
      account.take(this.index).map(({ start_ms: start, end_ms: end }) => ({ start_ms: start, end_ms: end, heard }))
    );
    return [...one(this.heard, true), ...one(this.silent, false)];
  }

  /**
   * What could not be told is owed again.
   * @param {Played[]} spans
   */
  giveBack(spans) {
    const { object } = this.film.clips[this.index];
    for (const { heard, ...span } of spans) (heard ? this.heard : this.silent).giveBack([{ clip: object, ...span }]);
  }
}
