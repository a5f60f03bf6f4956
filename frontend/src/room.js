// The page of who is there: it renews itself when somebody confirms on a second device.
import { $, get, show } from "./parts/page.js";

const EVERY = 3000; // milliseconds

/** Would a new page take away what somebody is typing, or has typed? */
function isTyping() {
  /** @type {NodeListOf<Field>} */
  const found = document.querySelectorAll("main input:not([type=hidden]), main textarea, main select");
  const fields = [...found];
  return fields.some((field) => field === document.activeElement || holds(field));
}

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

/** @param {Field} field */
function holds(field) {
  if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  return "defaultValue" in field && field.value !== field.defaultValue;
}

async function look() {
  const list = $("#present");
  try {
    /** @type {{ state: string }} */
    const { state } = await get(list.dataset.address ?? "");
    const changed = state !== list.dataset.state;
    if (changed && !isTyping()) window.location.replace($("#changed a", HTMLAnchorElement).href);
    show($("#changed"), changed);
  } catch {
    // One answer that got lost says nothing: ask again. Who is signed out hears it at the next click.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
