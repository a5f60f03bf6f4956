// The sound of the copy: silent, but for stretches that a person lets be heard. Whose voice it is nobody says.
import { $, say, show } from "../page.js";
import { clockTime } from "../times.js";
import { hear } from "./draft.js";
import { button, element, jump, redrawn } from "./elements.js";

const LINES = 20; // stretches of speech on the screen at once
const NO_MOMENT = "Vul een tijd in als 1:05, binnen de film, en het einde na het begin.";

/** @typedef {import("./analysis.js").Stretch} Stretch */
/** @typedef {import("./review.js").Review} Review */

/**
 * What was typed as a moment, in milliseconds; null when it is none.
 * @param {string} text as 65, 1:05 or 1:05,5
 */
export function readMoment(text) {
  const found = /^\s*(?:(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?\s*$/.exec(text);
  if (!found || (found[1] !== undefined && Number(found[2]) > 59)) return null;
  return (Number(found[1] ?? 0) * 60 + Number(found[2])) * 1000 + Number((found[3] ?? "").padEnd(3, "0"));
}

/**
 * A moment as `readMoment` reads it, to a tenth of a second.
 * @param {number} ms
 */
export function writtenMoment(ms) {
  const tenths = Math.floor(ms / 100);
  const minutes = Math.floor(tenths / 600);
  const rest = tenths - minutes * 600;
  return `${minutes}:${String(Math.floor(rest / 10)).padStart(2, "0")},${rest % 10}`;
}

/**
 * Of a stretch: how much of it may be heard.
 * @param {Stretch} stretch
 * @param {Stretch[]} audible in order, none touching another
 * @returns {"all" | "part" | "none"}
 */
export function heardOf([begin, end], audible) {
  const heard = audible.reduce((sum, [first, last]) => sum + Math.max(0, Math.min(last, end) - Math.max(first, begin)), 0);
  if (heard <= 0) return "none";
  return heard >= end - begin ? "all" : "part";
}

export class Listening {
  /** @param {Review} review */
  constructor(review) {
    this.review = review;
    this.most = LINES;
    const { signal } = review;
    $("#sound-form").addEventListener("submit", (event) => { event.preventDefault(); this.typed(); }, { signal });
    $("#sound-from-here").addEventListener("click", () => this.here($("#sound-from", HTMLInputElement)), { signal });
    $("#sound-to-here").addEventListener("click", () => this.here($("#sound-to", HTMLInputElement)), { signal });
    $("#speech-more").addEventListener("click", () => { this.most = Infinity; this.draw(); }, { signal });
    review.onChange((changed) => { if (changed === "draft") this.draw(); });
    this.draw();
  }

  get hasSound() {
    return this.review.analysis.levels.length > 0;
  }

  /** @param {HTMLInputElement} field that gets the moment that is on the screen */
  here(field) {
    const { analysis, frame } = this.review;
    Object.assign(field, { value: writtenMoment(analysis.secondsAt(frame) * 1000) });
  }

  typed() {
    const [from, to] = [$("#sound-from", HTMLInputElement), $("#sound-to", HTMLInputElement)];
    const [begin, end] = [readMoment(from.value), readMoment(to.value)];
    const { durationMs } = this.review.analysis;
    const fine = begin !== null && end !== null && begin < end && begin < durationMs;
    say($("#sound-problem"), fine ? "" : NO_MOMENT);
    [from, to].forEach((field) => field.setAttribute("aria-invalid", String(!fine)));
    if (!fine) {
      from.focus();
      return;
    }
    this.hear([begin, Math.min(end, durationMs)], true);
    [from.value, to.value] = ["", ""];
  }

  /**
   * @param {Stretch} stretch
   * @param {boolean} on
   */
  hear(stretch, on) {
    const { review } = this;
    const [begin, end] = stretch.map((ms) => clockTime(ms / 1000));
    review.change(hear(review.draft, ...stretch, on), `Geluid van ${begin} tot ${end} ${on ? "blijft" : "is weg"}`);
  }

  /** @param {Stretch} stretch */
  listen([begin]) {
    this.review.playCopy(false); // there it is silent still
    this.review.goTo(begin);
    this.review.player.playback.play();
  }

  draw() {
    const { review, hasSound } = this;
    const { audible } = review.draft;
    const { speech } = review.analysis;
    show($("#sound"), hasSound);
    show($("#no-sound"), !hasSound);
    say($("#sound-count"), audible.length === 0 ? "Alles is stil" : `${audible.length === 1 ? "Eén stuk blijft" : `${audible.length} stukken blijven`}`);
    redrawn($("#audible"), audible.map((one) => this.line(one, true)), $("#sound-from"));
    show($("#audible-head"), audible.length > 0);
    const silent = speech.filter((one) => heardOf(one, audible) !== "all");
    redrawn($("#speech"), silent.slice(0, this.most).map((one) => this.line(one, false)), $("#sound-from"));
    show($("#speech-head"), silent.length > 0);
    show($("#no-speech"), hasSound && speech.length === 0);
    show($("#speech-more"), silent.length > this.most);
    $("#speech-more").textContent = `Toon nog ${silent.length - LINES}`;
  }

  /**
   * @param {Stretch} stretch
   * @param {boolean} stays is it heard?
   */
  line(stretch, stays) {
    const [begin, end] = stretch.map((ms) => clockTime(ms / 1000));
    const when = `van ${begin} tot ${end}`;
    const part = !stays && heardOf(stretch, this.review.draft.audible) === "part" ? " (een deel blijft al)" : "";
    const go = jump(`${begin} tot ${end}${part}`, () => this.review.goTo(stretch[0]));
    const listen = button("Luister", () => this.listen(stretch), { about: when });
    const turn = button(stays ? "Maak stil" : "Laat horen", () => this.hear(stretch, !stays), { about: when });
    [go.dataset.key, listen.dataset.key, turn.dataset.key] = [`go ${when}`, `listen ${when}`, `turn ${when}`];
    return element("li", {}, [go, element("span", { class: "two-buttons" }, [listen, turn])]);
  }
}
