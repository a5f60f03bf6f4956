// Opens Axis content as the browser does. Question on stdin: {content (path), key, iv (hex), ranges}; one JSON answer.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { AxisFilm } from "../../frontend/src/parts/axis.js";

const { content, key, iv, ranges } = JSON.parse(readFileSync(0, "utf8"));
const whole = new Uint8Array(readFileSync(content));
const payload = { size: whole.length, read: async (first, last) => whole.slice(first, last) };
const answer = { size: 0, digests: [], refused: null };
try {
  const film = await AxisFilm.open(payload, Buffer.from(key, "hex"), new Uint8Array(Buffer.from(iv, "hex")));
  answer.size = film.size;
  for (const [start, stop] of ranges) {
    const digest = createHash("sha256");
    for await (const piece of film.stream(start, stop)) digest.update(piece);
    answer.digests.push(digest.digest("hex"));
  }
} catch (error) {
  answer.refused = String(error);
}
console.log(JSON.stringify(answer));
