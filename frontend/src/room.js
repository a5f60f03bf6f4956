// The page of who is there: it renews itself when somebody confirms on a second device.
import { $, get, show } from "./parts/page.js";

const EVERY = 3000; // milliseconds

/** Would a new page take away what somebody is typing, or has typed? */
function isTyping() {
  const fields = [...document.querySelectorAll("main input:not([type=hidden]), main textarea, main select")];
  return fields.some((field) => field === document.activeElement || holds(field));
}

function holds(field) {
  if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  return "defaultValue" in field && field.value !== field.defaultValue;
}

async function look() {
  const list = $("#present");
  try {
    const { state } = await get(list.dataset.address);
    const changed = state !== list.dataset.state;
    if (changed && !isTyping()) window.location.replace($("#changed a").href);
    show($("#changed"), changed);
  } catch {
    // One answer that got lost says nothing: ask again. Who is signed out hears it at the next click.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
