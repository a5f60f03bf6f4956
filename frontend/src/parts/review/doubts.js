// Places in a film at which a person should look, the most urgent first (masking/doubts.py, to the letter).
import { contained, middle, overlap, rounded, shared } from "./geometry.js";

/** @type {Record<import("./analysis.js").Kind, string>} */
export const WORDS = {
  person: "Persoon", head: "Hoofd", vehicle: "Voertuig", screen: "Beeldscherm", paper: "Papier", drawn: "Vlak",
};
const ORDER = ["crossing", "somebody", "lost", "appears", "thing", "jump", "dark"];
const TOGETHER_US = 1_000_000; // microseconds: faint ones of one place nearer to each other than this are one doubt
const THINGS_US = 10_000_000; // the same for things, which stay where they are
const AT_START = 10; // pictures after a border in which somebody may be there at once
const NEAR_EDGE = 0.03; // of the picture
const SOMEBODY = "Er staat misschien nog iemand in beeld.";
/** @type {[string, string][]} */
const THINGS = [["screen", "een beeldscherm"], ["paper", "papier"], ["vehicle", "een voertuig"]];
const UNDER = 0.7; // of what was found, under a cover: then it is no doubt

/** @typedef {import("./analysis.js").Analysis} Analysis */
/** @typedef {import("./analysis.js").Box} Box */
/** @typedef {import("./analysis.js").Track} Track */

/**
 * Look here: pictures `begin` up to and with `end`. The name stays when the same film is analysed again.
 * @typedef {object} Doubt
 * @property {string} name
 * @property {number} begin
 * @property {number} end
 * @property {string} text
 * @property {number[]} tracks
 */
/** @typedef {{ what: string, begin: number, end: number, text: string, tracks: Track[], box?: Box }} Place */

/** @type {WeakMap<Analysis, Place[]>} */
const known = new WeakMap(); // what a draft changes of it is the order alone

/** @param {Analysis} analysis */
function placesOf(analysis) {
  const before = known.get(analysis);
  if (before) return before;
  const places = [...ofPeople(analysis), ...ofFaint(analysis), ...ofAppearing(analysis), ...ofTheFilm(analysis)];
  known.set(analysis, places);
  return places;
}

/**
 * What is about a freed one first, then by urgency, then as they come in the film.
 * @param {Analysis} analysis
 * @param {import("./draft.js").Draft} draft
 * @returns {Doubt[]}
 */
export function doubts(analysis, draft) {
  const freed = new Set(draft.changes.filter(({ free }) => free).flatMap(({ track, joined }) => [track, ...joined]));
  const isUrgent = (/** @type {Place} */ { tracks }) => tracks.some(({ number }) => freed.has(number));
  const places = [...placesOf(analysis)].sort((one, other) => Number(isUrgent(other)) - Number(isUrgent(one))
    || ORDER.indexOf(one.what) - ORDER.indexOf(other.what)
    || one.begin - other.begin
    || (one.text < other.text ? -1 : Number(one.text > other.text)));
  /** @type {Map<string, Doubt>} */
  const byName = new Map();
  for (const doubt of places.map(toldOf).reverse()) byName.set(doubt.name, doubt);
  return [...byName.values()].reverse();
}

/**
 * @param {Place} place
 * @returns {Doubt}
 */
function toldOf({ what, begin, end, text, tracks, box }) {
  const about = box ?? tracks[0]?.hit(0) ?? { x0: 0, y0: 0, x1: 1, y1: 1 };
  const where = middle(about).map((share) => rounded(share * 100)).join("-");
  return { name: `${what}-${begin}-${end}-${where}`, begin, end, text, tracks: tracks.map(({ number }) => number) };
}

/**
 * Who walks through whom, and who was not followed well between the first and the last time that it was found.
 * @param {Analysis} analysis
 * @returns {Place[]}
 */
function ofPeople(analysis) {
  const people = analysis.tracks.filter(({ kind }) => kind === "person" || kind === "head");
  const others = meeting(people);
  return people.flatMap((track) => track.unsure.flatMap(([begin, end]) => {
    const withIt = (others.get(track) ?? []).filter((other) => doCross(track, other, begin, end));
    const crossings = withIt.filter(({ number }) => number > track.number).map((other) => crossing(track, other, begin, end));
    const [first, last] = [Math.max(begin, track.hitFrames[0]), Math.min(end, track.hitFrames[track.hitFrames.length - 1])];
    if (withIt.length > 0 || first >= last || track.kind !== "person") return crossings;
    const text = `${named(track)} is ${lasting(analysis, first, last)} niet goed gevolgd.`;
    return [...crossings, { what: "lost", begin: first, end: last, text, tracks: [track] }];
  }));
}

/**
 * Of each track: whoever is covered in the same pictures.
 * @param {Track[]} tracks
 * @returns {Map<Track, Track[]>}
 */
function meeting(tracks) {
  /** @type {Map<Track, Track[]>} */
  const found = new Map(tracks.map((track) => [track, []]));
  /** @type {Track[]} */
  let goingOn = [];
  for (const track of [...tracks].sort((one, other) => one.first - other.first)) {
    goingOn = goingOn.filter(({ last }) => last >= track.first);
    for (const other of goingOn) {
      found.get(other)?.push(track);
      found.get(track)?.push(other);
    }
    goingOn.push(track);
  }
  return found;
}

/**
 * @param {Track} one
 * @param {Track} other
 * @param {number} begin
 * @param {number} end
 * @returns {Place}
 */
function crossing(one, other, begin, end) {
  const text = one.kind === other.kind ? `${named(one)} en ${other.number} lopen door elkaar.`
    : `${named(one)} en ${named(other).toLowerCase()} zijn over elkaar te zien.`;
  return { what: "crossing", begin, end, text, tracks: [one, other] };
}

/**
 * Do their covers lie over each other in these pictures?
 * @param {Track} one
 * @param {Track} other
 * @param {number} begin
 * @param {number} end
 */
function doCross(one, other, begin, end) {
  const last = Math.min(end, one.last, other.last);
  for (let frame = Math.max(begin, one.first, other.first); frame <= last; frame += 1) {
    if (shared(one.covers(frame), other.covers(frame)) > 0) return true;
  }
  return false;
}

/**
 * What may be somebody, or a thing that shows something, and was never followed; what lies under a cover is no doubt.
 * @param {Analysis} analysis
 * @returns {Place[]}
 */
function ofFaint({ faint, timesUs, tracks }) {
  const free = faint.filter(([frame, { box }]) => !isCovered(tracks, frame, box));
  const people = free.filter(([, { kind }]) => kind === "person" || kind === "head");
  const things = THINGS.flatMap(([wanted, thing]) => {
    const text = `Er staat misschien ${thing} in beeld.`;
    return lastingOnes(free.filter(([, { kind }]) => kind === wanted), timesUs, THINGS_US, { what: "thing", text });
  });
  return [...lastingOnes(people, timesUs, TOGETHER_US, { what: "somebody", text: SOMEBODY }), ...things];
}

/**
 * First and last picture, and the last box, of what is seen again in the same place soon enough.
 * @param {Analysis["faint"]} faint
 * @param {Analysis["timesUs"]} timesUs
 * @param {number} together in microseconds
 * @param {{ what: string, text: string }} words
 * @returns {Place[]}
 */
function lastingOnes(faint, timesUs, together, words) {
  /** @type {Place[]} */
  const found = [];
  /** @type {Place[]} */
  let goingOn = [];
  for (const [frame, { box }] of faint) {
    const isOver = (/** @type {Place} */ { end }) => timesUs[frame] - timesUs[end] > together;
    found.push(...goingOn.filter(isOver));
    goingOn = goingOn.filter((one) => !isOver(one));
    const at = goingOn.findIndex((one) => one.box && overlap(one.box, box) > 0);
    if (at < 0) goingOn.push({ ...words, begin: frame, end: frame, tracks: [], box });
    else goingOn[at] = { ...goingOn[at], end: frame, box };
  }
  return [...found, ...goingOn];
}

/**
 * @param {Track[]} tracks
 * @param {number} frame
 * @param {Box} box
 */
function isCovered(tracks, frame, box) {
  const here = tracks.filter(({ first, last }) => first <= frame && frame <= last);
  return here.some((track) => contained(box, track.covers(frame)) > UNDER);
}

/**
 * Who is found for the first time, or the last, in the middle of the picture: there may be more to cover.
 * @param {Analysis} analysis
 * @returns {Place[]}
 */
function ofAppearing({ borders, frames, tracks }) {
  const isNear = (/** @type {number} */ pictures) => pictures >= 0 && pictures <= AT_START;
  return tracks.filter(({ kind }) => kind === "person").flatMap((track) => {
    const [first, last] = [track.hitFrames[0], track.hitFrames[track.hitFrames.length - 1]];
    const [from, to] = [track.hit(0), track.hit(track.hitFrames.length - 1)];
    const what = "appears";
    /** @type {Place[]} */
    const found = [];
    if (![0, ...borders].some((one) => isNear(first - one)) && !isAtEdge(from)) {
      found.push({ what, begin: first, end: first, text: `${named(track)} komt midden in beeld tevoorschijn.`, tracks: [track], box: from });
    }
    if (![...borders, frames].some((one) => isNear(one - last)) && !isAtEdge(to)) {
      found.push({ what, begin: last, end: last, text: `${named(track)} verdwijnt midden in beeld.`, tracks: [track], box: to });
    }
    return found;
  });
}

/** @param {Box} box */
function isAtEdge({ x0, y0, x1, y1 }) {
  return Math.min(x0, y0, 1 - x1, 1 - y1) < NEAR_EDGE;
}

/**
 * @param {Analysis} analysis
 * @returns {Place[]}
 */
function ofTheFilm(analysis) {
  const jump = "Het beeld springt hier. Kijk of iedereen nog bedekt is.";
  const jumps = analysis.borders.map((border) => ({ what: "jump", begin: border, end: border, text: jump, tracks: [] }));
  const dark = analysis.dark.map(([begin, end]) => {
    const text = `Het beeld is hier ${lasting(analysis, begin, end)} donker. Kijk of er iemand te zien is.`;
    return { what: "dark", begin, end, text, tracks: [] };
  });
  return [...jumps, ...dark];
}

/** @param {Track} track */
function named({ kind, number }) {
  return `${WORDS[kind]} ${number}`;
}

/**
 * How long a stretch lasts, in whole seconds.
 * @param {Analysis} analysis
 * @param {number} begin
 * @param {number} end
 */
function lasting({ timesUs }, begin, end) {
  const seconds = Math.max(1, rounded((timesUs[end] - timesUs[begin]) / 1_000_000));
  return seconds === 1 ? "1 seconde" : `${seconds} seconden`;
}
