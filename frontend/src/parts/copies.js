// A film that this browser does not know: have a viewing copy made. Its file key goes to the one worker that makes it, sealed.
import { $, get, post, say, show } from "./page.js";
import { sealFor, toBase64 } from "./keys.js";

const EVERY = 3000; // milliseconds

/** The key of this one clip, as the worker reads it (docs/spec/viewing-copy.md). */
function lent(clip) {
  const { fileKey, inner } = clip.lend();
  const key = { file_key: toBase64(fileKey) };
  if (inner) Object.assign(key, { content_key: toBase64(inner.key), content_iv: toBase64(inner.iv) });
  return new TextEncoder().encode(JSON.stringify(key));
}

async function wait(address) {
  for (;;) {
    const { state, said } = await get(address);
    say($("#copy-said"), said);
    if (state === "made") return window.location.reload();
    if (state === "failed") return $("#make-copy").disabled = false;
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}

async function make(film) {
  const button = $("#make-copy");
  button.disabled = true;
  try {
    const clip = film.clips[film.index];
    const { worker, address } = await get(`/inzien/${film.opening.id}/kijkkopie/${clip.object}/`);
    const sealed = await sealFor([worker], lent(clip));
    const { said } = await post(address, { worker, sealed: toBase64(sealed) });
    say($("#copy-said"), said);
    await wait(address);
  } catch (error) {
    say($("#film-problem"), error.message);
    button.disabled = false;
  }
}

document.addEventListener("unplayable", ({ detail: film }) => {
  if (film.clips[film.index].is_copy) {
    say($("#film-problem"), "Ook de kijkkopie kan hier niet worden afgespeeld. Gebruik een andere browser.");
    return;
  }
  show($("#copy"));
  $("#make-copy").onclick = () => make(film);
});
