// Show the recovery sheet for a change of an account, then send the form of that change.
import { $, say, show } from "./parts/page.js";
import { showRecoverySheet } from "./parts/recovery.js";

async function confirm(event) {
  event.preventDefault();
  const form = event.target;
  const { ask, show: answer, purpose } = form.dataset;
  say($("#problem"), "");
  try {
    say($("#progress"), "De herstelsleutel wordt gecontroleerd.");
    await showRecoverySheet({ ask, show: answer }, purpose, $("#secret").value);
    $("#secret").value = "";
    form.submit();
  } catch (error) {
    say($("#progress"), "");
    say($("#problem"), error.message);
    $("#problem").focus();
  }
}

$("#sheet")?.addEventListener("submit", confirm);
if ($("#sheet")) show($("#sheet"));
