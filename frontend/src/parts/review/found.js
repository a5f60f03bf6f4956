// What was found in a film that is open (docs/spec/redaction.md, section 3): sealed under a key that follows from the film's own.
import { Payload, RefusedError } from "../payload.js";
import { readAnalysis } from "./analysis.js";

const INFO = "beeldkluis.nl/analysis/1";
const NOT_GIVEN = "De server geeft niet wat in deze film is gevonden. Open de beelden opnieuw.";

/** @typedef {import("../told.js").Bytes} Bytes */
/** @typedef {import("../told.js").Opening} Opening */
/** @typedef {import("../told.js").PlayableClip} PlayableClip */

/**
 * The 16-byte file key of an object that belongs to a film.
 * @param {Bytes} fileKey the film's
 * @param {string} object a UUID
 * @returns {Promise<Bytes>}
 */
export async function derivedFileKey(fileKey, object) {
  const identifier = (object.replaceAll("-", "").match(/../g) ?? []).map((byte) => parseInt(byte, 16));
  const base = await crypto.subtle.importKey("raw", fileKey, "HKDF", false, ["deriveBits"]);
  const info = Uint8Array.from([...new TextEncoder().encode(INFO), ...identifier]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
  return new Uint8Array(await crypto.subtle.deriveBits(how, base, 128));
}

/**
 * @param {Opening} opening
 * @param {PlayableClip} clip
 * @param {{ object: string, sealed_size: number }} sealed
 */
export async function openAnalysis(opening, clip, { object, sealed_size: size }) {
  /** @type {import("../payload.js").FetchBody} */
  const fetchBody = async (first, lastExclusive, signal) => {
    const answer = await fetch(`/inzien/verzegeld/${opening.id}/${object}`, {
      headers: { Range: `bytes=${first}-${lastExclusive - 1}`, "X-Opening-Token": opening.token }, cache: "no-store", signal,
    });
    if (answer.status !== 206) throw new RefusedError(NOT_GIVEN);
    return answer.body;
  };
  const payload = await Payload.open(fetchBody, size, await derivedFileKey(clip.lend().fileKey, object));
  return readAnalysis(await payload.read(0, payload.size));
}
