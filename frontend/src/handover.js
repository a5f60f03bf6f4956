// Hand the team's key over: a new key is made here, and every recording's header is sealed anew for it. The film stays where
// it is; the server sees headers and public halves only. Stopped half-way, this page goes on with what is left.
import { identityToRecipient } from "age-encryption";
import { $, has, post, say, sentenceOf, show, within } from "./parts/page.js";
import { fromBase64, makeIdentity, openIdentity, toBase64 } from "./parts/keys.js";
import { fileKeyFrom, sealFileAnew, sealHeaderAnew } from "./parts/headers.js";
import { sealWithNewPassphrase } from "./parts/new-passphrase.js";
import { showRecoverySheet, tidySheet } from "./parts/recovery.js";

/** @typedef {import("./parts/told.js").Bytes} Bytes */
/** @typedef {{ address: string, headers: Record<string, string> }} Item one recording, and its headers by object */

const MOST_TRIES = 5;
const MANY = 1000; // the server counts no further
const PURPOSE = "handover";
let busy = false;

/** @param {unknown} error */
function fail(error) {
  busy = false;
  say($("#progress"), "");
  say($("#problem"), sentenceOf(error));
  $("#problem").focus();
}

/**
 * With the recovery sheet: show first that it is here. Then the form goes on as it would.
 * @param {SubmitEvent} event
 * @param {HTMLFormElement} form
 */
async function announce(event, form) {
  const sheet = $("#sheet", HTMLInputElement);
  if (!sheet.value.trim()) return;
  event.preventDefault();
  try {
    const { ask = "", show: answer = "" } = form.dataset;
    await showRecoverySheet({ ask, show: answer }, PURPOSE, sheet.value);
    sheet.value = "";
    within(form, "[name=with_recovery]", HTMLInputElement).value = "on";
    form.submit();
  } catch (error) {
    fail(error);
  }
}

/**
 * The old key: the person's own copy, or the recovery key itself.
 * @param {HTMLFormElement} form
 */
async function oldIdentity(form) {
  const secret = $("#secret", HTMLInputElement).value;
  if (new FormData(form).get("with") === "recovery") {
    const identity = tidySheet(secret);
    const recipient = await identityToRecipient(identity).catch(() => "");
    if (recipient !== form.dataset.recoveryRecipient) throw new Error("Dit is niet de herstelsleutel van deze installatie.");
    return identity;
  }
  return openIdentity(fromBase64(form.dataset.sealedIdentity ?? ""), secret).catch(() => {
    throw new Error("De wachtzin is niet goed. Er is niets veranderd.");
  });
}

/**
 * @param {string} old identity
 * @param {DOMStringMap} told
 */
async function begin(old, { axisSealed, begin: address = "", receiver }) {
  say($("#progress"), "De nieuwe sleutel wordt gemaakt.");
  const made = await makeIdentity();
  const axis = axisSealed ? await sealFileAnew(fromBase64(axisSealed), old, made.recipient) : new Uint8Array(0);
  const sealedIdentity = await sealWithNewPassphrase(made.identity);
  await post(address, {
    receiver: Number(receiver),
    team_recipient: made.recipient,
    axis_sealed_private: toBase64(axis),
    sealed_identity: toBase64(sealedIdentity),
  });
  return made.identity;
}

/**
 * One header anew, or as it was when the old key does not open it.
 * @param {Bytes} header
 * @param {string} old identity
 * @param {string | null} fresh identity; null when it was made before this page came
 * @param {string} recipient
 */
async function headerAnew(header, old, fresh, recipient) {
  const sealed = await sealHeaderAnew(header, old, recipient).catch(() => null);
  if (!sealed) return header;
  if (fresh) {
    const [again, before] = await Promise.all([fileKeyFrom(sealed, fresh), fileKeyFrom(header, old)]);
    if (!again.every((byte, at) => byte === before[at])) throw new Error("Een nieuw zegel gaat niet open. Er is niets veranderd.");
  }
  return sealed;
}

/**
 * One recording: each of its headers by itself, so that one that does not open never gives up the others.
 * @param {Item} item
 * @param {string} old
 * @param {string | null} fresh
 * @param {string} recipient
 */
async function sealAnew(item, old, fresh, recipient) {
  /** @type {Record<string, string>} */
  const headers = {};
  for (const [object, header] of Object.entries(item.headers)) {
    headers[object] = toBase64(await headerAnew(fromBase64(header), old, fresh, recipient));
  }
  return post(item.address, { headers });
}

/**
 * @param {string} next address that says what is left
 * @param {string} old
 * @param {string | null} fresh
 */
async function sealEverything(next, old, fresh) {
  /** @type {Record<string, number>} */
  const tries = {}; // a recording comes again when a file of it came in meanwhile
  for (;;) {
    /** @type {{ items: Item[], left: number, recipient: string }} */
    const { items, left, recipient } = await post(next, {});
    if (items.length === 0) return;
    say($("#progress"), `Nog ${left}${left === MANY ? " of meer" : ""} opnames opnieuw te verzegelen. Laat deze pagina open.`);
    for (const item of items) {
      tries[item.address] = (tries[item.address] ?? 0) + 1;
      if (tries[item.address] > MOST_TRIES) throw new Error("Een opname komt steeds terug. Probeer het later opnieuw.");
      await sealAnew(item, old, fresh, recipient);
    }
  }
}

/**
 * @param {SubmitEvent} event
 * @param {HTMLFormElement} form
 */
async function start(event, form) {
  event.preventDefault();
  if (busy) return;
  busy = true;
  say($("#problem"), "");
  try {
    const told = form.dataset;
    const old = await oldIdentity(form);
    const fresh = told.running === "ja" ? null : await begin(old, told);
    told.running = "ja";
    $("#secret", HTMLInputElement).value = "";
    show($("#ask"), false);
    await sealEverything(told.next ?? "", old, fresh);
    /** @type {{ next: string }} */
    const { next } = await post(told.finish ?? "", {});
    busy = false;
    window.location.assign(next);
  } catch (error) {
    show($("#ask"));
    fail(error);
  }
}

if (has("#announce")) {
  const form = $("#announce", HTMLFormElement);
  form.addEventListener("submit", (event) => announce(event, form));
  show($("#with-sheet"));
}
if (has("#handover")) {
  const form = $("#handover", HTMLFormElement);
  form.addEventListener("submit", (event) => start(event, form));
  window.addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });
  show($("#ask"));
}
