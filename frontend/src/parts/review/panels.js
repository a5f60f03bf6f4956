// What stands beside the film that is reviewed: places to look at, everybody on a card, the sound, and the way to an approved copy.
// They hear of the review and change it; what is made is kept by itself.
import { Approval } from "./approval.js";
import { Cards } from "./cards.js";
import { draftText } from "./codec.js";
import { Listening } from "./listening.js";
import { Places } from "./places.js";
import { Saved } from "./saved.js";
import { Saving } from "./saving.js";

/** @typedef {import("./review.js").Review} Review */
/** @typedef {import("./saving.js").Kept} Kept */
/** @typedef {import("./standing.js").Openable} Openable */
/** @typedef {import("./standing.js").Standing} Standing */

/**
 * @param {Review} review
 * @param {object} about
 * @param {string} about.address of the film's copy, while it is open
 * @param {Kept} about.kept the draft at the server
 * @param {Standing} about.standing
 * @param {(copy: Openable) => Promise<string>} about.open gives the path under which a copy plays
 */
export function openPanels(review, { address, kept, standing, open }) {
  const saving = new Saving({ address: standing.draft ?? "", kept, text: () => draftText(review.draft) });
  const saved = new Saved(review, saving);
  const places = new Places(review);
  new Cards(review);
  new Listening(review);
  const approval = new Approval(review, { saving, places, address, standing, open });
  saving.told = () => { saved.draw(); approval.saved(); };
  /** Keep now what is not kept yet; does the server have it all? */
  return { flush: () => saving.flush() };
}
