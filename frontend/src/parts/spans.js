// Pieces of film as [start, end) in whole milliseconds.

/** @typedef {[start: number, end: number]} Piece */

/**
 * The same places in as few pieces as possible, in order; empty ones are left out.
 * @param {Piece[]} pieces
 * @returns {Piece[]}
 */
export function joined(pieces) {
  /** @type {Piece[]} */
  const found = [];
  const whole = pieces.filter(([start, end]) => end > start).sort(([one], [other]) => one - other);
  for (const [start, end] of whole) {
    const before = found.at(-1);
    if (before && start <= before[1]) before[1] = Math.max(before[1], end);
    else found.push([start, end]);
  }
  return found;
}
