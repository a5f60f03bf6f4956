// What a person played of the copy, told to the server every few seconds: only who saw and heard all of it may call it good.
import { ServerRefused, post, sentenceOf } from "../page.js";
import { joined } from "../spans.js";

const EVERY = 5000; // milliseconds
const PATIENCE = 10_000; // milliseconds that one telling may take
const MOST = 500; // pieces in one telling; the rest goes with the next

/** @typedef {import("../spans.js").Piece} Piece */
/** @typedef {import("./copy.js").Played} Played */
/** @typedef {{ version: number, take: () => Played[], giveBack: (spans: Played[]) => void }} Told a copy, of which it is told */

/**
 * What of `wanted` is not in `had`, in order; pieces below `grain` are none.
 * @param {Piece[]} wanted
 * @param {Piece[]} had
 * @param {number} grain
 * @returns {Piece[]}
 */
export function gaps(wanted, had, grain) {
  const known = joined(had);
  /** @type {Piece[]} */
  const left = [];
  for (const [first, last] of joined(wanted)) {
    let at = first;
    for (const [begin, end] of known.filter((one) => one[1] > first && one[0] < last)) {
      left.push([at, begin]);
      at = Math.max(at, end);
    }
    left.push([at, last]);
  }
  return left.filter(([begin, end]) => end - begin >= grain);
}

export class Looking {
  /**
   * @param {string} address
   * @param {Told} copy
   * @param {(why: string) => void} told hears after each telling; `why` is the sentence when it was not well
   */
  constructor(address, copy, told) {
    this.address = address;
    this.copy = copy;
    this.told = told;
    /** @type {Piece[]} */
    this.played = []; // milliseconds of the copy that the server knows of, each place once
    /** @type {Piece[]} */
    this.heard = []; // and with the sound on
    /** @type {string[] | null} */
    this.missing = null; // sentences of the server, once it was told something
    /** @type {Promise<void> | null} */
    this.busy = null;
    this.timer = setInterval(() => this.report(), EVERY);
  }

  /** One telling at a time. */
  report() {
    this.busy ??= this.tell().finally(() => { this.busy = null; });
    return this.busy;
  }

  async tell() {
    const all = this.copy.take();
    const spans = all.slice(0, MOST);
    this.copy.giveBack(all.slice(MOST));
    if (spans.length === 0) return;
    const body = { version: this.copy.version, spans };
    try {
      /** @type {{ kept: boolean, missing: string[] }} */
      const { kept, missing } = await post(this.address, body, { signal: AbortSignal.timeout(PATIENCE) });
      if (kept) this.note(spans);
      this.missing = missing;
      this.told("");
    } catch (error) {
      if (!(error instanceof ServerRefused)) this.copy.giveBack(spans);
      this.told(sentenceOf(error));
    }
  }

  /** @param {Played[]} spans */
  note(spans) {
    const pieces = (/** @type {Played[]} */ some) => some.map(({ start_ms: start, end_ms: end }) => /** @type {Piece} */ ([start, end]));
    this.played = joined([...this.played, ...pieces(spans)]);
    this.heard = joined([...this.heard, ...pieces(spans.filter(({ heard }) => heard))]);
  }

  /** No more of this copy: another was made, or another film is reviewed. What was played is told still. */
  end() {
    clearInterval(this.timer);
    return this.report();
  }

  /** The page goes away: one last request, which outlives it. */
  leave() {
    clearInterval(this.timer);
    const spans = this.copy.take().slice(0, MOST);
    if (spans.length > 0) post(this.address, { version: this.copy.version, spans }, { keepalive: true }).catch(() => undefined);
  }
}
