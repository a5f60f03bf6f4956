// The review screen of films that are open to make others unrecognisable: it opens what was found in one of them, what was made of
// that, and the copy when there is one, and puts the parts of the screen together. One film is reviewed at a time.
import { $, get, say, sentenceOf, show } from "../page.js";
import { Bar } from "./bar.js";
import { readDraft } from "./codec.js";
import { EMPTY } from "./draft.js";
import { Drawing } from "./drawing.js";
import { openAnalysis } from "./found.js";
import { History } from "./history.js";
import { Overlay } from "./overlay.js";
import { openPanels } from "./panels.js";
import { Rail } from "./rail.js";
import { Review } from "./review.js";
import { Shortcuts } from "./shortcuts.js";

/** @typedef {import("../redaction.js").Offer} Offer */
/** @typedef {import("./standing.js").Openable} Openable */
/** @typedef {import("./standing.js").Standing} Standing */
/** @typedef {import("./saving.js").Kept} Kept */
/** @typedef {(offer: Offer, made: Openable) => Promise<string>} OpenCopy gives the address where the copy plays */

export class Desk {
  /**
   * @param {import("../player.js").Player} player
   * @param {OpenCopy} openCopy
   */
  constructor(player, openCopy) {
    this.player = player;
    this.openCopy = openCopy;
    /** @type {Map<Offer, Standing>} */
    this.offers = new Map(); // of films in which was searched
    /** @type {Offer | null} */
    this.offer = null; // whose film is reviewed
    /** @type {Review | null} */
    this.review = null;
    /** @type {ReturnType<typeof openPanels> | null} */
    this.panels = null;
    $("#review-clip").addEventListener("change", () => this.choose());
  }

  /**
   * There is something to review in one film.
   * @param {Offer} offer
   * @param {Standing} standing
   */
  async found(offer, standing) {
    this.offers.set(offer, standing);
    if (this.offer === null) await this.open(offer);
    this.list();
  }

  /** The films to choose from; one needs no choice. */
  list() {
    const all = [...this.offers.keys()];
    $("#review-clip").replaceChildren(...all.map((offer) => {
      const option = document.createElement("option");
      option.textContent = offer.name;
      option.selected = offer === this.offer;
      return option;
    }));
    show($("#review-which"), all.length > 1);
  }

  async choose() {
    const offer = [...this.offers.keys()][$("#review-clip", HTMLSelectElement).selectedIndex];
    if (!this.panels || await this.panels.flush()) await this.open(offer); // what is not kept would be lost
    this.list();
  }

  /** @param {Offer} offer */
  async open(offer) {
    this.offer = offer;
    const standing = this.offers.get(offer);
    if (!standing?.analysis || !standing.draft) return;
    say($("#review-problem"), "");
    try {
      const analysis = await openAnalysis(offer.film.opening, offer.clip, standing.analysis);
      /** @type {Kept} */
      const kept = await get(standing.draft);
      const history = new History(kept.draft ? readDraft(kept.draft) : EMPTY);
      const { film, clip } = offer;
      this.build(new Review({ film, clip, player: this.player, analysis, history }), offer, kept, await get(offer.address));
    } catch (error) {
      this.offer = null;
      say($("#review-problem"), `Wat in deze film is gevonden, gaat niet open. ${sentenceOf(error)}`);
    }
  }

  /**
   * @param {Review} review
   * @param {Offer} offer
   * @param {Kept} kept
   * @param {Standing} standing
   */
  build(review, offer, kept, standing) {
    this.review?.close();
    this.review = review;
    this.overlay = new Overlay(review);
    const drawing = new Drawing(review, this.overlay);
    new Bar(review, drawing);
    new Rail(review);
    new Shortcuts(review, drawing);
    const open = (/** @type {Openable} */ made) => this.openCopy(offer, made);
    this.panels = openPanels(review, { address: offer.address, kept, standing, open });
    $("#stage").classList.add("reviews");
    ["#review-head", "#review-tools", "#rail-whole", "#panels"].forEach((name) => show($(name)));
    if (offer.film.clips[offer.film.index] !== offer.clip) review.go(0);
  }
}
