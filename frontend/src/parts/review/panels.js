// What stands beside the film that is reviewed: places to look at, everybody on a card, the sound, and the way to an approved copy.
// They hear of the review and change it; what is made is kept by itself.
import { Approval } from "./approval.js";
import { Cards } from "./cards.js";
import { draftText } from "./codec.js";
import { Listening } from "./listening.js";
import { Places } from "./places.js";
import { Saved } from "./saved.js";
import { Saving } from "./saving.js";

/** @typedef {import("../redaction.js").Offer} Offer */
/** @typedef {import("./review.js").Review} Review */
/** @typedef {import("./saving.js").Kept} Kept */
/** @typedef {import("./standing.js").Standing} Standing */

/**
 * @param {Review} review
 * @param {{ offer: Offer, kept: Kept, standing: Standing }} about
 */
export function openPanels(review, { offer, kept, standing }) {
  const saving = new Saving({
    address: standing.draft ?? "", kept, text: () => draftText(review.draft), told: () => { saved.draw(); approval.saved(); },
  });
  const saved = new Saved(review, saving);
  const places = new Places(review);
  new Cards(review);
  new Listening(review);
  const approval = new Approval(review, { saving, places, offer, standing });
  return {
    /** Keep now what is not kept yet; does the server have it all? */
    flush: () => saving.flush(),
    /** The server told how far the copy is. @param {Standing} told */
    heard: (told) => approval.heard(told),
    /** The version in which picture or sound last changed, as far as it is kept. */
    get changedIn() {
      return saving.changedIn;
    },
  };
}
