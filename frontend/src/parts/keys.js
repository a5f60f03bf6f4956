// The team's keys in this browser: made here, opened here, never sent anywhere unsealed.
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";

const WORK_FACTOR = 18; // scrypt 2^18: about a second here, for every guess elsewhere

/** @typedef {import("./told.js").Bytes} Bytes */

/**
 * Bytes from the library, which never lie in memory that is shared.
 * @param {Uint8Array} bytes
 */
export const unshared = (bytes) => /** @type {Bytes} */ (bytes);

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}

/** @param {string} text */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export async function makeIdentity() {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/**
 * `count` words drawn evenly from `words` with the browser's own randomness.
 * @param {string[]} words
 * @param {number} count
 */
export function drawPassphrase(words, count) {
  const limit = Math.floor(65536 / words.length) * words.length; // above it a word would be likelier than another
  /** @type {string[]} */
  const drawn = [];
  while (drawn.length < count) {
    const [number] = crypto.getRandomValues(new Uint16Array(1));
    if (number < limit) drawn.push(words[number % words.length]);
  }
  return drawn.join("-");
}

/**
 * What was typed, as it was drawn: small letters, one hyphen between words.
 * @param {string} typed
 */
export function tidyPassphrase(typed) {
  return typed.trim().toLowerCase().split(/[\s-]+/).join("-");
}

/**
 * @param {string} identity
 * @param {string} passphrase
 */
export async function sealIdentity(identity, passphrase) {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(WORK_FACTOR);
  return encrypter.encrypt(identity);
}

/**
 * The team identity out of the person's sealed copy; an Error when the passphrase is not right.
 * @param {Uint8Array} sealed
 * @param {string} passphrase
 */
export async function openIdentity(sealed, passphrase) {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(tidyPassphrase(passphrase));
  return (await decrypter.decrypt(sealed, "text")).trim();
}

/**
 * @param {string[]} recipients
 * @param {Uint8Array} bytes
 */
export async function sealFor(recipients, bytes) {
  const encrypter = new Encrypter();
  recipients.forEach((recipient) => encrypter.addRecipient(recipient));
  return encrypter.encrypt(bytes);
}

/**
 * @param {string} identity
 * @param {Uint8Array} sealed
 */
export async function openWith(identity, sealed) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return unshared(await decrypter.decrypt(sealed));
}

/**
 * The 16-byte file key in any age header; an Error when the identity is not among its recipients.
 * @param {Uint8Array} header
 * @param {string} identity
 */
export async function fileKeyOf(header, identity) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return unshared(await decrypter.decryptHeader(header));
}
