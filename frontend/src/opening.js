// Open one recording under one case, and play it. The passphrase, the team identity and the file keys stay in this page
// and its service worker; when the page goes, they are gone.
import { identityToRecipient } from "age-encryption";
import { $, ServerAway, has, post, say, sentenceOf, show, within } from "./parts/page.js";
import { fromBase64, openIdentity, openWith } from "./parts/keys.js";
import { fileKeyFrom, mended } from "./parts/headers.js";
import { unwrapContentKey } from "./parts/axis.js";
import { Film } from "./parts/film.js";
import { Payload } from "./parts/payload.js";
import { Player } from "./parts/player.js";
import { frameOf } from "./parts/frame.js";
import { Desk } from "./parts/review/desk.js";
import { offerRedaction } from "./parts/redaction.js";
import { reportedTo } from "./parts/roles.js";
import "./parts/copies.js";

/** @typedef {import("./parts/told.js").Clip} Clip */
/** @typedef {import("./parts/told.js").InnerKey} InnerKey */
/** @typedef {import("./parts/told.js").Opening} Opening */
/** @typedef {import("./parts/told.js").PlayableClip} PlayableClip */

/**
 * What the service worker must know of one clip.
 * @typedef {object} Handed
 * @property {string} opening
 * @property {string} token
 * @property {string} object
 * @property {number} sealedSize
 * @property {string} contentType
 * @property {import("./parts/told.js").Bytes} fileKey
 * @property {InnerKey | null} inner
 */

/** The service worker could not open a clip: "seal", "refused" or "line". */
class NotOpenedError extends Error {
  /**
   * @param {string} reason
   * @param {string} kind
   */
  constructor(reason, kind) {
    super(reason);
    this.kind = kind;
  }
}

/** @type {Map<string, Handed>} */
const held = new Map(); // stream path -> what the service worker must know; asked again when the worker was stopped

const CONTROL = 10_000; // milliseconds in which the service worker takes this page on
const NO_KEY = "Deze opname is niet voor onze sleutel verzegeld. Er is niets getoond.";
const NO_CAMERA_KEY = "Deze film gaat niet open: de sleutel van de camera is er niet bij. Komt die nog, dan kan het wel.";
const NO_SEAL = "De beelden zijn niet echt of niet volledig: het zegel klopt niet. Er is niets getoond.";
/** @type {Record<string, string>} */
const WHY = {
  refused: "De server geeft deze beelden niet. Ga terug naar de inzage en kijk wat er aan de hand is.",
  line: "De verbinding met de server is weg. Probeer het zo opnieuw.",
};
/** @type {Player | null} */
let player = null;
let lasting = ""; // the team identity, while copies may come that this page must open; empty where none can

/** The service worker that opens film for this page. A page that was forced to reload has none until it is asked. */
async function worker() {
  const registration = await navigator.serviceWorker.register("/inzien/service-worker.js", { scope: "/inzien/" });
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller) return;
  await new Promise((resolve, reject) => {
    navigator.serviceWorker.addEventListener("controllerchange", () => resolve(undefined), { once: true });
    registration.active?.postMessage({ type: "claim" });
    setTimeout(() => reject(new Error("Deze pagina kan nog geen beelden openen. Laad haar opnieuw.")), CONTROL);
  });
}

/**
 * @param {Handed} message
 * @returns {Promise<void>}
 */
function hand(message) {
  return new Promise((resolve, reject) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }) => (data.ok ? resolve() : reject(new NotOpenedError(data.reason, data.kind)));
    navigator.serviceWorker.controller?.postMessage({ type: "open", ...message }, [channel.port2]);
  });
}

navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  const message = held.get(data.path);
  if (data.type === "need" && message) hand(message).catch(() => undefined);
  if (data.type === "failed") player?.faults.failed(data.path, data.kind);
});

/**
 * A seal that is not right is told to the server, which tells somebody.
 * @param {Opening} opening
 * @param {string} object
 * @param {"key" | "seal"} what
 */
async function tellBroken(opening, object, what) {
  await post(opening.broken, { clip: object, what }).catch(() => undefined);
}

/** Forget every key, here and in the service worker. */
function release() {
  held.forEach(({ opening, object }) => navigator.serviceWorker.controller?.postMessage({ type: "close", opening, object }));
  held.clear();
  lasting = "";
}

/**
 * The content key that an Axis camera made for this film: in its key object, wrapped to the team's RSA key.
 * @param {Clip} clip
 * @param {Opening} opening
 * @param {string} identity
 * @returns {Promise<InnerKey | null>}
 */
async function innerKey(clip, opening, identity) {
  if (clip.inner_kind !== "axis-cbc") return null;
  if (!clip.axis) throw new Error(NO_CAMERA_KEY);
  const { key, sealed_private: sealedPrivate } = clip.axis;
  /** @type {import("./parts/payload.js").FetchBody} */
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

/**
 * Unwrap the clip's file key and hand it to the service worker, which authenticates the end of the film at once.
 * @param {Clip} clip
 * @param {Opening} opening
 * @param {string} identity
 * @returns {Promise<PlayableClip>}
 */
async function prepare(clip, opening, identity) {
  const fileKey = await fileKeyFrom(fromBase64(clip.header), identity).catch(async () => {
    await tellBroken(opening, clip.object, "key");
    throw new Error(`${NO_KEY} ${reportedTo()}`);
  });
  const inner = await innerKey(clip, opening, identity);
  const path = await handOver(opening, clip, fileKey, inner).catch(async (error) => {
    // eslint-disable-next-line no-console -- for whoever looks for the cause; it holds no secret
    console.warn(sentenceOf(error));
    const kind = error instanceof NotOpenedError ? error.kind : "line";
    if (kind === "seal") await tellBroken(opening, clip.object, "seal");
    throw new Error(kind === "seal" ? `${NO_SEAL} ${reportedTo()}` : WHY[kind] ?? WHY.line);
  });
  const own = clip.original ? await ownKeys({ ...clip, ...clip.original }, opening, identity) : { fileKey, inner };
  return { ...clip, path, lend: () => own };
}

/**
 * What opens the film itself, where a viewing copy plays in its place.
 * @param {Clip} clip
 * @param {Opening} opening
 * @param {string} identity
 */
async function ownKeys(clip, opening, identity) {
  return { fileKey: await fileKeyFrom(fromBase64(clip.header), identity), inner: await innerKey(clip, opening, identity) };
}

/**
 * Bytes that the service worker plays from here on.
 * @param {Opening} opening
 * @param {{ source: string, sealed_size: number, content_type: string }} sealed
 * @param {import("./parts/told.js").Bytes} fileKey
 * @param {InnerKey | null} inner
 * @returns {Promise<string>} the path under which it does
 */
async function handOver(opening, sealed, fileKey, inner) {
  const message = {
    opening: opening.id, token: opening.token, object: sealed.source, sealedSize: sealed.sealed_size,
    contentType: sealed.content_type, fileKey, inner,
  };
  const path = `/inzien/stroom/${opening.id}/${sealed.source}`;
  held.set(path, message);
  await hand(message);
  return path;
}

/** @type {import("./parts/review/desk.js").OpenCopy} */
async function openCopy({ film }, made) {
  if (!lasting) throw new Error("De beelden zijn gesloten.");
  return handOver(film.opening, made, await fileKeyFrom(fromBase64(made.header), lasting), null);
}

/**
 * The person's own copy of the team's key, or in an emergency the recovery key from the safe.
 * @param {HTMLFormElement} form
 */
async function identityFor(form) {
  const sheet = $("#recovery", HTMLInputElement);
  const recovery = sheet.value.replace(/\s+/g, "").toUpperCase();
  if (recovery) {
    const recipient = await identityToRecipient(recovery).catch(() => "");
    if (recipient !== form.dataset.recoveryRecipient) throw new Error("Dit is niet de herstelsleutel. Er is niets geopend.");
    sheet.value = "";
    const emergency = { witness: $("#witness", HTMLInputElement).value, because: $("#because", HTMLTextAreaElement).value };
    return { identity: recovery, emergency };
  }
  if (!form.dataset.sealedIdentity) throw new Error("Vul de herstelsleutel in.");
  say($("#progress"), "De wachtzin wordt gecontroleerd.");
  const passphrase = $("#passphrase", HTMLInputElement);
  const identity = await openIdentity(fromBase64(form.dataset.sealedIdentity), passphrase.value).catch(() => {
    throw new Error("De wachtzin is niet goed. Er is niets geopend.");
  });
  passphrase.value = "";
  return { identity, emergency: null };
}

/**
 * Everything is opened: from here on the screen is the player's.
 * @param {[Opening, PlayableClip[]][]} opened
 * @param {number} aloneSeconds
 * @param {string} identity
 */
async function play(opened, aloneSeconds, identity) {
  const films = opened.map(([opening, clips]) => new Film(opening, clips, frameOf(opening)));
  for (const film of films) await film.learn();
  say($("#progress"), "");
  show($("#ask"), false);
  show($("#watch"));
  $("#films").classList.toggle("two", films.length > 1);
  const broken = (/** @type {Film} */ film, /** @type {string} */ path) => {
    const clip = film.clips.find((one) => one.path === path);
    if (clip) tellBroken(film.opening, clip.object, "seal");
  };
  player = new Player(films, { aloneSeconds, release, broken });
  player.start();
  if (!has("#redaction")) return;
  lasting = identity;
  const desk = new Desk(player, openCopy);
  offerRedaction(films, (offer, standing) => desk.found(offer, standing));
}

/**
 * One recording: through the gate, and each of its clips to the service worker.
 * @param {Opening} opening
 * @param {string} identity
 * @returns {Promise<[Opening, PlayableClip[]]>}
 */
async function prepareAll(opening, identity) {
  const clips = [];
  for (const clip of opening.clips) clips.push(await prepare(clip, opening, identity));
  return [opening, clips];
}

/**
 * @param {SubmitEvent} event
 * @param {HTMLFormElement} form
 */
async function open(event, form) {
  event.preventDefault();
  const button = within(form, "button[type=submit]", HTMLButtonElement);
  button.disabled = true;
  say($("#problem"), "");
  /** @type {Opening[]} */
  const opened = [];
  try {
    const { identity, emergency } = await identityFor(form);
    say($("#progress"), "De beelden worden geopend.");
    await worker();
    const films = [];
    for (const address of new FormData(form).getAll("recording")) {
      /** @type {Opening} */
      const opening = await post(String(address), { emergency });
      opened.push(opening);
      films.push(await prepareAll(opening, identity));
    }
    await play(films, Number(form.dataset.alone), identity);
  } catch (error) {
    for (const opening of opened) await post(opening.close, {}).catch(() => undefined);
    release();
    $("#films").replaceChildren();
    say($("#progress"), "");
    say($("#problem"), error instanceof TypeError || (error instanceof ServerAway && !error.told) ? WHY.line : sentenceOf(error));
    $("#problem").focus();
    button.disabled = false;
  }
}

if (!("serviceWorker" in navigator) || !window.isSecureContext) {
  say($("#problem"), "Deze browser kan geen beelden openen op dit adres. Gebruik een actuele browser en een adres met https.");
} else {
  const form = $("#open", HTMLFormElement);
  form.addEventListener("submit", (event) => open(event, form));
  show($("#ask"));
}

show($("#firefox"), navigator.userAgent.includes("Firefox")); // it keeps film that plays on its disk, see operations
window.addEventListener("pagehide", release);
// A page that comes back from the browser's memory would show what was closed.
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
