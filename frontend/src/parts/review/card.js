// The card of one person or thing: stills from the film, how long it is in the picture, and everything that can be done with it.
import { clockTime } from "../times.js";
import { free, join, parted, removed, split } from "./draft.js";
import { button, element, jump, redrawn } from "./elements.js";
import { named } from "./names.js";

const WIDE = 72; // pixels of a still
const HIGH = 96;
const STATES = { free: "Vrijgegeven", partly: "Voor een deel vrij", covered: "Afgedekt", removed: "Weggehaald" };
const COLOURS = { free: "ok", partly: "warning", covered: "neutral", removed: "neutral" };
const WHICH = ["begin", "midden", "einde"];

/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./gathered.js").Gathered} Gathered */
/** @typedef {import("./gathered.js").Piece} Piece */
/** @typedef {import("./review.js").Review} Review */
/** @typedef {import("./stills.js").Stills} Stills */

export class Card {
  /**
   * @param {Review} review
   * @param {Stills} stills
   * @param {() => Gathered[]} all every card there is now, for whoever is one with another
   */
  constructor(review, stills, all) {
    this.review = review;
    this.drawer = stills;
    this.all = all;
    this.element = element("li", { class: "person" });
    this.stills = element("div", { class: "stills" });
    this.body = element("div", { class: "person-body" });
    this.more = this.moreOf();
    this.element.append(this.body, this.stills, this.more);
    this.told = "";
    this.sights = "";
    this.inSight = false; // was it ever on the screen?
    /** @type {Gathered | undefined} */
    this.about = undefined;
  }

  get name() {
    return named(this.review.analysis, this.number);
  }

  /** As it stands in the middle of a sentence. */
  get small() {
    return this.name.toLowerCase();
  }

  get number() {
    return /** @type {Gathered} */ (this.about).number;
  }

  /** @param {Gathered} about */
  update(about) {
    const told = JSON.stringify([about, this.review.selected === about.number]);
    if (told === this.told) return;
    Object.assign(this, { about, told });
    const { state } = about;
    this.element.className = `person ${state}`;
    this.element.toggleAttribute("data-chosen", this.review.selected === about.number);
    redrawn(this.body, this.bodyOf(about));
    if (this.more.open) this.fillMore();
    this.updateStills();
  }

  /** @param {Gathered} about */
  bodyOf({ state, seconds, others }) {
    const choose = jump(this.name, () => this.choose());
    choose.dataset.key = "name";
    choose.setAttribute("aria-pressed", String(this.element.hasAttribute("data-chosen")));
    const badge = element("span", { class: `utrecht-status-badge badge-${COLOURS[state]}`, text: STATES[state] });
    const also = others.length > 0 ? `, samen met ${others.map((one) => named(this.review.analysis, one).toLowerCase()).join(", ")}` : "";
    const lasts = element("p", { class: "note", text: `${Math.max(1, Math.round(seconds))} s in beeld${also}` });
    return [element("p", { class: "person-name" }, [choose, badge]), lasts, this.mainButton(state)];
  }

  /** @param {Gathered["state"]} state */
  mainButton(state) {
    const isFree = state === "free" || state === "partly";
    const words = { free: "Dek af", partly: "Dek af", covered: "Geef vrij", removed: "Zet terug" }[state];
    const made = button(words, () => this.setFree(!isFree && state !== "removed"), { about: this.small });
    made.dataset.key = "free";
    return made;
  }

  /**
   * @param {boolean} on
   * @param {Piece} [piece] of a track that was split
   */
  setFree(on, piece) {
    const { review, number } = this;
    const words = `${this.name} ${on ? "vrijgegeven" : "afgedekt"}`;
    review.change(free(review.draft, number, on, piece ? piece.first : null), words);
  }

  choose() {
    const { review, number, about } = this;
    review.select(number);
    const here = about?.pieces.some(({ first, last }) => first <= review.frame && review.frame <= last);
    if (!here && about?.sights.length) this.see(about.sights[0].frame);
  }

  /** @param {number} frame */
  see(frame) {
    this.review.playCopy(false);
    this.review.go(frame);
    this.review.select(this.number);
  }

  // -- stills --

  /** It came on the screen: only then its stills are drawn. */
  come() {
    this.inSight = true;
    this.updateStills();
  }

  updateStills() {
    const { about } = this;
    const sights = JSON.stringify(about?.sights);
    if (!this.inSight || !about || sights === this.sights) return;
    this.sights = sights;
    const which = about.sights.length === 3 ? WHICH : WHICH.filter((_word, index) => index !== 1);
    const pictures = about.sights.map(({ frame, box }, index) => {
      const moment = clockTime(this.review.analysis.secondsAt(frame));
      const canvas = element("canvas");
      [canvas.width, canvas.height] = [WIDE, HIGH];
      canvas.setAttribute("aria-hidden", "true");
      const go = jump(moment, () => this.see(frame), `${which[index]} van ${this.small}`);
      go.prepend(canvas);
      go.dataset.key = which[index];
      return { go, still: { canvas, frame, box } };
    });
    redrawn(this.stills, pictures.map(({ go }) => go));
    pictures.forEach(({ still }) => this.drawer.ask(still));
  }

  // -- what is done less often --

  moreOf() {
    const summary = element("summary", { text: "Meer" });
    const more = element("details", { class: "more" }, [summary, element("div")]);
    more.addEventListener("toggle", () => {
      summary.replaceChildren("Meer", element("span", { class: "screen-reader-only", text: ` met ${this.small}` }));
      if (more.open) this.fillMore();
    });
    return more;
  }

  fillMore() {
    const { about } = this;
    const place = /** @type {HTMLElement} */ (this.more.lastElementChild);
    if (!about) return;
    const parts = [this.piecesOf(about), this.joining(about), this.others(about), this.taking(about)];
    redrawn(place, parts.flat(), this.more.querySelector("summary") ?? undefined);
  }

  /** @param {Gathered} about */
  piecesOf({ pieces }) {
    const here = button("Splits hier", () => this.split(), { about: this.small });
    here.dataset.key = "split";
    if (pieces.length < 2) return [here];
    const lines = pieces.map((piece, index) => {
      const from = clockTime(this.review.analysis.secondsAt(piece.first));
      const to = clockTime(this.review.analysis.secondsAt(piece.last));
      const about = `${this.small} van ${from} tot ${to}`;
      const turn = button(piece.free ? "Dek af" : "Geef vrij", () => this.setFree(!piece.free, piece), { about });
      turn.dataset.key = `piece ${index}`;
      const see = jump(`${from} tot ${to}`, () => this.see(piece.first), this.small);
      return element("li", {}, [see, element("span", { text: piece.free ? "vrij" : "afgedekt" }), turn]);
    });
    const again = button("Maak weer één", () => this.unsplit(), { about: this.small });
    again.dataset.key = "unsplit";
    return [element("ul", { class: "pieces" }, lines), here, again];
  }

  split() {
    const { review, number } = this;
    const { first, last } = this.extent();
    if (review.frame <= first || review.frame > last) {
      this.review.select(number);
      this.say(`Zet de film eerst stil op een moment waarop ${this.small} in beeld is, na het begin.`);
      return;
    }
    review.change(split(review.draft, number, review.frame), `${this.name} gesplitst`);
  }

  unsplit() {
    const { review, number } = this;
    review.change(join(review.draft, number, number), `${this.name} weer één gemaakt`);
  }

  extent() {
    const { pieces } = /** @type {Gathered} */ (this.about);
    return { first: pieces[0].first, last: Math.max(...pieces.map(({ last }) => last)) };
  }

  /** @param {string} words */
  say(words) {
    let told = this.more.querySelector("[role=status]");
    if (!told) {
      told = element("p", { class: "note" });
      told.setAttribute("role", "status");
      this.more.append(told);
    }
    told.textContent = words;
  }

  /** @param {Gathered} about */
  joining({ number }) {
    const { analysis } = this.review;
    const others = this.all().filter((one) => one.number !== number);
    if (others.length === 0) return [];
    const id = `same-${number}`;
    const label = element("label", { text: `Is ${this.small} dezelfde als` });
    label.htmlFor = id;
    const choice = element("select", { id, class: "utrecht-select utrecht-select--html-select" });
    choice.append(...others.map((one) => new Option(named(analysis, one.number).toLowerCase(), String(one.number))));
    const act = button("Voeg samen", () => this.join(Number(choice.value)), { about: this.small });
    [choice.dataset.key, act.dataset.key] = ["choice", "join"];
    return [element("div", { class: "field" }, [label, choice, act])];
  }

  /** @param {number} other */
  join(other) {
    const { review, number, name } = this;
    review.change(join(review.draft, number, other), `${name} samengevoegd met ${named(review.analysis, other).toLowerCase()}`);
  }

  /** @param {Gathered} about */
  others({ others }) {
    return others.map((other) => {
      const name = named(this.review.analysis, other).toLowerCase();
      const act = button(`Maak ${name} weer los`, () => this.part(other), { about: `van ${this.small}` });
      act.dataset.key = `part ${other}`;
      return act;
    });
  }

  /** @param {number} other */
  part(other) {
    const { review } = this;
    review.change(parted(review.draft, other), `${named(review.analysis, other)} weer los`);
  }

  /** @param {Gathered} about */
  taking({ number, kind, state, pieces }) {
    if (state === "removed") return [element("p", { text: `Weggehaald: ${pieces[0].removed}` })];
    if (kind === "drawn") {
      const away = button("Haal het vak weg", () => this.take(""), { about: this.small });
      away.dataset.key = "take";
      return [away];
    }
    const id = `why-${number}`;
    const label = element("label", { text: `Waarom hoeft ${this.small} niet afgedekt te zijn?` });
    label.htmlFor = id;
    const why = element("input", { id, class: "utrecht-textbox utrecht-textbox--html-input" });
    [why.type, why.maxLength, why.autocomplete] = ["text", 200, "off"];
    const act = button("Haal het vak weg", () => this.take(why.value), { about: this.small });
    [why.dataset.key, act.dataset.key] = ["why", "take"];
    return [element("div", { class: "field" }, [label, why, act])];
  }

  /** @param {string} reason */
  take(reason) {
    const { review, number, about } = this;
    if (about?.kind !== "drawn" && !reason.trim()) {
      this.say("Schrijf eerst waarom. De reden komt in de lijst van uitzonderingen.");
      this.more.querySelector("input")?.focus();
      return;
    }
    review.change(removed(review.draft, number, reason.trim()), `${this.name} weggehaald`);
  }
}
