// Open one recording under one case, and play it. The passphrase, the team identity and the file keys stay in this page
// and its service worker; when the page goes, they are gone.
import { identityToRecipient } from "age-encryption";
import { $, ServerAway, post, say, show } from "./parts/page.js";
import { fromBase64, openIdentity, openWith } from "./parts/keys.js";
import { fileKeyFrom, mended } from "./parts/headers.js";
import { unwrapContentKey } from "./parts/axis.js";
import { Film } from "./parts/film.js";
import { Payload } from "./parts/payload.js";
import { Player } from "./parts/player.js";
import { frameOf } from "./parts/frame.js";
import "./parts/copies.js";

const held = new Map(); // stream path -> what the service worker must know; asked again when the worker was stopped

const CONTROL = 10_000; // milliseconds in which the service worker takes this page on
const NO_KEY = "Deze opname is niet voor onze sleutel verzegeld. Er is niets getoond. De functionaris gegevensbescherming krijgt bericht.";
const NO_CAMERA_KEY = "Deze film gaat niet open: de sleutel van de camera is er niet bij. Komt die nog, dan kan het wel.";
const NO_SEAL = "De beelden zijn niet echt of niet volledig: het zegel klopt niet. Er is niets getoond. De functionaris gegevensbescherming krijgt bericht.";
const WHY = {
  refused: "De server geeft deze beelden niet. Ga terug naar de inzage en kijk wat er aan de hand is.",
  line: "De verbinding met de server is weg. Probeer het zo opnieuw.",
};
let player = null;

/** The service worker that opens film for this page. A page that was forced to reload has none until it is asked. */
async function worker() {
  const registration = await navigator.serviceWorker.register("/inzien/service-worker.js", { scope: "/inzien/" });
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller) return;
  await new Promise((resolve, reject) => {
    navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    registration.active?.postMessage({ type: "claim" });
    setTimeout(() => reject(new Error("Deze pagina kan nog geen beelden openen. Laad haar opnieuw.")), CONTROL);
  });
}

function hand(message) {
  return new Promise((resolve, reject) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }) => (data.ok ? resolve(data) : reject(Object.assign(new Error(data.reason), { kind: data.kind })));
    navigator.serviceWorker.controller.postMessage({ type: "open", ...message }, [channel.port2]);
  });
}

navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data.type === "need" && held.has(data.path)) hand(held.get(data.path)).catch(() => undefined);
  if (data.type === "failed") player?.failed(data.path, data.kind);
});

/** A seal that is not right is told to the server, which tells somebody. `what`: "key" or "seal". */
async function tellBroken(opening, object, what) {
  await post(opening.broken, { clip: object, what }).catch(() => undefined);
}

/** Forget every key, here and in the service worker. */
function release() {
  held.forEach(({ opening, object }) => navigator.serviceWorker.controller?.postMessage({ type: "close", opening, object }));
  held.clear();
}

/** The content key that an Axis camera made for this film: in its key object, wrapped to the team's RSA key. */
async function innerKey(clip, opening, identity) {
  if (clip.inner_kind !== "axis-cbc") return null;
  if (!clip.axis) throw new Error(NO_CAMERA_KEY);
  const { key, sealed_private: sealedPrivate } = clip.axis;
  const fetchBody = async (first, lastExclusive) => {
    const answer = await fetch(`/inzien/verzegeld/${opening.id}/${key.object}`, {
      headers: { Range: `bytes=${first}-${lastExclusive - 1}`, "X-Opening-Token": opening.token },
      cache: "no-store",
    });
    if (answer.status !== 206) throw new Error(WHY.refused);
    return answer.body;
  };
  const sealed = await Payload.open(fetchBody, key.sealed_size, await fileKeyFrom(fromBase64(key.header), identity));
  const told = JSON.parse(new TextDecoder().decode(await sealed.read(0, sealed.size)));
  const secret = await openWith(identity, await mended(fromBase64(sealedPrivate), identity));
  return { key: await unwrapContentKey(fromBase64(told.EncryptedKey), secret), iv: fromBase64(told.ContentEncryptionIV) };
}

/** Unwrap the clip's file key and hand it to the service worker, which authenticates the end of the film at once. */
async function prepare(clip, opening, identity) {
  const fileKey = await fileKeyFrom(fromBase64(clip.header), identity).catch(async () => {
    await tellBroken(opening, clip.object, "key");
    throw new Error(NO_KEY);
  });
  const message = {
    opening: opening.id, token: opening.token, object: clip.source, sealedSize: clip.sealed_size,
    contentType: clip.content_type, fileKey, inner: await innerKey(clip, opening, identity),
  };
  const path = `/inzien/stroom/${opening.id}/${clip.source}`;
  held.set(path, message);
  await hand(message).catch(async (error) => {
    console.warn(error.message); // for whoever looks for the cause; it holds no secret
    if (error.kind === "seal") await tellBroken(opening, clip.object, "seal");
    throw new Error(error.kind === "seal" ? NO_SEAL : WHY[error.kind] ?? WHY.line);
  });
  return { ...clip, path, lend: () => ({ fileKey, inner: message.inner }) };
}

/** The person's own copy of the team's key, or in an emergency the recovery key from the safe. */
async function identityFor(form) {
  const recovery = $("#recovery").value.replace(/\s+/g, "").toUpperCase();
  if (recovery) {
    const recipient = await identityToRecipient(recovery).catch(() => "");
    if (recipient !== form.dataset.recoveryRecipient) throw new Error("Dit is niet de herstelsleutel. Er is niets geopend.");
    $("#recovery").value = "";
    return { identity: recovery, emergency: { witness: $("#witness").value, because: $("#because").value } };
  }
  if (!form.dataset.sealedIdentity) throw new Error("Vul de herstelsleutel in.");
  say($("#progress"), "De wachtzin wordt gecontroleerd.");
  const identity = await openIdentity(fromBase64(form.dataset.sealedIdentity), $("#passphrase").value).catch(() => {
    throw new Error("De wachtzin is niet goed. Er is niets geopend.");
  });
  $("#passphrase").value = "";
  return { identity, emergency: null };
}

/** Everything is opened: from here on the screen is the player's. */
async function play(opened, aloneSeconds) {
  const films = opened.map(([opening, clips]) => new Film(opening, clips, frameOf(opening)));
  for (const film of films) await film.learn();
  say($("#progress"), "");
  show($("#ask"), false);
  show($("#watch"));
  $("#films").classList.toggle("two", films.length > 1);
  const broken = (film, path) => tellBroken(film.opening, film.clips.find((clip) => clip.path === path).object, "seal");
  player = new Player(films, { aloneSeconds, release, broken });
  player.start();
}

async function open(event) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  say($("#problem"), "");
  const opened = [];
  try {
    const { identity, emergency } = await identityFor(form);
    say($("#progress"), "De beelden worden geopend.");
    await worker();
    const films = [];
    for (const address of new FormData(form).getAll("recording")) {
      const opening = await post(address, { emergency });
      opened.push(opening);
      const clips = [];
      for (const clip of opening.clips) clips.push(await prepare(clip, opening, identity));
      films.push([opening, clips]);
    }
    await play(films, Number(form.dataset.alone));
  } catch (error) {
    for (const opening of opened) await post(opening.close, {}).catch(() => undefined);
    release();
    $("#films").replaceChildren();
    say($("#progress"), "");
    say($("#problem"), error instanceof TypeError || (error instanceof ServerAway && !error.told) ? WHY.line : error.message);
    $("#problem").focus();
    button.disabled = false;
  }
}

if (!("serviceWorker" in navigator) || !window.isSecureContext) {
  say($("#problem"), "Deze browser kan geen beelden openen op dit adres. Gebruik een actuele browser en een adres met https.");
} else {
  $("#open").addEventListener("submit", open);
  show($("#ask"));
}

show($("#firefox"), navigator.userAgent.includes("Firefox")); // it keeps film that plays on its disk, see operations
window.addEventListener("pagehide", release);
// A page that comes back from the browser's memory would show what was closed.
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
