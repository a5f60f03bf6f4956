// The screen beside a dock: asks how each slot is every second, says it when something changes, and says so when it cannot.
import { $, copyOf, has, say, show, within } from "./parts/page.js";

const EVERY = 1_000; // milliseconds between two questions
const LONGEST = 15_000; // between two questions while there is no answer
const PATIENCE = 5_000; // for one answer
const QUIET = 3_000; // without an answer before we say so
const RENEW = 3_600_000; // after which the page is loaded anew: a screen stays on for months
const IDLE = 180_000; // without a touch before an officer's own page closes
const WARNING = 30_000; // before that it says so

/**
 * How one slot of the dock is.
 * @typedef {object} Tile
 * @property {string} slot
 * @property {string} label
 * @property {string} state
 * @property {string} word
 * @property {string} advice
 * @property {number | null} percent
 */

/** The tiles, kept as they are until an answer says something else. */
class Tiles {
  /**
   * @param {HTMLElement} list
   * @param {HTMLTemplateElement} template of one tile
   * @param {HTMLElement} changes where a screen reader hears what changed
   */
  constructor(list, template, changes) {
    this.list = list;
    this.template = template;
    this.changes = changes;
    /** @type {Map<string, HTMLElement>} */
    this.shown = new Map();
    for (const element of list.children) if (element instanceof HTMLElement) this.shown.set(element.dataset.slot ?? "", element);
    this.heard = new Map([...this.shown].map(([slot, element]) => [slot, within(element, "strong").textContent]));
  }

  /** @param {Tile[]} tiles */
  paint(tiles) {
    const slots = new Set(tiles.map((tile) => tile.slot));
    for (const [slot, element] of this.shown) {
      if (slots.has(slot)) continue;
      element.remove();
      this.shown.delete(slot);
      this.heard.delete(slot);
    }
    /** @type {string[]} */
    const said = [];
    tiles.forEach((tile, place) => {
      const element = this.shown.get(tile.slot) ?? copyOf(this.template);
      this.shown.set(tile.slot, element);
      if (this.list.children[place] !== element) this.list.insertBefore(element, this.list.children[place] ?? null);
      fill(element, tile);
      if (this.heard.get(tile.slot) !== tile.word) said.push(`${tile.label || tile.slot}: ${tile.word}. ${tile.advice}`);
      this.heard.set(tile.slot, tile.word);
    });
    if (said.length) this.changes.textContent = said.join(" ");
  }

  /**
   * Nobody knows how it is now: what is shown is what was.
   * @param {string} time
   */
  age(time) {
    for (const element of this.shown.values()) {
      dress(element, "old");
      write(element, ".tile-advice", `Zo was het om ${time}.`);
      write(element, ".tile-percent", "");
    }
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} selector
 * @param {string} text
 */
function write(element, selector, text) {
  const part = within(element, selector);
  if (part.textContent !== text) part.textContent = text;
}

/**
 * @param {HTMLElement} element
 * @param {string} state
 */
function dress(element, state) {
  if (element.classList.contains(`tile-${state}`)) return;
  element.className = `tile tile-${state}`;
  within(element, "use", SVGUseElement).setAttribute("href", `#icon-${state}`);
}

/**
 * @param {HTMLElement} element
 * @param {Tile} tile
 */
function fill(element, tile) {
  element.dataset.slot = tile.slot;
  dress(element, tile.state);
  write(element, ".tile-slot", tile.slot);
  write(element, ".tile-label", tile.label);
  write(element, "strong", tile.word);
  write(element, ".tile-percent", tile.percent === null ? "" : `${tile.percent} %`);
  write(element, ".tile-advice", tile.advice);
}

/**
 * What the server says now; null when it is not this screen's any more.
 * @param {string} address
 * @returns {Promise<{ time: number, notice: string, tiles: Tile[] } | null>}
 */
async function standing(address) {
  const answer = await fetch(address, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status === 403) return null;
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

/** Asks again and again how the slots are, and writes the time. */
class Watch {
  /** @param {HTMLElement} main */
  constructor(main) {
    this.address = main.dataset.standing ?? "";
    this.tiles = new Tiles($("#tiles"), $("#tile", HTMLTemplateElement), $("#changes"));
    this.clock = $("#clock");
    this.notice = $("#notice");
    this.begun = performance.now();
    this.offset = 0; // of this machine's clock, in milliseconds
    this.last = Date.now();
    this.pause = EVERY;
  }

  start() {
    setInterval(() => this.writeTime(), EVERY);
    this.ask();
  }

  /** @param {number} moment of this machine's clock */
  written(moment) {
    const { zone: timeZone } = this.clock.dataset;
    return new Intl.DateTimeFormat("nl-NL", { timeZone, hour: "2-digit", minute: "2-digit" }).format(moment + this.offset);
  }

  writeTime() {
    const time = this.written(Date.now());
    if (this.clock.textContent !== time) this.clock.textContent = time;
  }

  /** @param {string} text */
  tell(text) {
    if (this.notice.textContent !== text) say(this.notice, text);
  }

  async ask() {
    try {
      const now = await standing(this.address);
      if (now === null || performance.now() - this.begun > RENEW) {
        window.location.reload();
        return;
      }
      this.offset = now.time - Date.now();
      this.last = Date.now();
      this.pause = EVERY;
      this.tiles.paint(now.tiles);
      show($("#none"), now.tiles.length === 0);
      this.tell(now.notice);
    } catch {
      this.pause = Math.min(2 * this.pause, LONGEST);
      if (Date.now() - this.last >= QUIET) this.unanswered();
    }
    setTimeout(() => this.ask(), this.pause);
  }

  unanswered() {
    const time = this.written(this.last);
    this.tiles.age(time);
    this.tell(`Geen verbinding sinds ${time}. Laat uw camera staan: hij blijft vol en er gaat niets verloren.`);
  }
}

/**
 * An officer's own page goes back to the tiles when nobody touches it, and stays while somebody types.
 * @param {HTMLElement} main
 */
function leave(main) {
  const leaving = $("#leaving");
  let touched = Date.now();
  let told = Date.now();

  function touch() {
    touched = Date.now();
    say(leaving, "");
    if (!main.dataset.stay || touched - told < WARNING) return;
    told = touched;
    fetch(main.dataset.stay, { cache: "no-store" }).catch(() => {});
  }

  for (const kind of ["keydown", "pointerdown", "input", "scroll"]) addEventListener(kind, touch, { passive: true });
  setInterval(() => {
    const still = IDLE - (Date.now() - touched);
    if (still <= 0) window.location.replace(main.dataset.tiles ?? "/");
    else if (still <= WARNING && leaving.hidden) {
      say(leaving, "Deze pagina sluit over een halve minuut. Raak het scherm of een toets aan om te blijven.");
    }
  }, EVERY);
}

if (has("#slots")) new Watch($("#slots")).start();
if (has("#own")) leave($("#own"));
