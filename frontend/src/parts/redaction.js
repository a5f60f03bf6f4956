// Footage that is open to make others unrecognisable: have it searched, and have the copy made. The key goes sealed to one worker.
import { $, ServerRefused, copyOf, get, post, say, sentenceOf, show, within } from "./page.js";
import { sealFor, toBase64 } from "./keys.js";
import { lent } from "./copies.js";
import { nameOf } from "./roles.js";

const EVERY = 5000; // milliseconds
const NOBODY = "Er is nu geen werker die dit kan doen. Probeer het over een minuut opnieuw, of vraag de";
const BUSY = ["asked", "rendering"];
/** @typedef {import("./film.js").Film} Film */
/** @typedef {import("./told.js").PlayableClip} PlayableClip */

/**
 * How far the copy of one film is, as the server tells it: `asks` is the button's words, `version` of what a copy is asked.
 * @typedef {object} Standing
 * @property {string} state
 * @property {string} said
 * @property {string} asks
 * @property {number | null} version
 * @property {string} worker
 * @property {string} no_part
 * @property {string} [page]
 */

/** One film of an opening, with its line on the screen. */
class Offer {
  /**
   * @param {Film} film
   * @param {PlayableClip} clip
   */
  constructor(film, clip) {
    this.clip = clip;
    this.recording = film.opening.recording_id;
    this.address = `/inzien/${film.opening.id}/onherkenbaar/${clip.object}/`;
    this.line = copyOf($("#redaction-line", HTMLTemplateElement));
    this.button = within(this.line, "button", HTMLButtonElement);
    this.button.addEventListener("click", () => this.ask());
    within(this.line, "h3").textContent = `Opname ${film.opening.recording}`;
    $("#redaction-films").append(this.line);
  }

  /** @param {Standing} standing */
  tell(standing) {
    say(within(this.line, "[role=status]", HTMLElement), standing.no_part || standing.said);
    this.button.textContent = standing.asks;
    show(this.button, standing.asks !== "" && standing.no_part === "");
    const link = within(this.line, "a", HTMLAnchorElement);
    if (standing.page) link.href = standing.page;
    show(link, standing.page !== undefined);
    if (BUSY.includes(standing.state)) this.lookLater();
  }

  lookLater() {
    setTimeout(() => this.look(), EVERY);
  }

  async look() {
    try {
      this.tell(await get(this.address));
    } catch (error) {
      say(within(this.line, "[role=status]", HTMLElement), sentenceOf(error));
      if (!(error instanceof ServerRefused)) this.lookLater(); // the line or the server is away: that passes
    }
  }

  async ask() {
    this.button.disabled = true;
    try {
      /** @type {Standing} */
      const { worker, version } = await get(this.address);
      if (!worker) throw new Error(`${NOBODY} ${nameOf("administrator")}.`);
      const sealed = await sealFor([worker], lent(this.clip, this.recording));
      this.tell(await post(this.address, { worker, version, sealed: toBase64(sealed) }));
    } catch (error) {
      say(within(this.line, "[role=status]", HTMLElement), sentenceOf(error));
    }
    this.button.disabled = false;
  }
}

/**
 * A line for each film that is open, with what can be asked now.
 * @param {Film[]} films
 */
export function offerRedaction(films) {
  for (const film of films) for (const clip of film.clips) new Offer(film, clip).look();
  show($("#redaction"));
}
