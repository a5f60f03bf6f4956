// What the viewing screen writes and draws beside the pictures: the place, the loop, the marks on the line.
import { $ } from "./page.js";
import { clockTime, timeOfDay } from "./times.js";

export class Display {
  /**
   * @param {import("./playback.js").Playback} playback
   * @param {import("./markers.js").Markers} markers
   */
  constructor(playback, markers) {
    this.playback = playback;
    this.timeline = playback.timeline;
    this.markers = markers;
  }

  draw() {
    const { position, wants } = this.playback;
    const { length, origin } = this.timeline;
    const line = $("#line", HTMLInputElement);
    line.max = String(Math.max(1, length).toFixed(2));
    if (document.activeElement !== line || wants) line.value = String(position);
    line.setAttribute("aria-valuetext", clockTime(position));
    $("#moment").textContent = `${clockTime(position)} van ${clockTime(length)}, ${timeOfDay(origin + position)}`;
    $("#exact").textContent = `${position.toFixed(2).replace(".", ",")} s`;
    $("#play").textContent = wants ? "Pauze" : "Afspelen";
  }

  drawLoop() {
    $("#looped").textContent = this.playback.loop.sentence;
  }

  drawTicks() {
    const { timeline, markers } = this;
    const marks = markers.all.map((one) => this.tick(timeline.place(one.film, markers.seconds(one)), "tick"));
    const activations = timeline.films.map((film) => (
      this.tick(timeline.place(film, film.opening.activation_ms / 1000), "tick activation")
    ));
    $("#ticks").replaceChildren(...activations, ...marks);
  }

  /**
   * @param {number} at seconds on the line
   * @param {string} kind
   */
  tick(at, kind) {
    const tick = document.createElement("span");
    tick.className = kind;
    tick.style.insetInlineStart = `${Math.min(100, (100 * at) / Math.max(1, this.timeline.length))}%`;
    return tick;
  }
}
