// Play, stand still and go elsewhere: one film, or two that keep the same moment.
import { $ } from "./page.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const APART = 0.3; // seconds that two films may be apart before one jumps to the other
const NUDGE = 0.04; // from here on the one that is behind plays a little faster
const NEAR = 0.1; // seconds from the end that count as the end
const SAME = 0.02; // seconds apart that count as the same moment

/** @typedef {import("./film.js").Film} Film */

export class Playback {
  /**
   * @param {import("./timeline.js").Timeline<Film>} timeline
   * @param {import("./choice.js").Choice} choice
   * @param {import("./loop.js").Loop} loop
   */
  constructor(timeline, choice, loop) {
    this.timeline = timeline;
    this.films = timeline.films;
    this.choice = choice;
    this.loop = loop;
    this.speed = 1;
    this.wants = false; // does somebody want it to play?
    this.position = 0; // seconds on the line
    /** @type {Film | null} */
    this.held = null; // the film that waits for its pictures, and the other with it
    /** @type {() => void} */
    this.changed = () => undefined; // somebody draws it
    this.films.forEach((film) => this.listen(film));
  }

  /** @param {Film} film */
  listen(film) {
    const { video } = film;
    video.addEventListener("timeupdate", () => this.tick(film));
    video.addEventListener("seeked", () => this.tick(film));
    video.addEventListener("waiting", () => this.hold(film));
    ["playing", "canplay"].forEach((name) => video.addEventListener(name, () => this.letGo(film)));
    film.finished = () => this.finished(film);
  }

  get leader() {
    return this.timeline.leader(this.choice.film, this.position);
  }

  /** @param {number} position */
  go(position) {
    this.held = null;
    this.position = this.timeline.limited(position);
    this.films.forEach((film) => {
      if (this.cover(film)) film.seek(this.position - this.timeline.shift(film));
    });
    if (this.wants) this.play();
    this.changed();
  }

  /** @param {number} seconds on or back */
  jump(seconds) {
    this.go(this.position + seconds);
  }

  /** To where the officer switched the camera on. */
  toActivation() {
    const { film } = this.choice;
    this.go(this.timeline.place(film, film.opening.activation_ms / 1000));
  }

  /**
   * A film that has no pictures of this moment is covered and stands still.
   * @param {Film} film
   * @returns {boolean} whether it has
   */
  cover(film) {
    const inside = this.timeline.inside(film, this.position);
    film.element.classList.toggle("elsewhere", !inside);
    if (!inside) film.video.pause();
    return inside;
  }

  /** Keep the films together, and begin the one whose time has come. */
  together() {
    const { leader } = this;
    this.position = this.timeline.place(leader, leader.at);
    this.films.filter((film) => film !== leader && this.cover(film)).forEach((film) => {
      const behind = this.position - this.timeline.place(film, film.at);
      if (film.video.ended) return;
      if (Math.abs(behind) > APART * this.speed && film.shows) film.seek(this.position - this.timeline.shift(film));
      const nudge = Math.abs(behind) > NUDGE ? 1 + Math.max(-0.1, Math.min(0.1, behind)) : 1;
      film.video.playbackRate = this.speed * nudge;
      if (this.wants && !this.held && film.video.paused) film.video.play().catch(() => undefined);
    });
  }

  /**
   * One of two waits for its pictures: the other waits with it.
   * @param {Film} film
   */
  hold(film) {
    if (this.films.length === 1 || !this.wants || film.video.ended || film.video.seeking) return;
    this.held = film;
    this.films.filter((other) => other !== film).forEach((other) => other.video.pause());
  }

  /** @param {Film} film */
  letGo(film) {
    if (this.held !== film) return;
    this.held = null;
    if (this.wants) this.play();
  }

  play() {
    this.wants = true;
    if (this.timeline.length > 1 && this.position > this.timeline.length - NEAR) {
      this.go(0);
      return;
    }
    this.here().filter((film) => !film.video.ended).forEach((film) => {
      film.video.playbackRate = this.speed;
      film.video.play().catch(() => undefined);
    });
    this.changed();
  }

  /** Stand still, and both at the same moment. */
  pause() {
    this.wants = false;
    this.held = null;
    this.films.forEach((film) => film.video.pause());
    const { leader, timeline } = this;
    const moment = timeline.place(leader, leader.at);
    this.here().filter((film) => film !== leader && !film.video.ended).forEach((film) => {
      if (Math.abs(timeline.place(film, film.at) - moment) > SAME) film.seek(moment - timeline.shift(film));
    });
    this.changed();
  }

  /** The films that have pictures of this moment. */
  here() {
    return this.films.filter((film) => this.timeline.inside(film, this.position));
  }

  toggle() {
    if (this.wants) this.pause();
    else this.play();
  }

  /** @param {number} count of pictures, on or back */
  step(count) {
    this.pause();
    this.here().forEach((film) => film.step(count));
  }

  /** @param {number} count of speeds, up or down */
  faster(count) {
    const at = SPEEDS.indexOf(this.speed) + count;
    this.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at))]);
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.speed = speed;
    $("#speed", HTMLSelectElement).value = String(speed);
    this.films.forEach((film) => { film.video.playbackRate = speed; });
  }

  /** @param {Film} film that came to another moment */
  tick(film) {
    if (film !== this.leader && this.films.length > 1) return;
    if (this.films.length > 1) this.together();
    else this.position = film.at;
    const again = this.loop.again(this.position);
    if (again !== null) this.go(again);
    this.changed();
  }

  /**
   * A film came to its end: on with the loop, with the other film, or nothing more.
   * @param {Film} film
   */
  finished(film) {
    const end = this.timeline.place(film, film.length);
    const other = this.films.some((one) => one !== film && !one.video.ended && this.timeline.inside(one, end + NEAR));
    if (other) this.together();
    else if (this.loop.to !== null && this.loop.to > end - 2 * NEAR) this.go(this.loop.from ?? 0);
    else this.pause();
  }
}
