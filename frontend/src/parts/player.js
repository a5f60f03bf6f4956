// The viewing screen: one or two recordings on one line of time. Each of its parts has one duty; here they come together.
import { $, say, within } from "./page.js";
import { Choice } from "./choice.js";
import { Controls } from "./controls.js";
import { Delivery } from "./delivery.js";
import { Display } from "./display.js";
import { Ending } from "./ending.js";
import { Faults } from "./faults.js";
import { Loop } from "./loop.js";
import { Markers } from "./markers.js";
import { Playback } from "./playback.js";
import { Timeline } from "./timeline.js";
import { Zoom } from "./zoom.js";

/** @typedef {import("./film.js").Film} Film */

export class Player {
  /**
   * @param {Film[]} films
   * @param {object} how
   * @param {number} how.aloneSeconds that nobody may be heard before it shuts
   * @param {() => void} how.release forgets the keys
   * @param {(film: Film, path: string) => void} how.broken tells the server that a seal is not right
   */
  constructor(films, { aloneSeconds, release, broken }) {
    this.films = films;
    this.loop = new Loop();
    this.timeline = new Timeline(films);
    this.choice = new Choice(films);
    this.playback = new Playback(this.timeline, this.choice, this.loop);
    const on = { refused: () => this.ending.refused(), lost: () => this.faults.lose(), found: () => this.faults.found() };
    this.delivery = new Delivery(films, { aloneSeconds, on });
    this.ending = new Ending(this.playback, this.delivery, { aloneSeconds, release });
    this.faults = new Faults(this.playback, this.ending, broken);
    this.zoom = new Zoom(films.map((film) => within(film.element, ".frame")));
    this.markers = new Markers(films, {
      place: (film, seconds) => this.timeline.place(film, seconds),
      go: (film, seconds) => this.show(film, seconds),
      current: () => this.playback.leader,
    });
    this.display = new Display(this.playback, this.markers);
    this.controls = new Controls(this);
  }

  /** The first pictures, and from here on somebody watches. */
  start() {
    this.playback.changed = () => this.display.draw();
    this.markers.drawn = () => this.display.drawTicks();
    this.films.forEach((film) => film.video.addEventListener("loadedmetadata", () => this.known()));
    this.films.forEach((film) => film.choose(0)); // also one that begins later is ready by then
    this.playback.go(0);
    this.display.drawTicks();
    this.delivery.start();
    $("#screen").scrollIntoView();
    $("#play").focus({ preventScroll: true });
  }

  /** The length of a film is known: places on the line change with it. */
  known() {
    this.display.draw();
    this.display.drawTicks();
  }

  /**
   * Go to a second of one film, and listen to it.
   * @param {Film} film
   * @param {number} seconds
   */
  show(film, seconds) {
    this.choice.choose(film);
    this.playback.go(this.timeline.place(film, seconds));
  }

  /** @param {"from" | "to"} side */
  setLoop(side) {
    this.loop.set(side, this.playback.position);
    this.display.drawLoop();
  }

  endLoop() {
    this.loop.clear();
    this.display.drawLoop();
  }

  large() {
    if (document.fullscreenElement) document.exitFullscreen();
    else $("#screen").requestFullscreen().catch(() => say($("#said"), "Groot beeld kan hier niet."));
  }
}
