// A deputy's own sealed copy of the team's key: opened with the team manager's passphrase, sealed with a new one.
import { $, post, say, show } from "./parts/page.js";
import { fromBase64, openIdentity, toBase64 } from "./parts/keys.js";
import { sealWithNewPassphrase } from "./parts/new-passphrase.js";

async function copy(event) {
  event.preventDefault();
  const form = event.target;
  say($("#problem"), "");
  try {
    say($("#progress"), "De wachtzin wordt gecontroleerd.");
    const identity = await openIdentity(fromBase64(form.dataset.sealedIdentity), $("#passphrase").value).catch(() => {
      throw new Error("De wachtzin is niet goed.");
    });
    $("#passphrase").value = "";
    const sealed = await sealWithNewPassphrase(identity);
    const { next } = await post($("#deputy").value, { sealed_identity: toBase64(sealed) });
    window.location.assign(next);
  } catch (error) {
    say($("#progress"), "");
    say($("#problem"), error.message);
    show($("#ask"));
    $("#problem").focus();
  }
}

$("#copy")?.addEventListener("submit", copy);
show($("#ask"));
