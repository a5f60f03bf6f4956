// What was seen, told to the server every few seconds, and whether the server still hears us.
import { ServerRefused, post } from "./page.js";

const EVERY = 5000; // milliseconds
const PATIENCE = 10_000; // milliseconds that one telling may take
const SHORT = 4000; // and that somebody waits who wants to close
const MOST = 500; // pieces in one telling; the rest goes with the next

/** @typedef {import("./told.js").Span} Span */

/**
 * What is told of a film.
 * @typedef {object} Told
 * @property {{ played: string, close: string, lasts_ms: number }} opening
 * @property {() => Span[]} takeSpans
 * @property {(spans: Span[]) => void} giveBack
 */

/** @param {number} wait in milliseconds */
const pause = (wait) => new Promise((resolve) => { setTimeout(resolve, wait); });

export class Delivery {
  /**
   * @param {Told[]} films
   * @param {object} how
   * @param {number} how.aloneSeconds after which the server closes by itself when it does not hear us
   * @param {{ refused: () => void, lost: () => void, found: () => void }} how.on what to do when the server no longer shows this
   *   (`refused`), when it is not reached (`lost`) and is again (`found`)
   */
  constructor(films, { aloneSeconds, on }) {
    this.films = films;
    this.on = on;
    this.alone = aloneSeconds * 1000;
    this.heard = Date.now();
    /** @type {Promise<void> | null} */
    this.busy = null;
    this.ends = Date.now() + Math.min(...films.map((film) => film.opening.lasts_ms));
  }

  start() {
    this.timer = setInterval(() => this.report(), EVERY);
  }

  stop() {
    clearInterval(this.timer);
  }

  /** Is the time over, or was nobody there to hear us for so long that the server closed by itself? */
  get isOver() {
    const now = Date.now();
    return now > this.ends || now - this.heard > this.alone;
  }

  /** One telling at a time: whoever asks while one is under way waits for that one. */
  report() {
    this.busy ??= this.tell().finally(() => { this.busy = null; });
    return this.busy;
  }

  async tell() {
    const outcomes = [];
    for (const film of this.films) outcomes.push(await this.one(film));
    if (outcomes.includes("refused")) this.on.refused();
    else if (outcomes.includes("lost")) this.on.lost();
    else {
      this.heard = Date.now();
      this.on.found();
    }
  }

  /**
   * @param {Told} film
   * @returns {Promise<"told" | "refused" | "lost">}
   */
  async one(film) {
    const spans = film.takeSpans();
    try {
      /** @type {{ open: boolean }} */
      const { open } = await post(film.opening.played, { spans: spans.slice(0, MOST) }, { signal: AbortSignal.timeout(PATIENCE) });
      film.giveBack(spans.slice(MOST));
      return open ? "told" : "refused";
    } catch (error) {
      film.giveBack(spans);
      return error instanceof ServerRefused ? "refused" : "lost";
    }
  }

  /** After the end: what was not told yet is still owed, for as long as this page is here and the server wants to hear it. */
  async settle() {
    this.stop();
    await this.busy;
    for (const film of this.films) {
      for (let spans = film.takeSpans(); spans.length > 0; spans = film.takeSpans()) {
        try {
          await post(film.opening.played, { spans: spans.slice(0, MOST) }, { signal: AbortSignal.timeout(PATIENCE) });
          film.giveBack(spans.slice(MOST));
        } catch (error) {
          if (error instanceof ServerRefused) break;
          film.giveBack(spans);
          await pause(EVERY);
        }
      }
    }
  }

  /** Close everything, the last pieces with it. What could not be told stays owed. */
  async close() {
    this.stop();
    await Promise.race([this.busy, pause(SHORT)]);
    for (const film of this.films) {
      const spans = film.takeSpans();
      try {
        await post(film.opening.close, { spans: spans.slice(0, MOST) }, { signal: AbortSignal.timeout(SHORT) });
      } catch (error) {
        film.giveBack(spans);
        throw error;
      }
    }
  }

  /** The page goes away: one last request for each film, which outlives it. */
  leave() {
    this.stop();
    this.films.forEach((film) => {
      post(film.opening.close, { spans: film.takeSpans().slice(0, MOST) }, { keepalive: true }).catch(() => undefined);
    });
  }
}
