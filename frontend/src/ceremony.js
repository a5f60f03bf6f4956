// The key ceremony (sleutels maken): everything secret is made, shown and tested in this browser.
import qrcode from "qrcode-generator";
import wordList from "../../src/beeldkluis/sealed/words.txt";
import { $, post, say, sentenceOf, show } from "./parts/page.js";
import { drawPassphrase, makeIdentity, openIdentity, openWith, sealFor, sealIdentity, tidyPassphrase, toBase64 } from "./parts/keys.js";

const words = wordList.split("\n").filter(Boolean);
const WORDS_IN_PASSPHRASE = 6;
const LETTERS_TO_TYPE = 8; // of the recovery key: shows that the sheet in hand is this one

/**
 * The keys that were made and not recorded yet.
 * @typedef {object} Made
 * @property {{ identity: string, recipient: string }} team
 * @property {{ identity: string, recipient: string }} recovery
 * @property {string} passphrase
 * @property {{ pem: string, secret: Uint8Array }} axis
 * @property {Uint8Array} sealedIdentity
 * @property {Uint8Array} sealedAxis
 */

/** @type {Made | null} */
let made = null;

async function makeAxisKey() {
  const algorithm = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-1" };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["encrypt", "decrypt"]);
  const der = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const lines = inPieces(toBase64(der), 64).join("\n");
  const secret = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  return { pem: `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`, secret };
}

/** @param {string} text */
function drawCode(text) {
  const code = qrcode(0, "M");
  code.addData(text, "Alphanumeric");
  code.make();
  const count = code.getModuleCount();
  let path = "";
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) if (code.isDark(row, column)) path += `M${column} ${row}h1v1h-1z`;
  }
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", `-4 -4 ${count + 8} ${count + 8}`);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", "De herstelsleutel als QR-code");
  const drawing = document.createElementNS(space, "path");
  drawing.setAttribute("d", path);
  picture.append(drawing);
  $("#recovery-code").replaceChildren(picture);
}

/**
 * @param {string} text
 * @param {number} size of each piece, in letters; the last may be shorter
 */
function inPieces(text, size) {
  return Array.from({ length: Math.ceil(text.length / size) }, (_empty, index) => text.slice(index * size, (index + 1) * size));
}

async function make() {
  show($("#start"), false);
  say($("#progress"), "De sleutels worden gemaakt. Dit duurt een paar tellen.");
  const [team, recovery, axis] = await Promise.all([makeIdentity(), makeIdentity(), makeAxisKey()]);
  const passphrase = drawPassphrase(words, WORDS_IN_PASSPHRASE);
  made = {
    team, recovery, passphrase, axis,
    sealedIdentity: await sealIdentity(team.identity, passphrase),
    sealedAxis: await sealFor([team.recipient, recovery.recipient], axis.secret),
  };
  axis.secret.fill(0);
  $("#passphrase").textContent = passphrase;
  $("#recovery-key").textContent = inPieces(recovery.identity, 4).join(" ");
  $("#recovery-recipient").textContent = recovery.recipient;
  $("#recovery-date").textContent = new Date().toLocaleDateString("nl-NL", { dateStyle: "long" });
  drawCode(recovery.identity);
  say($("#progress"), "");
  show($("#keep"));
  $("#keep h2").focus();
}

/**
 * Both keys must open what is sealed for both, with what the person has in hand.
 * @param {Made} keys
 * @returns {Promise<string>} what is wrong; nothing when all is well
 */
async function test(keys) {
  const identity = await openIdentity(keys.sealedIdentity, $("#typed-passphrase", HTMLInputElement).value).catch(() => null);
  if (identity !== keys.team.identity) return "De wachtzin is niet goed. Typ de zes woorden over van uw papier.";
  const typed = $("#typed-recovery", HTMLInputElement).value.replace(/\s+/g, "").toUpperCase();
  if (typed.length < LETTERS_TO_TYPE || !keys.recovery.identity.endsWith(typed)) {
    return `De laatste ${LETTERS_TO_TYPE} tekens van de herstelsleutel zijn niet goed. Kijk op het afgedrukte blad.`;
  }
  const sample = crypto.getRandomValues(new Uint8Array(64));
  const sealed = await sealFor([keys.team.recipient, keys.recovery.recipient], sample);
  const opened = await Promise.all([openWith(identity, sealed), openWith(keys.recovery.identity, sealed)]);
  const same = opened.every((bytes) => bytes.length === sample.length && bytes.every((byte, at) => byte === sample[at]));
  return same ? "" : "De proef is mislukt: de sleutels openen niet wat ermee verzegeld is. Begin opnieuw.";
}

/**
 * @param {SubmitEvent} event
 * @param {HTMLFormElement} form
 */
async function finish(event, form) {
  event.preventDefault();
  if (!made) return;
  const button = $("#finish", HTMLButtonElement);
  button.disabled = true;
  say($("#problem"), "");
  try {
    const wrong = await test(made);
    if (wrong) throw new Error(wrong);
    /** @type {{ next: string }} */
    const answer = await post(form.action, {
      team_recipient: made.team.recipient,
      recovery_recipient: made.recovery.recipient,
      axis_public: made.axis.pem,
      axis_sealed_private: toBase64(made.sealedAxis),
      sealed_identity: toBase64(made.sealedIdentity),
    });
    made = null;
    $("#recovery-key").textContent = "";
    $("#passphrase").textContent = "";
    window.location.assign(answer.next);
  } catch (error) {
    say($("#problem"), sentenceOf(error));
    button.disabled = false;
    $("#problem").focus();
  }
}

$("#make").addEventListener("click", make);
$("#print").addEventListener("click", () => window.print());
$("#go-test").addEventListener("click", () => {
  show($("#keep"), false);
  show($("#test"));
  $("#test h2").focus();
});
$("#back").addEventListener("click", () => {
  show($("#test"), false);
  show($("#keep"));
});
const proof = $("#test form", HTMLFormElement);
proof.addEventListener("submit", (event) => finish(event, proof));
const passphraseField = $("#typed-passphrase", HTMLInputElement);
passphraseField.addEventListener("blur", () => {
  passphraseField.value = tidyPassphrase(passphraseField.value);
});
window.addEventListener("beforeunload", (event) => {
  if (made) event.preventDefault(); // keys that were shown but not recorded would be lost
});
show($("#start"));
