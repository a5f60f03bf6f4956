// Try what was sealed anew with the new key, before it counts. For each file this browser gives the server a number that only the
// film's own key makes (parts/proof.js); no key and no film goes over the line.
import { $, post, say, sentenceOf, show, within } from "./parts/page.js";
import { fromBase64, openIdentity, openWith, toBase64 } from "./parts/keys.js";
import { fileKeyFrom } from "./parts/headers.js";
import { unwrapContentKey } from "./parts/axis.js";
import { proofOf } from "./parts/proof.js";

/**
 * @typedef {object} Item
 * @property {string} item
 * @property {string} seal
 * @property {Record<string, { header: string, nonce: string, size: number }>} objects
 */

const form = $("#check", HTMLFormElement);
const { sealedIdentity = "", axis = "", axisAnswer = "", next: nextAddress = "", outcome = "", settle = "" } = form.dataset;
const WRONG = "Een nieuw zegel gaat niet open. De oude sleutels gelden nog en er is niets verloren. Iedereen krijgt bericht.";
const WRONG_AXIS = "De sleutel voor Axis-camera's is niet goed meegekomen. De oude geldt nog. Stop deze overdracht.";

/**
 * The key for Axis cameras came along: it reads what was wrapped for its public half.
 * @param {string} identity
 */
async function tryAxis(identity) {
  /** @type {{ sealed: string, question: string }} */
  const { sealed, question } = await post(axis, {});
  if (!question) return;
  const answer = await openWith(identity, fromBase64(sealed))
    .then((secret) => unwrapContentKey(fromBase64(question), secret))
    .then((read) => new TextDecoder().decode(read), () => "");
  /** @type {{ right: boolean }} */
  const { right } = await post(axisAnswer, { answer });
  if (!right) throw new Error(WRONG_AXIS);
}

/**
 * What shows that the key in this file's new header is the film's; empty when the header does not open.
 * @param {Item["objects"][string]} file
 * @param {string} identity
 */
async function shown(file, identity) {
  try {
    const fileKey = await fileKeyFrom(fromBase64(file.header), identity);
    return toBase64(await proofOf(fileKey, fromBase64(file.nonce), file.size));
  } catch {
    return "";
  }
}

/**
 * @param {Item} one
 * @param {string} identity
 */
async function tryOne({ item, seal, objects }, identity) {
  /** @type {Record<string, string>} */
  const proofs = {};
  for (const [object, file] of Object.entries(objects)) proofs[object] = await shown(file, identity);
  return { item, seal, proofs };
}

/**
 * Everything that was sealed anew so far; whether nothing is left to be sealed anew.
 * @param {string} identity
 */
async function tryEverything(identity) {
  let done = 0;
  for (;;) {
    /** @type {{ items: Item[], ready: boolean }} */
    const { items, ready } = await post(nextAddress, {});
    if (items.length === 0) return ready;
    const tried = [];
    for (const one of items) tried.push(await tryOne(one, identity));
    /** @type {{ fits: boolean }} */
    const { fits } = await post(outcome, { items: tried });
    if (!fits) throw new Error(WRONG);
    done += items.length;
    say($("#progress"), `${done} opnames gecontroleerd. Laat deze pagina open.`);
  }
}

/** @param {SubmitEvent} event */
async function start(event) {
  event.preventDefault();
  const button = within(form, "button", HTMLButtonElement);
  const passphrase = $("#passphrase", HTMLInputElement);
  button.disabled = true;
  say($("#problem"), "");
  try {
    say($("#progress"), "De wachtzin wordt gecontroleerd.");
    const identity = await openIdentity(fromBase64(sealedIdentity), passphrase.value).catch(() => {
      throw new Error("De wachtzin is niet goed. Er is niets veranderd.");
    });
    await tryAxis(identity);
    const ready = await tryEverything(identity);
    passphrase.value = "";
    if (!ready) {
      say($("#progress"), "Alles wat er nu is, gaat open. Er wordt nog verzegeld; kom daarna terug op deze pagina.");
      button.disabled = false;
      return;
    }
    /** @type {{ next: string }} */
    const { next } = await post(settle, {});
    window.location.assign(next);
  } catch (error) {
    say($("#progress"), "");
    say($("#problem"), sentenceOf(error));
    $("#problem").focus();
    button.disabled = false;
  }
}

form.addEventListener("submit", start);
show(form);
