// Moments as people read them, the loop, the line of time and what a player asks for.
import { assert, property, test } from "./browser.mjs";
import { Loop } from "../../frontend/src/parts/loop.js";
import { requestedRange } from "../../frontend/src/parts/ranges.js";
import { Timeline } from "../../frontend/src/parts/timeline.js";
import { clockTime, dayAndTime, timeOfDay } from "../../frontend/src/parts/times.js";

test("seconds are read as minutes, and as hours when there are", () => {
  const said = { 0: "0:00", 59.99: "0:59", 60: "1:00", 3599: "59:59", 3600: "1:00:00", 7384: "2:03:04", [-3]: "0:00" };
  for (const [seconds, words] of Object.entries(said)) assert.equal(clockTime(Number(seconds)), words);
});

property("a time that is read back is the whole second that it was", 300, (random) => {
  const seconds = random.next() * 200_000;
  const parts = clockTime(seconds).split(":").map(Number);
  assert.equal(parts.reduce((sum, part) => sum * 60 + part, 0), Math.floor(seconds));
  assert.ok(parts.slice(1).every((part) => part < 60));
});

test("the time of day is that of the Netherlands, in summer and in winter", () => {
  assert.equal(timeOfDay(Date.UTC(2026, 10, 24, 10, 0, 5) / 1000), "11:00:05");
  assert.equal(timeOfDay(Date.UTC(2026, 6, 24, 10, 0, 5) / 1000), "12:00:05");
  const now = new Date().toLocaleString("nl-NL", { timeZone: "Europe/Amsterdam", year: "numeric" });
  assert.match(dayAndTime(), new RegExp(now));
});

test("a loop goes back at its end, to its beginning or to the first picture", () => {
  const loop = new Loop();
  assert.equal(loop.again(1e9), null);
  assert.equal(loop.sentence, "");
  loop.set("to", 8);
  assert.equal(loop.again(7.99), null);
  assert.equal(loop.again(8), 0);
  assert.equal(loop.sentence, "Herhalen van niet gekozen tot 0:08");
  loop.set("from", 3);
  assert.equal(loop.again(9), 3);
  assert.equal(loop.sentence, "Herhalen van 0:03 tot 0:08");
  loop.set("to", 3);
  assert.deepEqual([loop.from, loop.to], [null, null], "an end that does not lie after its beginning takes both away");
});

const film = (started, length, ended = false) => ({ started, length, video: { ended } });

test("two films lie on the line where they began, and the line is as long as the last of them", () => {
  const [first, second] = [film(1000, 3), film(1002, 10)];
  const line = new Timeline([second, first]);
  assert.equal(line.origin, 1000);
  assert.equal(line.place(second, 1.5), 3.5);
  assert.equal(line.length, 12);
  assert.deepEqual([line.inside(first, 1), line.inside(first, 3.2), line.inside(second, 1.9), line.inside(second, 2)], [true, false, false, true]);
  assert.equal(line.inside(film(1000, 0), 500), true, "nobody knows yet how long it is");
});

test("the line follows the chosen film while it has pictures, and otherwise the one that has", () => {
  const [first, second] = [film(0, 3), film(2, 10)];
  const line = new Timeline([first, second]);
  assert.equal(line.leader(second, 2.5), second);
  assert.equal(line.leader(second, 1), first);
  assert.equal(line.leader(first, 5), second);
  first.video.ended = true;
  assert.equal(line.leader(first, 2.5), second);
  assert.equal(line.leader(first, 100), first, "nobody has pictures: it stays where it was");
});

property("wherever somebody wants to go, it is a place with a picture", 300, (random) => {
  const films = [film(random.next() * 5, 1 + random.next() * 20), film(random.next() * 5, 1 + random.next() * 20)];
  const line = new Timeline(films);
  const wanted = random.next() * 60 - 20;
  const found = line.limited(wanted);
  assert.ok(found >= 0 && found < line.length);
  if (wanted >= 0 && wanted < line.length - 0.05) assert.equal(found, wanted);
});

test("a player gets the bytes that it asks for, and no others", () => {
  const told = [
    [null, [0, 100]], ["bytes=0-", [0, 100]], ["bytes=10-19", [10, 20]], ["bytes=99-99", [99, 100]], ["bytes=90-500", [90, 100]],
    ["bytes=-10", [90, 100]], ["bytes=100-", null], ["bytes=20-10", null], ["bytes=-200", null], ["bytes=0-1,5-6", null], ["chunks=0-1", null],
  ];
  for (const [header, range] of told) assert.deepEqual(requestedRange(header, 100), range, String(header));
});
