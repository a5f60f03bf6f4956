// Opens film between server and screen. The server sends sealed bytes; only this worker and its page know the file key.
import { NotAuthenticError, Payload, PayloadError, RefusedError } from "./parts/payload.js";
import { AxisFilm } from "./parts/axis.js";
import { requestedRange } from "./parts/ranges.js";

/** @typedef {{ film: Payload | AxisFilm, contentType: string, page: string }} OpenFilm */
/**
 * What a page hands over of one clip.
 * @typedef {object} Handed
 * @property {string} type
 * @property {string} opening
 * @property {string} token
 * @property {string} object
 * @property {number} sealedSize
 * @property {string} contentType
 * @property {import("./parts/told.js").Bytes} fileKey
 * @property {import("./parts/told.js").InnerKey | null} inner
 */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** @type {Map<string, Promise<OpenFilm>>} */
const films = new Map(); // "/inzien/stroom/<opening>/<object>" -> Promise<film>
/** @type {Map<string, ((film: Promise<OpenFilm>) => void)[]>} */
const waiting = new Map(); // the same path -> [resolve, ...] of requests that came before the key

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

/**
 * @param {Handed} message
 * @param {string} page that handed it over
 * @returns {Promise<OpenFilm>}
 */
async function openFilm(message, page) {
  const source = `/inzien/verzegeld/${message.opening}/${message.object}`;
  /** @type {import("./parts/payload.js").FetchBody} */
  const fetchBody = async (first, lastExclusive, signal) => {
    const answer = await fetch(source, {
      headers: { Range: `bytes=${first}-${lastExclusive - 1}`, "X-Opening-Token": message.token },
      cache: "no-store",
      redirect: "manual", // to the sign-in page: the session is over
      signal,
    });
    if (answer.status >= 500) throw new PayloadError(`the server answered ${answer.status}`); // a moment later it may be well
    if (answer.status !== 206) throw new RefusedError(`the server answered ${answer.status}`);
    return answer.body;
  };
  const payload = await Payload.open(fetchBody, message.sealedSize, message.fileKey);
  const film = message.inner ? await AxisFilm.open(payload, message.inner.key, message.inner.iv) : payload;
  return { film, contentType: message.contentType, page };
}

/**
 * Why no film comes: its seal is not right, the server says no, or there is no line.
 * @param {unknown} error
 */
function kindOf(error) {
  if (error instanceof NotAuthenticError) return "seal";
  return error instanceof RefusedError ? "refused" : "line";
}

/**
 * @param {string} page
 * @param {string} path
 * @param {unknown} error
 */
async function tell(page, path, error) {
  const client = await worker.clients.get(page);
  client?.postMessage({ type: "failed", path, kind: kindOf(error) });
}

worker.addEventListener("message", (event) => {
  const message = event.data;
  if (message.type === "claim") {
    event.waitUntil(worker.clients.claim());
    return;
  }
  const path = `/inzien/stroom/${message.opening}/${message.object}`;
  if (message.type === "close") {
    films.delete(path);
    return;
  }
  if (!(event.source instanceof Client)) return;
  const film = openFilm(message, event.source.id);
  films.set(path, film);
  (waiting.get(path) ?? []).forEach((resolve) => resolve(film));
  waiting.delete(path);
  film.then(
    (opened) => event.ports[0]?.postMessage({ ok: true, size: opened.film.size }),
    (error) => {
      films.delete(path);
      event.ports[0]?.postMessage({ ok: false, kind: kindOf(error), reason: error.message });
    },
  );
});

/**
 * A stopped worker forgets its keys; the page still has them in memory and hands them over again.
 * @param {string} path
 * @returns {Promise<OpenFilm>}
 */
async function askPages(path) {
  /** @type {Promise<OpenFilm>} */
  const asked = new Promise((resolve, reject) => {
    waiting.set(path, [...(waiting.get(path) ?? []), resolve]);
    setTimeout(() => reject(new Error("no page has the key")), 5000);
  });
  const pages = await worker.clients.matchAll({ type: "window" });
  pages.forEach((page) => page.postMessage({ type: "need", path }));
  return asked;
}

/**
 * @param {string} path
 * @param {Request} request
 * @param {string} page
 */
async function respond(path, request, page) {
  try {
    const { film, contentType, page: owner } = await (films.get(path) ?? askPages(path));
    // Another tab of the same person was not let through the gate.
    if (page !== owner) return new Response("another page has this film", { status: 403, headers: { "Content-Type": "text/plain" } });
    const range = requestedRange(request.headers.get("Range"), film.size);
    if (!range) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${film.size}` } });
    const [start, stop] = range;
    return new Response(film.stream(start, stop, (error) => tell(page, path, error)), {
      status: 206,
      headers: {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "Content-Length": String(stop - start),
        "Content-Range": `bytes ${start}-${stop - 1}/${film.size}`,
        "Content-Type": contentType,
      },
    });
  } catch (error) {
    await tell(page, path, error);
    return new Response(error instanceof Error ? error.message : "", { status: 502, headers: { "Content-Type": "text/plain" } });
  }
}

worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin === worker.location.origin && url.pathname.startsWith("/inzien/stroom/")) {
    event.respondWith(respond(url.pathname, event.request, event.clientId));
  }
});
