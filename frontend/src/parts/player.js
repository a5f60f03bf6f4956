// The viewing screen: one or two recordings on one line of time, every control as a button and as a key.
import { $, ServerRefused, post, say, show } from "./page.js";
import { Markers } from "./markers.js";
import { Zoom } from "./zoom.js";
import { clockTime, timeOfDay } from "./times.js";

const REPORT_EVERY = 5000; // milliseconds
const JUMP = 5; // seconds
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const APART = 0.3; // seconds that two films may be apart before one jumps to the other
const NUDGE = 0.04; // from here on the one that is behind plays a little faster
const GONE = "De beelden zijn gesloten.";

export class Player {
  constructor(films, { aloneSeconds }) {
    Object.assign(this, { films, alone: aloneSeconds * 1000, speed: 1, loop: { from: null, to: null }, wants: false });
    this.origin = Math.min(...films.map((film) => film.started));
    this.alive = Date.now();
  }

  start() {
    this.zoom = new Zoom(this.films.map((film) => film.element.querySelector(".frame")));
    this.markers = new Markers(this.films, {
      place: (film, seconds) => this.place(film, seconds),
      go: (film, seconds) => { this.choose(film); this.go(this.place(film, seconds)); },
    });
    this.markers.drawn = () => this.drawTicks();
    this.listen();
    this.films.forEach((film) => { film.choose(0); film.video.volume = 1; });
    this.choose(this.films[0]);
    this.go(0);
    this.drawTicks();
    this.timers = [setInterval(() => this.report(), REPORT_EVERY), setInterval(() => this.second(), 1000)];
    $("#play").focus();
  }

  // -- time: seconds since the first of the recordings began --

  shift(film) {
    return film.started - this.origin;
  }

  place(film, seconds) {
    return this.shift(film) + seconds;
  }

  get length() {
    return Math.max(...this.films.map((film) => this.place(film, film.length)));
  }

  /** The film that the line follows: the chosen one while it has pictures here, otherwise another that has. */
  get leader() {
    const here = this.films.filter((film) => this.inside(film, this.position ?? 0));
    return here.includes(this.chosen) ? this.chosen : here[0] ?? this.chosen;
  }

  inside(film, position) {
    const local = position - this.shift(film);
    return local >= -0.05 && (film.length === 0 || local < film.length + 0.05);
  }

  go(position) {
    this.position = Math.min(Math.max(0, position), Math.max(0, this.length - 0.05));
    this.films.forEach((film) => {
      const inside = this.inside(film, this.position);
      film.element.classList.toggle("elsewhere", !inside);
      if (inside) film.seek(this.position - this.shift(film));
      else film.video.pause();
    });
    if (this.wants) this.play();
    this.draw();
  }

  /** Keep the films together, and begin the one whose time has come. */
  together() {
    const { leader } = this;
    this.position = this.place(leader, leader.at);
    this.films.filter((film) => film !== leader).forEach((film) => {
      const inside = this.inside(film, this.position);
      film.element.classList.toggle("elsewhere", !inside);
      if (!inside) return;
      const behind = this.position - this.place(film, film.at);
      if (Math.abs(behind) > APART * this.speed && film.shows) film.seek(this.position - this.shift(film));
      const nudge = Math.abs(behind) > NUDGE ? 1 + Math.max(-0.1, Math.min(0.1, behind)) : 1;
      film.video.playbackRate = this.speed * nudge;
      if (this.wants && film.video.paused && !film.video.ended) film.video.play().catch(() => undefined);
    });
  }

  // -- what can be done --

  choose(film) {
    this.chosen = film;
    this.films.forEach((one) => {
      one.element.classList.toggle("chosen", one === film);
      one.video.muted = one !== film || $("#mute").getAttribute("aria-pressed") === "true";
    });
  }

  play() {
    this.wants = true;
    this.films.filter((film) => this.inside(film, this.position ?? 0)).forEach((film) => {
      film.video.playbackRate = this.speed;
      film.video.play().catch(() => undefined);
    });
    this.draw();
  }

  pause() {
    this.wants = false;
    this.films.forEach((film) => film.video.pause());
    this.draw();
  }

  toggle() {
    if (this.wants) this.pause();
    else this.play();
  }

  step(count) {
    this.pause();
    this.films.filter((film) => this.inside(film, this.position ?? 0)).forEach((film) => film.step(count));
  }

  faster(count) {
    const at = SPEEDS.indexOf(this.speed) + count;
    this.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at))]);
  }

  setSpeed(speed) {
    this.speed = speed;
    $("#speed").value = String(speed);
    this.films.forEach((film) => { film.video.playbackRate = speed; });
  }

  setLoop(side) {
    this.loop[side] = this.position ?? 0;
    const { from, to } = this.loop;
    if (from !== null && to !== null && to <= from) this.loop = { from: null, to: null };
    this.drawLoop();
  }

  endLoop() {
    this.loop = { from: null, to: null };
    this.drawLoop();
  }

  toActivation() {
    this.go(this.place(this.chosen, this.chosen.opening.activation_ms / 1000));
  }

  setVolume(volume) {
    this.films.forEach((film) => { film.video.volume = volume; });
  }

  mute() {
    const off = $("#mute").getAttribute("aria-pressed") !== "true";
    $("#mute").setAttribute("aria-pressed", String(off));
    this.choose(this.chosen);
  }

  // -- listening --

  listen() {
    const acts = {
      "#play": () => this.toggle(), "#frame-back": () => this.step(-1), "#frame-on": () => this.step(1),
      "#back": () => this.go((this.position ?? 0) - JUMP), "#on": () => this.go((this.position ?? 0) + JUMP),
      "#to-activation": () => this.toActivation(), "#close": () => this.close(), "#closer": () => this.zoom.closer(1),
      "#farther": () => this.zoom.closer(-1), "#whole": () => this.zoom.reset(), "#mute": () => this.mute(),
      "#loop-from": () => this.setLoop("from"), "#loop-to": () => this.setLoop("to"), "#loop-off": () => this.endLoop(),
      "#large": () => this.large(),
    };
    Object.entries(acts).forEach(([name, act]) => $(name).addEventListener("click", act));
    $("#speed").addEventListener("change", (event) => this.setSpeed(Number(event.target.value)));
    $("#volume").addEventListener("input", (event) => this.setVolume(Number(event.target.value) / 100));
    $("#line").addEventListener("input", (event) => this.go(Number(event.target.value)));
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("visibilitychange", () => { this.hiddenSince = document.hidden ? Date.now() : null; });
    window.addEventListener("pagehide", () => this.leave());
    this.films.forEach((film) => {
      film.video.addEventListener("timeupdate", () => this.tick(film));
      film.video.addEventListener("seeked", () => this.tick(film));
      film.video.addEventListener("loadedmetadata", () => this.known(film));
      film.video.addEventListener("ended", () => this.ended(film));
      film.video.addEventListener("error", () => this.broken(film));
      film.element.addEventListener("pointerdown", () => this.choose(film));
    });
  }

  tick(film) {
    if (film === this.leader || this.films.length === 1) {
      if (this.films.length > 1) this.together();
      else this.position = film.at;
      const { from, to } = this.loop;
      if (to !== null && this.position >= to) this.go(from ?? 0);
    }
    this.draw();
  }

  known(film) {
    this.draw();
    this.drawTicks();
    if (film.video.videoWidth === 0) this.unplayable(film);
  }

  ended(film) {
    const last = film.index + 1 >= film.clips.length;
    if (last && this.films.every((one) => one === film || !this.inside(one, (this.position ?? 0) + 0.1))) this.pause();
  }

  key(event) {
    if (event.target.matches("input, textarea, select") || event.ctrlKey || event.altKey || event.metaKey) return;
    const onButton = event.target.matches("button, a, summary"); // these know the space bar themselves
    const moved = event.shiftKey && event.key.startsWith("Arrow");
    const acts = {
      " ": () => { if (!onButton) this.toggle(); },
      ",": () => this.step(-1), ".": () => this.step(1), "<": () => this.faster(-1), ">": () => this.faster(1),
      ArrowLeft: () => this.go((this.position ?? 0) - JUMP), ArrowRight: () => this.go((this.position ?? 0) + JUMP),
      Home: () => this.go(0), a: () => this.toActivation(), m: () => $("#note").focus(),
      "[": () => this.setLoop("from"), "]": () => this.setLoop("to"), "\\": () => this.endLoop(),
      "+": () => this.zoom.closer(1), "=": () => this.zoom.closer(1), "-": () => this.zoom.closer(-1), 0: () => this.zoom.reset(),
    };
    if (moved) this.zoom.key(event.key);
    else if (!acts[event.key]) return;
    if (event.key !== " " || !onButton) event.preventDefault();
    if (!moved) acts[event.key]();
  }

  large() {
    if (document.fullscreenElement) document.exitFullscreen();
    else $("#stage").requestFullscreen().catch(() => say($("#said"), "Groot beeld kan hier niet."));
  }

  // -- showing --

  draw() {
    const position = this.position ?? 0;
    const line = $("#line");
    line.max = String(Math.max(1, this.length).toFixed(2));
    if (document.activeElement !== line || this.wants) line.value = String(position);
    line.setAttribute("aria-valuetext", clockTime(position));
    $("#moment").textContent = `${clockTime(position)} van ${clockTime(this.length)}, ${timeOfDay(this.origin + position)}`;
    $("#exact").textContent = `${position.toFixed(2).replace(".", ",")} s`;
    $("#play").textContent = this.wants ? "Pauze" : "Afspelen";
  }

  drawLoop() {
    const { from, to } = this.loop;
    const said = (value) => (value === null ? "niet gekozen" : clockTime(value));
    $("#looped").textContent = from === null && to === null ? "" : `Herhalen van ${said(from)} tot ${said(to)}`;
  }

  drawTicks() {
    const marks = this.markers.all.map((one) => [this.place(one.film, this.markers.seconds(one)), "tick"]);
    const activations = this.films.map((film) => [this.place(film, film.opening.activation_ms / 1000), "tick activation"]);
    $("#ticks").replaceChildren(...[...activations, ...marks].map(([at, kind]) => {
      const tick = document.createElement("span");
      tick.className = kind;
      tick.style.insetInlineStart = `${Math.min(100, (100 * at) / Math.max(1, this.length))}%`;
      return tick;
    }));
  }

  // -- going on, and ending --

  /** Once a second: did this computer sleep, or was the page out of sight for too long? Then what was open is shut. */
  second() {
    const now = Date.now();
    const slept = now - this.alive > this.alone;
    const hidden = this.hiddenSince && now - this.hiddenSince > this.alone;
    this.alive = now;
    if (slept || hidden) {
      this.report().finally(() => this.close().catch(() => undefined));
      this.over(`${GONE} Het scherm was te lang dicht.`);
    }
  }

  async report() {
    for (const film of this.films) {
      const spans = film.takeSpans();
      try {
        await post(film.opening.played, { spans });
        if (this.lost) this.found();
      } catch (error) {
        film.giveBack(spans);
        if (error instanceof ServerRefused) this.over(`${GONE} De tijd is om, iemand is weggegaan, of u bent uitgelogd.`);
        else this.lose();
      }
    }
  }

  lose() {
    this.lost = true;
    say($("#film-problem"), "De verbinding is weg. Er wordt opnieuw geprobeerd.");
  }

  found() {
    this.lost = false;
    say($("#film-problem"), "");
    this.films.filter((film) => film.video.error).forEach((film) => film.again());
    if (this.wants) this.play();
  }

  broken(film) {
    const { error } = film.video;
    if (!error || this.done || !film.video.getAttribute("src")) return;
    if (error.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED && film.video.readyState === 0 && !film.played) {
      this.unplayable(film);
      return;
    }
    this.lost = true;
    say($("#film-problem"), "De beelden kunnen niet verder worden afgespeeld: de verbinding is weg, of het zegel klopt niet.");
  }

  /** This browser does not know how the film is made. */
  unplayable(film) {
    document.dispatchEvent(new CustomEvent("unplayable", { detail: film }));
  }

  over(reason) {
    if (this.done) return;
    this.done = true;
    this.timers.forEach(clearInterval);
    this.films.forEach((film) => film.shut());
    $("#stage").hidden = true;
    say($("#film-problem"), reason);
  }

  async close() {
    this.pause();
    await this.report();
    let next = null;
    for (const film of this.films) ({ next } = await post(film.opening.close, {}));
    this.over(GONE);
    window.location.assign(next);
  }

  /** The page goes away: the last seconds travel with a request that outlives it. */
  leave() {
    this.timers.forEach(clearInterval);
    for (const film of this.done ? [] : this.films) {
      film.endSpan(true);
      const spans = film.takeSpans();
      if (spans.length > 0) post(film.opening.played, { spans }, { keepalive: true }).catch(() => undefined);
      post(film.opening.close, {}, { keepalive: true }).catch(() => undefined);
    }
    this.done = true;
    show($("#stage"), false);
  }
}
