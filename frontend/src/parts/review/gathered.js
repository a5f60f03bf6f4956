// Everybody and everything on one card each: tracks that a person joined stand on one, and a track that was split is one with
// pieces.
import { joined } from "../spans.js";
import { isDrawn, ownerOf, ruling } from "./draft.js";

/** @typedef {import("./analysis.js").Analysis} Analysis */
/** @typedef {import("./analysis.js").Box} Box */
/** @typedef {import("./analysis.js").Kind} Kind */
/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {{ frame: number, box: Box }} Sight where it is to be seen well */

/**
 * @typedef {object} Piece
 * @property {number} first picture
 * @property {number} last
 * @property {boolean} free
 * @property {string} removed the reason why nothing is covered here; empty where something is
 */

/**
 * @typedef {object} Gathered
 * @property {number} number of the track that the others were joined to
 * @property {Kind} kind
 * @property {number[]} others joined to it
 * @property {Piece[]} pieces one, or more where it was split
 * @property {Sight[]} sights the first, one in the middle and the last
 * @property {number} seconds in the picture
 * @property {"free" | "partly" | "covered" | "removed"} state
 */

/**
 * Who is freed first, then whoever is longest in the picture.
 * @param {Analysis} analysis
 * @param {Draft} draft
 * @param {Plan} plan
 * @returns {Gathered[]}
 */
export function gathered(analysis, draft, plan) {
  const drawn = draft.changes.map(({ track }) => track).filter(isDrawn);
  /** @type {Map<number, number[]>} */
  const groups = new Map();
  for (const number of new Set([...analysis.byNumber.keys(), ...drawn])) {
    const owner = ownerOf(draft, number);
    groups.set(owner, [...(groups.get(owner) ?? []), number]);
  }
  const found = [...groups].map(([owner, numbers]) => one(analysis, draft, plan, owner, numbers));
  const isFree = (/** @type {Gathered} */ { state }) => Number(state === "free" || state === "partly");
  return found.sort((a, b) => isFree(b) - isFree(a) || b.seconds - a.seconds || a.number - b.number);
}

/**
 * @param {Analysis} analysis
 * @param {Draft} draft
 * @param {Plan} plan
 * @param {number} number
 * @param {number[]} numbers its own and those that were joined to it
 * @returns {Gathered}
 */
function one(analysis, draft, plan, number, numbers) {
  const all = sightsOf(analysis, draft, numbers);
  const spans = plan.spans.filter((span) => numbers.includes(span.number));
  const extent = spans.length > 0 ? spans : all.map(({ frame }) => ({ first: frame, last: frame }));
  const first = Math.min(...extent.map((span) => span.first));
  const last = Math.max(...extent.map((span) => span.last));
  const pieces = piecesOf(draft, number, first, last);
  const shown = joined(spans.map((span) => [span.first, span.last + 1]));
  const seconds = shown.reduce((sum, [from, to]) => sum + lasting(analysis, from, to), 0);
  const sights = [...new Set([all[0], all[Math.floor(all.length / 2)], all[all.length - 1]])].filter(Boolean);
  const others = numbers.filter((other) => other !== number);
  const kind = analysis.byNumber.get(number)?.kind ?? "drawn";
  return { number, kind, others, pieces, sights, seconds, state: stateOf(pieces) };
}

/**
 * @param {Analysis} analysis
 * @param {number} from picture
 * @param {number} to the one after the last
 */
function lasting(analysis, from, to) {
  const end = to > analysis.last ? analysis.durationMs / 1000 : analysis.secondsAt(to);
  return Math.max(0, end - analysis.secondsAt(from));
}

/** @param {Piece[]} pieces */
function stateOf(pieces) {
  if (pieces.every(({ free }) => free)) return "free";
  if (pieces.some(({ free }) => free)) return "partly";
  return pieces.every(({ removed }) => removed !== "") ? "removed" : "covered";
}

/**
 * @param {Draft} draft
 * @param {number} number
 * @param {number} first
 * @param {number} last
 * @returns {Piece[]}
 */
function piecesOf(draft, number, first, last) {
  const found = ruling(draft, number).map(({ begin, end, free, removed, reason }) => ({
    first: Math.max(first, begin ?? first), last: Math.min(last, end ?? last), free, removed: removed ? reason || "getekend" : "",
  }));
  const here = found.filter((piece) => piece.first <= piece.last).sort((a, b) => a.first - b.first);
  return here.length > 0 ? here : [{ first, last, free: false, removed: "" }];
}

/**
 * Where a detector found it or a person put it, in order.
 * @param {Analysis} analysis
 * @param {Draft} draft
 * @param {number[]} numbers
 * @returns {Sight[]}
 */
function sightsOf(analysis, draft, numbers) {
  const hits = numbers.flatMap((number) => {
    const track = analysis.byNumber.get(number);
    return track ? Array.from(track.hitFrames, (frame, index) => ({ frame, box: track.hit(index) })) : [];
  });
  const keys = draft.changes.filter(({ track }) => numbers.includes(track)).flatMap((change) => change.keys);
  const put = keys.flatMap(({ frame, box }) => (box ? [{ frame, box }] : []));
  return (hits.length > 0 ? hits : put).sort((a, b) => a.frame - b.frame);
}
