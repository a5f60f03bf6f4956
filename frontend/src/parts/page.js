// What every page with script does: show one part, say one thing, talk to the server.

/**
 * The first element that `selector` finds in `parent`. A TypeError when the page has none, or another kind than asked for.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function within(parent, selector, kind) {
  const found = parent.querySelector(selector);
  if (!found || (kind && !(found instanceof kind))) throw new TypeError(`the page has no ${selector}`);
  return /** @type {T} */ (found);
}

/**
 * The element of this page that `selector` finds. A TypeError when there is none, or another kind than asked for.
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {new () => T} [kind]
 * @returns {T}
 */
export const $ = (selector, kind) => within(document, selector, kind);

/** Does this page have the part that `selector` finds? @param {string} selector */
export const has = (selector) => document.querySelector(selector) !== null;

/**
 * A new copy of the one element in a template.
 * @param {HTMLTemplateElement} template
 */
export function copyOf(template) {
  return within(/** @type {DocumentFragment} */ (template.content.cloneNode(true)), "*");
}

/**
 * @param {HTMLElement} element
 * @param {boolean} visible
 */
export function show(element, visible = true) {
  element.hidden = !visible;
}

/**
 * Say something where a screen reader hears it too.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function say(element, text) {
  element.textContent = text;
  show(element, text !== "");
}

/**
 * The sentence of whatever was thrown.
 * @param {unknown} error
 */
export function sentenceOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** The server answered, and the answer is no. `status` is HTTP's; `content` is what it told besides, when that was JSON. */
export class ServerRefused extends Error {
  status = 0;
  /** @type {unknown} */
  content = null;
}
/** The server, or what stands before it, is not well: the same may work a moment later. `told`: the server said itself what is away. */
export class ServerAway extends Error {
  told = false;
}

/**
 * What the server answers. A ServerAway when nothing comes back: a browser says that in English words of its own.
 * @param {string} address
 * @param {RequestInit} options
 */
function answerOf(address, options) {
  return fetch(address, options).catch(() => {
    throw new ServerAway("De verbinding met de server is weg. Probeer het zo opnieuw.");
  });
}

/**
 * @param {Response} answer
 * @param {string} sentence
 * @param {unknown} [content]
 */
function check(answer, sentence, content = null) {
  if (answer.status >= 500 || answer.status === 429) throw new ServerAway("De server is even niet bereikbaar. Probeer het zo opnieuw.");
  if (!answer.ok || answer.redirected) throw Object.assign(new ServerRefused(sentence), { status: answer.status, content });
}

/**
 * POST JSON to our own server, or PUT it where the options say so. Its own sentence becomes the error when it refuses.
 * @template T
 * @param {string} address
 * @param {unknown} body
 * @param {RequestInit} options
 * @returns {Promise<T>}
 */
export async function post(address, body, options = {}) {
  /** @type {HTMLInputElement} */
  const token = $("[name=csrfmiddlewaretoken]");
  const answer = await answerOf(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token.value },
    body: JSON.stringify(body),
    cache: "no-store",
    ...options,
  });
  const type = answer.headers.get("Content-Type") ?? "";
  const content = type.includes("json") ? await answer.json() : null;
  if (answer.status === 503 && content?.detail) throw Object.assign(new ServerAway(content.detail), { told: true });
  check(answer, content?.detail ?? "De server geeft geen antwoord dat wij begrijpen. Probeer het opnieuw.", content);
  return content;
}

/**
 * @template T
 * @param {string} address
 * @returns {Promise<T>}
 */
export async function get(address) {
  const answer = await answerOf(address, { cache: "no-store" });
  check(answer, "De server geeft dit niet. Log opnieuw in en probeer het nog eens.");
  return answer.json();
}
