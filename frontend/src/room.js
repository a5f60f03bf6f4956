// The page of who is there: it renews itself when somebody confirms on a second device.
import { $, get } from "./parts/page.js";

const EVERY = 3000; // milliseconds

async function look() {
  const list = $("#present");
  const typing = document.activeElement?.matches("input, textarea, select");
  try {
    const { state } = await get(list.dataset.address);
    if (state !== list.dataset.state && !typing) window.location.replace(window.location.pathname);
  } catch {
    return; // signed out, or the server is away: the page says so at the next click
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
