// Which of the films is listened to and marked, and how loud.
import { $, within } from "./page.js";

/** @typedef {import("./film.js").Film} Film */

export class Choice {
  /** @param {Film[]} films */
  constructor(films) {
    this.films = films;
    this.film = films[0];
    films.forEach((film) => {
      film.video.volume = 1;
      film.element.addEventListener("pointerdown", () => this.choose(film));
      within(film.element, ".choose").addEventListener("click", () => this.choose(film));
    });
    this.choose(this.film);
  }

  /** @param {Film} film */
  choose(film) {
    this.film = film;
    this.films.forEach((one) => {
      one.element.classList.toggle("chosen", one === film);
      within(one.element, ".choose").setAttribute("aria-pressed", String(one === film));
      one.video.muted = one !== film || this.isMuted;
    });
  }

  get isMuted() {
    return $("#mute").getAttribute("aria-pressed") === "true";
  }

  mute() {
    $("#mute").setAttribute("aria-pressed", String(!this.isMuted));
    this.choose(this.film);
  }

  /** @param {number} volume from 0 to 1 */
  setVolume(volume) {
    this.films.forEach((film) => { film.video.volume = volume; });
  }
}
