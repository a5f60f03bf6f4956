// Footage that is open to make others unrecognisable: have it searched, the key going sealed to one worker. What comes of it is reviewed.
import { $, ServerRefused, copyOf, get, post, say, sentenceOf, show, within } from "./page.js";
import { sealFor, toBase64 } from "./keys.js";
import { lent } from "./copies.js";
import { nameOf } from "./roles.js";

const EVERY = 5000; // milliseconds
const NOBODY = "Er is nu geen werker die dit kan doen. Probeer het over een minuut opnieuw, of vraag de";
const BUSY = "asked";
const AGAIN = ["asked", "failed", "withdrawn"]; // what was found before counts no more
/** @typedef {import("./film.js").Film} Film */
/** @typedef {import("./told.js").PlayableClip} PlayableClip */

/** @typedef {import("./review/standing.js").Standing} Standing */

/** One film of an opening, with its line on the screen. */
export class Offer {
  /**
   * @param {Film} film
   * @param {PlayableClip} clip
   * @param {(offer: Offer, standing: Standing) => void} found hears that there is something to review
   */
  constructor(film, clip, found) {
    this.film = film;
    this.clip = clip;
    this.found = found;
    const part = film.clips.length > 1 ? `, deel ${film.clips.indexOf(clip) + 1}` : "";
    this.name = `Opname ${film.opening.recording}${part}`;
    this.recording = film.opening.recording_id;
    this.address = `/inzien/${film.opening.id}/onherkenbaar/${clip.object}/`;
    this.line = copyOf($("#redaction-line", HTMLTemplateElement));
    this.button = within(this.line, "button", HTMLButtonElement);
    this.button.addEventListener("click", () => this.ask());
    within(this.line, "h3").textContent = this.name;
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
    if (standing.analysis && !AGAIN.includes(standing.state)) this.reviewed(standing);
    else if (standing.state === BUSY) this.lookLater();
  }

  /**
   * There is something to review: the review screen tells the rest.
   * @param {Standing} standing
   */
  reviewed(standing) {
    show(this.line, false);
    show($("#redaction"), [...$("#redaction-films").children].some((line) => line instanceof HTMLElement && !line.hidden));
    this.found(this, standing);
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
 * @param {(offer: Offer, standing: Standing) => void} found
 */
export function offerRedaction(films, found) {
  show($("#redaction"));
  for (const film of films) for (const clip of film.clips) new Offer(film, clip, found).look();
}
