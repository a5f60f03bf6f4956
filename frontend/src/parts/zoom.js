// Look closer: the picture is made larger within its frame and moved, by keys, buttons, wheel and pointer.

const MOST = 8;
const STEP = 1.25;
const PAN = 0.1; // of the frame, for one key

export class Zoom {
  /** @param {HTMLElement[]} frames elements that hold one <video> each */
  constructor(frames) {
    this.frames = frames;
    [this.scale, this.x, this.y] = [1, 0, 0];
    this.draw();
    frames.forEach((frame) => this.listen(frame));
  }

  reset() {
    Object.assign(this, { scale: 1, x: 0, y: 0 });
    this.draw();
  }

  /** @param {number} count of steps; a negative number is farther away */
  closer(count) {
    this.scale = Math.min(MOST, Math.max(1, this.scale * STEP ** count));
    this.move(0, 0);
  }

  /**
   * Move by a part of the frame; never past the edge of the picture.
   * @param {number} x
   * @param {number} y
   */
  move(x, y) {
    const most = (this.scale - 1) / 2;
    this.x = Math.min(most, Math.max(-most, this.x + x));
    this.y = Math.min(most, Math.max(-most, this.y + y));
    this.draw();
  }

  /** @param {string} name of an arrow key; others move nothing */
  key(name) {
    /** @type {Record<string, [x: number, y: number]>} */
    const ways = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] };
    this.move(...(ways[name] ?? [0, 0]));
  }

  draw() {
    this.frames.forEach((frame) => {
      for (const one of /** @type {NodeListOf<HTMLElement>} */ (frame.querySelectorAll("video, canvas"))) {
        one.style.transform = `translate(${this.x * 100}%, ${this.y * 100}%) scale(${this.scale})`;
      }
      frame.classList.toggle("zoomed", this.scale > 1);
    });
  }

  /** @param {HTMLElement} frame */
  listen(frame) {
    /** @type {PointerEvent | null} */
    let held = null;
    frame.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && this.scale === 1) return; // an ordinary wheel scrolls the page until somebody looks closer
      event.preventDefault();
      this.closer(event.deltaY < 0 ? 1 : -1);
    }, { passive: false });
    frame.addEventListener("dblclick", () => (this.scale > 1 ? this.reset() : this.closer(3)));
    frame.addEventListener("pointerdown", (event) => {
      if (this.scale === 1) return;
      held = event;
      frame.setPointerCapture(event.pointerId);
    });
    frame.addEventListener("pointermove", (event) => {
      if (!held) return;
      this.move((event.clientX - held.clientX) / frame.clientWidth, (event.clientY - held.clientY) / frame.clientHeight);
      held = event;
    });
    ["pointerup", "pointercancel"].forEach((name) => frame.addEventListener(name, () => { held = null; }));
  }
}
