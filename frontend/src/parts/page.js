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

export class ServerRefused extends Error {}
/** The server, or what stands before it, is not well: the same may work a moment later. `told`: the server said itself what is away. */
export class ServerAway extends Error {
  told = false;
}

/**
 * @param {Response} answer
 * @param {string} sentence
 */
function check(answer, sentence) {
  if (answer.status >= 500 || answer.status === 429) throw new ServerAway("De server is even niet bereikbaar. Probeer het zo opnieuw.");
  if (!answer.ok || answer.redirected) throw new ServerRefused(sentence);
}

/**
 * POST JSON to our own server; its own sentence becomes the error when it refuses. TypeError when the line is lost.
 * @template T
 * @param {string} address
 * @param {unknown} body
 * @param {RequestInit} options
 * @returns {Promise<T>}
 */
export async function post(address, body, options = {}) {
  /** @type {HTMLInputElement} */
  const token = $("[name=csrfmiddlewaretoken]");
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token.value },
    body: JSON.stringify(body),
    cache: "no-store",
    ...options,
  });
  const type = answer.headers.get("Content-Type") ?? "";
  const content = type.includes("json") ? await answer.json() : null;
  if (answer.status === 503 && content?.detail) throw Object.assign(new ServerAway(content.detail), { told: true });
  check(answer, content?.detail ?? "De server geeft geen antwoord dat wij begrijpen. Probeer het opnieuw.");
  return content;
}

/**
 * @template T
 * @param {string} address
 * @returns {Promise<T>}
 */
export async function get(address) {
  const answer = await fetch(address, { cache: "no-store" });
  check(answer, "De server geeft dit niet. Log opnieuw in en probeer het nog eens.");
  return answer.json();
}
