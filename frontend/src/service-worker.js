// Opens film between server and screen. The server sends sealed bytes; only this worker and its page know the file key.
import { NotAuthenticError, Payload, PayloadError, RefusedError } from "./parts/payload.js";
import { AxisFilm } from "./parts/axis.js";

const films = new Map(); // "/inzien/stroom/<opening>/<object>" -> Promise<film>
const waiting = new Map(); // the same path -> [resolve, ...] of requests that came before the key

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function openFilm(message, page) {
  const source = `/inzien/verzegeld/${message.opening}/${message.object}`;
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

/** Why no film comes: its seal is not right, the server says no, or there is no line. */
function kindOf(error) {
  if (error instanceof NotAuthenticError) return "seal";
  return error instanceof RefusedError ? "refused" : "line";
}

async function tell(page, path, error) {
  const client = await self.clients.get(page);
  client?.postMessage({ type: "failed", path, kind: kindOf(error) });
}

self.addEventListener("message", (event) => {
  const message = event.data;
  if (message.type === "claim") {
    event.waitUntil(self.clients.claim());
    return;
  }
  const path = `/inzien/stroom/${message.opening}/${message.object}`;
  if (message.type === "close") {
    films.delete(path);
    return;
  }
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

/** A stopped worker forgets its keys; the page still has them in memory and hands them over again. */
async function askPages(path) {
  const asked = new Promise((resolve, reject) => {
    waiting.set(path, [...(waiting.get(path) ?? []), resolve]);
    setTimeout(() => reject(new Error("no page has the key")), 5000);
  });
  const pages = await self.clients.matchAll({ type: "window" });
  pages.forEach((page) => page.postMessage({ type: "need", path }));
  return asked;
}

function requestedRange(header, size) {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? "bytes=0-");
  if (!found) return null;
  const [first, last] = found[1] === "" ? [size - Number(found[2]), size - 1] : [Number(found[1]), found[2] === "" ? size - 1 : Number(found[2])];
  return first < 0 || first >= size || first > last ? null : [first, Math.min(last, size - 1) + 1];
}

async function answer(path, request, page) {
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
    return new Response(error.message, { status: 502, headers: { "Content-Type": "text/plain" } });
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin === self.location.origin && url.pathname.startsWith("/inzien/stroom/")) {
    event.respondWith(answer(url.pathname, event.request, event.clientId));
  }
});
