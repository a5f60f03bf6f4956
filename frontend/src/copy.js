// A deputy's own sealed copy of the team's key: opened with the team manager's passphrase, sealed with a new one.
import { $, has, post, say, sentenceOf, show } from "./parts/page.js";
import { fromBase64, openIdentity, toBase64 } from "./parts/keys.js";
import { sealWithNewPassphrase } from "./parts/new-passphrase.js";

/**
 * @param {SubmitEvent} event
 * @param {HTMLFormElement} form
 */
async function copy(event, form) {
  event.preventDefault();
  const passphrase = $("#passphrase", HTMLInputElement);
  say($("#problem"), "");
  try {
    say($("#progress"), "De wachtzin wordt gecontroleerd.");
    const identity = await openIdentity(fromBase64(form.dataset.sealedIdentity ?? ""), passphrase.value).catch(() => {
      throw new Error("De wachtzin is niet goed.");
    });
    passphrase.value = "";
    const sealed = await sealWithNewPassphrase(identity);
    /** @type {{ next: string }} */
    const { next } = await post($("#deputy", HTMLSelectElement).value, { sealed_identity: toBase64(sealed) });
    window.location.assign(next);
  } catch (error) {
    say($("#progress"), "");
    say($("#problem"), sentenceOf(error));
    show($("#ask"));
    $("#problem").focus();
  }
}

if (has("#copy")) {
  const form = $("#copy", HTMLFormElement);
  form.addEventListener("submit", (event) => copy(event, form));
}
show($("#ask"));
