// Hand the team's key over: a new key is made here, and every recording's header is sealed anew for it. The film stays where
// it is; the server sees headers and public halves only. Stopped half-way, this page goes on with what is left.
import { identityToRecipient } from "age-encryption";
import { $, post, say, show } from "./parts/page.js";
import { fromBase64, makeIdentity, openIdentity, toBase64 } from "./parts/keys.js";
import { fileKeyFrom, sealFileAnew, sealHeaderAnew } from "./parts/headers.js";
import { sealWithNewPassphrase } from "./parts/new-passphrase.js";
import { showRecoverySheet, tidySheet } from "./parts/recovery.js";

const announcement = $("#announce");
const form = $("#handover");
const told = form?.dataset;
const MOST_TRIES = 5;
const MANY = 1000; // the server counts no further
const PURPOSE = "handover";
let busy = false;

function fail(error) {
  busy = false;
  say($("#progress"), "");
  say($("#problem"), error.message);
  $("#problem").focus();
}

/** With the recovery sheet: show first that it is here. Then the form goes on as it would. */
async function announce(event) {
  const sheet = $("#sheet").value;
  if (!sheet.trim()) return;
  event.preventDefault();
  try {
    await showRecoverySheet(announcement.dataset, PURPOSE, sheet);
    $("#sheet").value = "";
    announcement.elements.with_recovery.value = "on";
    announcement.submit();
  } catch (error) {
    fail(error);
  }
}

/** The old key: the person's own copy, or the recovery key itself. */
async function oldIdentity() {
  const secret = $("#secret").value;
  if (new FormData(form).get("with") === "recovery") {
    const identity = tidySheet(secret);
    const recipient = await identityToRecipient(identity).catch(() => "");
    if (recipient !== told.recoveryRecipient) throw new Error("Dit is niet de herstelsleutel van deze installatie.");
    return identity;
  }
  return openIdentity(fromBase64(told.sealedIdentity), secret).catch(() => {
    throw new Error("De wachtzin is niet goed. Er is niets veranderd.");
  });
}

async function begin(old) {
  say($("#progress"), "De nieuwe sleutel wordt gemaakt.");
  const made = await makeIdentity();
  const axis = told.axisSealed ? await sealFileAnew(fromBase64(told.axisSealed), old, made.recipient) : new Uint8Array(0);
  const sealedIdentity = await sealWithNewPassphrase(made.identity);
  await post(told.begin, {
    receiver: Number(told.receiver),
    team_recipient: made.recipient,
    axis_sealed_private: toBase64(axis),
    sealed_identity: toBase64(sealedIdentity),
  });
  return made.identity;
}

/** One header anew, or as it was when the old key does not open it. */
async function headerAnew(header, old, fresh, recipient) {
  const sealed = await sealHeaderAnew(header, old, recipient).catch(() => null);
  if (!sealed) return header;
  if (fresh) {
    const [again, before] = await Promise.all([fileKeyFrom(sealed, fresh), fileKeyFrom(header, old)]);
    if (!again.every((byte, at) => byte === before[at])) throw new Error("Een nieuw zegel gaat niet open. Er is niets veranderd.");
  }
  return sealed;
}

/** One recording: each of its headers by itself, so that one that does not open never gives up the others. */
async function sealAnew(item, old, fresh, recipient) {
  const headers = {};
  for (const [object, header] of Object.entries(item.headers)) {
    headers[object] = toBase64(await headerAnew(fromBase64(header), old, fresh, recipient));
  }
  return post(item.address, { headers });
}

async function sealEverything(old, fresh) {
  const tries = {}; // a recording comes again when a file of it came in meanwhile
  for (;;) {
    const { items, left, recipient } = await post(told.next, {});
    if (items.length === 0) return;
    say($("#progress"), `Nog ${left}${left === MANY ? " of meer" : ""} opnames opnieuw te verzegelen. Laat deze pagina open.`);
    for (const item of items) {
      tries[item.address] = (tries[item.address] ?? 0) + 1;
      if (tries[item.address] > MOST_TRIES) throw new Error("Een opname komt steeds terug. Probeer het later opnieuw.");
      await sealAnew(item, old, fresh, recipient);
    }
  }
}

async function start(event) {
  event.preventDefault();
  if (busy) return;
  busy = true;
  say($("#problem"), "");
  try {
    const old = await oldIdentity();
    const fresh = told.running === "ja" ? null : await begin(old);
    told.running = "ja";
    $("#secret").value = "";
    show($("#ask"), false);
    await sealEverything(old, fresh);
    const { next } = await post(told.finish, {});
    busy = false;
    window.location.assign(next);
  } catch (error) {
    show($("#ask"));
    fail(error);
  }
}

if (announcement) {
  announcement.addEventListener("submit", announce);
  show($("#with-sheet"));
}
if (form) {
  form.addEventListener("submit", start);
  window.addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault();
  });
  show($("#ask"));
}
