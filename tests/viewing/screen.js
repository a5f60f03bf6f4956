// The viewing screen without its sealing: the real player over films that the test's own server gives, and a witness of its own
// of what the browser showed, so that a test holds the player's account against that and not against a clock.
import { Film } from "../../frontend/src/parts/film.js";
import { frameOf } from "../../frontend/src/parts/frame.js";
import { Player } from "../../frontend/src/parts/player.js";
import { show } from "../../frontend/src/parts/page.js";

const told = await (await fetch("/told.json")).json();
const films = told.openings.map((opening) => new Film(opening, opening.clips, frameOf(opening)));
window.frames_shown = []; // [film, milliseconds] of each picture that was drawn while it played
window.places = []; // [film, first, last] in milliseconds: where the video itself stood, a stretch from one jump to the next
window.problems = []; // every sentence in which the screen said that something is wrong

function witness(video) {
  let stretch = null;
  const name = () => new URL(video.src).pathname.replace("/film/", "");
  const stood = (seconds) => {
    if (video.seeking || video.readyState < 2 || !video.getAttribute("src")) return;
    const at = Math.round(seconds * 1000);
    if (!stretch) window.places.push(stretch = [name(), at, at]);
    stretch[1] = Math.min(stretch[1], at);
    stretch[2] = Math.max(stretch[2], at);
  };
  const drawn = (_moment, { mediaTime }) => {
    stood(mediaTime);
    if (!video.seeking && !video.paused) window.frames_shown.push([name(), Math.round(mediaTime * 1000)]);
    video.requestVideoFrameCallback(drawn);
  };
  video.requestVideoFrameCallback(drawn);
  ["seeking", "emptied"].forEach((event) => video.addEventListener(event, () => { stretch = null; }));
  ["timeupdate", "seeked", "pause", "loadeddata", "ended"].forEach((event) => {
    video.addEventListener(event, () => stood(video.currentTime));
  });
}

films.forEach((film) => witness(film.video));
const problem = document.querySelector("#film-problem");
new MutationObserver(() => window.problems.push(problem.textContent)).observe(problem, { childList: true });
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
