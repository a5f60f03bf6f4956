// The review screen without the room around it: the real player, desk and panels over a film that the test's own server gives. What
// was found comes sealed, as from the vault; the copy is another film.
import { Film } from "../../frontend/src/parts/film.js";
import { frameOf } from "../../frontend/src/parts/frame.js";
import { show } from "../../frontend/src/parts/page.js";
import { Player } from "../../frontend/src/parts/player.js";
import { offerRedaction } from "../../frontend/src/parts/redaction.js";
import { Desk } from "../../frontend/src/parts/review/desk.js";

const { openings, fileKey } = await (await fetch("/told.json")).json();
const key = Uint8Array.from(fileKey);
const films = openings.map((opening) => {
  const clips = opening.clips.map((clip) => ({ ...clip, lend: () => ({ fileKey: key, inner: null }) }));
  return new Film(opening, clips, frameOf(opening));
});
show(document.querySelector("#watch"));
window.player = new Player(films, { aloneSeconds: 300, release: () => undefined, broken: () => undefined });
window.player.start();
const desk = new Desk(window.player, async (_offer, made) => `/film/${made.source}`);
window.desk = desk;
offerRedaction(films, (offer, standing) => desk.found(offer, standing));
