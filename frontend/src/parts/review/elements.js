// Elements that the panels are made of. Text stays text.

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} name
 * @param {{ class?: string, text?: string, id?: string }} about
 * @param {Node[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(name, { class: kind = "", text = "", id = "" } = {}, children = []) {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (id) made.id = id;
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

/**
 * A button that does `act`. `about` is read out after its words, so that no two buttons of a list sound the same.
 * @param {string} text
 * @param {() => unknown} act
 * @param {{ kind?: "primary-action" | "secondary-action", about?: string }} how
 */
export function button(text, act, { kind = "secondary-action", about = "" } = {}) {
  const made = element("button", { class: `utrecht-button utrecht-button--${kind}`, text });
  made.type = "button";
  if (about) made.append(element("span", { class: "screen-reader-only", text: ` ${about}` }));
  made.addEventListener("click", act);
  return made;
}

/**
 * A button that looks like a link: it goes somewhere in the film.
 * @param {string} text
 * @param {() => unknown} act
 * @param {string} [about]
 */
export function jump(text, act, about = "") {
  const made = button(text, act, { about });
  made.className = "utrecht-link-button utrecht-link-button--html-button";
  return made;
}

/**
 * Draw a list anew, and leave the focus where it was: on what has the same `data-key`, or else on `otherwise`.
 * @param {HTMLElement} list
 * @param {Node[]} lines
 * @param {HTMLElement} [otherwise]
 */
export function redrawn(list, lines, otherwise) {
  const at = list.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
  const key = at?.dataset.key ?? "";
  list.replaceChildren(...lines);
  if (!at || list.contains(document.activeElement)) return;
  const here = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[data-key]:enabled, a[data-key]")]);
  (here.find((one) => one.dataset.key === key) ?? otherwise)?.focus({ preventScroll: true });
}
