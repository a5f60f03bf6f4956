// What a person makes of an analysis (masking/draft.py): who is freed, what was drawn, what may be heard. Each function gives a
// new draft; nothing is changed in place. A track that a person joined to another is changed with that one.
import { DRAWN, LAST_DRAWN } from "./analysis.js";
import { onGrain, onTheWay } from "./geometry.js";
import { joined as joinedPieces } from "../spans.js";

const DAY_MS = 24 * 3600 * 1000;
const REASON = 1000; // characters

/** @typedef {import("./analysis.js").Analysis} Analysis */
/** @typedef {import("./analysis.js").Box} Box */
/** @typedef {import("./analysis.js").Stretch} Stretch */
/** @typedef {"inverted" | "covered"} Mode inverted: everything is covered but who is freed; covered: who and what was found */

/**
 * A person put the box here in this picture; null ends it before this picture, until a later key.
 * @typedef {object} Key
 * @property {number} frame
 * @property {Box | null} box
 */

/**
 * What a person changed of a track. `begin` and `end`: it is about these pictures only (null: from its first, to its last); a
 * track that was split is two changes. `joined`: tracks that are this one too.
 * @typedef {object} Change
 * @property {number} track
 * @property {number | null} begin
 * @property {number | null} end
 * @property {boolean} free
 * @property {Key[]} keys
 * @property {number[]} joined
 * @property {boolean} removed
 * @property {string} reason
 */

/**
 * `audible`: milliseconds that may be heard. `checked`: names of places that somebody looked at.
 * @typedef {object} Draft
 * @property {Mode} mode
 * @property {Change[]} changes
 * @property {Stretch[]} audible
 * @property {string[]} checked
 */

/** @type {Draft} */
export const EMPTY = { mode: "inverted", changes: [], audible: [], checked: [] };

/** @param {number} number of a track */
export const isDrawn = (number) => number >= DRAWN && number <= LAST_DRAWN;

/**
 * @param {number} track
 * @returns {Change}
 */
const unchanged = (track) => ({
  track, begin: null, end: null, free: false, keys: [], joined: [], removed: false, reason: "",
});

/** @param {string} reason as it can be kept */
const told = (reason) => [...reason.trim().replace(/\p{Surrogate}/gu, "\ufffd")].slice(0, REASON).join("");

/**
 * @param {Change} change
 * @param {number | null} frame null: any
 */
export const isAbout = ({ begin, end }, frame) => frame === null || ((begin ?? 0) <= frame && (end === null || frame <= end));

/** @param {Change} change a drawn track without a box is nothing; of another, a change that says nothing is none */
function isSomething({ track, begin, end, free: freed, keys, joined, removed: gone, reason }) {
  if (isDrawn(track)) return keys.some(({ box }) => box);
  return begin !== null || end !== null || freed || keys.length > 0 || joined.length > 0 || gone || reason !== "";
}

/**
 * The changes that rule a track, in one picture or anywhere: of the track that it was joined to, or else its own.
 * @param {Draft} draft
 * @param {number} track
 * @param {number | null} [frame]
 * @returns {Change[]}
 */
export function ruling(draft, track, frame = null) {
  const here = draft.changes.filter((one) => isAbout(one, frame));
  const joining = here.filter((one) => one.track !== track && one.joined.includes(track));
  return joining.length > 0 ? joining : here.filter((one) => one.track === track);
}

/**
 * The track whose card a track stands on: the one that it was joined to, or itself.
 * @param {Draft} draft
 * @param {number} track
 * @param {number | null} [frame]
 */
export const ownerOf = (draft, track, frame = null) => ruling(draft, track, frame)[0]?.track ?? track;

/**
 * @param {Draft} draft
 * @param {number} track
 * @param {number | null} [frame]
 */
export function isFree(draft, track, frame = null) {
  const rules = ruling(draft, track, frame);
  return rules.length > 0 && rules.every((one) => one.free);
}

/**
 * The draft with other changes where a track is ruled.
 * @param {Draft} draft
 * @param {number} track
 * @param {number | null} frame null: everywhere
 * @param {(change: Change) => Change[]} edit
 * @returns {Draft}
 */
function edited(draft, track, frame, edit) {
  const ruled = ruling(draft, track, frame);
  const rules = ruled.length > 0 ? ruled : [unchanged(track)];
  const changes = ruled.length > 0 ? draft.changes : [...draft.changes, ...rules];
  return { ...draft, changes: changes.flatMap((one) => (rules.includes(one) ? edit(one) : [one])).filter(isSomething) };
}

/**
 * Free a track, or cover it again (which also takes back that there is nothing to cover). With a picture: only the piece of a
 * split track that holds it.
 * @param {Draft} draft
 * @param {number} track
 * @param {boolean} on
 * @param {number | null} [frame]
 * @returns {Draft}
 */
export const free = (draft, track, on, frame = null) => edited(draft, track, frame, (one) => [
  { ...one, free: on, removed: false, reason: one.removed ? "" : one.reason },
]);

/**
 * A new box: it lives three seconds from this picture.
 * @param {Draft} draft
 * @param {Analysis} analysis
 * @param {number} frame
 * @param {Box} box
 * @returns {[draft: Draft, number: number]}
 */
export function drawn(draft, analysis, frame, box) {
  const number = Math.max(DRAWN - 1, ...draft.changes.map(({ track }) => track).filter(isDrawn)) + 1;
  const change = { ...unchanged(number), end: analysis.livesUntil(frame), keys: [{ frame, box: onGrain(box) }] };
  return [{ ...draft, changes: [...draft.changes, change] }, number];
}

/**
 * Put the box of a track in this picture. Between two keys it moves in a straight line. A drawn track lasts until here at least.
 * @param {Draft} draft
 * @param {number} track
 * @param {number} frame
 * @param {Box} box
 * @returns {Draft}
 */
export const put = (draft, track, frame, box) => keyed(draft, track, { frame, box: onGrain(box) });

/**
 * End a track before this picture, until a later key. What a detector found is then not freed there; it is covered still,
 * unless a reason is given.
 * @param {Draft} draft
 * @param {number} track
 * @param {number} frame
 * @param {string} [reason]
 * @returns {Draft}
 */
export const endAt = (draft, track, frame, reason = "") => keyed(draft, track, { frame, box: null }, reason);

/**
 * @param {Draft} draft
 * @param {number} track
 * @param {Key} key
 * @param {string} [reason]
 */
function keyed(draft, track, key, reason = "") {
  const here = ruling(draft, track, key.frame).length > 0 ? key.frame : nearest(draft, track, key.frame);
  return edited(draft, track, here, (one) => {
    const keys = [...one.keys.filter(({ frame }) => frame !== key.frame), key].sort((a, b) => a.frame - b.frame);
    const end = one.end !== null && key.box ? Math.max(one.end, key.frame) : one.end;
    const begin = one.begin !== null && key.box ? Math.min(one.begin, key.frame) : one.begin;
    return [{ ...one, begin, end, keys, reason: reason ? told(reason) : one.reason }];
  });
}

/**
 * A picture of the piece of a track that lies nearest to another picture; null when nothing was changed of it.
 * @param {Draft} draft
 * @param {number} track
 * @param {number} frame
 */
function nearest(draft, track, frame) {
  const ends = ruling(draft, track).flatMap(({ begin, end }) => [begin, end]).filter((one) => one !== null);
  return ends.sort((a, b) => Math.abs(a - frame) - Math.abs(b - frame))[0] ?? null;
}

/**
 * Take back that a person put or ended a track in this picture.
 * @param {Draft} draft
 * @param {number} track
 * @param {number} frame
 * @returns {Draft}
 */
export const unkeyed = (draft, track, frame) => edited(draft, track, frame, (one) => [
  { ...one, keys: one.keys.filter((key) => key.frame !== frame) },
]);

/**
 * Let a drawn track last up to and with this picture.
 * @param {Draft} draft
 * @param {number} track
 * @param {number} frame
 * @returns {Draft}
 */
export const lastsTo = (draft, track, frame) => ({
  ...draft,
  changes: draft.changes.map((one) => (
    one.track === track && isDrawn(track) && frame >= one.keys[0].frame && frame >= (one.begin ?? 0)
      ? { ...one, end: frame, keys: one.keys.filter((key) => key.frame <= frame) } : one
  )),
});

/**
 * Two tracks from here: up to the picture before this one, and from this one. What is covered stays as it was.
 * @param {Draft} draft
 * @param {number} track
 * @param {number} frame
 * @returns {Draft}
 */
export function split(draft, track, frame) {
  if (frame <= 0) return draft;
  return edited(draft, track, frame, (one) => {
    if (one.begin === frame) return [one];
    const [before, from] = partedKeys(one, frame);
    return [{ ...one, end: frame - 1, keys: before }, { ...one, begin: frame, keys: from }];
  });
}

/**
 * Keys before a picture and from it, with what lies between two of them kept.
 * @param {Change} change
 * @param {number} frame
 * @returns {[Key[], Key[]]}
 */
function partedKeys({ track, keys }, frame) {
  const before = keys.filter((key) => key.frame < frame);
  const from = keys.filter((key) => key.frame >= frame);
  const [left, right] = [before.at(-1), from[0]];
  if (!left || right?.frame === frame) return [before, from];
  if (left.box === null) return [before, [{ frame, box: null }, ...from]];
  if (right?.box) {
    const [one, other] = [{ frame: left.frame, box: left.box }, { frame: right.frame, box: right.box }];
    const ending = left.frame === frame - 1 ? [] : [{ frame: frame - 1, box: between(one, other, frame - 1) }];
    return [[...before, ...ending], [{ frame, box: between(one, other, frame) }, ...from]];
  }
  return [before, isDrawn(track) ? [{ frame, box: left.box }, ...from] : from];
}

/**
 * @param {{ frame: number, box: Box }} one
 * @param {{ frame: number, box: Box }} other
 * @param {number} frame
 * @returns {Box}
 */
function between(one, other, frame) {
  return onGrain(onTheWay(one.box, other.box, (frame - one.frame) / (other.frame - one.frame)));
}

/**
 * Say that two tracks are one person or thing. Who is freed as one of them is freed as both. A track joined to itself is one
 * again after it was split.
 * @param {Draft} draft
 * @param {number} track stays
 * @param {number} other is from now on a part of it
 * @param {number | null} [frame] with a picture: only the piece of a split track that holds it
 * @returns {Draft}
 */
export function join(draft, track, other, frame = null) {
  const [stays, goes] = [ownerOf(draft, track, frame), ownerOf(draft, other)];
  if (stays === goes) return track === other ? unsplit(draft, stays) : draft;
  const going = draft.changes.filter((one) => one.track === goes);
  const more = [goes, ...going.flatMap(({ joined }) => joined)];
  const theirs = { free: going.some((one) => one.free), removed: going.length > 0 && going.every((one) => one.removed) };
  const left = draft.changes.map((one) => (one.track === goes ? { ...one, free: false, removed: false, joined: [] } : one));
  return edited({ ...draft, changes: left.filter(isSomething) }, stays, frame, (one) => {
    const gone = one.removed && theirs.removed;
    const joined = [...new Set([...one.joined, ...more])].sort((a, b) => a - b);
    return [{ ...one, joined, free: one.free || theirs.free, removed: gone, reason: one.removed && !gone ? "" : one.reason }];
  });
}

/**
 * Take a track out of the one that it was joined to.
 * @param {Draft} draft
 * @param {number} track
 * @returns {Draft}
 */
export const parted = (draft, track) => ({
  ...draft,
  changes: draft.changes.map((one) => ({ ...one, joined: one.joined.filter((number) => number !== track) })).filter(isSomething),
});

/**
 * All pieces of a track as one.
 * @param {Draft} draft
 * @param {number} track
 * @returns {Draft}
 */
function unsplit(draft, track) {
  const pieces = draft.changes.filter((one) => one.track === track).sort((a, b) => (a.begin ?? 0) - (b.begin ?? 0));
  if (pieces.length < 2) return draft;
  const merged = {
    ...pieces[0],
    end: pieces[pieces.length - 1].end,
    free: pieces.every((one) => one.free),
    removed: pieces.every((one) => one.removed),
    keys: pieces.flatMap(({ keys }) => keys).sort((a, b) => a.frame - b.frame),
    joined: [...new Set(pieces.flatMap(({ joined }) => joined))].sort((a, b) => a - b),
  };
  const rest = draft.changes.filter((one) => one.track !== track);
  return { ...draft, changes: [...rest, merged].filter(isSomething) };
}

/**
 * Nothing to cover here: what a person drew is gone, and what a detector found is not covered any more, with the reason that
 * stands in the log. Without a reason nothing changes.
 * @param {Draft} draft
 * @param {number} track
 * @param {string} reason
 * @param {number | null} [frame] with a picture: only the piece of a split track that holds it
 * @returns {Draft}
 */
export function removed(draft, track, reason, frame = null) {
  const rules = ruling(draft, track, frame);
  const onlyDrawn = isDrawn(track) && rules.every((one) => one.joined.every(isDrawn) && isDrawn(one.track));
  if (!onlyDrawn && !reason.trim()) return draft;
  if (onlyDrawn) {
    const gone = new Set(rules);
    return parted({ ...draft, changes: draft.changes.filter((one) => !gone.has(one)) }, frame === null ? track : 0);
  }
  return edited(draft, track, frame, (one) => [{ ...one, free: false, removed: true, reason: told(reason) }]);
}

/**
 * @param {Draft} draft
 * @param {Mode} mode
 * @returns {Draft}
 */
export const setMode = (draft, mode) => ({ ...draft, mode });

/**
 * Let a stretch be heard, or silence it.
 * @param {Draft} draft
 * @param {number} begin milliseconds
 * @param {number} end
 * @param {boolean} on
 * @returns {Draft}
 */
export function hear(draft, begin, end, on) {
  const [from, to] = [Math.max(0, Math.round(begin)), Math.min(DAY_MS, Math.round(end))];
  /** @type {Stretch[]} */
  const left = draft.audible.flatMap(([first, last]) => [[first, Math.min(last, from)], [Math.max(first, to), last]]);
  const wanted = joinedPieces([...(on ? draft.audible : left), ...(on ? [/** @type {Stretch} */ ([from, to])] : [])].map(([a, b]) => [a, b]));
  return { ...draft, audible: wanted };
}

/**
 * Say that somebody looked at a place of "look here", or take it back.
 * @param {Draft} draft
 * @param {string} name of the doubt
 * @param {boolean} on
 * @returns {Draft}
 */
export const looked = (draft, name, on) => ({
  ...draft, checked: [...draft.checked.filter((one) => one !== name), ...(on ? [name] : [])],
});
