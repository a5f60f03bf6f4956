// "Kijk hier": where the program is unsure, the most urgent first. A person looks at each, and says so.
import { $, say, show } from "../page.js";
import { clockTime } from "../times.js";
import { looked } from "./draft.js";
import { button, element, jump, redrawn } from "./elements.js";

const LINES = 12; // places on the screen at once; the rest comes as these are looked at

/** @typedef {import("./doubts.js").Doubt} Doubt */
/** @typedef {import("./review.js").Review} Review */

export class Places {
  /** @param {Review} review */
  constructor(review) {
    this.review = review;
    this.at = ""; // the name of the place that somebody looks at now
    const { signal } = review;
    $("#place-back").addEventListener("click", () => this.go(-1), { signal });
    $("#place-on").addEventListener("click", () => this.go(1), { signal });
    $("#place-done").addEventListener("click", () => this.done(), { signal });
    review.onChange((changed) => { if (changed === "draft") this.draw(); });
    this.draw();
  }

  get left() {
    const known = new Set(this.review.draft.checked);
    return this.review.doubts.filter(({ name }) => !known.has(name));
  }

  get current() {
    return this.left.find(({ name }) => name === this.at) ?? null;
  }

  /** @param {number} frame */
  moment(frame) {
    return clockTime(this.review.analysis.secondsAt(frame));
  }

  /** @param {Doubt} doubt */
  look(doubt) {
    this.at = doubt.name;
    this.review.playCopy(false);
    this.review.go(doubt.begin);
    if (doubt.tracks.length > 0) this.review.select(doubt.tracks[0]);
    this.draw();
  }

  /**
   * To the next place that nobody looked at, or the one before; round at the end.
   * @param {1 | -1} count
   */
  go(count) {
    const { left } = this;
    if (left.length === 0) return;
    const at = left.findIndex(({ name }) => name === this.at);
    const from = at < 0 && count < 0 ? 0 : at;
    this.look(left[(from + count + left.length) % left.length]);
  }

  /** Somebody looked at this place: on to the next. */
  done() {
    const { current, left } = this;
    if (!current) return;
    const following = left[left.indexOf(current) + 1] ?? left.find((one) => one !== current);
    this.mark(current, true);
    if (following) this.look(following);
  }

  /**
   * @param {Doubt} doubt
   * @param {boolean} on
   */
  mark(doubt, on) {
    const { review } = this;
    review.change(looked(review.draft, doubt.name, on), on ? "Plek bekeken" : "Plek weer op de lijst");
  }

  draw() {
    const { left, review, current } = this;
    const all = review.doubts.length;
    const [first, second] = [$("#place-back", HTMLButtonElement), $("#place-on", HTMLButtonElement)];
    say($("#place-count"), all === 0 ? "Het programma twijfelt nergens." : `Nog ${left.length} van ${all}`);
    [first.disabled, second.disabled] = [left.length === 0, left.length === 0];
    $("#place-done", HTMLButtonElement).disabled = current === null;
    redrawn($("#place-list"), left.slice(0, LINES).map((one) => this.line(one)), second);
    say($("#place-more"), left.length > LINES ? `En daarna nog ${left.length - LINES}.` : "");
    this.drawDone(review.doubts.filter((one) => !left.includes(one)));
  }

  /** @param {Doubt} doubt */
  line(doubt) {
    const moment = this.moment(doubt.begin);
    const look = button("Bekijk", () => this.look(doubt), { about: `${moment}, ${doubt.text}` });
    look.dataset.key = doubt.name;
    const line = element("li", {}, [element("span", { class: "when", text: moment }), element("span", { text: doubt.text }), look]);
    if (doubt.name === this.at) line.setAttribute("aria-current", "true");
    return line;
  }

  /** @param {Doubt[]} doubts that somebody looked at */
  drawDone(doubts) {
    const lines = doubts.slice(0, 10 * LINES).map((doubt) => {
      const moment = this.moment(doubt.begin);
      const again = jump("Zet terug", () => this.mark(doubt, false), `bij ${moment}, ${doubt.text}`);
      again.dataset.key = doubt.name;
      return element("li", {}, [element("span", { class: "when", text: moment }), element("span", { text: doubt.text }), again]);
    });
    show($("#places-done"), doubts.length > 0);
    $("#places-done-count").textContent = `Bekeken (${doubts.length})`;
    redrawn($("#place-done-list"), lines, $("#places-done-count"));
  }
}
