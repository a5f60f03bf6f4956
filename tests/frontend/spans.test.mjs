// Pieces of film, and the account of what was shown.
import { assert, property, test } from "./browser.mjs";
import { joined } from "../../frontend/src/parts/spans.js";
import { Shown } from "../../frontend/src/parts/shown.js";

const covers = (pieces, at) => pieces.some(([start, end]) => start <= at && at < end);

test("pieces that overlap or touch become one, empty ones go", () => {
  assert.deepEqual(joined([[5, 7], [0, 2], [2, 3], [6, 9], [4, 4]]), [[0, 3], [5, 9]]);
  assert.deepEqual(joined([[0, 9], [2, 3]]), [[0, 9]]);
  assert.deepEqual(joined([]), []);
});

property("joined pieces cover the same places, in order, with a gap between each two", 300, (random) => {
  const pieces = random.list(8, () => {
    const start = random.whole(0, 40);
    return [start, start + random.whole(0, 12)];
  });
  const found = joined(pieces.map(([start, end]) => [start, end]));
  for (let at = 0; at < 60; at += 1) assert.equal(covers(found, at), covers(pieces, at), `place ${at} of ${JSON.stringify(pieces)}`);
  found.slice(1).forEach(([start], index) => assert.ok(start > found[index][1]));
  assert.ok(found.every(([start, end]) => end > start));
});

const CLIPS = [{ object: "a" }, { object: "b" }];

test("what plays is told up to where it came, and goes on from there", () => {
  const account = new Shown(CLIPS);
  account.begin(1);
  account.reach(2.5);
  assert.deepEqual(account.take(0), [{ clip: "a", start_ms: 1000, end_ms: 2500 }]);
  assert.deepEqual(account.take(0), [], "told once");
  account.reach(3);
  assert.deepEqual(account.take(0), [{ clip: "a", start_ms: 2500, end_ms: 3000 }]);
});

test("a piece ends where it was shown; a place that is farther back takes nothing away", () => {
  const account = new Shown(CLIPS);
  account.reach(1);
  account.reach(4);
  account.reach(3);
  account.end(1);
  account.end(1, 9);
  assert.deepEqual(account.take(0), [{ clip: "b", start_ms: 1000, end_ms: 4000 }]);
  account.reach(2);
  account.end(0, 2.25);
  assert.deepEqual(account.take(0), [{ clip: "a", start_ms: 2000, end_ms: 2250 }], "it stopped a little later by itself");
});

test("a picture that stood still counts as long as a picture is", () => {
  const account = new Shown(CLIPS);
  account.still(1, 0.5, 0.04);
  assert.deepEqual(account.take(1), [{ clip: "b", start_ms: 500, end_ms: 540 }]);
});

property("what could not be told is told the next time, with what came since, each place once", 200, (random) => {
  const account = new Shown(CLIPS);
  const places = new Map([["a", []], ["b", []]]);
  const owed = [];
  for (let turn = random.whole(1, 6); turn > 0; turn -= 1) {
    const clip = random.whole(0, 1);
    const [start, length] = [random.whole(0, 50), random.whole(1, 20)];
    account.begin(start);
    account.reach(start + length);
    account.end(clip);
    places.get(CLIPS[clip].object).push([start * 1000, (start + length) * 1000]);
    if (random.whole(0, 1)) account.giveBack(account.take(clip));
    else owed.push(...account.take(clip));
  }
  const told = [...owed, ...account.take(0)];
  for (const [object, pieces] of places) {
    const mine = joined(told.filter(({ clip }) => clip === object).map(({ start_ms: start, end_ms: end }) => [start, end]));
    assert.deepEqual(mine, joined(pieces));
  }
});
