// Everything on the review screen by keyboard: a key presses the button that names it (aria-keyshortcuts), so that no key does what
// no button does, and the list of keys is the list of buttons. The arrows belong to a box while somebody moves it.
import { $, show, within } from "../page.js";

const PLAYER = [
  ["Spatie", "Afspelen of stilzetten"], [", en .", "Eén beeld terug of verder"], ["← en →", "Vijf seconden terug of verder"],
  ["< en >", "Langzamer of sneller"], ["+ en −", "Dichterbij of verder weg"],
  ["Pijltjes, na B of T", "Het vak verplaatsen; met Shift groter of kleiner"], ["Enter en Esc, na B of T", "Het vak bewaren, of toch niet"],
];
/** @type {Record<string, string>} */
const SAID = { Control: "Ctrl", Shift: "Shift" };

/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("./review.js").Review} Review */

/**
 * A key as aria-keyshortcuts names it: "V", "Shift+D", "Control+Z", "?".
 * @param {{ key: string, shiftKey: boolean, ctrlKey: boolean, metaKey: boolean }} event
 */
export function nameOf({ key, shiftKey, ctrlKey, metaKey }) {
  const isLetter = /^[a-z]$/i.test(key);
  return [...(ctrlKey || metaKey ? ["Control"] : []), ...(shiftKey && isLetter ? ["Shift"] : []), isLetter ? key.toUpperCase() : key].join("+");
}

export class Shortcuts {
  /**
   * @param {Review} review
   * @param {Drawing} drawing
   */
  constructor(review, drawing) {
    this.review = review;
    this.drawing = drawing;
    const { signal } = review;
    document.addEventListener("keydown", (event) => this.key(event), { capture: true, signal }); // before the player's own keys
    $("#keys-open").addEventListener("click", () => this.open(), { signal });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { target } = event;
    const isOff = this.review.player.ending.done || event.altKey || !(target instanceof Element) || $("dialog", HTMLDialogElement).open;
    if (isOff || target.matches("input:not([type=checkbox], [type=range]), textarea, select")) return;
    if (this.drawing.moving ? this.move(event) : this.press(event, target)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }

  /**
   * While a box is moved: the arrows are its own. What else is pressed keeps the box, and does what it does.
   * @param {KeyboardEvent} event
   * @returns {boolean} was it for the box?
   */
  move(event) {
    if (event.key === "Escape") this.drawing.forget();
    else if (event.key === "Enter") this.drawing.keep();
    else if (event.key.startsWith("Arrow")) this.drawing.arrow(event.key, event.shiftKey);
    else if (["Shift", "Control", "Tab"].includes(event.key)) return false;
    else {
      this.drawing.keep();
      return event.target instanceof Element && this.press(event, event.target);
    }
    return true;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Element} target
   * @returns {boolean} is there a button for it?
   */
  press(event, target) {
    if (!$("#shortcuts", HTMLInputElement).checked && !event.ctrlKey && !event.metaKey) return false;
    if (event.key === "Escape" && this.drawing.armed) {
      this.drawing.forget();
      return true;
    }
    const button = buttonFor(nameOf(event));
    if (!button || (event.key === "Enter" && target.matches("button, a, summary"))) return false;
    if (!button.disabled) button.click();
    return true;
  }

  /** The list of all keys, from the buttons that are there. */
  open() {
    const lines = buttons().filter((button) => button.checkVisibility()).map((button) => [keysOf(button), button.textContent.trim()]);
    $("#key-lines").replaceChildren(...[...lines, ...PLAYER].map(([key, what]) => {
      const line = document.createElement("tr");
      for (const [name, text] of [["th", key], ["td", what]]) line.append(Object.assign(document.createElement(name), { textContent: text }));
      within(line, "th").setAttribute("scope", "row");
      return line;
    }));
    show($("#all-keys"));
    $("#all-keys", HTMLDialogElement).showModal();
  }
}

function buttons() {
  return [...document.querySelectorAll("button[aria-keyshortcuts]")].filter((one) => one instanceof HTMLButtonElement);
}

/** @param {string} name */
function buttonFor(name) {
  return buttons().find((button) => button.getAttribute("aria-keyshortcuts")?.split(" ").includes(name) && button.checkVisibility());
}

/** @param {Element} button */
function keysOf(button) {
  const names = (button.getAttribute("aria-keyshortcuts") ?? "").split(" ");
  return names.map((name) => name.split("+").map((part) => SAID[part] ?? part).join(" ")).join(" of ");
}
