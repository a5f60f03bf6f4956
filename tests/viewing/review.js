// The review screen over the viewing screen of a test: what was found, the draft and how far the copy is come from the test's server.
import "./screen.js";
import { readAnalysis } from "../../frontend/src/parts/review/analysis.js";
import { readDraft } from "../../frontend/src/parts/review/codec.js";
import { Desk } from "../../frontend/src/parts/review/desk.js";
import { EMPTY } from "../../frontend/src/parts/review/draft.js";
import { History } from "../../frontend/src/parts/review/history.js";
import { Review } from "../../frontend/src/parts/review/review.js";

const { review: told } = await (await fetch("/told.json")).json();
const [film] = window.player.films;
const offer = { film, clip: film.clips[0], name: "Opname", address: "/onherkenbaar/" };
const analysis = readAnalysis(new TextEncoder().encode(told.analysis));
const history = new History(told.kept.draft ? readDraft(told.kept.draft) : EMPTY);
const desk = new Desk(window.player, async () => "/film/copy");
desk.build(new Review({ film, player: window.player, clip: offer.clip, analysis, history }), offer, told.kept, told.standing);
window.review = desk.review;
window.panels = desk.panels;
window.overlay = desk.overlay;
