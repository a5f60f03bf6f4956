// Where the films lie on one line of time: seconds since the first of the recordings began.

const EDGE = 0.05; // seconds around a film that still count as it

/**
 * What the line must know of a film, in seconds.
 * @typedef {object} Stretch
 * @property {number} started since 1970
 * @property {number} length 0 while nobody knows it
 * @property {{ ended: boolean }} video
 */

/** @template {Stretch} T */
export class Timeline {
  /** @param {T[]} films */
  constructor(films) {
    this.films = films;
    this.origin = Math.min(...films.map((film) => film.started));
  }

  /**
   * How much later than the first this film began.
   * @param {T} film
   */
  shift(film) {
    return film.started - this.origin;
  }

  /**
   * Where a second of a film lies on the line.
   * @param {T} film
   * @param {number} seconds
   */
  place(film, seconds) {
    return this.shift(film) + seconds;
  }

  get length() {
    return Math.max(...this.films.map((film) => this.place(film, film.length)));
  }

  /**
   * A place that has a picture, as near as there is to `position`.
   * @param {number} position
   */
  limited(position) {
    return Math.min(Math.max(0, position), Math.max(0, this.length - EDGE));
  }

  /**
   * Has this film pictures of that moment?
   * @param {T} film
   * @param {number} position
   */
  inside(film, position) {
    const local = position - this.shift(film);
    return local >= -EDGE && (film.length === 0 || local < film.length + EDGE);
  }

  /**
   * The film that the line follows: the chosen one while it has pictures here, otherwise another that has.
   * @param {T} chosen
   * @param {number} position
   */
  leader(chosen, position) {
    const here = this.films.filter((film) => this.inside(film, position) && !film.video.ended);
    return here.includes(chosen) ? chosen : here[0] ?? chosen;
  }
}
