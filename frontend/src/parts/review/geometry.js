// Boxes in shares of the picture, counted to the last bit as masking/geometry.py counts them.
import { GRAIN } from "./analysis.js";

const GROWTH = 0.125; // of what was found, added on each side of a cover at least

/** @typedef {import("./analysis.js").Box} Box */

/**
 * The whole number next to it; of two that are as near the even one.
 * @param {number} value not below zero
 */
export function rounded(value) {
  const below = Math.floor(value);
  if (value - below === 0.5) return below % 2 === 0 ? below : below + 1;
  return value - below < 0.5 ? below : below + 1;
}

/** @param {Box} box */
export const width = (box) => Math.max(0, box.x1 - box.x0);
/** @param {Box} box */
export const height = (box) => Math.max(0, box.y1 - box.y0);
/** @param {Box} box */
export const area = (box) => width(box) * height(box);

/**
 * The box within the picture on whole steps, its corners in order.
 * @param {Box} box
 * @returns {Box}
 */
export function onGrain(box) {
  const step = (/** @type {number} */ share) => Math.round(Math.min(1, Math.max(0, share)) * GRAIN) / GRAIN;
  const [x0, x1] = [step(box.x0), step(box.x1)].sort((a, b) => a - b);
  const [y0, y1] = [step(box.y0), step(box.y1)].sort((a, b) => a - b);
  return { x0, y0, x1, y1 };
}

/**
 * The box so far on the straight way from one to the other.
 * @param {Box} one
 * @param {Box} other
 * @param {number} share 0 to 1
 * @returns {Box}
 */
export function onTheWay(one, other, share) {
  const keep = 1 - share;
  return {
    x0: keep * one.x0 + share * other.x0,
    y0: keep * one.y0 + share * other.y0,
    x1: keep * one.x1 + share * other.x1,
    y1: keep * one.y1 + share * other.y1,
  };
}

/**
 * A cover without what was added at least; a side at the picture's edge stays there.
 * @param {Box} cover
 * @returns {Box}
 */
export function ungrown(cover) {
  const share = GROWTH / (1 + 2 * GROWTH);
  const [right, down] = [share * width(cover), share * height(cover)];
  return {
    x0: cover.x0 > 0 ? cover.x0 + right : 0,
    y0: cover.y0 > 0 ? cover.y0 + down : 0,
    x1: cover.x1 < 1 ? cover.x1 - right : 1,
    y1: cover.y1 < 1 ? cover.y1 - down : 1,
  };
}

/**
 * The area that two boxes share.
 * @param {Box} one
 * @param {Box} other
 */
export function shared(one, other) {
  const right = Math.min(one.x1, other.x1) - Math.max(one.x0, other.x0);
  const down = Math.min(one.y1, other.y1) - Math.max(one.y0, other.y0);
  return right > 0 && down > 0 ? right * down : 0;
}

/**
 * Intersection over union, 0 to 1.
 * @param {Box} one
 * @param {Box} other
 */
export function overlap(one, other) {
  const both = shared(one, other);
  return both ? both / (area(one) + area(other) - both) : 0;
}

/**
 * How much of a box lies within another, 0 to 1.
 * @param {Box} one
 * @param {Box} other
 */
export const contained = (one, other) => (area(one) ? shared(one, other) / area(one) : 0);

/**
 * @param {Box} box
 * @returns {[x: number, y: number]}
 */
export const middle = (box) => [(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2];
