// Boxes that somebody draws, moves and sizes: always within the picture, and never too small to take hold of again.

/** @typedef {import("./analysis.js").Box} Box */
/** @typedef {{ x: number, y: number }} Point in shares of the picture */
/** @typedef {"left" | "middle" | "right"} Across */
/** @typedef {"top" | "middle" | "bottom"} Down */
/** @typedef {{ across: Across, down: Down }} Handle a side or a corner; the middle of both is the box itself */

export const LEAST = 0.01; // of the picture's width and height

/** @param {number} share */
const within = (share) => Math.min(1, Math.max(0, share));

/**
 * The box between two points.
 * @param {Point} one
 * @param {Point} other
 * @returns {Box}
 */
export function between(one, other) {
  const [x0, x1] = [within(Math.min(one.x, other.x)), within(Math.max(one.x, other.x))];
  const [y0, y1] = [within(Math.min(one.y, other.y)), within(Math.max(one.y, other.y))];
  return { x0, y0, x1, y1 };
}

/** @param {Box} box */
export const isLarge = ({ x0, y0, x1, y1 }) => x1 - x0 >= LEAST && y1 - y0 >= LEAST;

/**
 * As large as it was, and within the picture.
 * @param {Box} box
 * @param {number} right
 * @param {number} down
 * @returns {Box}
 */
export function moved({ x0, y0, x1, y1 }, right, down) {
  const [x, y] = [Math.min(1 - x1, Math.max(-x0, right)), Math.min(1 - y1, Math.max(-y0, down))];
  return { x0: x0 + x, y0: y0 + y, x1: x1 + x, y1: y1 + y };
}

/**
 * One side or corner elsewhere; the others stay.
 * @param {Box} box
 * @param {Handle} handle
 * @param {number} right
 * @param {number} down
 * @returns {Box}
 */
export function sized({ x0, y0, x1, y1 }, { across, down: side }, right, down) {
  return {
    x0: across === "left" ? Math.min(x1 - LEAST, within(x0 + right)) : x0,
    x1: across === "right" ? Math.max(x0 + LEAST, within(x1 + right)) : x1,
    y0: side === "top" ? Math.min(y1 - LEAST, within(y0 + down)) : y0,
    y1: side === "bottom" ? Math.max(y0 + LEAST, within(y1 + down)) : y1,
  };
}

/**
 * Is this point in the box?
 * @param {Box} box
 * @param {Point} point
 */
export const holds = (box, { x, y }) => box.x0 <= x && x <= box.x1 && box.y0 <= y && y <= box.y1;

/**
 * The side, corner or middle of a box that a point takes hold of; null when it is outside.
 * @param {Box} box
 * @param {Point} point
 * @param {Point} near how near to a side is on it
 * @returns {Handle | null}
 */
export function handleAt(box, point, near) {
  const outside = point.x < box.x0 - near.x || point.x > box.x1 + near.x || point.y < box.y0 - near.y || point.y > box.y1 + near.y;
  if (outside) return null;
  const inner = { x: Math.min(near.x, (box.x1 - box.x0) / 4), y: Math.min(near.y, (box.y1 - box.y0) / 4) };
  /** @type {Across} */
  const across = point.x < box.x0 + inner.x ? "left" : point.x > box.x1 - inner.x ? "right" : "middle";
  /** @type {Down} */
  const down = point.y < box.y0 + inner.y ? "top" : point.y > box.y1 - inner.y ? "bottom" : "middle";
  return { across, down };
}
