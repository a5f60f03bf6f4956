// What a person does to a draft, and what then is covered: every step is checked by the plan that follows from it.
import { assert, property, test } from "./browser.mjs";
import { Analysis, Track } from "../../frontend/src/parts/review/analysis.js";
import { draftText, readDraft } from "../../frontend/src/parts/review/codec.js";
import * as drafts from "../../frontend/src/parts/review/draft.js";
import { History } from "../../frontend/src/parts/review/history.js";
import { Plan } from "../../frontend/src/parts/review/plan.js";

const FRAMES = 200;
const LEFT = [1000, 2000, 3000, 8000];
const RIGHT = [6000, 2000, 8000, 8000];

function person(number, corners, first = 0, last = FRAMES - 1) {
  const covers = Uint16Array.from(Array(last - first + 1).fill(corners).flat());
  return new Track({ number, kind: "person", first, unsure: [] }, covers, [first, last], Uint16Array.from([...corners, ...corners]));
}

const FILM = new Analysis({
  width: 640, height: 360, timesUs: Float64Array.from({ length: FRAMES }, (_none, at) => at * 40_000), durationMs: FRAMES * 40,
  borders: [], tracks: [person(1, LEFT), person(2, RIGHT), person(3, LEFT, 100)], speech: [], levels: new Uint8Array(),
  levelMs: 40, faint: [], dark: [],
});
const COVERED = drafts.setMode(drafts.EMPTY, "covered");
const NEW = { x0: 0.4, y0: 0.4, x1: 0.5, y1: 0.5 };

/** Numbers of who is covered, and of who is freed, in a picture. */
function seen(draft, frame) {
  const here = new Plan(FILM, draft).here(frame);
  return [here.filter(({ shown }) => !shown), here.filter(({ shown }) => shown)].map((some) => some.map(({ span }) => span.number));
}

test("nothing is changed in place", () => {
  const before = JSON.stringify(drafts.EMPTY);
  let draft = drafts.free(drafts.EMPTY, 1, true);
  [draft] = drafts.drawn(draft, FILM, 10, NEW);
  const was = JSON.stringify(draft);
  drafts.put(drafts.split(drafts.join(draft, 1, 2), 1, 50), 1001, 20, NEW);
  drafts.hear(drafts.looked(draft, "jump-3-3-50-50", true), 0, 500, true);
  drafts.removed(draft, 1, "een pop");
  assert.equal(JSON.stringify(draft), was);
  assert.equal(JSON.stringify(drafts.EMPTY), before);
});

test("free and cover again leaves nothing behind", () => {
  const freed = drafts.free(COVERED, 1, true);
  assert.deepEqual(seen(freed, 0), [[2], [1]]);
  assert.ok(drafts.isFree(freed, 1));
  assert.deepEqual(drafts.free(freed, 1, false), COVERED);
});

test("a new box lives three seconds, also after it was moved within them", () => {
  const [draft, number] = drafts.drawn(COVERED, FILM, 10, NEW);
  assert.equal(number, 1001);
  const moved = drafts.put(draft, number, 20, { ...NEW, x1: 0.6 });
  for (const one of [draft, moved]) assert.deepEqual([9, 10, 85, 86].map((frame) => seen(one, frame)[0].includes(1001)), [false, true, true, false]);
  assert.equal(drafts.drawn(draft, FILM, 0, NEW)[1], 1002);
  const longer = drafts.put(draft, number, 120, NEW);
  assert.deepEqual([120, 121].map((frame) => seen(longer, frame)[0].includes(1001)), [true, false]);
  assert.deepEqual([150, 151].map((frame) => seen(drafts.lastsTo(draft, number, 150), frame)[0].includes(1001)), [true, false]);
  assert.deepEqual([30, 31].map((frame) => seen(drafts.lastsTo(moved, number, 30), frame)[0].includes(1001)), [true, false]);
});

test("a box ends at a picture and comes back at the next key", () => {
  const [draft, number] = drafts.drawn(COVERED, FILM, 10, NEW);
  const ended = drafts.endAt(draft, number, 40);
  assert.deepEqual([39, 40, 80].map((frame) => seen(ended, frame)[0].includes(number)), [true, false, false]);
  const back = drafts.put(ended, number, 60, NEW);
  assert.deepEqual([59, 60, 85].map((frame) => seen(back, frame)[0].includes(number)), [false, true, true]);
  assert.deepEqual(drafts.unkeyed(drafts.unkeyed(back, number, 60), number, 40), draft);
  assert.deepEqual(drafts.unkeyed(draft, number, 10), COVERED, "without a box there is nothing");
});

test("a freed track that ends is covered from there; what was found goes only with a reason", () => {
  const freed = drafts.endAt(drafts.free(COVERED, 1, true), 1, 50);
  assert.deepEqual([seen(freed, 49), seen(freed, 50)], [[[2], [1]], [[1, 2], []]]);
  assert.deepEqual(seen(drafts.endAt(COVERED, 1, 50), 60)[0], [1, 2]);
  assert.deepEqual(seen(drafts.endAt(COVERED, 1, 50, "een pop"), 60)[0], [2]);
});

test("split: each piece is freed by itself, and one again by joining it to itself", () => {
  const split = drafts.split(drafts.free(COVERED, 1, true), 1, 80);
  assert.deepEqual([79, 80].map((frame) => seen(split, frame)[1]), [[1], [1]]);
  const half = drafts.free(split, 1, false, 100);
  assert.deepEqual([79, 80].map((frame) => seen(half, frame)[1]), [[1], []]);
  assert.ok(!drafts.isFree(half, 1));
  assert.ok(drafts.isFree(half, 1, 20));
  assert.deepEqual(drafts.free(drafts.join(split, 1, 1), 1, false), COVERED);
  assert.equal(drafts.split(COVERED, 1, 0), COVERED);
});

test("split keeps where a moved box lies", () => {
  const [draft, number] = drafts.drawn(COVERED, FILM, 10, NEW);
  const moving = drafts.put(draft, number, 60, { ...NEW, x0: 0.1 });
  const split = drafts.split(moving, number, 30);
  const [before, after] = [new Plan(FILM, moving), new Plan(FILM, split)];
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const [one, other] = [before, after].map((plan) => plan.at(frame).covered);
    assert.equal(one.length, other.length, `picture ${frame}`);
    one.forEach((was, at) => assert.ok(Math.abs(was.x0 - other[at].x0) < 2e-4));
  }
  const gone = drafts.removed(split, number, "", 50);
  assert.deepEqual([29, 30].map((frame) => seen(gone, frame)[0].includes(number)), [true, false]);
});

test("who comes back is joined: freed together, covered together, and taken apart again", () => {
  const freed = drafts.join(drafts.free(COVERED, 1, true), 1, 3);
  assert.deepEqual(seen(freed, 150), [[2], [1, 3]]);
  assert.equal(drafts.ownerOf(freed, 3), 1);
  assert.deepEqual(seen(drafts.free(freed, 3, false), 150)[1], [], "the card of one is the card of both");
  assert.deepEqual(seen(drafts.parted(freed, 3), 150), [[2, 3], [1]]);
  const other = drafts.join(drafts.free(COVERED, 1, true), 3, 1);
  assert.deepEqual(seen(other, 150)[1], [1, 3], "whoever is freed as one of them is freed as both");
  const all = drafts.join(drafts.join(COVERED, 2, 3), 1, 3);
  assert.deepEqual(all.changes.map(({ track, joined }) => [track, joined]), [[1, [2, 3]]]);
  assert.equal(drafts.join(all, 3, 2), all, "they are one already");
});

test("what was drawn goes without a reason, what was found only with one", () => {
  const [draft, number] = drafts.drawn(COVERED, FILM, 10, NEW);
  assert.deepEqual(drafts.removed(draft, number, ""), COVERED);
  assert.equal(drafts.removed(COVERED, 1, "  "), COVERED);
  const gone = drafts.removed(drafts.free(COVERED, 1, true), 1, " een pop \ud800");
  assert.deepEqual(seen(gone, 0), [[2], []]);
  assert.equal(gone.changes[0].reason, "een pop \ufffd");
  assert.deepEqual(drafts.free(gone, 1, false), COVERED, "it is covered again, without the reason");
});

test("sound is heard and silenced by stretch", () => {
  const heard = drafts.hear(drafts.hear(COVERED, 100, 500, true), 400, 900.4, true);
  assert.deepEqual(heard.audible, [[100, 900]]);
  assert.deepEqual(drafts.hear(heard, 300, 400, false).audible, [[100, 300], [400, 900]]);
  assert.deepEqual(drafts.hear(heard, 0, 1000, false).audible, []);
});

test("undo and redo step through what was done", () => {
  const history = new History(COVERED);
  assert.equal(history.undo(), false);
  history.change(drafts.free(COVERED, 1, true), "Persoon 1 vrijgegeven");
  assert.equal(history.words, "Persoon 1 vrijgegeven");
  assert.ok(history.undo());
  assert.deepEqual([history.draft, history.words, history.undoneWords], [COVERED, "", "Persoon 1 vrijgegeven"]);
  assert.ok(history.redo());
  assert.ok(drafts.isFree(history.draft, 1));
  history.undo();
  history.change(drafts.free(COVERED, 2, true), "Persoon 2 vrijgegeven");
  assert.equal(history.redo(), false, "what was undone is gone once something else is done");
});

property("whatever is done, the draft is one that the server takes and nothing shows that was not freed", 150, (random) => {
  let draft = COVERED;
  const track = () => [1, 2, 3, 1001, 1002][random.whole(0, 4)];
  const frame = () => random.whole(0, FRAMES - 1);
  const places = () => ({ x0: random.next(), y0: random.next(), x1: random.next(), y1: random.next() });
  const known = () => [1, 2, 3, ...draft.changes.map((one) => one.track)];
  const steps = [
    () => drafts.free(draft, track(), random.whole(0, 1) === 1, random.whole(0, 1) ? frame() : null),
    () => drafts.drawn(draft, FILM, frame(), places())[0],
    () => drafts.put(draft, track(), frame(), places()),
    () => drafts.endAt(draft, track(), frame(), random.whole(0, 1) ? "een pop" : ""),
    () => drafts.split(draft, track(), frame()),
    () => drafts.join(draft, known()[random.whole(0, known().length - 1)], known()[random.whole(0, known().length - 1)]),
    () => drafts.removed(draft, track(), "een pop", random.whole(0, 1) ? frame() : null),
    () => drafts.hear(draft, random.whole(0, 9000), random.whole(0, 9000), random.whole(0, 1) === 1),
    () => drafts.looked(draft, `jump-${frame()}`, random.whole(0, 1) === 1),
    () => drafts.lastsTo(draft, track(), frame()),
    () => drafts.parted(draft, track()),
  ];
  for (let turn = 0; turn < 12; turn += 1) {
    draft = steps[random.whole(0, steps.length - 1)]();
    assert.deepEqual(readDraft(draftText(draft)), draft);
    for (const { keys, begin, end, free, removed } of draft.changes) {
      assert.ok(keys.every((key, at) => at === 0 || key.frame > keys[at - 1].frame));
      assert.ok(end === null || end >= (begin ?? 0));
      assert.ok(!(free && removed));
    }
  }
  if (!draft.changes.some((one) => one.free)) for (const at of [0, 50, 150]) assert.deepEqual(new Plan(FILM, draft).at(at).freed, []);
});
