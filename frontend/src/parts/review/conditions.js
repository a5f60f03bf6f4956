// What stands between a draft and an approved copy, in the order in which a person does it.
import { clockTime } from "../times.js";

/** @typedef {import("../spans.js").Piece} Piece */
/** @typedef {"people" | "place" | "see" | "hear"} Jump where the line leads */

/**
 * @typedef {object} Facts
 * @property {boolean} freed is somebody freed?
 * @property {boolean} inverted is everything covered but who is freed?
 * @property {number} left places that nobody looked at yet
 * @property {boolean} isSaved does the server have what is on the screen?
 * @property {"none" | "busy" | "made"} copy of what is on the screen
 * @property {Piece[]} unseen milliseconds of the copy that this person did not see
 * @property {Piece[]} unheard milliseconds of sound that stays and that this person did not hear
 * @property {boolean} sounds does any sound stay?
 * @property {string[]} more sentences of the server that nothing here knows of
 */
/** @typedef {{ done: boolean, text: string, jump?: Jump, words?: string, about?: string }} Condition */

/**
 * A length of time as people say it, rounded up: what is left is never nothing.
 * @param {number} ms
 */
export function lasting(ms) {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** @param {Piece[]} pieces */
const total = (pieces) => pieces.reduce((sum, [begin, end]) => sum + end - begin, 0);

/**
 * @param {Facts} facts
 * @returns {Condition[]}
 */
export function conditions(facts) {
  const { more } = facts;
  return [freeing(facts), places(facts), saving(facts), copying(facts), ...watching(facts), ...more.map((text) => ({ done: false, text }))];
}

/**
 * @param {Facts} facts
 * @returns {Condition}
 */
function freeing({ freed, inverted }) {
  if (freed) return { done: true, text: "U gaf iemand vrij" };
  if (!inverted) return { done: true, text: "Wie en wat is gevonden, is afgedekt" };
  return { done: false, text: "Geef vrij wie hierom vroeg", jump: "people", words: "Naar personen" };
}

/**
 * @param {Facts} facts
 * @returns {Condition}
 */
function places({ left }) {
  if (left === 0) return { done: true, text: "Alle plekken bij Kijk hier zijn bekeken" };
  return { done: false, text: `Nog ${left === 1 ? "1 plek" : `${left} plekken`} bij Kijk hier`, jump: "place", words: "Volgende plek" };
}

/**
 * @param {Facts} facts
 * @returns {Condition}
 */
function saving({ isSaved }) {
  return { done: isSaved, text: isSaved ? "Uw wijzigingen zijn bewaard" : "Uw laatste wijziging is nog niet bewaard" };
}

/**
 * @param {Facts} facts
 * @returns {Condition}
 */
function copying({ copy }) {
  const words = { made: "De kopie is gemaakt", busy: "De kopie wordt gemaakt", none: "De kopie is nog niet gemaakt" };
  return { done: copy === "made", text: words[copy] };
}

/**
 * @param {Facts} facts
 * @returns {Condition[]}
 */
function watching({ copy, unseen, unheard, sounds }) {
  if (copy !== "made") return [{ done: false, text: "Daarna bekijkt u de hele kopie" }];
  const at = (/** @type {Piece[]} */ [[begin]]) => `vanaf ${clockTime(begin / 1000)}`;
  /** @type {Condition} */
  const seen = unseen.length === 0 ? { done: true, text: "U bekeek de hele kopie" }
    : { done: false, text: `Nog ${lasting(total(unseen))} van de kopie niet bekeken`, jump: "see", words: "Speel af", about: at(unseen) };
  if (!sounds) return [seen];
  /** @type {Condition} */
  const heard = unheard.length === 0 ? { done: true, text: "U hoorde al het geluid dat blijft" }
    : { done: false, text: `Nog ${lasting(total(unheard))} geluid niet gehoord`, jump: "hear", words: "Luister", about: at(unheard) };
  return [seen, heard];
}
