// What a person makes of a film is kept at the server by itself: a moment after the last change, and when the page goes. Two
// people cannot overwrite each other: who comes later is told who was first and when, and loses nothing of what is on the screen.
import { ServerRefused, post, sentenceOf } from "../page.js";

const WAIT = 1500; // milliseconds after the last change
const AGAIN = 5000; // milliseconds until a lost line is tried again
const PATIENCE = 20_000; // milliseconds that one saving may take
const OUTLIVES = 60_000; // bytes of a request that a browser still sends when its page is gone; with what stands around it
const STALE = 409;

/**
 * What the server keeps of a film (docs/spec/redaction.md, section 5).
 * @typedef {object} Kept
 * @property {number} version
 * @property {number} changed_in
 * @property {string} state
 * @property {string} changed_by the name of who saved last; empty while nobody did
 * @property {string} [changed_at] when, as people read it
 * @property {string} draft empty while nobody saved anything
 */

/**
 * - "saved": the server has what is on the screen
 * - "owed": something was changed a moment ago
 * - "busy": it is under way
 * - "lost": the line is away; it is tried again
 * - "refused": the server says why not; the next change, or `again`, tries it
 * - "stale": somebody else saved meanwhile, and nothing is sent until a person chooses
 * @typedef {"saved" | "owed" | "busy" | "lost" | "refused" | "stale"} State
 */

/** @param {string} draft */
const isLarge = (draft) => new TextEncoder().encode(JSON.stringify(draft)).length > OUTLIVES;

export class Saving {
  /**
   * @param {object} how
   * @param {string} how.address
   * @param {Kept} how.kept what the server told when it was opened
   * @param {() => string} how.text the draft that is on the screen now, in its own format
   * @param {() => void} [how.told] hears of every new state
   */
  constructor({ address, kept, text, told = () => undefined }) {
    this.address = address;
    this.text = text;
    this.told = told;
    this.version = kept.version; // of what we made ours from
    this.changedIn = kept.changed_in;
    this.had = kept.draft || text(); // what the server has
    this.sent = this.had; // what was sent last
    /** @type {State} */
    this.state = "saved";
    this.why = ""; // the sentence of a state that is not well
    /** @type {Kept | null} */
    this.theirs = null; // what another saved, while it is "stale"
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Promise<void> | null} */
    this.busy = null;
  }

  get isOwed() {
    return this.text() !== this.had;
  }

  /**
   * @param {State} state
   * @param {string} [why]
   */
  become(state, why = "") {
    Object.assign(this, { state, why });
    this.told();
  }

  /** The draft on the screen became another. */
  changed() {
    if (this.state === "stale") return;
    if (!this.busy) this.become(this.isOwed ? "owed" : "saved");
    this.later(WAIT);
  }

  /** @param {number} wait in milliseconds */
  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  /** Try again what the server refused before, for what it said may be over. */
  again() {
    if (this.state === "refused") this.flush();
  }

  /**
   * Save now what is owed. One at a time: whoever asks meanwhile waits for that one, and for what was changed since.
   * @returns {Promise<boolean>} does the server have what is on the screen?
   */
  async flush() {
    clearTimeout(this.timer);
    while (this.isOwed && this.state !== "stale") {
      this.busy ??= this.send().finally(() => { this.busy = null; });
      await this.busy;
      if (this.state !== "saved") break;
    }
    if (!this.isOwed && this.state === "owed") this.become("saved");
    return !this.isOwed;
  }

  async send() {
    const draft = this.text();
    const body = { version: this.version, draft };
    this.sent = draft;
    this.become("busy");
    try {
      const options = { method: "PUT", keepalive: !isLarge(draft), signal: AbortSignal.timeout(PATIENCE) };
      this.take(await post(this.address, body, options));
      this.become("saved");
    } catch (error) {
      this.failed(error, draft);
    }
  }

  /** @param {Kept} kept */
  take({ version, changed_in: changedIn, draft }) {
    Object.assign(this, { version, changedIn, had: draft });
  }

  /**
   * @param {unknown} error
   * @param {string} draft that was sent
   */
  failed(error, draft) {
    if (!(error instanceof ServerRefused)) {
      this.become("lost", sentenceOf(error));
      this.later(AGAIN);
    } else if (error.status !== STALE) this.become("refused", error.message);
    else this.overtaken(/** @type {Kept} */ (error.content), draft);
  }

  /**
   * Somebody saved meanwhile: perhaps we ourselves, when only the answer was lost.
   * @param {Kept} theirs
   * @param {string} draft that was sent
   */
  overtaken(theirs, draft) {
    if (theirs.draft === draft) {
      this.take(theirs);
      this.become("saved");
      return;
    }
    this.theirs = theirs;
    this.become("stale");
  }

  /**
   * A person chose what the other saved: that stands at the server, and what is made from here on is made of it.
   * @returns {string} the draft of the other
   */
  accept() {
    if (!this.theirs) throw new Error("nobody else saved anything");
    const { theirs } = this;
    this.take(theirs);
    this.theirs = null;
    this.become("saved");
    return theirs.draft;
  }

  /** Would something be lost if the page went now? What is small enough is sent by a request that outlives the page. */
  get wouldLose() {
    if (this.busy) return this.text() !== this.sent || isLarge(this.sent);
    return this.isOwed && (this.state !== "owed" || isLarge(this.text()));
  }

  /** The page goes away: one last request. What is under way already goes on by itself. */
  leave() {
    clearTimeout(this.timer);
    if (!this.busy && this.isOwed && this.state !== "stale") this.flush();
  }
}
