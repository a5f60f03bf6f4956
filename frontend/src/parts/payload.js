// The payload of a sealed object (docs/spec/sealed-object.md), read at any place without the rest.
// A piece of film is only given out after its chunk is proved authentic.
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";

export const CHUNK = 65536; // bytes of film in a chunk
const TAG = 16;
export const SEALED_CHUNK = CHUNK + TAG;
export const NONCE = 16;
const FIRST_WINDOW = 16; // chunks in the first request after a jump: 1 MiB; each one that was wanted whole doubles the next
const WINDOW = 64; // chunks in one request at most: 4 MiB

const SILENCE = 20_000; // milliseconds without a byte after which a line counts as lost
const PATIENCE = 120_000; // milliseconds that a lost connection may last before the film gives up
const FIRST_WAIT = 500;
const LONGEST_WAIT = 4000;

export class PayloadError extends Error {}
/** These bytes are not what was sealed: nothing of them is given out, now or later. */
export class NotAuthenticError extends PayloadError {}
/** The server answered, and the answer is no: trying again does not help. */
export class RefusedError extends Error {}

/** @typedef {import("./told.js").Bytes} Bytes */
/** @typedef {ReadableStream<Uint8Array<ArrayBuffer>>} Body */
/** @typedef {(first: number, lastExclusive: number, signal?: AbortSignal) => Promise<Body | null>} FetchBody */
/** @typedef {(error: unknown) => void | Promise<void>} Failed */

/**
 * @param {number} wait in milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
const pause = (wait, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, wait);
  signal?.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
});

/**
 * What `promise` gives, or a PayloadError when it gives nothing for too long. `onSilence` lets go of what was waited for.
 * @template T
 * @param {Promise<T>} promise
 * @param {() => void} onSilence
 * @returns {Promise<T>}
 */
function within(promise, onSilence) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const silence = new Promise((_resolve, reject) => {
    timer = setTimeout(() => {
      onSilence();
      reject(new PayloadError("the line is silent"));
    }, SILENCE);
  });
  return Promise.race([promise, silence]).finally(() => clearTimeout(timer));
}

/**
 * Do `act`; an error goes to `failed` first, unless nobody wants to hear it any more.
 * @param {AbortController} stopper
 * @param {Failed | undefined} failed
 * @param {() => Promise<void>} act
 */
export async function hearing(stopper, failed, act) {
  try {
    await act();
  } catch (error) {
    if (!stopper.signal.aborted) await failed?.(error);
    throw error;
  }
}

/**
 * The 12-byte nonce of chunk `index`: an 11-byte counter, then 1 for the last chunk.
 * @param {number} index
 * @param {boolean} last
 */
export function chunkNonce(index, last) {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, index); // 2^32 chunks are 256 TiB
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/**
 * The payload key: HKDF-SHA-256 of the file key, salted with the payload's own nonce.
 * @param {Bytes} fileKey
 * @param {Bytes} nonce
 */
export async function payloadKey(fileKey, nonce) {
  const base = await crypto.subtle.importKey("raw", fileKey, "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode("payload");
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: nonce, info }, base, 256));
}

/**
 * How this browser opens a chunk: by itself where it knows the algorithm, otherwise in script.
 * @param {Bytes} key
 * @returns {Promise<(nonce: Bytes, sealed: Bytes) => Promise<Uint8Array<ArrayBufferLike>>>}
 */
async function chunkOpener(key) {
  const name = "ChaCha20-Poly1305";
  const rawSecret = /** @type {"raw"} */ (/** @type {string} */ ("raw-secret")); // newer than the types that we check against
  try {
    const native = await crypto.subtle.importKey(rawSecret, key, { name }, false, ["decrypt"]);
    return async (nonce, sealed) => new Uint8Array(await crypto.subtle.decrypt({ name, iv: nonce, tagLength: 128 }, native, sealed));
  } catch { // browsers that do not know it say so in different ways; in script it is as strict
    return async (nonce, sealed) => chacha20poly1305(key, nonce).decrypt(sealed);
  }
}

export class Payload {
  /**
   * Checks the last chunk before it returns, so that a cut or lengthened payload is refused at once.
   * @param {FetchBody} fetchBody gives bytes of the sealed payload
   * @param {number} sealedSize bytes of the sealed payload
   * @param {Bytes} fileKey the 16-byte file key of this one object
   */
  static async open(fetchBody, sealedSize, fileKey) {
    const body = sealedSize - NONCE;
    const count = Math.ceil(body / SEALED_CHUNK);
    if (body < TAG || (count > 1 && body - (count - 1) * SEALED_CHUNK <= TAG)) {
      throw new NotAuthenticError("no sealed object has this size");
    }
    const lastStart = NONCE + (count - 1) * SEALED_CHUNK;
    /** @type {(first: number, last: number) => Promise<Bytes>} */
    const whole = async (first, last) => new Uint8Array(await new Response(await fetchBody(first, last)).arrayBuffer());
    const [nonce, lastSealed] = await Promise.all([whole(0, NONCE), whole(lastStart, sealedSize)]);
    const payload = new Payload(fetchBody, sealedSize, count, await chunkOpener(await payloadKey(fileKey, nonce)));
    await payload.authentic(count - 1, lastSealed);
    return payload;
  }

  /**
   * @param {FetchBody} fetchBody
   * @param {number} sealedSize
   * @param {number} count of its chunks
   * @param {Awaited<ReturnType<typeof chunkOpener>>} openChunk
   */
  constructor(fetchBody, sealedSize, count, openChunk) {
    this.fetchBody = fetchBody;
    this.sealedSize = sealedSize;
    this.count = count;
    this.openChunk = openChunk;
    this.size = sealedSize - NONCE - count * TAG;
  }

  /**
   * The film in chunk `index`, or a NotAuthenticError.
   * @param {number} index
   * @param {Bytes} sealed
   */
  async authentic(index, sealed) {
    try {
      return await this.openChunk(chunkNonce(index, index === this.count - 1), sealed);
    } catch {
      throw new NotAuthenticError(`chunk ${index} is not authentic`);
    }
  }

  /**
   * Sealed chunks [first, last) in turn, as they arrive in one answer of the server.
   * @param {number} first
   * @param {number} last
   * @param {AbortSignal} [signal]
   */
  async *sealedChunks(first, last, signal) {
    const end = Math.min(NONCE + last * SEALED_CHUNK, this.sealedSize);
    const stopper = new AbortController();
    const stop = () => stopper.abort();
    signal?.addEventListener("abort", stop);
    const body = await within(this.fetchBody(NONCE + first * SEALED_CHUNK, end, stopper.signal), stop);
    if (!body) throw new PayloadError("the answer has no content");
    const reader = body.getReader();
    let chunk = new Uint8Array(SEALED_CHUNK);
    let filled = 0;
    let left = end - (NONCE + first * SEALED_CHUNK);
    try {
      while (left > 0) {
        const { value, done } = await within(reader.read(), stop);
        if (done) throw new PayloadError("the answer was cut off");
        for (let at = 0; at < value.length; ) {
          const wanted = Math.min(SEALED_CHUNK - filled, value.length - at);
          chunk.set(value.subarray(at, at + wanted), filled);
          filled += wanted;
          at += wanted;
          left -= wanted;
          if (filled === SEALED_CHUNK || left === 0) {
            yield chunk.subarray(0, filled);
            chunk = new Uint8Array(SEALED_CHUNK);
            filled = 0;
          }
        }
      }
    } finally {
      // An answer that is never read to its end, or let go of, is kept by the browser with all its bytes.
      reader.cancel().catch(() => undefined);
      signal?.removeEventListener("abort", stop);
    }
  }

  /**
   * A stream of the bytes [start, stop). Asks the server for a window at a time and opens each chunk as it comes in, so that a
   * seek shows a picture soon, memory is bounded, and the server's account is never far ahead of what was shown.
   * Cancelling it stops the request. When it breaks off by itself, `failed` hears why before the reader does.
   * @param {number} start
   * @param {number} stop
   * @param {Failed} [failed]
   * @returns {ReadableStream<Uint8Array>}
   */
  stream(start, stop, failed) {
    const stopper = new AbortController();
    const pieces = this.pieces(start, stop, stopper.signal);
    return new ReadableStream({
      pull: (controller) => hearing(stopper, failed, async () => {
        const { value, done } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      }),
      cancel: () => stopper.abort(),
    }, { highWaterMark: 1 });
  }

  /**
   * As `stream`. When the line is lost on the way it goes on from the chunk where it was, as soon as there is a line again.
   * @param {number} start
   * @param {number} stop
   * @param {AbortSignal} [signal]
   */
  async *pieces(start, stop, signal) {
    const end = Math.ceil(stop / CHUNK);
    let index = Math.floor(start / CHUNK);
    /** @type {number | null} */
    let lostAt = null;
    let wait = FIRST_WAIT;
    let wanted = FIRST_WINDOW;
    while (index < end) {
      try {
        for await (const sealed of this.sealedChunks(index, Math.min(index + wanted, end), signal)) {
          const bytes = await this.authentic(index, sealed);
          const base = index * CHUNK;
          yield bytes.subarray(Math.max(start - base, 0), Math.min(stop - base, bytes.length));
          index += 1;
          [lostAt, wait] = [null, FIRST_WAIT];
        }
        wanted = Math.min(wanted * 2, WINDOW);
      } catch (error) {
        lostAt ??= Date.now();
        const hopeless = signal?.aborted || error instanceof NotAuthenticError || error instanceof RefusedError;
        if (hopeless || Date.now() - lostAt > PATIENCE) throw error;
        await pause(wait, signal);
        wait = Math.min(wait * 2, LONGEST_WAIT);
      }
    }
  }

  /**
   * The bytes [start, stop) at once; for small pieces. Aborting `signal` stops the request.
   * @param {number} start
   * @param {number} stop
   * @param {AbortSignal} [signal]
   */
  async read(start, stop, signal) {
    const whole = new Uint8Array(stop - start);
    let filled = 0;
    for await (const piece of this.pieces(start, stop, signal)) {
      whole.set(piece, filled);
      filled += piece.length;
    }
    return whole.subarray(0, filled);
  }
}
