// Show that a file key is the film's, without the film and without giving the key (docs/spec/sealed-object.md, section 9).
import { chacha20 } from "@noble/ciphers/chacha.js";
import { NONCE, SEALED_CHUNK, chunkNonce, payloadKey } from "./payload.js";

/**
 * The one-time key of the last chunk of a payload that begins with `nonce` and has `size` bytes. It opens nothing.
 * @param {import("./told.js").Bytes} fileKey
 * @param {import("./told.js").Bytes} nonce
 * @param {number} size
 */
export async function proofOf(fileKey, nonce, size) {
  const last = Math.floor((size - NONCE - 1) / SEALED_CHUNK);
  return chacha20(await payloadKey(fileKey, nonce), chunkNonce(last, true), new Uint8Array(32));
}
