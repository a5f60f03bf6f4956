// The account of what was shown of one recording: pieces of its clips, until they are told to the server.
import { joined } from "./spans.js";

/** @typedef {import("./told.js").Span} Span */

export class Shown {
  /** @param {{ object: string }[]} clips in the order in which they follow each other */
  constructor(clips) {
    this.clips = clips;
    /** @type {[clip: number, start: number, end: number][]} */
    this.pieces = []; // in seconds of film, shown and not yet told
    /** @type {number | null} */
    this.from = null; // where the piece began that is playing now
    this.last = 0; // and how far of it was shown
  }

  /**
   * From here on it plays; nothing new when it did already.
   * @param {number} at
   */
  begin(at) {
    if (this.from === null) this.from = this.last = at;
  }

  /**
   * This place was shown while it played.
   * @param {number} at
   */
  reach(at) {
    this.begin(at);
    this.last = Math.max(at, this.last);
  }

  /**
   * The piece that plays now ends where it came to, or at `at` when that is further.
   * @param {number} clip
   * @param {number} at
   */
  end(clip, at = this.last) {
    const end = Math.max(this.last, at);
    if (this.from !== null && end > this.from) this.pieces.push([clip, this.from, end]);
    this.from = null;
  }

  /**
   * A picture that stood still.
   * @param {number} clip
   * @param {number} at
   * @param {number} frame how long it is
   */
  still(clip, at, frame) {
    this.pieces.push([clip, at, at + frame]);
  }

  /**
   * What was shown since the last time, as the server wants it: each place once. What plays now goes on.
   * @param {number} clip that is on the screen
   * @returns {Span[]}
   */
  take(clip) {
    const playing = this.from !== null;
    this.end(clip);
    if (playing) this.from = this.last;
    const told = this.clips.flatMap(({ object }, index) => (
      this.of(index).map(([start, end]) => ({ clip: object, start_ms: start, end_ms: end }))
    ));
    this.pieces = [];
    return told;
  }

  /**
   * The pieces of one clip in milliseconds, each place once.
   * @param {number} clip
   */
  of(clip) {
    const mine = this.pieces.filter(([one]) => one === clip);
    return joined(mine.map(([, start, end]) => [Math.round(start * 1000), Math.round(end * 1000)]));
  }

  /**
   * What could not be told is owed again.
   * @param {Span[]} spans
   */
  giveBack(spans) {
    /** @param {string} object */
    const index = (object) => this.clips.findIndex((clip) => clip.object === object);
    for (const { clip, start_ms: start, end_ms: end } of spans) this.pieces.unshift([index(clip), start / 1000, end / 1000]);
  }
}
