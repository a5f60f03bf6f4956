// The reader of sealed payloads: it gives the film and nothing that is not proved to be the film, whatever the line does.
import { createCipheriv, createHash, hkdfSync } from "node:crypto";
import { assert, hex, hurried, property, test, vectors } from "./browser.mjs";
import {
  CHUNK, NONCE, NotAuthenticError, Payload, PayloadError, RefusedError, SEALED_CHUNK, chunkNonce,
} from "../../frontend/src/parts/payload.js";

const SEALED = vectors("sealed");
const KEY = hex(SEALED.file_key);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** The film under the key and nonce of the vectors, sealed with Node's own ciphers. */
function seal(film, nonce = hex(SEALED.payload).subarray(0, NONCE), count = Math.max(1, Math.ceil(film.length / CHUNK))) {
  const key = Buffer.from(hkdfSync("sha256", KEY, nonce, "payload", 32));
  const parts = [Buffer.from(nonce)];
  for (let index = 0; index < count; index += 1) {
    const iv = Buffer.alloc(12);
    iv.writeUIntBE(index, 5, 6);
    iv[11] = index === count - 1 ? 1 : 0;
    const cipher = createCipheriv("chacha20-poly1305", key, iv, { authTagLength: 16 });
    parts.push(cipher.update(film.subarray(index * CHUNK, (index + 1) * CHUNK)), cipher.final(), cipher.getAuthTag());
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** A server that gives parts of `sealed`; `asked` are the requests after the two that open it. */
function serve(sealed, answer = (first, last) => new Response(sealed.subarray(first, last)).body) {
  const asked = [];
  const fetchBody = async (first, last, signal) => {
    if (signal) asked.push([first, last]);
    return signal ? answer(first, last, signal, asked.length) : new Response(sealed.subarray(first, last)).body;
  };
  return { asked, open: () => Payload.open(fetchBody, sealed.length, KEY) };
}

async function collect(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

const filmOf = (size) => Uint8Array.from({ length: size }, (_none, at) => at % 251);

test("the payload of the specification is the film", async () => {
  const payload = await serve(hex(SEALED.payload)).open();
  const film = await payload.read(0, payload.size);
  assert.deepEqual(film, hex(SEALED.film));
  assert.deepEqual(await payload.read(3, 9), film.subarray(3, 9));
});

test("every payload that the specification refuses is refused before anything is given out", async () => {
  for (const [why, payload] of Object.entries(SEALED.refused_payloads)) {
    await assert.rejects(serve(hex(payload)).open(), NotAuthenticError, why);
  }
});

test("an empty chunk behind a full one is refused: a film has one form only", async () => {
  const sealed = seal(filmOf(CHUNK), undefined, 2);
  await assert.rejects(serve(sealed).open(), NotAuthenticError);
});

test("films around the border of a chunk are those of the specification", async () => {
  for (const one of SEALED.streams) {
    const film = filmOf(one.film_size);
    const sealed = seal(film);
    assert.equal(sha256(sealed), one.payload_sha256, `sealed as the server seals ${one.film_size}`);
    const payload = await serve(sealed).open();
    assert.equal(payload.size, one.film_size);
    assert.deepEqual(await collect(payload.stream(0, payload.size)), film);
  }
});

test("the nonce of a chunk counts, and its last byte says whether it is the last", () => {
  assert.equal(Buffer.from(chunkNonce(0, false)).toString("hex"), "000000000000000000000000");
  assert.equal(Buffer.from(chunkNonce(258, true)).toString("hex"), "000000000000000000010201");
});

const LONG = filmOf(5 * CHUNK + 17);
const LONG_SEALED = seal(LONG);

property("any part of the film is exactly that part", 25, async (random) => {
  const [start, stop] = [random.whole(0, LONG.length), random.whole(0, LONG.length)].sort((one, other) => one - other);
  const payload = await serve(LONG_SEALED).open();
  assert.deepEqual(await payload.read(start, stop), LONG.subarray(start, stop));
});

property("one byte that is changed anywhere is found, and nothing of its chunk or after it is given out", 25, async (random) => {
  const sealed = LONG_SEALED.slice();
  const place = random.whole(NONCE, sealed.length - 1);
  sealed[place] ^= 1 << random.whole(0, 7);
  const chunk = Math.floor((place - NONCE) / SEALED_CHUNK);
  const given = [];
  const heard = [];
  await assert.rejects(async () => {
    const payload = await serve(sealed).open();
    for await (const part of payload.stream(0, payload.size, (error) => { heard.push(error); })) given.push(part);
  }, NotAuthenticError);
  const whole = new Uint8Array(Buffer.concat(given));
  assert.ok(whole.length <= chunk * CHUNK, "nothing of it was given out");
  assert.deepEqual(whole, LONG.subarray(0, whole.length));
  assert.equal(heard.length, chunk === 5 ? 0 : 1, "whoever asked hears why; a last chunk that is changed does not open at all");
});

test("chunks in another order, and one taken out, are found", async () => {
  const chunk = (index) => LONG_SEALED.subarray(NONCE + index * SEALED_CHUNK, NONCE + (index + 1) * SEALED_CHUNK);
  const swapped = new Uint8Array(Buffer.concat([LONG_SEALED.subarray(0, NONCE), chunk(1), chunk(0), LONG_SEALED.subarray(NONCE + 2 * SEALED_CHUNK)]));
  await assert.rejects(async () => (await serve(swapped).open()).read(0, 1), NotAuthenticError);
  const without = new Uint8Array(Buffer.concat([LONG_SEALED.subarray(0, NONCE), LONG_SEALED.subarray(NONCE + SEALED_CHUNK)]));
  await assert.rejects(serve(without).open(), NotAuthenticError);
});

test("a line that breaks goes on from the chunk where it was, and each byte comes once", async () => {
  const cut = (first, last, _signal, turn) => {
    if (turn === 2) throw new PayloadError("the server answered 503");
    return new Response(LONG_SEALED.subarray(first, turn === 1 ? first + SEALED_CHUNK + 100 : last)).body;
  };
  const server = serve(LONG_SEALED, cut);
  const payload = await server.open();
  const film = await hurried(100, () => collect(payload.stream(10, payload.size)));
  assert.deepEqual(film, LONG.subarray(10));
  const again = NONCE + SEALED_CHUNK;
  assert.deepEqual(server.asked.map(([first]) => first), [NONCE, again, again]);
});

test("an answer that is no, and one without content, do not count as film", async () => {
  const no = serve(LONG_SEALED, () => { throw new RefusedError("403"); });
  const payload = await no.open();
  const heard = [];
  await assert.rejects(collect(payload.stream(0, 10, (error) => { heard.push(error.message); })), RefusedError);
  assert.deepEqual([no.asked.length, heard], [1, ["403"]], "it is not asked again");
  const empty = serve(LONG_SEALED, (first, last, _signal, turn) => (turn === 1 ? null : new Response(LONG_SEALED.subarray(first, last)).body));
  assert.deepEqual(await hurried(100, async () => (await empty.open()).read(0, 5)), LONG.subarray(0, 5));
});

test("a line that is silent is given up and asked for again", async () => {
  let stopped = 0;
  const silent = (first, last, signal, turn) => {
    if (turn > 1) return new Response(LONG_SEALED.subarray(first, last)).body;
    return new ReadableStream({ start(controller) {
      signal.addEventListener("abort", () => { stopped += 1; controller.error(signal.reason); });
    } });
  };
  const server = serve(LONG_SEALED, silent);
  const payload = await server.open();
  assert.deepEqual(await hurried(1000, () => payload.read(0, 5)), LONG.subarray(0, 5));
  assert.deepEqual([stopped, server.asked.length], [1, 2]);
});

test("a jump asks for little first, and for more while the film is wanted", async () => {
  const film = filmOf(200 * CHUNK);
  const sealed = seal(film);
  const server = serve(sealed);
  const payload = await server.open();
  assert.deepEqual(await collect(payload.stream(CHUNK * 20 + 5, payload.size)), film.subarray(CHUNK * 20 + 5));
  const sizes = server.asked.map(([first, last]) => Math.round((last - first) / SEALED_CHUNK));
  assert.deepEqual(sizes, [16, 32, 64, 64, 4]);
  assert.equal(server.asked[0][0], NONCE + 20 * SEALED_CHUNK);
});

test("who cancels stops the request, and nobody hears of an error", async () => {
  let aborted = false;
  const slow = (first, _last, signal) => new ReadableStream({
    start(controller) {
      controller.enqueue(LONG_SEALED.subarray(first, first + SEALED_CHUNK));
      signal.addEventListener("abort", () => { aborted = true; controller.error(signal.reason); });
    },
  });
  const payload = await serve(LONG_SEALED, slow).open();
  const heard = [];
  const reader = payload.stream(0, payload.size, (error) => { heard.push(error); }).getReader();
  assert.deepEqual((await reader.read()).value, LONG.subarray(0, CHUNK));
  await reader.cancel();
  assert.equal(aborted, true);
  assert.deepEqual(heard, []);
});
