// Places to find again. The list is what everybody can use; the marks on the line are decoration.
import { $, post, say, sentenceOf } from "./page.js";
import { clockTime } from "./times.js";

/** @typedef {import("./film.js").Film} Film */
/** @typedef {import("./told.js").Marker} Marker */
/** @typedef {Marker & { film: Film }} PlacedMarker */

export class Markers {
  /**
   * @param {Film[]} films
   * @param {object} how
   * @param {(film: Film, seconds: number) => number} how.place says where a second of a film lies on the line
   * @param {(film: Film, seconds: number) => void} how.go goes there
   * @param {() => Film} how.current is the film that is looked at
   */
  constructor(films, { place, go, current }) {
    this.films = films;
    this.place = place;
    this.go = go;
    this.current = current;
    /** @type {(() => void) | undefined} */
    this.drawn = undefined; // somebody draws them on the line too
    /** @type {PlacedMarker[]} */
    this.all = films.flatMap((film) => film.opening.markers.map((one) => ({ ...one, film })));
    $("#mark").addEventListener("submit", (event) => {
      event.preventDefault();
      this.add();
    });
    this.draw();
  }

  /** @param {PlacedMarker} one */
  seconds(one) {
    return one.film.begin(one.film.clips.findIndex((clip) => clip.object === one.clip)) + one.at_ms / 1000;
  }

  async add() {
    const film = this.current();
    const clip = film.clips[Math.max(0, film.index)].object;
    const note = $("#note", HTMLInputElement);
    try {
      const wanted = { clip, at_ms: Math.round(film.video.currentTime * 1000), note: note.value };
      /** @type {Marker} */
      const marker = await post(film.opening.mark, wanted);
      this.all.push({ ...marker, film });
      note.value = "";
      say($("#said"), "Het moment is gemarkeerd.");
      this.draw();
    } catch (error) {
      say($("#film-problem"), sentenceOf(error));
    }
  }

  /** @param {PlacedMarker} one */
  async remove(one) {
    await post(`${one.film.opening.mark}${one.id}/weg/`, {});
    this.all = this.all.filter((other) => other !== one);
    say($("#said"), "De markering is weg.");
    this.draw();
    $("#note").focus();
  }

  draw() {
    this.all.sort((a, b) => this.place(a.film, this.seconds(a)) - this.place(b.film, this.seconds(b)));
    $("#markers").replaceChildren(...this.all.map((one) => this.line(one)));
    $("#no-markers").hidden = this.all.length > 0;
    this.drawn?.();
  }

  /** @param {PlacedMarker} one */
  line(one) {
    const item = document.createElement("li");
    const go = this.button(`${clockTime(this.seconds(one))} ${one.note || "zonder notitie"}`, "utrecht-link-button utrecht-link-button--html-button");
    go.addEventListener("click", () => this.go(one.film, this.seconds(one)));
    const away = this.button("Weghalen", "utrecht-button utrecht-button--secondary-action");
    away.setAttribute("aria-label", `Markering op ${clockTime(this.seconds(one))} weghalen`);
    away.addEventListener("click", () => this.remove(one).catch((error) => say($("#film-problem"), sentenceOf(error))));
    item.append(go, away);
    if (this.films.length > 1) go.append(` (${one.film.opening.recording})`);
    return item;
  }

  /**
   * @param {string} text
   * @param {string} kind its classes
   */
  button(text, kind) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = kind;
    made.textContent = text;
    return made;
  }
}
