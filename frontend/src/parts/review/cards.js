// A card for everybody and everything that was found or drawn: who is freed first, and people before things.
import { $, say, show } from "../page.js";
import { Card } from "./card.js";
import { gathered } from "./gathered.js";
import { Stills } from "./stills.js";

const NEAR = 12; // CSS pixels above a card that comes into sight
const AT_ONCE = 12; // cards of people that are shown until somebody wants more

/** @typedef {import("./gathered.js").Gathered} Gathered */
/** @typedef {import("./review.js").Review} Review */

/** @param {Gathered} one */
const isThing = ({ kind, state }) => ["vehicle", "screen", "paper"].includes(kind) && state !== "free" && state !== "partly";

export class Cards {
  /** @param {Review} review */
  constructor(review) {
    this.review = review;
    this.stills = new Stills(review);
    /** @type {Map<number, Card>} */
    this.cards = new Map();
    /** @type {Gathered[]} */
    this.all = [];
    this.most = AT_ONCE;
    this.seen = new IntersectionObserver((entries) => this.see(entries));
    review.signal.addEventListener("abort", () => this.seen.disconnect());
    $("#people-more").addEventListener("click", () => this.showMore(), { signal: review.signal });
    review.onChange((changed) => {
      if (changed === "draft") this.gather();
      if (changed === "draft" || changed === "selected") this.draw();
      if (changed === "selected") this.reveal();
    });
    this.gather();
    this.draw();
  }

  gather() {
    this.all = gathered(this.review.analysis, this.review.draft, this.review.plan);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  see(entries) {
    const here = new Set(entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target));
    this.cards.forEach((card) => { if (here.has(card.element)) card.come(); });
  }

  draw() {
    const { all, review } = this;
    const people = all.filter((one) => !isThing(one));
    const things = all.filter(isThing);
    const freed = all.filter(({ state }) => state === "free" || state === "partly").length;
    say($("#people-count"), `${all.length} gevonden, ${freed} vrijgegeven`);
    const chosen = people.findIndex(({ number }) => number === review.selected);
    this.most = Math.max(this.most, chosen + 1);
    this.fill($("#people"), people.slice(0, this.most));
    this.fill($("#things"), things);
    $("#people-more").textContent = `Toon nog ${people.length - this.most}`;
    show($("#people-more"), people.length > this.most);
    show($("#things-card"), things.length > 0);
    $("#things-count").textContent = `Voertuigen, schermen en papier (${things.length})`;
    show($("#nobody"), all.length === 0);
  }

  /**
   * The cards in this order. One that stays keeps its element, and the focus that is in it.
   * @param {HTMLElement} list
   * @param {Gathered[]} wanted
   */
  fill(list, wanted) {
    const cards = wanted.map((one) => this.cardOf(one));
    const gone = new Set(list.children);
    let at = list.firstElementChild;
    for (const { element } of cards) {
      gone.delete(element);
      if (element === at) at = at.nextElementSibling;
      else this.place(list, element, at);
    }
    gone.forEach((element) => element.remove());
  }

  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} element
   * @param {Element | null} before
   */
  place(list, element, before) {
    const focus = element.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
    list.insertBefore(element, before);
    focus?.focus({ preventScroll: true });
  }

  /** @param {Gathered} one */
  cardOf(one) {
    let card = this.cards.get(one.number);
    if (!card) {
      card = new Card(this.review, this.stills, () => this.all);
      this.cards.set(one.number, card);
      this.seen.observe(card.element);
    }
    card.update(one);
    return card;
  }

  showMore() {
    const first = this.most;
    this.most = this.all.length;
    this.draw();
    /** @type {HTMLElement | null | undefined} */ ($("#people").children[first]?.querySelector("button"))?.focus();
  }

  /** The card of whoever was chosen elsewhere comes into sight where the panels scroll by themselves; the page stays where it is. */
  reveal() {
    const card = this.cards.get(this.review.selected ?? -1)?.element;
    const panels = $("#panels");
    if (!card?.isConnected || panels.scrollHeight <= panels.clientHeight || panels.contains(document.activeElement)) return;
    const [own, around] = [card.getBoundingClientRect(), panels.getBoundingClientRect()];
    if (own.top < around.top || own.bottom > around.bottom) panels.scrollTop += own.top - around.top - NEAR;
  }
}
