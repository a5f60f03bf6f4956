// A film that this browser does not know: have a viewing copy made. Its file key goes to the one worker that makes it, sealed.
import { $, get, post, say, sentenceOf, show } from "./page.js";
import { sealFor, toBase64 } from "./keys.js";
import { nameOf } from "./roles.js";

const EVERY = 3000; // milliseconds
const COPY = 'video/mp4; codecs="avc1.640028"'; // what a copy is (docs/spec/viewing-copy.md)
const NOBODY = "Er is nu geen werker die kijkkopieën maakt. Probeer het over een minuut opnieuw, of vraag de";
const NOT_HERE = "Deze browser kan geen H.264 afspelen, ook geen kijkkopie. Gebruik Chromium of Edge.";
/** @typedef {import("./film.js").Film} Film */
/** @typedef {{ state: string, said: string, worker?: string }} Standing of a copy, as the server tells it */

/** @type {Set<Film>} */
const wanted = new Set(); // films of which the clip that is on the screen cannot be played

/**
 * The key of this one clip, as the worker reads it, and what it is lent for: nothing else can be made of it.
 * @param {import("./told.js").PlayableClip} clip
 * @param {string} recording
 */
export function lent(clip, recording) {
  const { fileKey, inner } = clip.lend();
  const key = { recording, clip: clip.object, file_key: toBase64(fileKey) };
  if (inner) Object.assign(key, { content_key: toBase64(inner.key), content_iv: toBase64(inner.iv) });
  return new TextEncoder().encode(JSON.stringify(key));
}

/**
 * Until the copy of one clip is there: what is to be said of it. An Error with the reason when it failed.
 * @param {string} address
 */
async function made(address) {
  for (;;) {
    /** @type {Standing} */
    const { state, said } = await get(address);
    say($("#copy-said"), said);
    if (state === "made") return said;
    if (state === "failed") throw new Error(said);
    await new Promise((resolve) => { setTimeout(resolve, EVERY); });
  }
}

/** @param {Film} film */
async function makeOne(film) {
  const clip = film.clips[film.index];
  const address = `/inzien/${film.opening.id}/kijkkopie/${clip.object}/`;
  /** @type {Standing} */
  const { state, worker } = await get(address);
  if (state !== "asked" && state !== "made") {
    if (!worker) throw new Error(`${NOBODY} ${nameOf("administrator")}.`);
    const sealed = await sealFor([worker], lent(clip, film.opening.recording_id));
    /** @type {Standing} */
    const { said } = await post(address, { worker, sealed: toBase64(sealed) });
    say($("#copy-said"), said);
  }
  return made(address);
}

async function make() {
  const button = $("#make-copy", HTMLButtonElement);
  button.disabled = true;
  try {
    /** @type {string[]} */
    const told = [];
    for (const film of wanted) told.push(await makeOne(film));
    show(button, false);
    show($("#reopen"));
    say($("#copy-said"), `${[...new Set(told)].join(" ")} Open de beelden opnieuw om te kijken.`);
    $("#reopen").focus();
  } catch (error) {
    say($("#copy-said"), sentenceOf(error));
    button.disabled = false;
  }
}

document.addEventListener("unplayable", (event) => {
  const film = /** @type {CustomEvent<Film>} */ (event).detail;
  if (film.clips[film.index].is_copy) {
    say($("#film-problem"), "Ook de kijkkopie kan hier niet worden afgespeeld. Gebruik een andere browser.");
    return;
  }
  if (!document.createElement("video").canPlayType(COPY)) {
    say($("#film-problem"), NOT_HERE);
    return;
  }
  wanted.add(film);
  show($("#copy"));
  $("#make-copy").onclick = make;
  $("#reopen").onclick = () => window.location.reload(); // the page closes what is open, and asks for the passphrase again
});
