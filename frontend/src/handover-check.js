// Try what was sealed anew with the new key, before it counts. For each file this browser gives the server a number that only the
// film's own key makes (parts/proof.js); no key and no film goes over the line.
import { $, post, say, show } from "./parts/page.js";
import { fromBase64, openIdentity, openWith, toBase64 } from "./parts/keys.js";
import { fileKeyFrom } from "./parts/headers.js";
import { unwrapContentKey } from "./parts/axis.js";
import { proofOf } from "./parts/proof.js";

const form = $("#check");
const told = form.dataset;
const WRONG = "Een nieuw zegel gaat niet open. De oude sleutels gelden nog en er is niets verloren. Iedereen krijgt bericht.";
const WRONG_AXIS = "De sleutel voor Axis-camera's is niet goed meegekomen. De oude geldt nog. Stop deze overdracht.";

/** The key for Axis cameras came along: it reads what was wrapped for its public half. */
async function tryAxis(identity) {
  const { sealed, question } = await post(told.axis, {});
  if (!question) return;
  const answer = await openWith(identity, fromBase64(sealed))
    .then((secret) => unwrapContentKey(fromBase64(question), secret))
    .then((read) => new TextDecoder().decode(read), () => "");
  const { right } = await post(told.axisAnswer, { answer });
  if (!right) throw new Error(WRONG_AXIS);
}

/** What shows that the key in this file's new header is the film's; empty when the header does not open. */
async function shown(file, identity) {
  try {
    const fileKey = await fileKeyFrom(fromBase64(file.header), identity);
    return toBase64(await proofOf(fileKey, fromBase64(file.nonce), file.size));
  } catch {
    return "";
  }
}

async function tryOne({ item, seal, objects }, identity) {
  const proofs = {};
  for (const [object, file] of Object.entries(objects)) proofs[object] = await shown(file, identity);
  return { item, seal, proofs };
}

/** Everything that was sealed anew so far; whether nothing is left to be sealed anew. */
async function tryEverything(identity) {
  let done = 0;
  for (;;) {
    const { items, ready } = await post(told.next, {});
    if (items.length === 0) return ready;
    const tried = [];
    for (const one of items) tried.push(await tryOne(one, identity));
    const { fits } = await post(told.outcome, { items: tried });
    if (!fits) throw new Error(WRONG);
    done += items.length;
    say($("#progress"), `${done} opnames gecontroleerd. Laat deze pagina open.`);
  }
}

async function start(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  say($("#problem"), "");
  try {
    say($("#progress"), "De wachtzin wordt gecontroleerd.");
    const identity = await openIdentity(fromBase64(told.sealedIdentity), $("#passphrase").value).catch(() => {
      throw new Error("De wachtzin is niet goed. Er is niets veranderd.");
    });
    await tryAxis(identity);
    const ready = await tryEverything(identity);
    $("#passphrase").value = "";
    if (!ready) {
      say($("#progress"), "Alles wat er nu is, gaat open. Er wordt nog verzegeld; kom daarna terug op deze pagina.");
      button.disabled = false;
      return;
    }
    const { next } = await post(told.settle, {});
    window.location.assign(next);
  } catch (error) {
    say($("#progress"), "");
    say($("#problem"), error.message);
    $("#problem").focus();
    button.disabled = false;
  }
}

form.addEventListener("submit", start);
show(form);
