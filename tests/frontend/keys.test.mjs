// The team's keys, the headers that they open, and what shows that a key is a film's.
import { assert, base64, hex, property, test, vectors } from "./browser.mjs";
import * as headers from "../../frontend/src/parts/headers.js";
import * as keys from "../../frontend/src/parts/keys.js";
import { proofOf } from "../../frontend/src/parts/proof.js";
import { tidySheet } from "../../frontend/src/parts/recovery.js";

const SEALED = vectors("sealed");
const [FILE_KEY, HEADER, PAYLOAD] = [hex(SEALED.file_key), base64(SEALED.header), hex(SEALED.payload)];
const TEAM = SEALED.team_identity;
const RECOVERY = SEALED.recovery_identity;

property("bytes come back out of base64", 60, (random) => {
  const bytes = random.bytes(random.whole(0, 90));
  assert.equal(keys.toBase64(bytes), Buffer.from(bytes).toString("base64"));
  assert.deepEqual(keys.fromBase64(keys.toBase64(bytes)), bytes);
});

test("many bytes come back out of base64", () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_none, at) => (at * 7) % 256);
  assert.deepEqual(keys.fromBase64(keys.toBase64(bytes)), bytes);
});

test("a passphrase is so many words of the list, each as likely as another", (context) => {
  const words = Array.from({ length: 7776 }, (_none, at) => `w${at}`);
  const draws = [65535, 62208, 0, 62207, 7776, 1]; // from 62208 on there is no whole list left
  context.mock.method(crypto, "getRandomValues", (numbers) => numbers.fill(draws.shift()));
  assert.equal(keys.drawPassphrase(words, 4), "w0-w7775-w0-w1");
});

property("a passphrase that is typed with spaces, capitals or hyphens is the one that was drawn", 60, (random) => {
  const words = Array.from({ length: random.whole(1, 6) }, () => `woord${random.whole(0, 9)}`);
  const typed = words.map((word) => (random.whole(0, 1) ? word.toUpperCase() : word)).join([" ", "-", " - ", "  "][random.whole(0, 3)]);
  assert.equal(keys.tidyPassphrase(` ${typed} `), words.join("-"));
});

test("a recovery sheet is read as it was printed", () => {
  assert.equal(tidySheet(" age-secret-key-1 abcd\n efgh "), "AGE-SECRET-KEY-1ABCDEFGH");
});

test("the sealed copy of the specification opens with its passphrase and with no other", async () => {
  const sealed = base64(SEALED.sealed_identity);
  assert.equal(await keys.openIdentity(sealed, ` ${SEALED.passphrase.toUpperCase().replaceAll("-", " ")}`), TEAM);
  await assert.rejects(keys.openIdentity(sealed, "een heel andere wachtzin van zes"));
});

test("what is sealed for two opens with each of them and with no third", async () => {
  const [one, two, three] = await Promise.all([keys.makeIdentity(), keys.makeIdentity(), keys.makeIdentity()]);
  const sealed = await keys.sealFor([one.recipient, two.recipient], hex("0102"));
  for (const { identity } of [one, two]) assert.deepEqual(await keys.openWith(identity, sealed), hex("0102"));
  await assert.rejects(keys.openWith(three.identity, sealed));
});

test("the header of the specification gives the file key to both keys, also a hybrid one", async () => {
  for (const identity of [TEAM, RECOVERY]) assert.deepEqual(await headers.fileKeyFrom(HEADER, identity), FILE_KEY);
  const { identity, header } = SEALED.hybrid;
  assert.deepEqual(await headers.fileKeyFrom(base64(header), identity), FILE_KEY);
  const { identity: stranger } = await keys.makeIdentity();
  await assert.rejects(headers.fileKeyFrom(HEADER, stranger));
});

test("every header that the specification refuses is refused to the team's key", async () => {
  const { "something behind it": behind, ...refused } = SEALED.refused_headers; // behind a header the browser expects content
  assert.ok(behind);
  for (const [why, header] of Object.entries(refused)) {
    assert.equal(await headers.isOurs(base64(header), TEAM).catch(() => false), false, why);
  }
  assert.equal(await headers.isOurs(HEADER, TEAM), true);
  assert.equal(await headers.isOurs(HEADER, RECOVERY), false, "it is the second recipient");
});

const stanzas = (header) => Buffer.from(header).toString().split("\n-> ").slice(1).map((one) => one.split("\n---")[0]);

test("a header for a new team key opens with it, and keeps the recovery key's part", async () => {
  const fresh = await keys.makeIdentity();
  const anew = await headers.sealHeaderAnew(HEADER, TEAM, fresh.recipient);
  for (const identity of [fresh.identity, RECOVERY]) assert.deepEqual(await headers.fileKeyFrom(anew, identity), FILE_KEY);
  await assert.rejects(headers.fileKeyFrom(anew, TEAM));
  assert.equal(stanzas(anew)[1], stanzas(HEADER)[1]);
  assert.notEqual(stanzas(anew)[0], stanzas(HEADER)[0]);
  await assert.rejects(headers.sealHeaderAnew(HEADER, fresh.identity, fresh.recipient), /this key does not open/);
});

test("a header whose team part is spoilt opens with the recovery key and with no other", async () => {
  const spoilt = base64(SEALED.anew.spoilt);
  assert.deepEqual(await headers.fileKeyFrom(spoilt, RECOVERY), FILE_KEY);
  assert.equal(await headers.isOurs(spoilt, TEAM), false);
  const changed = HEADER.slice();
  changed[changed.length - 5] ^= 1; // of its MAC
  await assert.rejects(headers.fileKeyFrom(changed, TEAM), /was changed|invalid/i);
});

test("a small file for another key is the same content behind a new header", async () => {
  const [old, fresh, recovery] = await Promise.all([keys.makeIdentity(), keys.makeIdentity(), keys.makeIdentity()]);
  const file = keys.unshared(await keys.sealFor([old.recipient, recovery.recipient], hex("aabb")));
  const anew = await headers.sealFileAnew(file, old.identity, fresh.recipient);
  for (const { identity } of [fresh, recovery]) assert.deepEqual(await keys.openWith(identity, anew), hex("aabb"));
  assert.deepEqual(await keys.openWith(fresh.identity, await headers.mended(anew, fresh.identity)), hex("aabb"));
});

test("the proof of the specification is made, and another key makes another", async () => {
  const proof = await proofOf(FILE_KEY, PAYLOAD.subarray(0, 16), PAYLOAD.length);
  assert.deepEqual(proof, hex(SEALED.proof));
  assert.notDeepEqual(await proofOf(hex("00".repeat(16)), PAYLOAD.subarray(0, 16), PAYLOAD.length), proof);
  assert.notDeepEqual(await proofOf(FILE_KEY, PAYLOAD.subarray(0, 16), PAYLOAD.length + 65_552), proof, "of another chunk");
});
