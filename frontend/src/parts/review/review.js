// The one state of the review screen: which film, what was found in it, what a person made of it, and where somebody looks now.
// Overlay, rail and panels listen to it; they never talk to each other. Nothing of the page is in it.
import { doubts } from "./doubts.js";
import { Plan } from "./plan.js";

/** @typedef {import("./analysis.js").Analysis} Analysis */
/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./history.js").History} History */
/** @typedef {import("./doubts.js").Doubt} Doubt */
/** @typedef {import("../film.js").Film} Film */
/** @typedef {import("../player.js").Player} Player */
/** @typedef {import("../told.js").PlayableClip} PlayableClip */

/** @typedef {import("./copy.js").Copy} Copy */
/** @typedef {import("./analysis.js").Stretch} Stretch */

/**
 * What became another: the draft (and with it plan and doubts), the picture on the screen, the chosen track, how it is shown,
 * which copy there is and whether it plays, or what was played of it.
 * @typedef {"draft" | "frame" | "selected" | "look" | "copy" | "played"} Changed
 */

/**
 * How the draft lies over the film: "copy" as the copy will be, "outlines" with a line around everybody.
 * @typedef {"copy" | "outlines"} Look
 */

const INSIDE = 0.002; // seconds from where the last picture begins, so that it is on the screen

export class Review {
  /**
   * @param {object} about
   * @param {Film} about.film
   * @param {Player} about.player
   * @param {PlayableClip} about.clip the original, one of the film's
   * @param {Analysis} about.analysis
   * @param {History} about.history with the draft as it was opened
   */
  constructor({ film, player, clip, analysis, history }) {
    this.film = film;
    this.player = player;
    this.clip = clip;
    this.begin = film.begin(film.clips.indexOf(clip)); // seconds of the film before this clip
    this.analysis = analysis;
    this.history = history;
    this.frame = 0; // the picture on the screen, counted from 0
    /** @type {number | null} */
    this.selected = null; // the number of a track, or of a box that was drawn
    /** @type {Look} */
    this.look = "outlines";
    /** @type {Copy | null} */
    this.copy = null; // made of the newest draft
    /** @type {Stretch[]} */
    this.played = []; // milliseconds of that copy
    this.ending = new AbortController(); // ends what listens to elements of the page for this review
    /** @type {Set<(changed: Changed) => void>} */
    this.listeners = new Set();
    this.plan = new Plan(analysis, history.draft);
    this.doubts = doubts(analysis, history.draft);
  }

  /** @returns {Draft} */
  get draft() {
    return this.history.draft;
  }

  /** Does the copy play, and not the original under the draft? */
  get plays() {
    return this.copy?.plays ?? false;
  }

  /**
   * Hear of every change, until the function that comes back is called.
   * @param {(changed: Changed) => void} listener
   */
  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** For listeners to elements of the page: they end with the review, when another film is reviewed. */
  get signal() {
    return this.ending.signal;
  }

  /** Another film is reviewed from here on. */
  close() {
    this.copy?.stop();
    this.listeners.clear();
    this.ending.abort();
  }

  /** @param {Changed} changed */
  tell(changed) {
    [...this.listeners].forEach((listener) => listener(changed));
  }

  // -- the draft --

  /**
   * Something was changed of the draft.
   * @param {Draft} draft the new one
   * @param {string} words what was changed, for who wants to undo it
   */
  change(draft, words) {
    this.history.change(draft, words);
    this.renew();
  }

  undo() {
    this.history.undo();
    this.renew();
  }

  redo() {
    this.history.redo();
    this.renew();
  }

  /**
   * Another history, as when somebody loads what another saved.
   * @param {History} history
   */
  replace(history) {
    this.history = history;
    this.renew();
  }

  renew() {
    this.plan = new Plan(this.analysis, this.draft);
    this.doubts = doubts(this.analysis, this.draft);
    this.tell("draft");
  }

  // -- the copy --

  /** @param {Copy | null} copy of the newest draft */
  setCopy(copy) {
    if (this.copy !== copy) this.copy?.stop();
    this.copy = copy;
    this.tell("copy");
  }

  /**
   * Play the copy, or the original with the draft over it.
   * @param {boolean} on
   */
  playCopy(on) {
    if (on) this.copy?.play();
    else this.copy?.stop();
    this.tell("copy");
  }

  /** @param {Stretch[]} played */
  setPlayed(played) {
    this.played = played;
    this.tell("played");
  }

  // -- where somebody looks --

  /** @param {number | null} track */
  select(track) {
    if (track === this.selected) return;
    this.selected = track;
    this.tell("selected");
  }

  /** @param {Look} look */
  setLook(look) {
    if (look === this.look) return;
    this.look = look;
    this.tell("look");
  }

  /**
   * Go to a picture and stand still there.
   * @param {number} frame
   */
  go(frame) {
    const { analysis, film, player } = this;
    const wanted = Math.max(0, Math.min(analysis.last, frame));
    const begins = analysis.secondsAt(wanted);
    const middle = wanted < analysis.last ? (begins + analysis.secondsAt(wanted + 1)) / 2 : begins + INSIDE;
    player.playback.pause();
    player.show(film, this.begin + middle);
    if (Math.abs(film.at - this.begin - middle) > INSIDE) film.seek(this.begin + middle); // the line itself ends a little earlier
    this.shown(wanted);
  }

  /**
   * @param {number} ms milliseconds of this clip
   */
  goTo(ms) {
    this.go(this.analysis.frameAt(ms / 1000));
  }

  /** @param {number} count of pictures, on or back */
  step(count) {
    this.go(this.frame + count);
  }

  /**
   * This picture is on the screen now.
   * @param {number} frame
   */
  shown(frame) {
    if (frame === this.frame) return;
    this.frame = frame;
    this.tell("frame");
  }
}
