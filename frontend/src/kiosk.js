// The screen beside a dock: asks how each slot is every second, says it when something changes, and says so when it cannot.
import { $, say, show } from "./parts/page.js";

const EVERY = 1_000; // milliseconds between two questions
const LONGEST = 15_000; // between two questions while there is no answer
const PATIENCE = 5_000; // for one answer
const QUIET = 3_000; // without an answer before we say so
const RENEW = 3_600_000; // after which the page is loaded anew: a screen stays on for months
const IDLE = 180_000; // without a touch before an officer's own page closes
const WARNING = 30_000; // before that it says so

/** The tiles, kept as they are until an answer says something else. */
class Tiles {
  constructor(list, template, changes) {
    this.list = list;
    this.template = template;
    this.changes = changes;
    this.shown = new Map([...list.children].map((element) => [element.dataset.slot, element]));
    this.heard = new Map([...this.shown].map(([slot, element]) => [slot, element.querySelector("strong").textContent]));
  }

  paint(tiles) {
    const slots = new Set(tiles.map((tile) => tile.slot));
    for (const [slot, element] of this.shown) {
      if (slots.has(slot)) continue;
      element.remove();
      this.shown.delete(slot);
      this.heard.delete(slot);
    }
    const said = [];
    tiles.forEach((tile, place) => {
      const element = this.shown.get(tile.slot) ?? this.template.content.firstElementChild.cloneNode(true);
      this.shown.set(tile.slot, element);
      if (this.list.children[place] !== element) this.list.insertBefore(element, this.list.children[place] ?? null);
      fill(element, tile);
      if (this.heard.get(tile.slot) !== tile.word) said.push(`${tile.label || tile.slot}: ${tile.word}. ${tile.advice}`);
      this.heard.set(tile.slot, tile.word);
    });
    if (said.length) this.changes.textContent = said.join(" ");
  }

  /** Nobody knows how it is now: what is shown is what was. */
  age(time) {
    for (const element of this.shown.values()) {
      dress(element, "old");
      write(element, ".tile-advice", `Zo was het om ${time}.`);
      write(element, ".tile-percent", "");
    }
  }
}

function write(element, selector, text) {
  const part = element.querySelector(selector);
  if (part.textContent !== text) part.textContent = text;
}

function dress(element, state) {
  if (element.classList.contains(`tile-${state}`)) return;
  element.className = `tile tile-${state}`;
  element.querySelector("use").setAttribute("href", `#icon-${state}`);
}

function fill(element, tile) {
  element.dataset.slot = tile.slot;
  dress(element, tile.state);
  write(element, ".tile-slot", tile.slot);
  write(element, ".tile-label", tile.label);
  write(element, "strong", tile.word);
  write(element, ".tile-percent", tile.percent === null ? "" : `${tile.percent} %`);
  write(element, ".tile-advice", tile.advice);
}

/** What the server says now; null when it is not this screen's any more. */
async function standing(address) {
  const answer = await fetch(address, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status === 403) return null;
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

function watch(main) {
  const tiles = new Tiles($("#tiles"), $("#tile"), $("#changes"));
  const clock = $("#clock");
  const notice = $("#notice");
  const begun = performance.now();
  let offset = 0; // of this machine's clock, in milliseconds
  let last = Date.now();
  let pause = EVERY;

  const written = (moment) =>
    new Intl.DateTimeFormat("nl-NL", { timeZone: clock.dataset.zone, hour: "2-digit", minute: "2-digit" }).format(moment + offset);

  function tell(text) {
    if (notice.textContent !== text) say(notice, text);
  }

  async function ask() {
    try {
      const now = await standing(main.dataset.standing);
      if (now === null || performance.now() - begun > RENEW) return window.location.reload();
      offset = now.time - Date.now();
      last = Date.now();
      pause = EVERY;
      tiles.paint(now.tiles);
      show($("#none"), now.tiles.length === 0);
      tell(now.notice);
    } catch {
      pause = Math.min(2 * pause, LONGEST);
      if (Date.now() - last >= QUIET) {
        tiles.age(written(last));
        tell(`Geen verbinding sinds ${written(last)}. Laat uw camera staan: hij blijft vol en er gaat niets verloren.`);
      }
    }
    setTimeout(ask, pause);
  }

  setInterval(() => {
    const time = written(Date.now());
    if (clock.textContent !== time) clock.textContent = time;
  }, EVERY);
  ask();
}

/** An officer's own page goes back to the tiles when nobody touches it, and stays while somebody types. */
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
    if (still <= 0) window.location.replace(main.dataset.tiles);
    else if (still <= WARNING && leaving.hidden) {
      say(leaving, "Deze pagina sluit over een halve minuut. Raak het scherm of een toets aan om te blijven.");
    }
  }, EVERY);
}

if ($("#slots")) watch($("#slots"));
if ($("#own")) leave($("#own"));
