// A box that somebody draws, moves or sizes stays within the picture and large enough to take hold of.
import { assert, test } from "./browser.mjs";
import { LEAST, between, handleAt, holds, isLarge, moved, sized } from "../../frontend/src/parts/review/boxes.js";

const BOX = { x0: 0.2, y0: 0.3, x1: 0.6, y1: 0.7 };
const NEAR = { x: 0.02, y: 0.02 };

function close(one, other) {
  for (const side of ["x0", "y0", "x1", "y1"]) assert.ok(Math.abs(one[side] - other[side]) < 1e-9, `${side}: ${one[side]} ${other[side]}`);
}

test("a box lies between two points, whichever came first, and never outside the picture", () => {
  close(between({ x: 0.9, y: 1.4 }, { x: -0.2, y: 0.1 }), { x0: 0, y0: 0.1, x1: 0.9, y1: 1 });
});

test("a box that is moved keeps its size, also at the edge", () => {
  close(moved(BOX, 0.1, -0.2), { x0: 0.3, y0: 0.1, x1: 0.7, y1: 0.5 });
  close(moved(BOX, 9, 9), { x0: 0.6, y0: 0.6, x1: 1, y1: 1 });
  close(moved(BOX, -9, -9), { x0: 0, y0: 0, x1: 0.4, y1: 0.4 });
});

test("a side that is moved leaves the others, and stops before the one across", () => {
  close(sized(BOX, { across: "left", down: "middle" }, -0.1, 0.5), { ...BOX, x0: 0.1 });
  close(sized(BOX, { across: "right", down: "bottom" }, 9, 0.1), { ...BOX, x1: 1, y1: 0.8 });
  close(sized(BOX, { across: "right", down: "top" }, -9, 9), { ...BOX, x1: 0.2 + LEAST, y0: 0.7 - LEAST });
});

test("a point takes hold of a side, a corner, the whole, or nothing", () => {
  assert.deepEqual(handleAt(BOX, { x: 0.2, y: 0.5 }, NEAR), { across: "left", down: "middle" });
  assert.deepEqual(handleAt(BOX, { x: 0.61, y: 0.71 }, NEAR), { across: "right", down: "bottom" });
  assert.deepEqual(handleAt(BOX, { x: 0.4, y: 0.5 }, NEAR), { across: "middle", down: "middle" });
  assert.equal(handleAt(BOX, { x: 0.1, y: 0.5 }, NEAR), null);
});

test("the middle of a small box still moves it", () => {
  const small = { x0: 0.5, y0: 0.5, x1: 0.51, y1: 0.51 };
  assert.deepEqual(handleAt(small, { x: 0.505, y: 0.505 }, NEAR), { across: "middle", down: "middle" });
});

test("what is too small is no box", () => {
  assert.equal(isLarge({ x0: 0.5, y0: 0.5, x1: 0.505, y1: 0.9 }), false);
  assert.equal(isLarge(BOX), true);
  assert.equal(holds(BOX, { x: 0.2, y: 0.3 }), true);
  assert.equal(holds(BOX, { x: 0.19, y: 0.3 }), false);
});
