// Does with the modules the browser uses what is asked. Input: one JSON line on standard input; bytes are hexadecimal, in and out.
import { readFileSync } from "node:fs";
import * as headers from "../../frontend/src/parts/headers.js";
import { proofOf } from "../../frontend/src/parts/proof.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));
const ways = {
  seal: () => headers.sealHeader(bytes(asked.fileKey), asked.recipients),
  anew: () => headers.sealHeaderAnew(bytes(asked.header), asked.identity, asked.recipient),
  key: () => headers.fileKeyFrom(bytes(asked.header), asked.identity),
  file: () => headers.sealFileAnew(bytes(asked.file), asked.identity, asked.recipient),
  mended: () => headers.mended(bytes(asked.file), asked.identity),
  ours: async () => Uint8Array.of(Number(await headers.isOurs(bytes(asked.header), asked.identity))),
  proof: () => proofOf(bytes(asked.fileKey), bytes(asked.nonce), asked.size),
};
process.stdout.write(Buffer.from(await ways[asked.way]().catch(() => new Uint8Array(0))).toString("hex"));
