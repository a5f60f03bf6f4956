// What one key or one button does to the track that is chosen, or to where somebody looks. Every change says in words what it was.
import { drawn, endAt, free, isDrawn, isFree, lastsTo, ownerOf, put, ruling, split } from "./draft.js";
import { named, numbered } from "./names.js";

const OWN = { x0: 0.4, y0: 0.3, x1: 0.6, y1: 0.7 }; // where a box lies that is drawn by keyboard

/** @typedef {import("./analysis.js").Box} Box */
/** @typedef {import("./review.js").Review} Review */

/**
 * The words of a change of one track: "Persoon 2 vrijgegeven".
 * @param {Review} review
 * @param {number} track
 * @param {string} what
 */
const words = (review, track, what) => `${named(review.analysis, track)} ${what}`;

/**
 * One click or key: free it, or cover it again.
 * @param {Review} review
 * @param {number} track
 */
export function freeOrCover(review, track) {
  const owner = ownerOf(review.draft, track, review.frame);
  const on = !isFree(review.draft, owner);
  review.change(free(review.draft, owner, on), words(review, owner, on ? "vrijgegeven" : "afgedekt"));
}

/**
 * Where the box of a track lies in a picture, the one on the screen unless another is named; null when it is not there.
 * @param {Review} review
 * @param {number} track
 * @param {number} [frame]
 * @returns {Box | null}
 */
export function boxHere(review, track, frame = review.frame) {
  return review.plan.here(frame).find(({ span }) => span.number === track)?.box ?? null;
}

/**
 * @param {Review} review
 * @param {number} track
 * @param {Box} box
 * @param {number} frame
 */
export function putHere(review, track, box, frame) {
  review.change(put(review.draft, track, frame, box), words(review, track, "verplaatst"));
}

/**
 * A box of somebody's own, which lives three seconds from here. It is chosen at once.
 * @param {Review} review
 * @param {Box} [box]
 */
export function drawHere(review, box = OWN) {
  const [draft, track] = drawn(review.draft, review.analysis, review.frame, box);
  review.change(draft, words(review, track, "getekend"));
  review.select(track);
}

/**
 * One key ends a box here without ending its track. Of what a person drew it is the end.
 * @param {Review} review
 * @param {number} track
 */
export function endHere(review, track) {
  const { draft, frame } = review;
  if (frame === 0) return;
  const next = isDrawn(track) ? lastsTo(draft, track, frame - 1) : endAt(draft, track, frame);
  review.change(next, words(review, track, "stopt hier"));
}

/**
 * @param {Review} review
 * @param {number} track
 */
export function splitHere(review, track) {
  review.change(split(review.draft, ownerOf(review.draft, track, review.frame), review.frame), words(review, track, "gesplitst"));
}

/**
 * When each track begins: the picture in which it is found for the first time, or in which a person drew it.
 * @param {Review} review
 * @returns {{ frame: number, track: number }[]}
 */
export function starts({ analysis, draft }) {
  const found = analysis.tracks.map((track) => ({ frame: track.hitFrames[0] ?? track.first, track: track.number }));
  const own = draft.changes.filter(({ track, keys }) => isDrawn(track) && keys.length > 0);
  return [...found, ...own.map(({ track, keys }) => ({ frame: keys[0].frame, track }))].sort((a, b) => a.frame - b.frame);
}

/**
 * To where the next or the previous track begins; that one is chosen.
 * @param {Review} review
 * @param {1 | -1} way
 */
export function toStart(review, way) {
  const all = starts(review).filter(({ frame }) => (frame - review.frame) * way > 0);
  const next = way > 0 ? all[0] : all[all.length - 1];
  if (!next) return;
  review.go(next.frame);
  review.select(next.track);
}

/**
 * The picture in the middle between the two boxes nearest to here that a person put of this track; null when there are none.
 * @param {Review} review
 * @param {number} track
 */
export function middleOf(review, track) {
  const keys = ruling(review.draft, track).flatMap((change) => change.keys).map(({ frame }) => frame).sort((a, b) => a - b);
  if (keys.length < 2) return null;
  const later = keys.filter((frame) => frame > review.frame).length;
  const at = Math.min(keys.length - 1, Math.max(1, keys.length - later));
  const [one, other] = [keys[at - 1], keys[at]];
  return other - one > 1 ? Math.round((one + other) / 2) : null;
}

/**
 * The next track in the picture on the screen, from left to right, is chosen.
 * @param {Review} review
 */
export function chooseNext(review) {
  const here = review.plan.here(review.frame).sort((a, b) => a.box.x0 - b.box.x0).map(({ span }) => span.number);
  if (here.length === 0) return;
  const at = review.selected === null ? -1 : here.indexOf(review.selected);
  review.select(here[(at + 1) % here.length]);
}

/**
 * What the chosen track is and how it stands in this picture, in a sentence.
 * @param {Review} review
 * @param {number} track
 */
export function told(review, track) {
  const name = named(review.analysis, track);
  const joined = ownerOf(review.draft, track, review.frame);
  const same = joined === track ? "" : ` Is dezelfde als ${numbered(joined)}.`;
  const here = review.plan.here(review.frame).find(({ span }) => span.number === track);
  if (!here) return `${name}: niet in dit beeld.${same}`;
  if (!here.span.free) return `${name}: afgedekt.${same}`;
  if (here.shown) return `${name}: vrijgegeven.${same}`;
  return `${name}: hier niet zeker gevolgd, dus afgedekt.${same}`;
}
