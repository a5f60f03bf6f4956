// The payload of a sealed object (docs/spec/sealed-object.md), read at any place without the rest.
// A piece of film is only given out after its chunk is proved authentic.
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";

export const CHUNK = 65536; // bytes of film in a chunk
const TAG = 16;
const SEALED_CHUNK = CHUNK + TAG;
const NONCE = 16;

export class PayloadError extends Error {}

/** The 12-byte nonce of chunk `index`: an 11-byte counter, then 1 for the last chunk. */
function chunkNonce(index, last) {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, index); // 2^32 chunks are 256 TiB
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** The payload key: HKDF-SHA-256 of the file key, salted with the payload's own nonce. */
async function payloadKey(fileKey, nonce) {
  const base = await crypto.subtle.importKey("raw", fileKey, "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode("payload");
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: nonce, info }, base, 256));
}

/** How this browser opens a chunk: by itself where it knows the algorithm, otherwise in script. */
async function chunkOpener(key) {
  const name = "ChaCha20-Poly1305";
  try {
    const native = await crypto.subtle.importKey("raw-secret", key, { name }, false, ["decrypt"]);
    return async (nonce, sealed) => new Uint8Array(await crypto.subtle.decrypt({ name, iv: nonce, tagLength: 128 }, native, sealed));
  } catch (error) {
    if (error.name !== "NotSupportedError" && !(error instanceof TypeError)) throw error;
    return async (nonce, sealed) => chacha20poly1305(key, nonce).decrypt(sealed);
  }
}

export class Payload {
  /**
   * @param fetchRange (first, lastExclusive) => Promise<Uint8Array> over the sealed payload
   * @param sealedSize bytes of the sealed payload
   * @param fileKey the 16-byte file key of this one object
   * Checks the last chunk before it returns, so that a cut or lengthened payload is refused at once.
   */
  static async open(fetchRange, sealedSize, fileKey) {
    const body = sealedSize - NONCE;
    const count = Math.ceil(body / SEALED_CHUNK);
    if (body < TAG || (count > 1 && body - (count - 1) * SEALED_CHUNK <= TAG)) {
      throw new PayloadError("no sealed object has this size");
    }
    const lastStart = NONCE + (count - 1) * SEALED_CHUNK;
    const [nonce, lastSealed] = await Promise.all([fetchRange(0, NONCE), fetchRange(lastStart, sealedSize)]);
    const payload = new Payload();
    Object.assign(payload, { fetchRange, count, sealedSize, size: body - count * TAG });
    payload.openChunk = await chunkOpener(await payloadKey(fileKey, nonce));
    await payload.authentic(count - 1, lastSealed);
    return payload;
  }

  async authentic(index, sealed) {
    try {
      return await this.openChunk(chunkNonce(index, index === this.count - 1), sealed);
    } catch {
      throw new PayloadError(`chunk ${index} is not authentic`);
    }
  }

  /** Authentic bytes of chunks [first, last), fetched in one request. */
  async chunks(first, last) {
    const from = NONCE + first * SEALED_CHUNK;
    const sealed = await this.fetchRange(from, Math.min(NONCE + last * SEALED_CHUNK, this.sealedSize));
    const opened = [];
    for (let index = first; index < last; index += 1) {
      const at = (index - first) * SEALED_CHUNK;
      opened.push(this.authentic(index, sealed.subarray(at, at + SEALED_CHUNK)));
    }
    return Promise.all(opened);
  }

  /** A stream of the bytes [start, stop). Small batches first, so that a seek shows a picture soon; memory is bounded. */
  stream(start, stop) {
    const payload = this;
    let position = start;
    let batch = 2;
    let ahead = null;
    const order = () => {
      const first = Math.floor((ahead?.until ?? position) / CHUNK);
      if (first * CHUNK >= stop) return null;
      const last = Math.min(first + batch, Math.ceil(stop / CHUNK));
      batch = Math.min(batch * 2, 16);
      const arrived = payload.chunks(first, last);
      arrived.catch(() => undefined); // reported when it is its turn
      return { first, until: last * CHUNK, arrived };
    };
    return new ReadableStream({
      async pull(controller) {
        const current = ahead ?? order();
        ahead = current;
        ahead = order();
        const opened = await current.arrived;
        opened.forEach((bytes, offset) => {
          const base = (current.first + offset) * CHUNK;
          controller.enqueue(bytes.subarray(Math.max(position - base, 0), Math.min(stop - base, bytes.length)));
        });
        position = current.until;
        if (position >= stop) controller.close();
      },
    }, { highWaterMark: 0 });
  }

  /** The bytes [start, stop) at once; for small pieces. */
  async read(start, stop) {
    return new Uint8Array(await new Response(this.stream(start, stop)).arrayBuffer());
  }
}
