// Every control of the viewing screen as a button and as a key. The keys can be switched off (WCAG 2.1.4).
import { $ } from "./page.js";

const JUMP = 5; // seconds

/** @typedef {Record<string, () => unknown>} Acts */

export class Controls {
  /** @param {import("./player.js").Player} player */
  constructor(player) {
    this.player = player;
    const acts = { ...this.playing(), ...this.looking() };
    Object.entries(acts).forEach(([name, act]) => $(name).addEventListener("click", act));
    this.fields();
    document.addEventListener("keydown", (event) => this.key(event));
  }

  /** @returns {Acts} */
  playing() {
    const { player } = this;
    const { playback } = player;
    return {
      "#play": () => playback.toggle(), "#frame-back": () => playback.step(-1), "#frame-on": () => playback.step(1),
      "#back": () => playback.jump(-JUMP), "#on": () => playback.jump(JUMP), "#to-activation": () => playback.toActivation(),
      "#loop-from": () => player.setLoop("from"), "#loop-to": () => player.setLoop("to"), "#loop-off": () => player.endLoop(),
      "#close": () => player.ending.close(), "#mute": () => player.choice.mute(),
    };
  }

  /** @returns {Acts} */
  looking() {
    const { player } = this;
    const { zoom } = player;
    return {
      "#closer": () => zoom.closer(1), "#farther": () => zoom.closer(-1), "#whole": () => zoom.reset(),
      "#look-left": () => zoom.key("ArrowLeft"), "#look-right": () => zoom.key("ArrowRight"),
      "#look-up": () => zoom.key("ArrowUp"), "#look-down": () => zoom.key("ArrowDown"),
      "#large": () => player.large(), "#line-down": () => $("#films").classList.toggle("line-down"),
    };
  }

  fields() {
    const { playback, choice } = this.player;
    const [speed, volume, line] = [$("#speed", HTMLSelectElement), $("#volume", HTMLInputElement), $("#line", HTMLInputElement)];
    speed.addEventListener("change", () => playback.setSpeed(Number(speed.value)));
    volume.addEventListener("input", () => choice.setVolume(Number(volume.value) / 100));
    line.addEventListener("input", () => playback.go(Number(line.value)));
  }

  /** @returns {Acts} */
  keys() {
    const { player } = this;
    const { playback, zoom } = player;
    return {
      " ": () => playback.toggle(), ",": () => playback.step(-1), ".": () => playback.step(1),
      "<": () => playback.faster(-1), ">": () => playback.faster(1),
      ArrowLeft: () => playback.jump(-JUMP), ArrowRight: () => playback.jump(JUMP),
      Home: () => playback.go(0), a: () => playback.toActivation(), m: () => $("#note").focus(),
      "[": () => player.setLoop("from"), "]": () => player.setLoop("to"), "\\": () => player.endLoop(),
      "+": () => zoom.closer(1), "=": () => zoom.closer(1), "-": () => zoom.closer(-1), 0: () => zoom.reset(),
    };
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { target } = event;
    const on = $("#shortcuts", HTMLInputElement).checked;
    if (this.player.ending.done || !on || event.ctrlKey || event.altKey || event.metaKey || !(target instanceof Element)) return;
    if (target.matches("input:not([type=checkbox]), textarea, select")) return;
    const onControl = target.matches("button, a, summary, input"); // these know the space bar themselves
    const moved = event.shiftKey && event.key.startsWith("Arrow");
    const acts = this.keys();
    if (event.key === " " && onControl) return;
    if (moved) this.player.zoom.key(event.key);
    else if (!acts[event.key]) return;
    event.preventDefault();
    if (!moved) acts[event.key]();
  }
}
