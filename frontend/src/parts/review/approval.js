// From the draft to an approved copy: what is still missing, having it made, watching it, and who calls it good.
import { $, ServerRefused, say, sentenceOf, show } from "../page.js";
import { readDraft } from "./codec.js";
import { conditions } from "./conditions.js";
import { Copy } from "./copy.js";
import { button, element, jump, redrawn } from "./elements.js";
import { Looking, gaps } from "./looking.js";
import { askCopy, fetchCopy, look, take } from "./standing.js";

const EVERY = 5000; // milliseconds
const GRAIN = 250; // milliseconds: a gap below this was seen (protocol/redaction.py)
/** @type {Record<import("./standing.js").Step, string>} */
const DONE = {
  check: "Vastgelegd: u noemt de kopie goed.", approve: "De kopie is goedgekeurd.", cancel: "Het maken is gestopt.",
  withdraw: "De kopie is ingetrokken.", leaves: "Vastgelegd: de kopie gaat het huis uit.", stays: "Vastgelegd: de kopie blijft in de kamer.",
};
const NOT_KEPT = "Uw laatste wijziging is nog niet bewaard. Daarom is er geen kopie gevraagd.";
const GOOD = "Ik zag en hoorde alles: de kopie is goed";
const APPROVED = "De kopie is goedgekeurd. Verandert u nog iets, dan geldt dat niet meer.";
const FIRST = "Doe eerst alles hierboven. Daarna kunt u de kopie goedkeuren.";
const ANOTHER = "Een ander moet deze kopie ook nog helemaal bekijken, en keurt haar dan goed.";

/** @typedef {import("../spans.js").Piece} Piece */
/** @typedef {import("./conditions.js").Condition} Condition */
/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./places.js").Places} Places */
/** @typedef {import("./review.js").Review} Review */
/** @typedef {import("./saving.js").Saving} Saving */
/** @typedef {import("./standing.js").Openable} Openable */
/** @typedef {import("./standing.js").Standing} Standing */
/** @typedef {import("./standing.js").Step} Step */

/** What a copy shows of a draft: where somebody looked changes no picture. @param {Draft} draft */
const shownOf = ({ mode, changes, audible }) => JSON.stringify([mode, changes, audible]);

export class Approval {
  /**
   * @param {Review} review
   * @param {object} how
   * @param {Saving} how.saving
   * @param {Places} how.places
   * @param {string} how.address of the film's copy
   * @param {Standing} how.standing
   * @param {(copy: Openable) => Promise<string>} how.open hands the key of a copy on, and gives the path under which it plays
   */
  constructor(review, { saving, places, address, standing, open }) {
    this.review = review;
    this.saving = saving;
    this.places = places;
    this.address = address;
    this.standing = standing;
    this.open = open;
    /** @type {Looking | null} */
    this.looking = null;
    /** @type {{ copy: Copy, shown: string } | null} */
    this.made = null; // the newest copy that was opened, and what it shows
    this.opening = ""; // the copy that is being opened
    this.isBusy = false; // with what a person asked
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.listen();
    this.heard(standing);
  }

  listen() {
    const { signal } = this.review;
    signal.addEventListener("abort", () => { clearTimeout(this.timer); this.looking?.end(); });
    window.addEventListener("pagehide", () => this.looking?.leave(), { signal });
    $("#use-stays").addEventListener("change", () => this.act("stays"), { signal });
    $("#use-leaves").addEventListener("change", () => this.act("leaves"), { signal });
    this.review.onChange((changed) => {
      if (changed === "draft") this.fit();
      if (changed === "copy") this.watch();
      if (changed === "draft" || changed === "copy") this.draw();
    });
  }

  /** @param {Standing} standing */
  heard(standing) {
    const wasMade = this.standing.state === "rendering" && standing.state !== "rendering";
    this.standing = standing;
    if (this.looking) this.looking.missing = null; // this is newer
    say($("#approval-said"), standing.no_part || this.news(standing));
    if (wasMade) this.saving.again();
    if (standing.state === "rendering") this.later();
    this.takeCopy();
    this.showSeen();
    this.draw();
  }

  /** What the server says, without the state itself where the list above it shows that. @param {Standing} standing */
  news({ state, said }) {
    return ["rendering", "failed", "withdrawn"].includes(state) ? said : said.replace(/^[^.]*\.\s*/, "");
  }

  async look() {
    clearTimeout(this.timer);
    try {
      this.heard(await look(this.address));
    } catch (error) {
      say($("#approval-said"), sentenceOf(error));
      if (!(error instanceof ServerRefused)) this.later(); // the line or the server is away: that passes
    }
  }

  later() {
    clearTimeout(this.timer);
    if (!this.review.signal.aborted) this.timer = setTimeout(() => this.look(), EVERY);
  }

  /** What was changed is kept now: what the server misses may be another. */
  async saved() {
    this.fit();
    this.draw();
    if (this.saving.state === "saved" && !this.isBusy) await this.look();
  }

  // -- the copy --

  /** There may be another copy now. */
  async takeCopy() {
    const { film, clip, signal } = this.review;
    const { rendering, changed_in: changedIn } = this.standing;
    if (!rendering || rendering.version !== changedIn || rendering.source === this.opening) return;
    this.opening = rendering.source;
    try {
      const path = await this.open(await fetchCopy(this.address));
      if (signal.aborted) return;
      const copy = new Copy(film, film.clips.indexOf(clip), { path, version: rendering.version });
      this.made = { copy, shown: shownOf(readDraft(this.saving.had)) };
      this.fit();
    } catch (error) {
      this.opening = "";
      say($("#approval-said"), `De kopie gaat niet open. ${sentenceOf(error)}`);
    }
  }

  /** A copy of another draft than the one on the screen is no copy of it. */
  fit() {
    const { made, review } = this;
    const fits = made !== null && made.copy.version === this.saving.changedIn && made.shown === shownOf(review.draft);
    const copy = fits ? made.copy : null;
    if (copy !== review.copy) review.setCopy(copy);
  }

  /** Another copy, or none: what is played of it is told from here on. */
  watch() {
    const { copy } = this.review;
    if (this.looking?.copy === copy) return;
    this.looking?.end();
    this.looking = copy && this.standing.played ? new Looking(this.standing.played, copy, (why) => this.told(why)) : null;
    this.showSeen();
  }

  /** @param {string} why what was played was not told; empty when it was */
  told(why) {
    if (why) say($("#approval-said"), why);
    this.showSeen();
    this.draw();
    if (!why && this.missing.length === 0 && !this.can("check") && !this.can("approve")) this.look();
  }

  showSeen() {
    const seen = this.looking ? this.seen : [];
    if (JSON.stringify(seen) !== JSON.stringify(this.review.played)) this.review.setPlayed(seen);
  }

  /** @returns {Piece[]} what this person saw of the copy, also before this page was opened */
  get seen() {
    return [...(this.standing.looked?.played ?? []), ...(this.looking?.played ?? [])];
  }

  /** @returns {Piece[]} */
  get listened() {
    return [...(this.standing.looked?.heard ?? []), ...(this.looking?.heard ?? [])];
  }

  /** @returns {import("./conditions.js").Facts} */
  facts() {
    const { draft, analysis, copy } = this.review;
    const made = copy === null ? "none" : "made";
    const unseen = copy ? gaps([[0, analysis.durationMs]], this.seen, GRAIN) : [];
    const unheard = copy ? gaps(draft.audible, this.listened, GRAIN) : [];
    const left = this.places.left.length;
    const isKnown = unseen.length + unheard.length + left > 0;
    return {
      freed: draft.changes.some(({ free, removed }) => free && !removed), inverted: draft.mode === "inverted", left,
      isSaved: !this.saving.isOwed, copy: this.standing.state === "rendering" ? "busy" : made, unseen, unheard,
      sounds: draft.audible.length > 0, more: copy && !isKnown ? this.missing : [],
    };
  }

  /** Is a copy of what is on the screen on its way into this page? */
  get isComing() {
    const { rendering, changed_in: changedIn } = this.standing;
    const isNew = rendering?.source === this.opening && this.made?.copy.version !== rendering.version;
    return isNew && changedIn === this.saving.changedIn;
  }

  get missing() {
    return this.looking?.missing ?? this.standing.missing ?? [];
  }

  /** @param {Step} step */
  can(step) {
    return this.standing.steps?.includes(step) ?? false;
  }

  // -- on the screen --

  draw() {
    const all = conditions(this.facts());
    const { standing } = this;
    const isOver = standing.state === "approved";
    redrawn($("#conditions"), isOver ? [] : all.map((one) => this.line(one)), $("#approval"));
    redrawn($("#approval-actions"), this.buttons(all), $("#approval"));
    const lacks = all.filter(({ done }) => !done).length;
    say($("#approval-count"), isOver ? "Klaar" : lacks === 0 ? "Alles is gedaan" : `Nog ${lacks}`);
    this.drawUse();
    [["#approval-page", standing.page], ["#approval-log", standing.log]].forEach(([name, address]) => {
      const link = $(String(name), HTMLAnchorElement);
      if (address) link.href = address;
      show(link, Boolean(address));
    });
  }

  /** @param {Condition} condition */
  line({ done, text, jump: where, words = "", about }) {
    const line = element("li", { class: done ? "done" : "todo" }, [
      element("span", { class: "screen-reader-only", text: done ? "Gedaan: " : "Nog te doen: " }), element("span", { text }),
    ]);
    if (!where) return line;
    const go = jump(words, () => this.go(where), about);
    go.dataset.key = where;
    line.append(go);
    return line;
  }

  /** @param {import("./conditions.js").Jump} where */
  go(where) {
    if (where === "people") $("#people-title").focus();
    else if (where === "place") this.places.go(1);
    else this.play(where);
  }

  /**
   * Play the copy from the first place that was not seen, or not heard.
   * @param {"see" | "hear"} what
   */
  play(what) {
    const { review } = this;
    const { unseen, unheard } = this.facts();
    const [first] = what === "see" ? unseen : unheard;
    review.playCopy(true);
    if (what === "hear") {
      const { video } = review.film;
      if (video.muted) review.player.choice.mute();
      if (video.volume === 0) review.player.choice.setVolume(1);
    }
    if (first) review.goTo(first[0]);
    review.player.playback.play();
  }

  /**
   * @param {Condition[]} all
   * @returns {HTMLElement[]}
   */
  buttons(all) {
    const { standing, review } = this;
    const isMade = review.copy !== null;
    /** @type {HTMLElement[]} */
    const made = [];
    if (standing.state === "rendering") made.push(this.button("Stoppen", "cancel", () => this.act("cancel")));
    else if (standing.state === "approved") made.push(element("p", { text: APPROVED }));
    else if (!isMade && !this.isComing) made.push(this.askButton());
    if (isMade && standing.state === "rendered") {
      const ready = all.every(({ done }) => done) && this.can("check");
      made.push(this.button(GOOD, "check", () => this.act("check"), { isOff: !ready, kind: "primary-action" }));
      if (!ready) made.push(element("p", { class: "note", text: "Dat kan zodra alles hierboven is gedaan." }));
    }
    if (isMade && standing.state === "checked") made.push(...this.approving(all));
    return made;
  }

  askButton() {
    const { freed, inverted } = this.facts();
    const isOff = this.isBusy || (!freed && inverted);
    return this.button("Maak de kopie", "ask", () => this.ask(), { isOff, kind: "primary-action" });
  }

  /**
   * @param {Condition[]} all
   * @returns {HTMLElement[]}
   */
  approving(all) {
    const { checked_by: by, second } = this.standing;
    /** @type {HTMLElement[]} */
    const told = by ? [element("p", { text: `${by} noemde de kopie goed.` })] : [];
    if (this.can("approve")) told.push(this.button("Kopie goedkeuren", "approve", () => this.act("approve"), { kind: "primary-action" }));
    else if (second) told.push(element("p", { text: all.every(({ done }) => done) ? ANOTHER : FIRST }));
    return told;
  }

  /**
   * @param {string} text
   * @param {string} key
   * @param {() => unknown} act
   * @param {{ isOff?: boolean, kind?: "primary-action" | "secondary-action" }} how
   */
  button(text, key, act, { isOff = false, kind = "secondary-action" } = {}) {
    const made = button(text, act, { kind });
    made.disabled = isOff || this.isBusy;
    made.dataset.key = key;
    return made;
  }

  drawUse() {
    const { leaves = false } = this.standing;
    show($("#use"), this.can("leaves") || this.can("stays"));
    [$("#use-stays", HTMLInputElement).checked, $("#use-leaves", HTMLInputElement).checked] = [!leaves, leaves];
  }

  // -- what a person asks --

  ask() {
    const { address, saving, review } = this;
    return this.once(async () => {
      if (!await saving.flush()) throw new Error(NOT_KEPT);
      this.heard(await askCopy(address, saving.version, review.clip, review.film.opening.recording_id));
    });
  }

  /** @param {Step} step */
  act(step) {
    return this.once(async () => {
      await this.looking?.report();
      this.heard(await take(this.address, step));
      say($("#approval-said"), DONE[step]);
    });
  }

  /** @param {() => Promise<unknown>} what */
  async once(what) {
    this.isBusy = true;
    this.draw();
    try {
      await what();
    } catch (error) {
      say($("#approval-said"), sentenceOf(error));
    }
    this.isBusy = false;
    this.draw();
  }
}
