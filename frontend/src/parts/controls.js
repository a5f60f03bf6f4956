// Every control of the viewing screen as a button and as a key. The keys can be switched off (WCAG 2.1.4).
import { $ } from "./page.js";

const JUMP = 5; // seconds

export class Controls {
  constructor(player) {
    this.player = player;
    this.buttons();
    document.addEventListener("keydown", (event) => this.key(event));
  }

  buttons() {
    const { player } = this;
    const acts = {
      "#play": () => player.toggle(), "#frame-back": () => player.step(-1), "#frame-on": () => player.step(1),
      "#back": () => player.go(player.position - JUMP), "#on": () => player.go(player.position + JUMP),
      "#to-activation": () => player.toActivation(), "#close": () => player.close(), "#mute": () => player.mute(),
      "#loop-from": () => player.setLoop("from"), "#loop-to": () => player.setLoop("to"), "#loop-off": () => player.endLoop(),
      "#closer": () => player.zoom.closer(1), "#farther": () => player.zoom.closer(-1), "#whole": () => player.zoom.reset(),
      "#look-left": () => player.zoom.key("ArrowLeft"), "#look-right": () => player.zoom.key("ArrowRight"),
      "#look-up": () => player.zoom.key("ArrowUp"), "#look-down": () => player.zoom.key("ArrowDown"),
      "#large": () => player.large(), "#line-down": () => $("#films").classList.toggle("line-down"),
    };
    Object.entries(acts).forEach(([name, act]) => $(name).addEventListener("click", act));
    $("#speed").addEventListener("change", (event) => player.setSpeed(Number(event.target.value)));
    $("#volume").addEventListener("input", (event) => player.setVolume(Number(event.target.value) / 100));
    $("#line").addEventListener("input", (event) => player.go(Number(event.target.value)));
  }

  key(event) {
    const { player } = this;
    if (player.done || !$("#shortcuts").checked || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const onControl = event.target.matches("button, a, summary, input"); // these know the space bar themselves
    const moved = event.shiftKey && event.key.startsWith("Arrow");
    const acts = {
      " ": () => player.toggle(), ",": () => player.step(-1), ".": () => player.step(1),
      "<": () => player.faster(-1), ">": () => player.faster(1),
      ArrowLeft: () => player.go(player.position - JUMP), ArrowRight: () => player.go(player.position + JUMP),
      Home: () => player.go(0), a: () => player.toActivation(), m: () => $("#note").focus(),
      "[": () => player.setLoop("from"), "]": () => player.setLoop("to"), "\\": () => player.endLoop(),
      "+": () => player.zoom.closer(1), "=": () => player.zoom.closer(1), "-": () => player.zoom.closer(-1),
      0: () => player.zoom.reset(),
    };
    if (event.key === " " && onControl) return;
    if (moved) player.zoom.key(event.key);
    else if (!acts[event.key]) return;
    event.preventDefault();
    if (!moved) acts[event.key]();
  }
}
