// Opens Axis content inside a sealed payload as the browser does. Question on stdin: {payload (path), fileKey, key, iv (hex),
// ranges, cancel}; one JSON answer. With `cancel` the server stops in the middle of the film, and the player seeks away.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { AxisFilm } from "../../frontend/src/parts/axis.js";
import { Payload } from "../../frontend/src/parts/payload.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));
const sealed = new Uint8Array(readFileSync(asked.payload));
const answer = { size: 0, digests: [], refused: null, stopped: false };
let slow = false;
let waiting = () => undefined;

const fetchBody = async (first, last, signal) => {
  if (!slow) return new Response(sealed.subarray(first, last)).body;
  return new ReadableStream({
    start(controller) {
      signal.addEventListener("abort", () => {
        answer.stopped = true;
        controller.error(signal.reason);
      });
    },
    pull: () => waiting(),
  }, { highWaterMark: 0 });
};

try {
  const payload = await Payload.open(fetchBody, sealed.length, bytes(asked.fileKey));
  const film = await AxisFilm.open(payload, bytes(asked.key), bytes(asked.iv));
  answer.size = film.size;
  for (const [start, stop] of asked.ranges) {
    const digest = createHash("sha256");
    for await (const piece of film.stream(start, stop)) digest.update(piece);
    answer.digests.push(digest.digest("hex"));
  }
  if (asked.cancel) {
    slow = true;
    const asleep = new Promise((resolve) => { waiting = resolve; });
    const reader = film.stream(0, film.size).getReader();
    const read = reader.read();
    await asleep;
    await reader.cancel();
    answer.done = (await read).done;
  }
} catch (error) {
  answer.refused = String(error);
}
console.log(JSON.stringify(answer));
