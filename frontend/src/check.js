// Are the new recordings sealed for our key? Opens every new header once, without touching the film.
import { $, post, say, show } from "./parts/page.js";
import { fromBase64, openIdentity } from "./parts/keys.js";
import { isOurs } from "./parts/headers.js";

async function check(event) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  button.disabled = true;
  say($("#problem"), "");
  try {
    say($("#progress"), "De wachtzin wordt gecontroleerd.");
    const identity = await openIdentity(fromBase64(form.dataset.sealedIdentity), $("#passphrase").value).catch(() => {
      throw new Error("De wachtzin is niet goed.");
    });
    $("#passphrase").value = "";
    const { recordings } = await post(form.dataset.headers, {});
    const outcome = {};
    for (const recording of recordings) {
      const opened = recording.headers.map((header) => isOurs(fromBase64(header), identity).catch(() => false));
      outcome[recording.id] = (await Promise.all(opened)).every(Boolean);
      say($("#progress"), `${Object.keys(outcome).length} van ${recordings.length} gecontroleerd.`);
    }
    const { next } = await post(form.action, { outcome });
    window.location.assign(next);
  } catch (error) {
    say($("#progress"), "");
    say($("#problem"), error.message);
    $("#problem").focus();
    button.disabled = false;
  }
}

const form = $("#check");
if (form) {
  form.addEventListener("submit", check);
  show(form);
}
