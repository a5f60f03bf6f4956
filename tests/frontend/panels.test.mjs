// What the panels count, without a page: cards, what is still missing, moments, and the piece of a picture that a still shows.
import { assert, property, test } from "./browser.mjs";
import { Analysis, Track } from "../../frontend/src/parts/review/analysis.js";
import { conditions, lasting } from "../../frontend/src/parts/review/conditions.js";
import { EMPTY, free, join, removed, split } from "../../frontend/src/parts/review/draft.js";
import { gathered } from "../../frontend/src/parts/review/gathered.js";
import { heardOf, readMoment, writtenMoment } from "../../frontend/src/parts/review/listening.js";
import { gaps } from "../../frontend/src/parts/review/looking.js";
import { Plan } from "../../frontend/src/parts/review/plan.js";
import { cut } from "../../frontend/src/parts/review/stills.js";

/** A track that is found in every fifth picture of a film of four seconds. */
function track(number, first, last, kind = "person") {
  const frames = last - first + 1;
  const hits = Array.from({ length: Math.ceil(frames / 5) }, (_none, at) => first + at * 5);
  const box = [1000, 2000, 3000, 8000];
  const boxes = (count) => Uint16Array.from(Array.from({ length: count }, () => box).flat());
  return new Track({ number, kind, first, unsure: [] }, boxes(frames), hits, boxes(hits.length));
}

const FILM = new Analysis({
  width: 640, height: 360, timesUs: Array.from({ length: 100 }, (_none, at) => at * 40_000), durationMs: 4000, borders: [],
  tracks: [track(1, 0, 99), track(2, 10, 34), track(3, 50, 99), track(4, 0, 9, "vehicle")], speech: [], levels: new Uint8Array(0),
  levelMs: 100, faint: [], dark: [],
});
const cards = (draft) => gathered(FILM, draft, new Plan(FILM, draft));

test("who is longest in the picture stands first, and who is freed before everybody", () => {
  assert.deepEqual(cards(EMPTY).map(({ number, seconds }) => [number, Number(seconds.toFixed(3))]), [[1, 4], [3, 2], [2, 1], [4, 0.4]]);
  const [first, second] = cards(free(EMPTY, 2, true));
  assert.deepEqual([first.number, first.state, second.number, second.state], [2, "free", 1, "covered"]);
});

test("the stills are the first, the middle and the last time that somebody was found", () => {
  assert.deepEqual(cards(EMPTY)[0].sights.map(({ frame }) => frame), [0, 50, 95]);
  assert.deepEqual(cards(EMPTY)[3].sights.map(({ frame }) => frame), [0, 5]);
});

test("who was joined stands on one card, with the time of both", () => {
  const [one, ...rest] = cards(join(EMPTY, 2, 3));
  assert.deepEqual(rest.map(({ number }) => number), [2, 4]);
  const both = rest[0];
  assert.deepEqual([one.number, both.others, Number(both.seconds.toFixed(3)), both.sights.map(({ frame }) => frame)], [1, [3], 3, [10, 60, 95]]);
});

test("a track that was split has pieces, and one of them can be free", () => {
  const half = free(split(EMPTY, 1, 40), 1, true, 40);
  const [card] = cards(half);
  assert.equal(card.state, "partly");
  assert.deepEqual(card.pieces.map(({ first, last, free: on }) => [first, last, on]), [[0, 39, false], [40, 99, true]]);
});

test("what was taken away keeps its card, with the reason", () => {
  const card = cards(removed(EMPTY, 4, "speelgoed")).find(({ number }) => number === 4);
  assert.deepEqual([card.state, card.pieces[0].removed], ["removed", "speelgoed"]);
});

const FACTS = {
  freed: true, inverted: true, left: 0, isSaved: true, copy: "made", unseen: [], unheard: [], sounds: true, more: [],
};
const lacks = (facts) => conditions({ ...FACTS, ...facts }).filter(({ done }) => !done).map(({ text }) => text);

test("what is missing is said one by one, and nothing when nothing is", () => {
  assert.deepEqual(lacks({}), []);
  assert.deepEqual(lacks({ freed: false }), ["Geef vrij wie hierom vroeg"]);
  assert.deepEqual(lacks({ freed: false, inverted: false }), []);
  assert.deepEqual(lacks({ left: 1 }), ["Nog 1 plek bij Kijk hier"]);
  assert.deepEqual(lacks({ isSaved: false }), ["Uw laatste wijziging is nog niet bewaard"]);
  assert.deepEqual(lacks({ copy: "none" }), ["De kopie is nog niet gemaakt", "Daarna bekijkt u de hele kopie"]);
  assert.deepEqual(lacks({ unseen: [[0, 99_000]] }), ["Nog 1 min 39 s van de kopie niet bekeken"]);
  assert.deepEqual(lacks({ unheard: [[0, 400], [900, 1000]] }), ["Nog 1 s geluid niet gehoord"]);
  assert.deepEqual(lacks({ unheard: [[0, 400]], sounds: false }), []);
  assert.deepEqual(lacks({ more: ["Het is niet bekend hoe lang de film is."] }), ["Het is niet bekend hoe lang de film is."]);
  assert.equal(lasting(1), "1 s");
});

property("what was not seen and what was make the whole, and do not overlap", 200, (random) => {
  const had = random.list(6, () => { const at = random.whole(0, 950); return [at, at + random.whole(0, 200)]; });
  const left = gaps([[0, 1000]], had, 1);
  for (let at = 0; at < 1000; at += 1) {
    const inside = (pieces) => pieces.some(([begin, end]) => begin <= at && at < end);
    assert.notEqual(inside(had), inside(left), `${at} of ${JSON.stringify(had)}`);
  }
});

test("a gap below the grain was seen", () => {
  assert.deepEqual(gaps([[0, 1000]], [[0, 400], [600, 1000]], 250), []);
  assert.deepEqual(gaps([[0, 1000]], [[0, 400], [650, 1000]], 250), [[400, 650]]);
});

test("moments are read as people write them", () => {
  for (const [text, ms] of [["65", 65_000], ["1:05", 65_000], [" 0:07,5 ", 7_500], ["2.25", 2_250], ["1:75", null], ["", null], ["x", null], ["-1", null]]) {
    assert.equal(readMoment(text), ms, text);
  }
  for (const ms of [0, 7_500, 65_000, 3_599_900]) assert.equal(readMoment(writtenMoment(ms)), ms);
});

test("of a stretch it is known whether all, a part or nothing is heard", () => {
  assert.deepEqual([[[0, 10], [20, 30]], [[5, 10]], [[0, 30]]].map((audible) => heardOf([0, 20], audible)), ["part", "part", "all"]);
  assert.equal(heardOf([0, 20], [[20, 30]]), "none");
});

property("a still lies within the film, has the canvas' shape and holds the box where it can", 200, (random) => {
  const [x0, y0] = [random.next(), random.next()];
  const box = { x0, y0, x1: x0 + random.next() * (1 - x0) + 0.01, y1: y0 + random.next() * (1 - y0) + 0.01 };
  const [x, y, width, height] = cut(box, { width: 72, height: 96 }, { videoWidth: 640, videoHeight: 360 });
  assert.ok(x >= -1e-6 && y >= -1e-6 && x + width <= 640 + 1e-6 && y + height <= 360 + 1e-6);
  assert.ok(Math.abs(width / height - 0.75) < 1e-6);
  const [wide, high] = [Math.min(1, box.x1) * 640 - box.x0 * 640, Math.min(1, box.y1) * 360 - box.y0 * 360];
  if (Math.max(high + 4, (wide + 7) / 0.75) > 360) return; // larger than such a piece of the film
  assert.ok(x <= box.x0 * 640 + 1e-6 && x + width >= box.x0 * 640 + wide - 1e-6, "from left to right");
  assert.ok(y <= box.y0 * 360 + 1e-6 && y + height >= box.y0 * 360 + high - 1e-6, "from top to bottom");
});
