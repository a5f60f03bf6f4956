// What a draft makes of each track: stretches of pictures in which it is covered or free, and where its box lies there
// (masking/spans.py, to the last bit).
import { after } from "./analysis.js";
import { isAbout, isDrawn } from "./draft.js";
import { area, onTheWay, ungrown } from "./geometry.js";

const LIVES_US = 3_000_000; // microseconds that a box is there which a person put once, in a change without an end

/** @typedef {import("./analysis.js").Analysis} Analysis */
/** @typedef {import("./analysis.js").Box} Box */
/** @typedef {import("./analysis.js").Track} Track */
/** @typedef {import("./draft.js").Change} Change */
/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./draft.js").Key} Key */
/** @typedef {{ frame: number, box: Box }} Put a key with a box */
/** @typedef {{ group: number, change: Change }} About a change and its place in the draft */
/** @typedef {{ first: number, last: number, ruling: About[] }} Piece */

/** A stretch of pictures, first to last, in which a track is covered or free. Tracks that a person joined share a group. */
export class Span {
  /**
   * @param {number} number of the track
   * @param {Piece} piece
   * @param {number} group
   * @param {boolean} free
   * @param {Track | Put[]} from a detector's track, or the keys that a person put
   */
  constructor(number, { first, last }, group, free, from) {
    this.number = number;
    this.first = first;
    this.last = last;
    this.group = group;
    this.free = free;
    /** @type {Track | null} */
    this.track = Array.isArray(from) ? null : from;
    /** @type {Put[]} */
    this.keys = Array.isArray(from) ? from : [];
  }

  /**
   * What is covered for it in a picture of this stretch.
   * @param {number} frame
   * @returns {Box | null}
   */
  covered(frame) {
    const box = this.track ? this.track.covers(frame) : this.onTheWay(frame);
    return area(box) ? box : null;
  }

  /**
   * What a freed one shows of itself in a picture of this stretch; null where it is not followed surely.
   * @param {number} frame
   * @returns {Box | null}
   */
  shown(frame) {
    const box = this.covered(frame);
    if (!this.track) return box;
    return this.unsure(frame) || !box ? null : ungrown(box);
  }

  /**
   * Does its track overlap another here, or was it not found?
   * @param {number} frame
   */
  unsure(frame) {
    return this.track !== null && this.track.unsure.some(([begin, end]) => begin <= frame && frame <= end);
  }

  /**
   * @param {number} frame
   * @returns {Box}
   */
  onTheWay(frame) {
    const at = this.keys.findIndex((key) => key.frame > frame);
    if (at < 0) return this.keys[this.keys.length - 1].box;
    const [one, other] = [this.keys[at - 1], this.keys[at]];
    return onTheWay(one.box, other.box, (frame - one.frame) / (other.frame - one.frame));
  }
}

/**
 * Of every track of an analysis and every track that a person drew. An Error for a change of one that is neither.
 * @param {Analysis} analysis
 * @param {Draft} draft
 * @returns {Span[]}
 */
export function stretchesOf(analysis, draft) {
  /** @type {Map<number, About[]>} */
  const about = new Map();
  draft.changes.forEach((change, group) => {
    for (const number of new Set([change.track, ...change.joined])) {
      if (!analysis.byNumber.has(number) && !isDrawn(number)) throw new Error(`there is no track ${number}`);
      about.set(number, [...(about.get(number) ?? []), { group, change }]);
    }
  });
  const found = analysis.tracks.flatMap((track) => ofFound(track, about.get(track.number) ?? []));
  const put = draft.changes.flatMap((change, group) => ofKeys(analysis, change, group, about.get(change.track) ?? []));
  return [...found, ...put];
}

/**
 * A detector's track, without the pictures in which a person put its box.
 * @param {Track} track
 * @param {About[]} about
 * @returns {Span[]}
 */
function ofFound(track, about) {
  const put = about.flatMap(({ change }) => runs(change, null).map(({ keys }) => ({
    first: keys[0].frame, last: keys[keys.length - 1].frame, change,
  })));
  const ended = about.flatMap(({ change }) => endings(change).map(([first, last]) => ({ first, last, change })));
  const edges = [...put, ...ended].flatMap(({ first, last }) => [first, last + 1]);
  return pieces(track.number, track.first, track.last, about, edges).flatMap((piece) => {
    const { first, ruling } = piece;
    const here = (/** @type {{ first: number, last: number, change: Change }} */ one) => (
      one.first <= first && first <= one.last && isAbout(one.change, first)
    );
    if (put.some(here)) return [];
    const ends = ended.filter(here);
    if (isRemoved(track.number, ruling) || ends.some(({ change }) => !change.free && change.reason)) return [];
    return [new Span(track.number, piece, groupOf(ruling, -track.number), isFreed(ruling) && ends.length === 0, track)];
  });
}

/**
 * The stretches in which a person put a track.
 * @param {Analysis} analysis
 * @param {Change} change
 * @param {number} group
 * @param {About[]} about
 * @returns {Span[]}
 */
function ofKeys(analysis, change, group, about) {
  const last = analysis.frames - 1;
  const [begin, end] = [change.begin ?? 0, change.end === null ? last : Math.min(change.end, last)];
  return runs(change, analysis.timesUs).flatMap(({ keys, until }) => (
    pieces(change.track, Math.max(begin, keys[0].frame), Math.min(end, until), about)
      .filter(({ ruling }) => !isRemoved(change.track, ruling))
      .map((piece) => new Span(change.track, piece, groupOf(piece.ruling, group), isFreed(piece.ruling), keys))
  ));
}

/**
 * A stretch cut where changes begin and end, each piece with the changes that rule it: where a track was joined to another the
 * change that joined it, else its own.
 * @param {number} number
 * @param {number} first
 * @param {number} last
 * @param {About[]} about
 * @param {number[]} [more] places to cut
 * @returns {Piece[]}
 */
function pieces(number, first, last, about, more = []) {
  const edges = new Set([first, last + 1, ...more]);
  for (const { change } of about) {
    edges.add(change.begin ?? 0);
    edges.add(change.end === null ? last + 1 : change.end + 1);
  }
  const cuts = [...edges].filter((edge) => first <= edge && edge <= last + 1).sort((one, other) => one - other);
  return cuts.slice(0, -1).map((begin, at) => {
    const here = about.filter(({ change }) => isAbout(change, begin));
    const joining = here.filter(({ change }) => change.track !== number);
    return { first: begin, last: cuts[at + 1] - 1, ruling: joining.length > 0 ? joining : here };
  });
}

/** @param {About[]} ruling free only where every change that rules says so */
function isFreed(ruling) {
  return ruling.length > 0 && ruling.every(({ change }) => change.free);
}

/**
 * Nothing to cover, by every change that rules; of what a detector found only with a reason.
 * @param {number} number
 * @param {About[]} ruling
 */
function isRemoved(number, ruling) {
  return ruling.length > 0 && ruling.every(({ change }) => change.removed && (isDrawn(number) || change.reason !== ""));
}

/**
 * @param {About[]} ruling
 * @param {number} alone
 */
function groupOf(ruling, alone) {
  return ruling.length > 0 ? ruling[0].group : alone;
}

/**
 * Keys that follow each other without an end, and the picture until which the last of them lasts. A track that a person drew
 * lasts after its last key: three seconds from its only one, or to the change's own end.
 * @param {Change} change
 * @param {ArrayLike<number> | null} timesUs null: how long the last lasts is of no use
 * @returns {{ keys: Put[], until: number }[]}
 */
function runs(change, timesUs) {
  const drawn = isDrawn(change.track);
  const found = [];
  /** @type {Put[]} */
  let keys = [];
  for (const { frame, box } of change.keys) {
    if (box) {
      keys.push({ frame, box });
    } else if (keys.length > 0) {
      found.push({ keys, until: drawn ? frame - 1 : keys[keys.length - 1].frame });
      keys = [];
    }
  }
  if (keys.length > 0) found.push({ keys, until: lasts(change, keys[keys.length - 1].frame, timesUs) });
  return found;
}

/**
 * @param {Change} change
 * @param {number} last
 * @param {ArrayLike<number> | null} timesUs
 */
function lasts(change, last, timesUs) {
  if (!isDrawn(change.track) || !timesUs || timesUs.length === 0) return last;
  if (change.end !== null) return Math.max(last, change.end);
  if (change.keys.length > 1 || last >= timesUs.length) return last;
  return after(timesUs, timesUs[last] + LIVES_US) - 1;
}

/**
 * Stretches from a key that ends a track to the picture before the next key.
 * @param {Change} change
 * @returns {[number, number][]}
 */
function endings({ keys }) {
  return keys.flatMap(({ frame, box }, at) => (
    box ? [] : [/** @type {[number, number]} */ ([frame, at + 1 < keys.length ? keys[at + 1].frame - 1 : Infinity])]
  ));
}
