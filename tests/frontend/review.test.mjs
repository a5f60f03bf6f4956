// What one key does on the review screen, without a screen: the real state, draft and plan over a made analysis.
import { assert, test } from "./browser.mjs";
import { chooseNext, drawHere, endHere, freeOrCover, middleOf, putHere, splitHere, told, toStart } from "../../frontend/src/parts/review/acts.js";
import { Analysis, Track } from "../../frontend/src/parts/review/analysis.js";
import { EMPTY } from "../../frontend/src/parts/review/draft.js";
import { History } from "../../frontend/src/parts/review/history.js";
import { Review } from "../../frontend/src/parts/review/review.js";
import { nameOf } from "../../frontend/src/parts/review/shortcuts.js";

const FRAMES = 200;
const EACH = 0.04; // seconds

function track(number, first, count, left) {
  const covers = Uint16Array.from({ length: 4 * count }, (_none, at) => [left, 2000, left + 1500, 8000][at % 4]);
  return new Track({ number, kind: "person", first, unsure: [] }, covers, [first + 5], covers.slice(0, 4));
}

function review() {
  const analysis = new Analysis({
    width: 160, height: 90, timesUs: Float64Array.from({ length: FRAMES }, (_none, at) => at * 40_000), durationMs: 8000, borders: [],
    tracks: [track(1, 0, 100, 6000), track(2, 50, 100, 1000)], speech: [], levels: new Uint8Array(), levelMs: 100, faint: [], dark: [],
  });
  const clip = { object: "a" };
  const film = { clips: [clip], at: 0, begin: () => 0, seek: (at) => { film.at = at; } };
  const player = { playback: { pause: () => undefined }, show: (_film, at) => { film.at = Math.min(at, FRAMES * EACH - 0.05); } };
  return new Review({ film, player, clip, analysis, history: new History(EMPTY) });
}

test("going to a picture lands within it, also the last one", () => {
  const one = review();
  for (const frame of [0, 1, 77, FRAMES - 2, FRAMES - 1]) {
    one.go(frame);
    assert.equal(one.analysis.frameAt(one.film.at), frame);
    assert.equal(one.frame, frame);
  }
  one.go(FRAMES + 10);
  assert.equal(one.frame, FRAMES - 1);
});

test("one key frees and the same covers again; each change says what it was and can be taken back", () => {
  const one = review();
  freeOrCover(one, 1);
  assert.equal(one.plan.at(10).freed.length, 1);
  assert.equal(one.history.words, "Persoon 1 vrijgegeven");
  freeOrCover(one, 1);
  assert.equal(one.history.words, "Persoon 1 afgedekt");
  assert.equal(one.plan.at(10).everything, true);
  one.undo();
  assert.equal(one.plan.at(10).freed.length, 1);
  one.redo();
  assert.equal(one.plan.at(10).everything, true);
});

test("the next track is chosen from left to right, and only of those in the picture", () => {
  const one = review();
  one.go(60);
  const chosen = [1, 2, 3].map(() => { chooseNext(one); return one.selected; });
  assert.deepEqual(chosen, [2, 1, 2]);
  one.go(10);
  chooseNext(one);
  assert.equal(one.selected, 1);
});

test("a box of somebody's own lives three seconds, and one key ends it sooner", () => {
  const one = review();
  one.go(100);
  drawHere(one);
  assert.equal(one.selected, 1001);
  const lives = () => one.plan.spans.filter(({ number }) => number === 1001).map(({ first, last }) => [first, last]);
  assert.deepEqual(lives(), [[100, 175]]);
  one.go(120);
  endHere(one, 1001);
  assert.deepEqual(lives(), [[100, 119]]);
});

test("one key ends a found track here without ending what is covered of it", () => {
  const one = review();
  freeOrCover(one, 1);
  one.go(40);
  endHere(one, 1);
  assert.equal(one.plan.at(39).freed.length, 1);
  assert.equal(one.plan.at(40).freed.length, 0);
  assert.ok(one.plan.here(40).some(({ span }) => span.number === 1));
});

test("a track that is split is freed in one piece alone", () => {
  const one = review();
  one.go(50);
  splitHere(one, 1);
  assert.equal(one.history.words, "Persoon 1 gesplitst");
  assert.deepEqual(one.plan.spans.filter(({ number }) => number === 1).map(({ first, last }) => [first, last]), [[0, 49], [50, 99]]);
});

test("to the next and the previous start of whoever is found, and no further than the last", () => {
  const one = review();
  toStart(one, 1);
  assert.deepEqual([one.frame, one.selected], [5, 1]);
  toStart(one, 1);
  assert.deepEqual([one.frame, one.selected], [55, 2]);
  toStart(one, 1);
  assert.equal(one.frame, 55);
  toStart(one, -1);
  assert.equal(one.frame, 5);
});

test("the middle between the two boxes around here that a person put", () => {
  const one = review();
  assert.equal(middleOf(one, 2), null);
  for (const frame of [60, 80, 120]) putHere(one, 2, { x0: 0.1, y0: 0.1, x1: 0.2, y1: 0.2 }, frame);
  const middles = [55, 70, 80, 100, 140].map((frame) => { one.go(frame); return middleOf(one, 2); });
  assert.deepEqual(middles, [70, 70, 100, 100, 100]);
});

test("what is said of the chosen one is how it stands in this picture", () => {
  const one = review();
  one.go(10);
  assert.equal(told(one, 1), "Persoon 1: afgedekt.");
  assert.equal(told(one, 2), "Persoon 2: niet in dit beeld.");
  freeOrCover(one, 1);
  assert.equal(told(one, 1), "Persoon 1: vrijgegeven.");
});

test("whoever listens hears what became another, until the review ends", () => {
  const one = review();
  const heard = [];
  one.onChange((changed) => heard.push(changed));
  one.select(1);
  one.select(1);
  one.go(3);
  one.setLook("copy");
  freeOrCover(one, 1);
  assert.deepEqual(heard, ["selected", "frame", "look", "draft"]);
  one.close();
  one.go(4);
  assert.equal(heard.length, 4);
  assert.equal(one.signal.aborted, true);
});

test("a key is named as its button names it", () => {
  const key = (name, more = {}) => nameOf({ key: name, shiftKey: false, ctrlKey: false, metaKey: false, ...more });
  assert.equal(key("v"), "V");
  assert.equal(key("D", { shiftKey: true }), "Shift+D");
  assert.equal(key("z", { ctrlKey: true }), "Control+Z");
  assert.equal(key("Z", { metaKey: true, shiftKey: true }), "Control+Shift+Z");
  assert.equal(key("?", { shiftKey: true }), "?");
});
