// Show the recovery sheet for a change of an account, then send the form of that change.
import { $, has, say, sentenceOf, show } from "./parts/page.js";
import { showRecoverySheet } from "./parts/recovery.js";

/**
 * @param {SubmitEvent} event
 * @param {HTMLFormElement} form
 */
async function confirm(event, form) {
  event.preventDefault();
  const { ask = "", show: answer = "", purpose = "" } = form.dataset;
  const secret = $("#secret", HTMLInputElement);
  say($("#problem"), "");
  try {
    say($("#progress"), "De herstelsleutel wordt gecontroleerd.");
    await showRecoverySheet({ ask, show: answer }, purpose, secret.value);
    secret.value = "";
    form.submit();
  } catch (error) {
    say($("#progress"), "");
    say($("#problem"), sentenceOf(error));
    $("#problem").focus();
  }
}

if (has("#sheet")) {
  const form = $("#sheet", HTMLFormElement);
  form.addEventListener("submit", (event) => confirm(event, form));
  show(form);
}
