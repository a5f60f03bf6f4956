// What stands around the picture: which mode, what one sees, undo and redo, and what can be done with the track that is chosen.
import { $, say, show } from "../page.js";
import { chooseNext, endHere, freeOrCover, middleOf, splitHere, toStart, told } from "./acts.js";
import { isFree, ownerOf, setMode } from "./draft.js";

const MOVING = "Pijltjes: verplaatsen. Shift en pijltjes: groter of kleiner. Enter: bewaren. Esc: toch niet.";
const DRAWING = "Sleep in het beeld over wat afgedekt moet. Of druk op T: dan komt er een vak in het midden. Esc: toch niet.";
const ORIGINAL = "U ziet het origineel, zonder afdekking";
const COPY = "U ziet de kopie waarin anderen onherkenbaar zijn";
const NOBODY = "Niemand gekozen. Klik op een vak in het beeld, of druk op K.";

/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("./review.js").Review} Review */

export class Bar {
  /**
   * @param {Review} review
   * @param {Drawing} drawing
   */
  constructor(review, drawing) {
    this.review = review;
    this.drawing = drawing;
    const acts = { ...this.looking(), ...this.choosing(), ...this.changing() };
    for (const [name, act] of Object.entries(acts)) $(name).addEventListener("click", act, { signal: review.signal });
    drawing.changed = () => this.draw();
    review.onChange(() => this.draw());
    this.draw();
  }

  /** @returns {Record<string, () => void>} */
  looking() {
    const { review } = this;
    const look = (/** @type {import("./review.js").Look} */ one) => {
      review.playCopy(false);
      review.setLook(one);
    };
    return {
      "#look-outlines": () => look("outlines"), "#look-copy": () => look("copy"), "#look-made": () => review.playCopy(true),
      "#mode-inverted": () => this.mode("inverted"), "#mode-covered": () => this.mode("covered"),
      "#undo": () => review.undo(), "#redo": () => review.redo(),
    };
  }

  /** @returns {Record<string, () => void>} */
  choosing() {
    const { review } = this;
    return {
      "#next-one": () => chooseNext(review), "#start-on": () => toStart(review, 1), "#start-back": () => toStart(review, -1),
      "#draw": () => this.pressDraw(),
      "#adjust": () => (this.drawing.moving ? this.drawing.keep() : this.drawing.begin()),
    };
  }

  /** @returns {Record<string, () => void>} */
  changing() {
    const { review } = this;
    const chosen = (/** @type {(track: number) => void} */ act) => () => {
      if (review.selected !== null) act(review.selected);
    };
    return {
      "#free": chosen((track) => freeOrCover(review, track)),
      "#end-here": chosen((track) => endHere(review, track)),
      "#split-here": chosen((track) => splitHere(review, track)),
      "#middle": chosen((track) => review.go(middleOf(review, track) ?? review.frame)),
    };
  }

  /** Once: the next drag is a box. Twice: a box in the middle, for the arrows. */
  pressDraw() {
    this.review.playCopy(false);
    if (this.drawing.armed) this.drawing.drawByKey();
    else {
      this.drawing.keep();
      this.review.player.playback.pause();
      this.drawing.arm(true);
    }
  }

  /** @param {import("./draft.js").Mode} mode */
  mode(mode) {
    const { review } = this;
    if (review.draft.mode === mode) return;
    review.change(setMode(review.draft, mode), mode === "inverted" ? "alles dicht" : "alleen wie en wat is gevonden");
  }

  draw() {
    this.drawLook();
    this.drawChosen();
  }

  drawLook() {
    const { review } = this;
    const { mode } = review.draft;
    press("#mode-inverted", mode === "inverted");
    press("#mode-covered", mode === "covered");
    press("#look-outlines", !review.plays && review.look === "outlines");
    press("#look-copy", !review.plays && review.look === "copy");
    press("#look-made", review.plays);
    able("#look-made", review.copy !== null);
    put("#shows", review.plays ? COPY : ORIGINAL);
    const { words, undoneWords } = review.history;
    able("#undo", words !== "");
    able("#redo", undoneWords !== "");
    put("#last-change", words && `Laatste: ${words}.`);
  }

  drawChosen() {
    const { review, drawing } = this;
    const { selected } = review;
    const none = selected === null || review.plays;
    ["#free", "#adjust", "#end-here", "#split-here"].forEach((name) => able(name, !none));
    able("#middle", selected !== null && !none && middleOf(review, selected) !== null);
    able("#draw", !review.plays);
    press("#draw", drawing.armed);
    press("#adjust", drawing.moving);
    const isFreed = selected !== null && isFree(review.draft, ownerOf(review.draft, selected, review.frame));
    put("#free", isFreed ? "Dek af" : "Geef vrij");
    if (drawing.moving) put("#chosen", MOVING);
    else if (drawing.armed) put("#chosen", DRAWING);
    else put("#chosen", selected === null ? NOBODY : told(review, selected));
    show($("#review-tools"), !review.plays);
  }
}

/**
 * @param {string} name
 * @param {boolean} on
 */
function press(name, on) {
  $(name).setAttribute("aria-pressed", String(on));
}

/**
 * @param {string} name
 * @param {boolean} can
 */
function able(name, can) {
  $(name, HTMLButtonElement).disabled = !can;
}

/**
 * Said only when it is another: a screen reader says what is written anew.
 * @param {string} name
 * @param {string} text
 */
function put(name, text) {
  if ($(name).textContent !== text) say($(name), text);
}
