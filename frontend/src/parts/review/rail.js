// The rail under the film: a lane for each track, freed first, with where the program is unsure; then what may be heard, what was
// played of the copy, and where nobody was found. A press on it goes there.
import { $, say, show } from "../page.js";
import { clockTime } from "../times.js";
import { element } from "./elements.js";
import { isFree } from "./draft.js";
import { named, numbered } from "./names.js";

const TIMES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600]; // seconds between two times under the rail
const MARKS = 7; // times at most
const LEVELS = 240; // bars of sound at most
const QUIET = 12; // of 255, which still shows as a line
const SHORTEST = 0.3; // percent of the rail, so that one picture is seen

/** @typedef {import("./analysis.js").Stretch} Stretch */
/** @typedef {import("./review.js").Review} Review */
/** @typedef {{ at: Stretch, kind: string, words?: string }} Piece in milliseconds */

export class Rail {
  /** @param {Review} review */
  constructor(review) {
    this.review = review;
    const { signal } = review;
    $("#rail").addEventListener("pointerdown", (event) => this.press(event), { signal });
    review.onChange((changed) => {
      if (changed === "frame") this.drawPlayhead();
      else if (changed === "selected") this.drawSelected();
      else if (changed !== "look") this.draw();
    });
    this.draw();
    this.drawTimes();
  }

  get length() {
    const { durationMs, timesUs, last } = this.review.analysis;
    return Math.max(1, durationMs, (timesUs[last] ?? 0) / 1000);
  }

  /** @param {number} frame */
  ms(frame) {
    return this.review.analysis.secondsAt(frame) * 1000;
  }

  /**
   * Pictures, up to and with the last of them, as milliseconds.
   * @param {number} first
   * @param {number} last
   * @returns {Stretch}
   */
  stretch(first, last) {
    return [this.ms(first), last >= this.review.analysis.last ? this.length : this.ms(last + 1)];
  }

  // -- where --

  /** @param {PointerEvent} event */
  press(event) {
    const { target } = event;
    if (!(target instanceof Element)) return;
    const lane = target.closest(".lane");
    const bars = lane?.querySelector(".bars");
    const track = lane instanceof HTMLElement ? Number(lane.dataset.track) : 0;
    if (track) this.review.select(track);
    if (!bars || !target.closest(".bars")) return;
    const { left, width } = bars.getBoundingClientRect();
    this.review.goTo(Math.min(1, Math.max(0, (event.clientX - left) / width)) * this.length);
  }

  drawPlayhead() {
    $("#playhead").style.insetInlineStart = `${(100 * this.ms(this.review.frame)) / this.length}%`;
  }

  drawSelected() {
    for (const lane of $("#lanes").children) {
      const is = lane instanceof HTMLElement && Number(lane.dataset.track) === this.review.selected;
      lane.classList.toggle("chosen", is);
      if (is) scrolled(/** @type {HTMLElement} */ (lane));
    }
  }

  drawTimes() {
    const seconds = this.length / 1000;
    const step = TIMES.find((one) => seconds / one <= MARKS) ?? 3600;
    const marks = Array.from({ length: Math.floor(seconds / step) }, (_none, at) => (at + 1) * step).filter((one) => one < seconds * 0.97);
    $("#rail-times").replaceChildren(...marks.map((one) => {
      const mark = element("span", { class: "time", text: clockTime(one) });
      mark.style.insetInlineStart = `${(100_000 * one) / this.length}%`;
      return mark;
    }));
  }

  // -- lanes --

  draw() {
    const lanes = [...this.tracks()].map((track) => this.lane(track));
    $("#lanes").replaceChildren(...lanes);
    show($("#lanes"), lanes.length > 0);
    $("#lane-more").replaceChildren(...this.more());
    this.drawSelected();
    this.drawPlayhead();
    say($("#rail-said"), this.sentence());
  }

  /** What the rail shows, for who does not see it. */
  sentence() {
    const { bare, spans } = this.review.plan;
    const freed = new Set(spans.filter(({ free }) => free).map(({ number }) => number)).size;
    const none = bare.reduce((sum, [first, last]) => sum + this.stretch(first, last)[1] - this.stretch(first, last)[0], 0);
    const all = new Set(spans.map(({ number }) => number)).size;
    return `${all} gevolgd, ${freed} vrijgegeven. ${Math.round(none / 1000)} seconden zonder vak.`;
  }

  /** Freed ones first, then as they come in the film. */
  tracks() {
    const { plan, draft } = this.review;
    const first = new Map([...plan.spans].sort((a, b) => b.first - a.first).map((span) => [span.number, span.first]));
    const order = (/** @type {number} */ track) => (isFree(draft, track) ? -1e9 : 0) + (first.get(track) ?? 0);
    return [...first.keys()].sort((a, b) => order(a) - order(b));
  }

  /** @param {number} track */
  lane(track) {
    const { plan, doubts, draft, analysis } = this.review;
    const own = plan.spans.filter(({ number }) => number === track);
    const pieces = own.map(({ first, last, free }) => ({ at: this.stretch(first, last), kind: free ? "free" : "cover" }));
    const unsure = own.filter(({ free }) => free).flatMap(({ first, last, track: found }) => (
      (found?.unsure ?? []).filter(([begin, end]) => begin <= last && end >= first)
        .map(([begin, end]) => this.stretch(Math.max(begin, first), Math.min(end, last)))
    )).map((at) => ({ at, kind: "doubt" }));
    const about = doubts.filter(({ name, tracks }) => tracks.includes(track) && !draft.checked.includes(name));
    const looks = about.map(({ begin, end }) => ({ at: this.stretch(begin, end), kind: "doubt" }));
    const freed = own.some(({ free }) => free);
    const lane = this.made(`${numbered(track)} ${freed ? "Vrijgegeven" : "Afgedekt"}`, [...pieces, ...unsure, ...looks]);
    lane.dataset.track = String(track);
    lane.title = named(analysis, track);
    return lane;
  }

  /** The lanes that are about no track. */
  more() {
    const { plan, doubts, draft, copy, played } = this.review;
    const open = doubts.filter(({ name, tracks }) => tracks.length === 0 && !draft.checked.includes(name));
    const bare = plan.bare.map(([first, last]) => ({ at: this.stretch(first, last), kind: "none" }));
    return [
      ...(open.length > 0 ? [this.made("Kijk hier", open.map(({ begin, end }) => ({ at: this.stretch(begin, end), kind: "doubt" })))] : []),
      ...(bare.length > 0 ? [this.made("Zonder vak", bare)] : []),
      ...(this.review.analysis.levels.length > 0 ? [this.sound()] : []),
      ...(copy ? [this.made("Kopie bekeken", played.map((at) => ({ at, kind: "seen" })))] : []),
    ];
  }

  sound() {
    const { analysis, draft } = this.review;
    const speech = analysis.speech.map((at) => ({ at, kind: "speech", words: "spraak" }));
    const lane = this.made("Geluid", [...speech, ...draft.audible.map((at) => ({ at, kind: "heard", words: "te horen" }))]);
    lane.classList.add("sound");
    lane.querySelector(".bars")?.append(this.wave());
    return lane;
  }

  /** How loud it is, as one drawing. */
  wave() {
    const { levels, levelMs } = this.review.analysis;
    const each = Math.max(1, Math.ceil(levels.length / LEVELS));
    const wave = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const wide = this.length / levelMs / each;
    wave.setAttribute("viewBox", `0 0 ${wide} 256`);
    wave.setAttribute("preserveAspectRatio", "none");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const lines = Array.from({ length: Math.ceil(levels.length / each) }, (_none, at) => {
      const loud = Math.max(QUIET, ...levels.slice(at * each, (at + 1) * each));
      return `M${at + 0.2} ${128 - loud / 2}h.6v${loud}h-.6z`;
    });
    path.setAttribute("d", lines.join(""));
    wave.append(path);
    return wave;
  }

  /**
   * @param {string} name
   * @param {Piece[]} pieces
   */
  made(name, pieces) {
    const bars = element("div", { class: "bars" }, pieces.map(({ at: [begin, end], kind, words }) => {
      const bar = element("span", { class: `bar ${kind}`, text: words });
      bar.style.insetInlineStart = `${(100 * begin) / this.length}%`;
      bar.style.inlineSize = `${Math.max(SHORTEST, (100 * (end - begin)) / this.length)}%`;
      return bar;
    }));
    return element("div", { class: "lane" }, [element("span", { class: "lane-name", text: name }), bars]);
  }
}

/**
 * Into sight within its list; the page stays where it is.
 * @param {HTMLElement} lane
 */
function scrolled(lane) {
  const list = lane.parentElement;
  if (!list) return;
  const { offsetTop: top, offsetHeight: height } = lane;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + height > list.scrollTop + list.clientHeight) list.scrollTop = top + height - list.clientHeight;
}
