// An age header for a file key that exists already: the film stays as it is, only who can open it changes. The library
// seals new files only; its own parts make the stanzas and the layout here, and the browser's cryptography the MAC.
import { encodeHeader, encodeHeaderNoMAC } from "../../node_modules/age-encryption/dist/format.js";
import { HybridRecipient, X25519Recipient } from "../../node_modules/age-encryption/dist/recipients.js";

function wrapFor(recipient, fileKey) {
  return (recipient.startsWith("age1pq1") ? new HybridRecipient(recipient) : new X25519Recipient(recipient)).wrapFileKey(fileKey);
}

/** HMAC-SHA256 of the header under HKDF-SHA256(file key, no salt, "header"): C2SP age.md, "Header MAC". */
async function macOf(fileKey, header) {
  const material = await crypto.subtle.importKey("raw", fileKey, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: new TextEncoder().encode("header") };
  const key = await crypto.subtle.deriveKey(how, material, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, header));
}

export async function sealHeader(fileKey, recipients) {
  const stanzas = (await Promise.all(recipients.map((recipient) => wrapFor(recipient, fileKey)))).flat();
  return encodeHeader(stanzas, await macOf(fileKey, encodeHeaderNoMAC(stanzas)));
}
