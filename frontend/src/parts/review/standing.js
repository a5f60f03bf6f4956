// How far the copy of a film is, as the server tells it while the film is open (docs/spec/redaction.md, section 5), and what a
// person can ask of it now: the copy itself, with the film's key sealed for one worker, or a step.
import { get, post } from "../page.js";
import { lent } from "../copies.js";
import { sealFor, toBase64 } from "../keys.js";
import { nameOf } from "../roles.js";

const NOBODY = "Er is nu geen werker die de kopie kan maken. Probeer het over een minuut opnieuw, of vraag de";

/** @typedef {import("../spans.js").Piece} Piece */
/** @typedef {"check" | "approve" | "cancel" | "withdraw" | "leaves" | "stays"} Step */

/** @typedef {import("../told.js").Rendering} Rendering the copy that was made of the newest draft */
/** @typedef {Rendering & { header: string }} Openable with its sealed header, in base64 */

/**
 * @typedef {object} Standing
 * @property {string} state
 * @property {string} said
 * @property {string} asks words of the button that asks a copy or a search; empty when nothing can be asked
 * @property {number | null} version of what a copy is asked
 * @property {number | null} changed_in
 * @property {string} worker
 * @property {string} no_part
 * @property {string} played where to tell what was played of the copy
 * @property {string} [page]
 * @property {string} [log]
 * @property {string} [draft] where the draft is kept
 * @property {{ object: string, sealed_size: number }} [analysis]
 * @property {Rendering | null} [rendering]
 * @property {string[]} [missing] what this person must still do before calling the copy good, a sentence each
 * @property {{ played: Piece[], heard: Piece[] }} [looked] what this person played of the copy, in milliseconds
 * @property {Step[]} [steps] what this person can do now
 * @property {boolean} [leaves] is the copy given away?
 * @property {boolean} [second] must another person look at all of it too?
 * @property {string} [checked_by] the name of who checked it
 */

/**
 * @param {string} address
 * @returns {Promise<Standing>}
 */
export const look = (address) => get(address);

/**
 * @param {string} address
 * @param {Step} step
 * @returns {Promise<Standing>}
 */
export const take = (address, step) => post(`${address}stap/`, { step });

/**
 * What this page needs to open the copy that stands there now. That somebody opened it is noted.
 * @param {string} address
 * @returns {Promise<Openable>}
 */
export const fetchCopy = (address) => post(`${address}kopie/`, {});

/**
 * Ask the copy of a version. The film's key goes sealed to one worker.
 * @param {string} address
 * @param {number} version
 * @param {import("../told.js").PlayableClip} clip
 * @param {string} recording
 * @returns {Promise<Standing>}
 */
export async function askCopy(address, version, clip, recording) {
  const { worker } = await look(address);
  if (!worker) throw new Error(`${NOBODY} ${nameOf("administrator")}.`);
  const sealed = await sealFor([worker], lent(clip, recording));
  return post(address, { worker, version, sealed: toBase64(sealed) });
}
