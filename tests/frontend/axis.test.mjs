// Film of an Axis camera inside a sealed payload, and the key of the camera.
import { createCipheriv } from "node:crypto";
import { assert, base64, hex, property, test, vectors } from "./browser.mjs";
import { AxisFilm, unwrapContentKey } from "../../frontend/src/parts/axis.js";
import { NotAuthenticError } from "../../frontend/src/parts/payload.js";

const AXIS = vectors("axis");
const KEY = hex(AXIS.content_key);
const IV = base64(AXIS.key_object.ContentEncryptionIV);

/** Content as an opened payload gives it. */
const opened = (content) => ({ size: content.length, read: async (start, stop) => content.slice(start, stop) });

function encrypted(film) {
  const cipher = createCipheriv("aes-256-cbc", KEY, IV);
  return new Uint8Array(Buffer.concat([cipher.update(film), cipher.final()]));
}

async function part(film, start, stop) {
  const parts = [];
  for await (const piece of film.stream(start, stop)) parts.push(piece);
  return new Uint8Array(Buffer.concat(parts));
}

test("the content of the specification is the film, under the key that the camera wrapped", async () => {
  const key = await unwrapContentKey(base64(AXIS.key_object.EncryptedKey), base64(AXIS.private_key));
  assert.deepEqual(key, KEY);
  const film = await AxisFilm.open(opened(hex(AXIS.content)), key, IV);
  assert.equal(film.size, hex(AXIS.film).length);
  assert.deepEqual(await part(film, 0, film.size), hex(AXIS.film));
  assert.deepEqual(await part(film, 20, 40), hex(AXIS.film).subarray(20, 40));
});

property("any part of any film is exactly that part", 40, async (random) => {
  const clear = random.bytes(random.whole(0, 200));
  const film = await AxisFilm.open(opened(encrypted(clear)), KEY, IV);
  assert.equal(film.size, clear.length);
  const [start, stop] = [random.whole(0, clear.length), random.whole(0, clear.length)].sort((one, other) => one - other);
  assert.deepEqual(await part(film, start, stop), clear.subarray(start, stop));
});

test("content of no possible size, and content of another key, is refused", async () => {
  const content = encrypted(Buffer.from("film"));
  for (const wrong of [content.subarray(0, 0), content.subarray(1)]) {
    await assert.rejects(AxisFilm.open(opened(wrong), KEY, IV), NotAuthenticError);
  }
  await assert.rejects(AxisFilm.open(opened(content), new Uint8Array(32), IV), NotAuthenticError);
});

test("each byte of the padding counts", async () => {
  for (const [tail, whole] of [[[4, 4, 4, 4], true], [[4, 4, 3, 4], false], [[3, 4, 4, 4], false], [[4, 4, 4, 0], false], [[4, 4, 4, 17], false]]) {
    const cipher = createCipheriv("aes-256-cbc", KEY, IV).setAutoPadding(false);
    const content = new Uint8Array(Buffer.concat([cipher.update(Buffer.from([...Buffer.from("twelve bytes"), ...tail])), cipher.final()]));
    const found = await AxisFilm.open(opened(content), KEY, IV).then(() => true, () => false);
    assert.equal(found, whole, String(tail));
  }
});
