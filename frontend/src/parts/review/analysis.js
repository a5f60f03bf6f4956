// What was found in a film (docs/spec/redaction.md, masking/analysis.py), read from its bytes. Nothing of it leaves this page.

const FORMAT = "beeldkluis.nl/analysis/1";
const BYTES = 256 * 1024 ** 2; // of an analysis at most
const NAMES = "borders dark duration_ms faint format height level_ms levels models speech times_us tracks width";
const TRACK_NAMES = "covers first hit_boxes hit_frames hit_scores kind number unsure";
const KINDS = ["person", "head", "vehicle", "screen", "paper", "drawn"];
const MOST = 100_000; // tracks, stretches
const DAY_MS = 24 * 3600 * 1000;
const NUMBER = 1_000_000_000;
const PIXELS = 16_384;
const LIVES_US = 3_000_000; // microseconds that a box which a person draws is there

export const GRAIN = 10_000; // steps in a picture's width and height
export const DRAWN = 1001; // the first number of a track that a person drew
export const LAST_DRAWN = 1_000_000;

/**
 * A place in the upright picture, in shares of its width and height, 0 to 1: from the left top to the right bottom.
 * @typedef {object} Box
 * @property {number} x0
 * @property {number} y0
 * @property {number} x1
 * @property {number} y1
 */
/** @typedef {"person" | "head" | "vehicle" | "screen" | "paper" | "drawn"} Kind */
/** @typedef {[begin: number, end: number]} Stretch up to and with its end: pictures, or milliseconds */
/** @typedef {{ box: Box, kind: Kind, score: number }} Found */

/** One person or thing, as far as motion and overlap could follow it; who comes back is a new track. Pictures count from 0. */
export class Track {
  /**
   * @param {{ number: number, kind: Kind, first: number, unsure: Stretch[] }} told
   * @param {Uint16Array} covers four numbers for each picture from the first
   * @param {number[]} hitFrames pictures in which a detector found it
   * @param {Uint16Array} hits four numbers for each of those
   */
  constructor({ number, kind, first, unsure }, covers, hitFrames, hits) {
    this.number = number;
    this.kind = kind;
    this.first = first;
    this.last = first + covers.length / 4 - 1;
    this.unsure = unsure; // pictures in which it overlaps another or was not found: it is not freed there
    this.hitFrames = hitFrames;
    this.boxes = covers;
    this.hits = hits;
  }

  /**
   * What is to be covered in a picture from the first to the last, grown already.
   * @param {number} frame
   * @returns {Box}
   */
  covers(frame) {
    return boxAt(this.boxes, frame - this.first);
  }

  /**
   * What a detector found, by its place in hitFrames.
   * @param {number} index
   * @returns {Box}
   */
  hit(index) {
    return boxAt(this.hits, index);
  }
}

/**
 * What is told of one film: pixels, microseconds from the first picture, milliseconds, pictures.
 * @typedef {object} Told
 * @property {number} width
 * @property {number} height
 * @property {Float64Array} timesUs
 * @property {number} durationMs
 * @property {number[]} borders
 * @property {Track[]} tracks
 * @property {Stretch[]} speech
 * @property {Uint8Array} levels
 * @property {number} levelMs
 * @property {[frame: number, found: Found][]} faint
 * @property {Stretch[]} dark
 */

/** Of one film. */
export class Analysis {
  /** @param {Told} told */
  constructor(told) {
    this.width = told.width; // pixels
    this.height = told.height;
    this.timesUs = told.timesUs; // when each picture is shown, microseconds from the first
    this.durationMs = told.durationMs;
    this.borders = told.borders; // pictures with which something new begins: nothing is followed across
    this.tracks = told.tracks;
    this.speech = told.speech; // milliseconds in which somebody speaks; who, nobody can tell
    this.levels = told.levels; // how loud each levelMs of sound is, 0 to 255; empty without sound
    this.levelMs = told.levelMs;
    this.faint = told.faint; // found with too low a score to be followed, with its picture
    this.dark = told.dark; // pictures with too little light for a detector
    /** @type {Map<number, Track>} */
    this.byNumber = new Map(told.tracks.map((track) => [track.number, track]));
  }

  /** How many pictures there are. */
  get frames() {
    return this.timesUs.length;
  }

  get last() {
    return Math.max(0, this.frames - 1);
  }

  /**
   * The picture that is shown at a moment of the film.
   * @param {number} seconds
   * @returns {number}
   */
  frameAt(seconds) {
    const us = seconds * 1e6 + 500; // a moment that a player tells is seldom exact
    return Math.max(0, after(this.timesUs, us) - 1);
  }

  /**
   * When a picture is shown.
   * @param {number} frame
   * @returns {number} seconds from the first
   */
  secondsAt(frame) {
    return (this.timesUs[Math.min(Math.max(0, frame), this.last)] ?? 0) / 1e6;
  }

  /**
   * The last picture of a box that is drawn in this one: three seconds on.
   * @param {number} frame
   */
  livesUntil(frame) {
    return frame >= this.frames ? frame : after(this.timesUs, this.timesUs[frame] + LIVES_US) - 1;
  }
}

/**
 * How many of these numbers, in order, are not above `value`.
 * @param {ArrayLike<number>} numbers
 * @param {number} value
 */
export function after(numbers, value) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param {Uint16Array} boxes
 * @param {number} index
 * @returns {Box}
 */
function boxAt(boxes, index) {
  const at = 4 * index;
  return { x0: boxes[at] / GRAIN, y0: boxes[at + 1] / GRAIN, x1: boxes[at + 2] / GRAIN, y1: boxes[at + 3] / GRAIN };
}

/**
 * The analysis that bytes hold. An Error for bytes that hold none.
 * @param {Uint8Array} bytes
 * @returns {Analysis}
 */
export function readAnalysis(bytes) {
  must(bytes.length <= BYTES);
  const fields = record(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)), NAMES);
  must(fields.format === FORMAT);
  const timesUs = Float64Array.from(rising(fields.times_us, DAY_MS * 1000));
  const last = Math.max(0, timesUs.length - 1);
  const tracks = listed(fields.tracks).map((one) => readTrack(one, timesUs.length));
  must(new Set(tracks.map(({ number }) => number)).size === tracks.length);
  return new Analysis({
    width: whole(fields.width, 1, PIXELS),
    height: whole(fields.height, 1, PIXELS),
    timesUs,
    durationMs: whole(fields.duration_ms, 0, DAY_MS),
    borders: rising(fields.borders, last),
    tracks,
    speech: stretches(fields.speech, DAY_MS),
    levels: bytesFrom(fields.levels),
    levelMs: whole(fields.level_ms, 1, DAY_MS),
    faint: listed(fields.faint).map((one) => readFaint(one, last)),
    dark: stretches(fields.dark, last),
  });
}

/**
 * @param {unknown} value
 * @param {number} frames
 * @returns {Track}
 */
function readTrack(value, frames) {
  const fields = record(value, TRACK_NAMES);
  const last = Math.max(0, frames - 1);
  const hitFrames = rising(fields.hit_frames, last);
  const hits = boxesFrom(fields.hit_boxes);
  const covers = boxesFrom(fields.covers);
  const told = {
    number: whole(fields.number, 1, NUMBER),
    kind: kindFrom(fields.kind),
    first: whole(fields.first, 0, last),
    unsure: stretches(fields.unsure, last),
  };
  must(hits.length === 4 * hitFrames.length && covers.length > 0 && told.first + covers.length / 4 <= frames);
  must(told.number < DRAWN || told.number > LAST_DRAWN);
  must(told.unsure.every(([begin], at) => at === 0 || begin > told.unsure[at - 1][1]));
  return new Track(told, covers, hitFrames, hits);
}

/**
 * @param {unknown} value
 * @param {number} last
 * @returns {[number, Found]}
 */
function readFaint(value, last) {
  const [frame, found] = listed(value);
  const [x0, y0, x1, y1, kind, score] = listed(found);
  const four = [x0, y0, x1, y1].map((one) => whole(one, 0, GRAIN));
  must(four[0] <= four[2] && four[1] <= four[3]);
  const box = boxAt(Uint16Array.from(four), 0);
  return [whole(frame, 0, last), { box, kind: kindFrom(kind), score: whole(score, 0, GRAIN) / GRAIN }];
}

/**
 * @param {unknown} right
 * @returns {asserts right}
 */
export function must(right) {
  if (!right) throw new TypeError("not of the shape that docs/spec/redaction.md gives");
}

/**
 * An object with exactly these names, given with spaces between.
 * @param {unknown} value
 * @param {string} names
 * @returns {Record<string, unknown>}
 */
export function record(value, names) {
  must(typeof value === "object" && value !== null && !Array.isArray(value));
  must(Object.keys(value).sort().join(" ") === names);
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @param {unknown} value
 * @returns {unknown[]}
 */
export function listed(value) {
  must(Array.isArray(value));
  return value;
}

/**
 * @param {unknown} value
 * @param {number} least
 * @param {number} most
 * @returns {number}
 */
export function whole(value, least, most) {
  must(typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most);
  return value;
}

/**
 * Numbers, each not below the one before it.
 * @param {unknown} value
 * @param {number} most
 */
function rising(value, most) {
  const found = listed(value).map((one) => whole(one, 0, most));
  must(found.every((one, at) => at === 0 || one >= found[at - 1]));
  return found;
}

/**
 * @param {unknown} value
 * @param {number} most
 * @returns {Stretch[]}
 */
export function stretches(value, most) {
  const found = listed(value);
  must(found.length <= MOST);
  return found.map((one) => {
    const [begin, end] = listed(one);
    return [whole(begin, 0, most), whole(end, whole(begin, 0, most), most)];
  });
}

/**
 * @param {unknown} value
 * @returns {Kind}
 */
function kindFrom(value) {
  must(typeof value === "string" && KINDS.includes(value));
  return /** @type {Kind} */ (value);
}

/**
 * @param {unknown} value
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytesFrom(value) {
  must(typeof value === "string");
  const text = atob(value);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/**
 * Boxes from Base64: little-endian 16-bit numbers, four for each.
 * @param {unknown} value
 */
function boxesFrom(value) {
  const bytes = bytesFrom(value);
  must(bytes.length % 8 === 0);
  const view = new DataView(bytes.buffer);
  const found = new Uint16Array(bytes.length / 2);
  for (let at = 0; at < found.length; at += 1) found[at] = view.getUint16(2 * at, true);
  for (let at = 0; at < found.length; at += 4) {
    must(found[at] <= found[at + 2] && found[at + 2] <= GRAIN && found[at + 1] <= found[at + 3] && found[at + 3] <= GRAIN);
  }
  return found;
}
