// Seals a header anew with the module the browser uses. Input: one JSON line on standard input; output: hexadecimal.
import { readFileSync } from "node:fs";
import { sealHeader } from "../../frontend/src/parts/headers.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const header = await sealHeader(new Uint8Array(Buffer.from(asked.fileKey, "hex")), asked.recipients);
process.stdout.write(Buffer.from(header).toString("hex"));
