// The viewing screen without its sealing: the real player over films that the test's own server gives.
import { Film } from "../../frontend/src/parts/film.js";
import { frameOf } from "../../frontend/src/parts/frame.js";
import { Player } from "../../frontend/src/parts/player.js";
import { show } from "../../frontend/src/parts/page.js";

const told = await (await fetch("/told.json")).json();
const films = told.openings.map((opening) => new Film(opening, opening.clips, frameOf(opening)));
for (const film of films) await film.learn();
show(document.querySelector("#watch"));
document.querySelector("#films").classList.toggle("two", films.length > 1);
window.broken = [];
window.released = 0;
window.unplayable = 0;
document.addEventListener("unplayable", () => { window.unplayable += 1; });
window.player = new Player(films, {
  aloneSeconds: told.alone_seconds,
  release: () => { window.released += 1; },
  broken: (film, path) => window.broken.push(path),
});
window.player.start();
