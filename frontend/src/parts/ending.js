// When the screen shuts, and that what was seen until then is told.
import { $, ServerRefused, say, show } from "./page.js";

const GONE = "De beelden zijn gesloten.";

export class Ending {
  /**
   * @param {import("./playback.js").Playback} playback
   * @param {import("./delivery.js").Delivery} delivery
   * @param {object} how
   * @param {number} how.aloneSeconds that the page may be out of sight, or asleep
   * @param {() => void} how.release forgets the keys
   */
  constructor(playback, delivery, { aloneSeconds, release }) {
    this.playback = playback;
    this.films = playback.films;
    this.delivery = delivery;
    this.release = release;
    this.alone = aloneSeconds * 1000;
    this.done = false;
    this.alive = Date.now();
    /** @type {number | null} */
    this.hiddenSince = null;
    this.timer = setInterval(() => this.second(), 1000);
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => this.seen());
  }

  /** Out of sight nothing is seen, so nothing plays. */
  seen() {
    this.hiddenSince = document.hidden ? Date.now() : null;
    if (document.hidden && !this.done) this.playback.pause();
  }

  /** Once a second: did this computer sleep, was the page out of sight too long, or did nobody hear us? Then it is shut. */
  second() {
    const now = Date.now();
    const slept = now - this.alive > this.alone;
    const hidden = this.hiddenSince && now - this.hiddenSince > this.alone;
    this.alive = now;
    if (slept || hidden) this.over("Het scherm was te lang dicht.");
    else if (now > this.delivery.ends) this.over("De tijd is om.");
    else if (this.delivery.isOver) this.over("Er was te lang geen verbinding.");
  }

  refused() {
    this.over("De tijd is om, iemand is weggegaan, of u bent uitgelogd.");
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

  /** @param {string} reason */
  over(reason) {
    if (this.done) return;
    this.shut();
    this.owe(reason);
  }

  /**
   * What was not told yet goes as soon as it can.
   * @param {string} reason
   */
  owe(reason) {
    this.delivery.settle();
    say($("#film-problem"), `${GONE} ${reason}`);
    $("#film-problem").focus();
  }

  /** Shut first, whatever the line does; then tell, and go back to the room. */
  async close() {
    this.shut();
    try {
      await this.delivery.close();
    } catch (error) {
      if (!(error instanceof ServerRefused)) {
        this.owe("De verbinding is weg. Laat deze pagina even open: wat u zag, wordt gemeld zodra die terug is.");
        return;
      }
    }
    window.location.assign($("#screen").dataset.room ?? "/");
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
