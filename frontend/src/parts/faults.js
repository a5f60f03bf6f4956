// What goes wrong with film that plays: a lost connection, a seal that is not right, a format that the browser does not know.
import { $, say } from "./page.js";
import { reportedTo } from "./roles.js";

const AGAIN = 2; // times that a film is asked for once more at the same place
const WORD = 400; // milliseconds within which the service worker says why it gave nothing
const SEAL = "Een stuk van de film is niet echt of beschadigd: het zegel klopt niet.";

/** @typedef {import("./film.js").Film} Film */

export class Faults {
  /**
   * @param {import("./playback.js").Playback} playback
   * @param {import("./ending.js").Ending} ending
   * @param {(film: Film, path: string) => void} tellBroken tells the server that a seal is not right
   */
  constructor(playback, ending, tellBroken) {
    this.playback = playback;
    this.films = playback.films;
    this.ending = ending;
    this.tellBroken = tellBroken;
    /** @type {Map<string, string>} */
    this.kinds = new Map(); // path -> why the service worker stopped giving it
    this.lost = false; // is the connection away?
    this.films.forEach((film) => {
      film.video.addEventListener("error", () => this.broken(film));
      film.video.addEventListener("loadedmetadata", () => {
        if (film.video.videoWidth === 0) this.unplayable(film);
      });
    });
  }

  lose() {
    this.lost = true;
    if (!this.ending.done) say($("#film-problem"), "De verbinding is weg. Er wordt opnieuw geprobeerd.");
  }

  found() {
    if (!this.lost || this.ending.done) return;
    this.lost = false;
    say($("#film-problem"), "");
    this.films.filter((film) => film.video.error).forEach((film) => this.again(film));
    if (this.playback.wants) this.playback.play();
  }

  /**
   * Ask once more for the film where it stopped; at one place not for ever.
   * @param {Film} film
   */
  again(film) {
    const { at } = film;
    film.retries = Math.abs(at - film.retriedAt) < 1 ? film.retries + 1 : 1;
    film.retriedAt = at;
    if (film.retries > AGAIN) this.unplayable(film);
    else film.again();
  }

  /**
   * The service worker says why it stopped giving a film.
   * @param {string} path
   * @param {string} kind "seal", "refused" or "line"
   */
  failed(path, kind) {
    this.kinds.set(path, kind);
    const film = this.films.find((one) => one.clips.some((clip) => clip.path === path));
    if (kind !== "seal" || !film || this.ending.done) return;
    this.tellBroken(film, path);
    this.ending.over(`${SEAL} ${reportedTo()}`);
  }

  /** @param {Film} film of which the browser says that it cannot go on */
  async broken(film) {
    const { error } = film.video;
    if (!error || this.ending.done || !film.video.getAttribute("src")) return;
    this.playback.held = null;
    const { path } = film;
    await new Promise((resolve) => { setTimeout(resolve, WORD); });
    if (this.ending.done || film.video.error !== error) return;
    const kind = this.kinds.get(path);
    this.kinds.delete(path);
    if (kind === undefined && error.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED && !film.shown) this.unplayable(film);
    else if (kind === undefined && error.code === MediaError.MEDIA_ERR_DECODE) this.again(film);
    else this.lose();
  }

  /**
   * This browser does not know how the film is made.
   * @param {Film} film
   */
  unplayable(film) {
    document.dispatchEvent(new CustomEvent("unplayable", { detail: film }));
  }
}
