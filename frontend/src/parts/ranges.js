// Which bytes of a film a player asks for (RFC 9110, section 14.2; one range only).

/**
 * The bytes [first, stop) that a player asks for; null when there are none.
 * @param {string | null} header
 * @param {number} size
 * @returns {[first: number, stop: number] | null}
 */
export function requestedRange(header, size) {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? "bytes=0-");
  if (!found) return null;
  const [first, last] = found[1] === "" ? [size - Number(found[2]), size - 1] : [Number(found[1]), found[2] === "" ? size - 1 : Number(found[2])];
  return first < 0 || first >= size || first > last ? null : [first, Math.min(last, size - 1) + 1];
}
