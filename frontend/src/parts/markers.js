// Places to find again. The list is what everybody can use; the marks on the line are decoration.
import { $, post, say } from "./page.js";
import { clockTime } from "./times.js";

export class Markers {
  /** `place` says where a film and a second of it lie on the line, `go` goes there, `current` is the film that is looked at. */
  constructor(films, { place, go, current }) {
    Object.assign(this, { films, place, go, current });
    this.all = films.flatMap((film) => film.opening.markers.map((one) => ({ ...one, film })));
    $("#mark").addEventListener("submit", (event) => {
      event.preventDefault();
      this.add();
    });
    this.draw();
  }

  seconds(one) {
    return one.film.begin(one.film.clips.findIndex((clip) => clip.object === one.clip)) + one.at_ms / 1000;
  }

  async add() {
    const film = this.current();
    const clip = film.clips[Math.max(0, film.index)].object;
    try {
      const wanted = { clip, at_ms: Math.round(film.video.currentTime * 1000), note: $("#note").value };
      this.all.push({ ...(await post(film.opening.mark, wanted)), film });
      $("#note").value = "";
      say($("#said"), "Het moment is gemarkeerd.");
      this.draw();
    } catch (error) {
      say($("#film-problem"), error.message);
    }
  }

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

  line(one) {
    const item = document.createElement("li");
    const go = this.button(`${clockTime(this.seconds(one))} ${one.note || "zonder notitie"}`, "utrecht-link-button utrecht-link-button--html-button");
    go.addEventListener("click", () => this.go(one.film, this.seconds(one)));
    const away = this.button("Weghalen", "utrecht-button utrecht-button--secondary-action");
    away.setAttribute("aria-label", `Markering op ${clockTime(this.seconds(one))} weghalen`);
    away.addEventListener("click", () => this.remove(one).catch((error) => say($("#film-problem"), error.message)));
    item.append(go, away);
    if (this.films.length > 1) go.append(` (${one.film.opening.recording})`);
    return item;
  }

  button(text, kind) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = kind;
    made.textContent = text;
    return made;
  }
}
