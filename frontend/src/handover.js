// Hand the team's key over: a new key is made here, and every recording's header is sealed anew for it. The film stays where
// it is; the server sees headers and public halves only. Stopped half-way, this page goes on with what is left.
import { identityToRecipient } from "age-encryption";
import { $, post, say, show } from "./parts/page.js";
import { fileKeyOf, fromBase64, makeIdentity, openIdentity, openWith, sealFor, toBase64 } from "./parts/keys.js";
import { sealHeader } from "./parts/headers.js";
import { sealWithNewPassphrase } from "./parts/new-passphrase.js";

const form = $("#handover");
const told = form.dataset;
const MOST_TRIES = 5;
let busy = false;

/** The old key: the person's own copy, or the recovery key itself. */
async function oldIdentity() {
  const secret = $("#secret").value;
  if (new FormData(form).get("with") === "recovery") {
    const identity = secret.replace(/\s+/g, "").toUpperCase();
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
  const axis = await openWith(old, fromBase64(told.axisSealed));
  const sealedAxis = await sealFor([made.recipient, told.recoveryRecipient], axis);
  axis.fill(0);
  const sealedIdentity = await sealWithNewPassphrase(made.identity);
  await post(told.begin, {
    receiver: Number($("#receiver").value),
    with_recovery: new FormData(form).get("with") === "recovery",
    because: $("#because").value,
    team_recipient: made.recipient,
    axis_sealed_private: toBase64(sealedAxis),
    sealed_identity: toBase64(sealedIdentity),
  });
  return made.identity;
}

/** The file key in a header, or null when this identity does not open it. */
function openedWith(identity, header) {
  return identity ? fileKeyOf(header, identity).catch(() => null) : null;
}

/** One header anew, or as it was when no key here opens it: then it may be for the new key already, made while this runs. */
async function headerAnew(header, old, fresh, recipients) {
  const fileKey = (await openedWith(old, header)) ?? (await openedWith(fresh, header));
  if (!fileKey) return header;
  const sealed = await sealHeader(fileKey, recipients);
  if (fresh) {
    const again = await fileKeyOf(sealed, fresh);
    if (!again.every((byte, at) => byte === fileKey[at])) throw new Error("Een nieuw zegel gaat niet open. Er is niets veranderd.");
  }
  return sealed;
}

/** One recording: each of its headers by itself, so that one that does not open never gives up the others. */
async function sealAnew(item, old, fresh, recipients) {
  const headers = {};
  for (const [object, header] of Object.entries(item.headers)) {
    headers[object] = toBase64(await headerAnew(fromBase64(header), old, fresh, recipients));
  }
  return post(item.address, { headers });
}

async function sealEverything(old, fresh) {
  const tries = {}; // a recording comes again when a file of it came in meanwhile
  for (;;) {
    const { items, left, recipient } = await post(told.next, {});
    if (items.length === 0) return;
    say($("#progress"), `Nog ${left} opnames opnieuw te verzegelen. Laat deze pagina open.`);
    for (const item of items) {
      tries[item.address] = (tries[item.address] ?? 0) + 1;
      if (tries[item.address] > MOST_TRIES) throw new Error("Een opname komt steeds terug. Probeer het later opnieuw.");
      await sealAnew(item, old, fresh, [recipient, told.recoveryRecipient]);
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
    busy = false;
    say($("#progress"), "");
    say($("#problem"), error.message);
    show($("#ask"));
    $("#problem").focus();
  }
}

form.addEventListener("submit", start);
window.addEventListener("beforeunload", (event) => {
  if (busy) event.preventDefault();
});
show($("#ask"));
