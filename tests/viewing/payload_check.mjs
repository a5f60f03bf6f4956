// Opens a sealed payload with the module the browser uses. Input: one JSON line on standard input; output: one on standard output.
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { Payload } from "../../frontend/src/parts/payload.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const sealed = new Uint8Array(readFileSync(asked.payload));
let fetched = 0;
const fetchBody = async (first, last) => {
  fetched += last - first;
  return new Response(sealed.subarray(first, last)).body;
};
const answer = { digests: [], refused: null, size: null };
try {
  const payload = await Payload.open(fetchBody, sealed.length, new Uint8Array(Buffer.from(asked.fileKey, "hex")));
  answer.size = payload.size;
  for (const [start, stop] of asked.ranges) {
    answer.digests.push(createHash("sha256").update(await payload.read(start, stop)).digest("hex"));
  }
} catch (error) {
  answer.refused = error.message;
}
answer.fetched = fetched;
console.log(JSON.stringify(answer));
