// Are the new recordings sealed for our key? Opens every new header once, without touching the film.
import { $, has, post, say, sentenceOf, show, within } from "./parts/page.js";
import { fromBase64, openIdentity } from "./parts/keys.js";
import { isOurs } from "./parts/headers.js";

/**
 * @param {SubmitEvent} event
 * @param {HTMLFormElement} form
 */
async function check(event, form) {
  event.preventDefault();
  const { sealedIdentity = "", headers = "" } = form.dataset;
  const passphrase = $("#passphrase", HTMLInputElement);
  const button = within(form, "button", HTMLButtonElement);
  button.disabled = true;
  say($("#problem"), "");
  try {
    say($("#progress"), "De wachtzin wordt gecontroleerd.");
    const identity = await openIdentity(fromBase64(sealedIdentity), passphrase.value).catch(() => {
      throw new Error("De wachtzin is niet goed.");
    });
    passphrase.value = "";
    /** @type {{ recordings: { id: string, headers: string[] }[] }} */
    const { recordings } = await post(headers, {});
    /** @type {Record<string, boolean>} */
    const outcome = {};
    for (const recording of recordings) {
      const opened = recording.headers.map((header) => isOurs(fromBase64(header), identity).catch(() => false));
      outcome[recording.id] = (await Promise.all(opened)).every(Boolean);
      say($("#progress"), `${Object.keys(outcome).length} van ${recordings.length} gecontroleerd.`);
    }
    /** @type {{ next: string }} */
    const { next } = await post(form.action, { outcome });
    window.location.assign(next);
  } catch (error) {
    say($("#progress"), "");
    say($("#problem"), sentenceOf(error));
    $("#problem").focus();
    button.disabled = false;
  }
}

if (has("#check")) {
  const form = $("#check", HTMLFormElement);
  form.addEventListener("submit", (event) => check(event, form));
  show(form);
}
