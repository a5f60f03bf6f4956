// Film from an Axis camera: AES-256-CBC inside our sealed object, its key wrapped to the team's RSA key
// (docs/spec/axis.md). CBC opens at any 16-byte block, with the block before it as start value.
import { NotAuthenticError, hearing } from "./payload.js";

const BLOCK = 16;
const AES = "AES-CBC";

/** @typedef {import("./told.js").Bytes} Bytes */
/** @typedef {import("./payload.js").Payload} Payload */

/** The inner layer over an opened payload: the same `size` and `stream`, in bytes of film. Who cancels stops the request. */
export class AxisFilm {
  /**
   * @param {Payload} payload
   * @param {Bytes} contentKey
   * @param {Bytes} iv
   */
  static async open(payload, contentKey, iv) {
    const film = new AxisFilm(payload, await crypto.subtle.importKey("raw", contentKey, AES, false, ["encrypt", "decrypt"]), iv);
    if (payload.size === 0 || payload.size % BLOCK !== 0) throw new NotAuthenticError("no Axis content has this size");
    const tail = await film.blocks(payload.size - BLOCK, payload.size);
    const padding = tail[BLOCK - 1];
    const whole = padding >= 1 && padding <= BLOCK && tail.subarray(BLOCK - padding).every((one) => one === padding);
    if (!whole) throw new NotAuthenticError("this is not the content that the key belongs to");
    film.size = payload.size - padding;
    return film;
  }

  /**
   * @param {Payload} payload
   * @param {CryptoKey} key
   * @param {Bytes} iv
   */
  constructor(payload, key, iv) {
    this.payload = payload;
    this.key = key;
    this.iv = iv;
    this.size = payload.size; // less its padding, once that is known
  }

  /**
   * Whole blocks [first, last) in the clear, padding not removed.
   * @param {number} first
   * @param {number} last
   * @param {AbortSignal} [signal]
   */
  async blocks(first, last, signal) {
    const before = first === 0 ? this.iv : null;
    const sealed = await this.payload.read(before ? 0 : first - BLOCK, last, signal);
    const iv = before ?? sealed.subarray(0, BLOCK);
    const body = before ? sealed : sealed.subarray(BLOCK);
    // WebCrypto insists on padding at the end: give it a block of its own making after the ones we want.
    const end = await crypto.subtle.encrypt({ name: AES, iv: body.subarray(body.length - BLOCK) }, this.key, new Uint8Array(0));
    const padded = new Uint8Array(body.length + BLOCK);
    padded.set(body);
    padded.set(new Uint8Array(end), body.length);
    return new Uint8Array(await crypto.subtle.decrypt({ name: AES, iv }, this.key, padded));
  }

  /**
   * The bytes [start, stop) of film.
   * @param {number} start
   * @param {number} stop
   * @param {import("./payload.js").Failed} [failed]
   * @returns {ReadableStream<Uint8Array>}
   */
  stream(start, stop, failed) {
    const film = this;
    const stopper = new AbortController();
    let position = start;
    return new ReadableStream({
      pull: (controller) => hearing(stopper, failed, async () => {
        if (position >= stop) {
          controller.close();
          return;
        }
        const until = Math.min(position + 1048576, stop);
        const first = position - (position % BLOCK);
        const last = Math.min(Math.ceil(until / BLOCK) * BLOCK, film.payload.size);
        const clear = await film.blocks(first, last, stopper.signal);
        controller.enqueue(clear.subarray(position - first, until - first));
        position = until;
        if (position >= stop) controller.close();
      }),
      cancel: () => stopper.abort(),
    }, { highWaterMark: 0 });
  }
}

/**
 * Unwrap the content key with the team's RSA key (PKCS#8 bytes), as the published interface wraps it.
 * @param {Bytes} wrapped
 * @param {Bytes} privateKey
 */
export async function unwrapContentKey(wrapped, privateKey) {
  const algorithm = { name: "RSA-OAEP", hash: "SHA-1" }; // OpenSSL's default, which the cameras use
  const key = await crypto.subtle.importKey("pkcs8", privateKey, algorithm, false, ["decrypt"]);
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, wrapped));
}
