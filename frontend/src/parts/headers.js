// An age header for a file key that exists already: the film stays as it is, only who can open it changes. The library
// seals new files only; its own parts make the stanzas and the layout here, and the browser's cryptography the MAC.
import { identityToRecipient } from "age-encryption";
import { fileKeyOf, unshared } from "./keys.js";
import { encodeHeader, encodeHeaderNoMAC, parseHeader } from "../../node_modules/age-encryption/dist/format.js";
import { HybridIdentity, HybridRecipient, X25519Identity, X25519Recipient } from "../../node_modules/age-encryption/dist/recipients.js";

const OURS = 2; // stanzas: the team's, then the recovery key's

/** @typedef {import("./told.js").Bytes} Bytes */
/** @typedef {import("../../node_modules/age-encryption/dist/format.js").Stanza} Stanza */

/** @param {string} key */
const isHybrid = (key) => /^age1pq1|^AGE-SECRET-KEY-PQ-1/.test(key);

/**
 * @param {string} recipient
 * @param {Uint8Array} fileKey
 */
function wrapFor(recipient, fileKey) {
  return (isHybrid(recipient) ? new HybridRecipient(recipient) : new X25519Recipient(recipient)).wrapFileKey(fileKey);
}

/**
 * The file key in one stanza; null when it is another's.
 * @param {string} identity
 * @param {Stanza} stanza
 */
async function unwrap(identity, stanza) {
  const opener = isHybrid(identity) ? new HybridIdentity(identity) : new X25519Identity(identity);
  const found = await opener.unwrapFileKey([stanza]);
  return found && unshared(found);
}

/**
 * HMAC-SHA256 of the header under HKDF-SHA256(file key, no salt, "header"): C2SP age.md, "Header MAC".
 * @param {Bytes} fileKey
 * @param {Uint8Array} header
 */
async function macOf(fileKey, header) {
  const material = await crypto.subtle.importKey("raw", fileKey, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: new TextEncoder().encode("header") };
  const key = await crypto.subtle.deriveKey(how, material, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, unshared(header)));
}

/** @type {(one: Uint8Array, other: Uint8Array) => boolean} */
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

/** @param {Bytes} bytes */
async function parsed(bytes) {
  const found = await parseHeader(new Blob([bytes]).stream());
  await found.rest.cancel();
  return found;
}

/**
 * @param {Bytes} fileKey
 * @param {Stanza[]} stanzas
 */
async function write(fileKey, stanzas) {
  return unshared(encodeHeader(stanzas, await macOf(fileKey, encodeHeaderNoMAC(stanzas))));
}

/**
 * A header for a file key that exists.
 * @param {Bytes} fileKey
 * @param {string[]} recipients
 */
export async function sealHeader(fileKey, recipients) {
  const stanzas = (await Promise.all(recipients.map((recipient) => wrapFor(recipient, fileKey)))).flat();
  return write(fileKey, stanzas);
}

/**
 * The file key in a header of ours, by the team's key or by the recovery key. What the recovery key opens does not hang on the
 * rest of the header, which a hand that meant harm may have spoilt (docs/spec/sealed-object.md, section 8).
 * @param {Bytes} header
 * @param {string} identity
 */
async function openedWith(header, identity) {
  const { stanzas, headerNoMAC, MAC } = await parsed(header);
  if (stanzas.length !== OURS) throw new Error("a header of ours has two recipients");
  const recovered = await unwrap(identity, stanzas[1]);
  if (recovered) return { fileKey: recovered, kept: stanzas[1] };
  const fileKey = await unwrap(identity, stanzas[0]);
  if (!fileKey) throw new Error("this key does not open the header");
  if (!same(await macOf(fileKey, headerNoMAC), MAC)) throw new Error("the header was changed");
  return { fileKey, kept: stanzas[1] };
}

/**
 * The file key, also out of a header that is not sealed as ours are: then by all the rules of age.
 * @param {Bytes} header
 * @param {string} identity
 */
export async function fileKeyFrom(header, identity) {
  if ((await parsed(header)).stanzas.length !== OURS) return fileKeyOf(header, identity);
  return (await openedWith(header, identity)).fileKey;
}

/**
 * Is this header sealed as ours are: for the team's key first, and for one other behind it?
 * @param {Bytes} header
 * @param {string} identity
 */
export async function isOurs(header, identity) {
  const { stanzas } = await parsed(header);
  if (stanzas.length !== OURS || !(await unwrap(identity, stanzas[0]))) return false;
  return fileKeyFrom(header, identity).then(() => true, () => false);
}

/**
 * The header for another team key; the recovery key's part stays byte for byte. An Error when this key does not open it.
 * @param {Bytes} header
 * @param {string} identity
 * @param {string} recipient
 */
export async function sealHeaderAnew(header, identity, recipient) {
  const { fileKey, kept } = await openedWith(header, identity);
  return write(fileKey, [...(await wrapFor(recipient, fileKey)), kept]);
}

/**
 * Where the header of a whole age file ends.
 * @param {Bytes} file
 */
async function headerSize(file) {
  return (await parsed(file)).headerSize;
}

/**
 * A small age file for another team key: a new header before the same content.
 * @param {Bytes} file
 * @param {string} identity
 * @param {string} recipient
 */
export async function sealFileAnew(file, identity, recipient) {
  const end = await headerSize(file);
  return join(await sealHeaderAnew(file.subarray(0, end), identity, recipient), file.subarray(end));
}

/**
 * A small age file as only this key's holder can open it, also when the rest of its header is spoilt.
 * @param {Bytes} file
 * @param {string} identity
 */
export async function mended(file, identity) {
  const end = await headerSize(file);
  const fileKey = await fileKeyFrom(file.subarray(0, end), identity);
  return join(await sealHeader(fileKey, [await identityToRecipient(identity)]), file.subarray(end));
}

/**
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
function join(one, other) {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
