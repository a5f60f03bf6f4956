// What a track is called on the screen. Nothing says who it is.
import { DRAWN } from "./analysis.js";
import { isDrawn } from "./draft.js";

/** @typedef {import("./analysis.js").Analysis} Analysis */

/** @type {Record<import("./analysis.js").Kind, string>} */
export const WORDS = {
  person: "Persoon", head: "Hoofd", vehicle: "Voertuig", screen: "Beeldscherm", paper: "Papier", drawn: "Vlak",
};

/**
 * What stands before its state in the picture and on the rail: "3", or "vlak 1" for what a person drew.
 * @param {number} track
 */
export const numbered = (track) => (isDrawn(track) ? `vlak ${track - DRAWN + 1}` : String(track));

/**
 * @param {Analysis} analysis
 * @param {number} track
 */
export function named(analysis, track) {
  const found = analysis.byNumber.get(track);
  return found ? `${WORDS[found.kind]} ${track}` : `Vlak ${track - DRAWN + 1}`;
}
