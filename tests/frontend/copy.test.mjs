// The account of a copy that is watched: what was played, and whether it was heard. Nothing of it is told as a look at the original.
import { assert, test } from "./browser.mjs";
import { Copy } from "../../frontend/src/parts/review/copy.js";
import { Shown } from "../../frontend/src/parts/shown.js";

/** The part of a film that a copy needs, with a video whose sound goes on and off. */
class Film {
  constructor() {
    this.clips = [{ object: "a" }, { object: "b" }];
    this.copies = new Map();
    this.account = new Shown(this.clips);
    this.index = 0;
    this.video = Object.assign(new EventTarget(), { muted: false, volume: 1 });
    this.opened = 0;
    this.isOpen = true;
  }

  get noting() {
    return this.copies.get(this.index)?.noting ?? this.account;
  }

  play(from, to) {
    this.noting.begin(from);
    this.noting.reach(to);
  }

  endSpan() {
    this.noting.end(this.index);
  }

  again() {
    this.opened += 1;
  }

  sound(muted, volume = 1) {
    Object.assign(this.video, { muted, volume });
    this.video.dispatchEvent(new Event("volumechange"));
  }
}

function watching() {
  const film = new Film();
  const copy = new Copy(film, 0, { path: "/copy", version: 3 });
  return { film, copy };
}

test("the original is told as the original, the copy as the copy", () => {
  const { film, copy } = watching();
  film.play(0, 1);
  copy.play();
  film.play(1, 3);
  copy.stop();
  film.play(3, 4);
  film.endSpan();
  assert.deepEqual(copy.take(), [{ start_ms: 1000, end_ms: 3000, heard: true }]);
  assert.deepEqual(film.account.take(0).map(({ start_ms: start, end_ms: end }) => [start, end]), [[0, 1000], [3000, 4000]]);
  assert.equal(film.opened, 2);
});

test("what was played without sound was not heard, from the moment on that the sound went", () => {
  const { film, copy } = watching();
  copy.play();
  film.play(0, 1);
  film.sound(true);
  film.play(1, 2);
  film.sound(false, 0);
  film.play(2, 3);
  film.sound(false);
  film.play(3, 4);
  film.endSpan();
  assert.deepEqual(copy.take(), [
    { start_ms: 0, end_ms: 1000, heard: true }, { start_ms: 3000, end_ms: 4000, heard: true },
    { start_ms: 1000, end_ms: 3000, heard: false },
  ]);
});

test("what goes on is told up to here and goes on, and what could not be told is owed again", () => {
  const { film, copy } = watching();
  copy.play();
  film.play(0, 1);
  const told = copy.take();
  assert.deepEqual(told, [{ start_ms: 0, end_ms: 1000, heard: true }]);
  copy.giveBack(told);
  film.noting.reach(2);
  assert.deepEqual(copy.take(), [{ start_ms: 0, end_ms: 2000, heard: true }]);
  assert.deepEqual(copy.take(), []);
});

test("a film of more clips notes each for itself", () => {
  const { film, copy } = watching();
  copy.play();
  film.play(0, 1);
  film.endSpan();
  film.index = 1;
  film.play(0, 5);
  film.endSpan();
  assert.deepEqual(copy.take(), [{ start_ms: 0, end_ms: 1000, heard: true }]);
  assert.deepEqual(film.account.take(1), [{ clip: "b", start_ms: 0, end_ms: 5000 }]);
});

test("a film that was shut stays shut when its copy goes", () => {
  const { film, copy } = watching();
  copy.play();
  film.isOpen = false;
  copy.stop();
  assert.equal(film.opened, 1);
});
