// A draft as the text that the server keeps (masking/codec.py, docs/spec/redaction.md section 4): the same content is the same
// text to the letter.
import { GRAIN, listed, must, record, stretches, whole } from "./analysis.js";
import { rounded } from "./geometry.js";

const FORMAT = "beeldkluis.nl/redaction-draft/1";
const FRAMES = 24 * 3600 * 60;
const DAY_MS = 24 * 3600 * 1000;
const NUMBER = 1_000_000_000;

/** @typedef {import("./analysis.js").Box} Box */
/** @typedef {import("./draft.js").Change} Change */
/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./draft.js").Key} Key */

/**
 * @param {Draft} draft
 * @returns {string}
 */
export function draftText({ mode, changes, audible, checked }) {
  return JSON.stringify({ audible, changes: changes.map(changeRecord), checked, format: FORMAT, mode });
}

/** @param {Change} change its names in alphabetical order */
function changeRecord({ track, begin, end, free, keys, joined, removed, reason }) {
  const written = keys.map(({ frame, box }) => ({ box: box && boxList(box), frame }));
  return { begin, end, free, joined, keys: written, reason, removed, track };
}

/** @param {Box} box */
function boxList({ x0, y0, x1, y1 }) {
  return [x0, y0, x1, y1].map((share) => rounded(share * GRAIN));
}

/**
 * The draft that a text holds. An Error for a text that holds none.
 * @param {string} text
 * @returns {Draft}
 */
export function readDraft(text) {
  const fields = record(JSON.parse(text), "audible changes checked format mode");
  const { mode } = fields;
  must(mode === "inverted" || mode === "covered");
  /** @type {Draft} */
  const draft = {
    mode,
    changes: listed(fields.changes).map(readChange),
    audible: stretches(fields.audible, DAY_MS),
    checked: listed(fields.checked).map(readText),
  };
  must(draftText(draft) === text);
  return draft;
}

/**
 * @param {unknown} value
 * @returns {Change}
 */
function readChange(value) {
  const fields = record(value, "begin end free joined keys reason removed track");
  must(typeof fields.free === "boolean" && typeof fields.removed === "boolean");
  return {
    track: whole(fields.track, 1, NUMBER),
    begin: fields.begin === null ? null : whole(fields.begin, 0, FRAMES),
    end: fields.end === null ? null : whole(fields.end, 0, FRAMES),
    free: fields.free,
    keys: listed(fields.keys).map(readKey),
    joined: listed(fields.joined).map((one) => whole(one, 1, NUMBER)),
    removed: fields.removed,
    reason: readText(fields.reason),
  };
}

/**
 * @param {unknown} value
 * @returns {Key}
 */
function readKey(value) {
  const { box, frame } = record(value, "box frame");
  if (box === null) return { frame: whole(frame, 0, FRAMES), box: null };
  const [x0, y0, x1, y1] = listed(box).map((one) => whole(one, 0, GRAIN) / GRAIN);
  must(x0 <= x1 && y0 <= y1);
  return { frame: whole(frame, 0, FRAMES), box: { x0, y0, x1, y1 } };
}

/** @param {unknown} value */
function readText(value) {
  must(typeof value === "string");
  return value;
}
