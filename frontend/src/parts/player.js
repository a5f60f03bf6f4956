// The viewing screen: one or two recordings on one line of time.
import { $, ServerRefused, say, show } from "./page.js";
import { Controls } from "./controls.js";
import { Delivery } from "./delivery.js";
import { Markers } from "./markers.js";
import { Zoom } from "./zoom.js";
import { clockTime, timeOfDay } from "./times.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const APART = 0.3; // seconds that two films may be apart before one jumps to the other
const NUDGE = 0.04; // from here on the one that is behind plays a little faster
const NEAR = 0.1; // seconds from the end that count as the end
const AGAIN = 2; // times that a film is asked for once more at the same place
const WORD = 400; // milliseconds within which the service worker says why it gave nothing
const GONE = "De beelden zijn gesloten.";

export class Player {
  /** `release` forgets the keys, `broken(film, what)` tells the server that a seal is not right. */
  constructor(films, { aloneSeconds, release, broken }) {
    Object.assign(this, { films, release, tellBroken: broken, alone: aloneSeconds * 1000 });
    Object.assign(this, { speed: 1, loop: { from: null, to: null }, wants: false, position: 0, failures: new Map() });
    this.origin = Math.min(...films.map((film) => film.started));
    this.alive = Date.now();
    const on = { refused: () => this.refused(), lost: () => this.lose(), found: () => this.found() };
    this.delivery = new Delivery(films, { aloneSeconds, on });
  }

  start() {
    this.zoom = new Zoom(this.films.map((film) => film.element.querySelector(".frame")));
    this.markers = new Markers(this.films, {
      place: (film, seconds) => this.place(film, seconds),
      go: (film, seconds) => { this.choose(film); this.go(this.place(film, seconds)); },
      current: () => this.leader,
    });
    this.markers.drawn = () => this.drawTicks();
    this.controls = new Controls(this);
    this.films.forEach((film) => this.listen(film));
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => this.seen());
    this.films.forEach((film) => film.choose(0)); // also one that begins later is ready by then
    this.choose(this.films[0]);
    this.go(0);
    this.drawTicks();
    this.timer = setInterval(() => this.second(), 1000);
    this.delivery.start();
    $("#screen").scrollIntoView();
    $("#play").focus({ preventScroll: true });
  }

  listen(film) {
    const { video } = film;
    film.finished = () => this.finished(film);
    video.volume = 1;
    video.addEventListener("timeupdate", () => this.tick(film));
    video.addEventListener("seeked", () => this.tick(film));
    video.addEventListener("loadedmetadata", () => this.known(film));
    video.addEventListener("waiting", () => this.hold(film));
    ["playing", "canplay"].forEach((name) => video.addEventListener(name, () => this.letGo(film)));
    video.addEventListener("error", () => this.broken(film));
    film.element.addEventListener("pointerdown", () => this.choose(film));
    film.element.querySelector(".choose").addEventListener("click", () => this.choose(film));
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
    const here = this.films.filter((film) => this.inside(film, this.position) && !film.video.ended);
    return here.includes(this.chosen) ? this.chosen : here[0] ?? this.chosen;
  }

  inside(film, position) {
    const local = position - this.shift(film);
    return local >= -0.05 && (film.length === 0 || local < film.length + 0.05);
  }

  go(position) {
    this.held = null;
    this.position = Math.min(Math.max(0, position), Math.max(0, this.length - 0.05));
    this.films.forEach((film) => {
      const inside = this.cover(film);
      if (inside) film.seek(this.position - this.shift(film));
    });
    if (this.wants) this.play();
    this.draw();
  }

  /** A film that has no pictures of this moment is covered and stands still. Says whether it has. */
  cover(film) {
    const inside = this.inside(film, this.position);
    film.element.classList.toggle("elsewhere", !inside);
    if (!inside) film.video.pause();
    return inside;
  }

  /** Keep the films together, and begin the one whose time has come. */
  together() {
    const { leader } = this;
    this.position = this.place(leader, leader.at);
    this.films.filter((film) => film !== leader && this.cover(film)).forEach((film) => {
      const behind = this.position - this.place(film, film.at);
      if (film.video.ended) return;
      if (Math.abs(behind) > APART * this.speed && film.shows) film.seek(this.position - this.shift(film));
      const nudge = Math.abs(behind) > NUDGE ? 1 + Math.max(-0.1, Math.min(0.1, behind)) : 1;
      film.video.playbackRate = this.speed * nudge;
      if (this.wants && !this.held && film.video.paused) film.video.play().catch(() => undefined);
    });
  }

  /** One of two waits for its pictures: the other waits with it. */
  hold(film) {
    if (this.films.length === 1 || !this.wants || film.video.ended || film.video.seeking) return;
    this.held = film;
    this.films.filter((other) => other !== film).forEach((other) => other.video.pause());
  }

  letGo(film) {
    if (this.held !== film) return;
    this.held = null;
    if (this.wants) this.play();
  }

  // -- what can be done --

  choose(film) {
    this.chosen = film;
    this.films.forEach((one) => {
      one.element.classList.toggle("chosen", one === film);
      one.element.querySelector(".choose").setAttribute("aria-pressed", String(one === film));
      one.video.muted = one !== film || $("#mute").getAttribute("aria-pressed") === "true";
    });
  }

  play() {
    this.wants = true;
    if (this.length > 1 && this.position > this.length - NEAR) {
      this.go(0);
      return;
    }
    this.films.filter((film) => this.inside(film, this.position) && !film.video.ended).forEach((film) => {
      film.video.playbackRate = this.speed;
      film.video.play().catch(() => undefined);
    });
    this.draw();
  }

  /** Stand still, and both at the same moment. */
  pause() {
    this.wants = false;
    this.held = null;
    this.films.forEach((film) => film.video.pause());
    const { leader } = this;
    this.films.filter((film) => film !== leader && this.inside(film, this.position) && !film.video.ended).forEach((film) => {
      if (Math.abs(this.place(film, film.at) - this.place(leader, leader.at)) > 0.02) film.seek(this.place(leader, leader.at) - this.shift(film));
    });
    this.draw();
  }

  toggle() {
    if (this.wants) this.pause();
    else this.play();
  }

  step(count) {
    this.pause();
    this.films.filter((film) => this.inside(film, this.position)).forEach((film) => film.step(count));
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
    this.loop[side] = this.position;
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

  large() {
    if (document.fullscreenElement) document.exitFullscreen();
    else $("#screen").requestFullscreen().catch(() => say($("#said"), "Groot beeld kan hier niet."));
  }

  // -- what happens --

  tick(film) {
    if (film !== this.leader && this.films.length > 1) return;
    if (this.films.length > 1) this.together();
    else this.position = film.at;
    const { from, to } = this.loop;
    if (to !== null && this.position >= to) this.go(from ?? 0);
    this.draw();
  }

  known(film) {
    this.draw();
    this.drawTicks();
    if (film.video.videoWidth === 0) this.unplayable(film);
  }

  /** A film came to its end: on with the loop, with the other film, or nothing more. */
  finished(film) {
    const { from, to } = this.loop;
    const end = this.place(film, film.length);
    if (this.films.some((one) => one !== film && !one.video.ended && this.inside(one, end + NEAR))) this.together();
    else if (to !== null && to > end - 2 * NEAR) this.go(from ?? 0);
    else this.pause();
  }

  // -- showing --

  draw() {
    const { position } = this;
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

  /** Out of sight nothing is seen, so nothing plays. */
  seen() {
    this.hiddenSince = document.hidden ? Date.now() : null;
    if (document.hidden && !this.done) this.pause();
  }

  /** Once a second: did this computer sleep, was the page out of sight too long, or did nobody hear us? Then it is shut. */
  second() {
    const now = Date.now();
    const slept = now - this.alive > this.alone;
    const hidden = this.hiddenSince && now - this.hiddenSince > this.alone;
    this.alive = now;
    if (slept || hidden) this.over(`${GONE} Het scherm was te lang dicht.`);
    else if (now > this.delivery.ends) this.over(`${GONE} De tijd is om.`);
    else if (this.delivery.isOver) this.over(`${GONE} Er was te lang geen verbinding.`);
  }

  refused() {
    this.over(`${GONE} De tijd is om, iemand is weggegaan, of u bent uitgelogd.`);
  }

  lose() {
    this.lost = true;
    if (!this.done) say($("#film-problem"), "De verbinding is weg. Er wordt opnieuw geprobeerd.");
  }

  found() {
    if (!this.lost || this.done) return;
    this.lost = false;
    say($("#film-problem"), "");
    this.films.filter((film) => film.video.error).forEach((film) => this.again(film));
    if (this.wants) this.play();
  }

  /** Ask once more for the film where it stopped; at one place not for ever. */
  again(film) {
    const { at } = film;
    film.retries = Math.abs(at - (film.retriedAt ?? -1)) < 1 ? film.retries + 1 : 1;
    film.retriedAt = at;
    if (film.retries > AGAIN) this.unplayable(film);
    else film.again();
  }

  /** The service worker says why it stopped giving a film: "seal", "refused" or "line". */
  failed(path, kind) {
    this.failures.set(path, kind);
    const film = this.films.find((one) => one.clips.some((clip) => clip.path === path));
    if (kind !== "seal" || !film || this.done) return;
    this.tellBroken(film, path);
    this.over(`${GONE} Een stuk van de film is niet echt of beschadigd: het zegel klopt niet. De functionaris gegevensbescherming krijgt bericht.`);
  }

  async broken(film) {
    const { error } = film.video;
    if (!error || this.done || !film.video.getAttribute("src")) return;
    this.held = null;
    const { path } = film.clips[film.index];
    await new Promise((resolve) => { setTimeout(resolve, WORD); });
    if (this.done || film.video.error !== error) return;
    const kind = this.failures.get(path);
    this.failures.delete(path);
    if (kind === undefined && error.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED && !film.shown) this.unplayable(film);
    else if (kind === undefined && error.code === MediaError.MEDIA_ERR_DECODE) this.again(film);
    else this.lose();
  }

  /** This browser does not know how the film is made. */
  unplayable(film) {
    document.dispatchEvent(new CustomEvent("unplayable", { detail: film }));
  }

  /** Nothing to see any more: the films, their keys, the controls. */
  shut() {
    this.done = true;
    clearInterval(this.timer);
    this.films.forEach((film) => film.shut());
    this.release();
    if (document.fullscreenElement) document.exitFullscreen();
    [$("#stage"), $("#copy"), $("#close")].forEach((one) => show(one, false));
    show($("#after"));
  }

  over(reason) {
    if (this.done) return;
    this.shut();
    this.owe(reason);
  }

  /** What was not told yet goes as soon as it can. */
  owe(reason) {
    this.delivery.settle();
    say($("#film-problem"), reason);
    $("#film-problem").focus();
  }

  /** Shut first, whatever the line does; then tell, and go back to the room. */
  async close() {
    this.shut();
    try {
      await this.delivery.close();
    } catch (error) {
      if (!(error instanceof ServerRefused)) {
        this.owe(`${GONE} De verbinding is weg. Laat deze pagina even open: wat u zag, wordt gemeld zodra die terug is.`);
        return;
      }
    }
    window.location.assign($("#screen").dataset.room);
  }

  /** The page goes away: the last seconds travel with a request that outlives it. */
  leave() {
    clearInterval(this.timer);
    if (!this.done) {
      this.films.forEach((film) => film.endSpan(true));
      this.delivery.leave();
    }
    this.done = true;
    show($("#stage"), false);
  }
}
