// What the screen says of saving, and the choice between one's own draft and that of somebody who saved first.
import { $, say, show } from "../page.js";
import { readDraft } from "./codec.js";
import { EMPTY } from "./draft.js";

const WORDS = {
  saved: "Bewaard.",
  owed: "Uw wijziging wordt zo bewaard.",
  busy: "Bezig met bewaren.",
  lost: "Nog niet bewaard: de verbinding met de server is weg. Laat deze pagina open. Het wordt steeds opnieuw geprobeerd.",
  refused: "Niet bewaard.",
  stale: "Niet bewaard: iemand anders was eerder.",
};

/** @typedef {import("./review.js").Review} Review */
/** @typedef {import("./saving.js").Saving} Saving */

export class Saved {
  /**
   * @param {Review} review
   * @param {Saving} saving
   */
  constructor(review, saving) {
    this.review = review;
    this.saving = saving;
    this.keeps = false; // a person goes on looking at his own
    const { signal } = review;
    $("#take-theirs").addEventListener("click", () => this.take(), { signal });
    $("#keep-mine").addEventListener("click", () => this.keep(), { signal });
    review.onChange((changed) => { if (changed === "draft") saving.changed(); });
    window.addEventListener("pagehide", () => saving.leave(), { signal });
    document.addEventListener("visibilitychange", () => { if (document.hidden) saving.flush(); }, { signal });
    window.addEventListener("beforeunload", (event) => { if (saving.wouldLose) event.preventDefault(); }, { signal });
    this.draw();
  }

  draw() {
    const { saving } = this;
    const { state, why } = saving;
    const line = $("#saved");
    if (this.review.player.ending.done) $("#said").after(line, $("#stale")); // the film is shut; what is not kept must still be said
    say(line, state === "refused" ? `${WORDS.refused} ${why}` : WORDS[state]);
    line.classList.toggle("not-well", ["lost", "refused", "stale"].includes(state));
    const stale = state === "stale";
    if (stale && saving.theirs && $("#stale").hidden) this.tell(saving.theirs);
    show($("#stale"), stale);
    show($("#keep-mine"), stale && !this.keeps);
    if (!stale) this.keeps = false;
  }

  /** @param {import("./saving.js").Kept} theirs */
  tell({ changed_by: by, changed_at: at }) {
    const when = at ? `, op ${at}` : "";
    $("#stale-said").textContent = `${by || "Iemand anders"} bewaarde intussen een andere versie${when}. Wat u deed staat nog op uw scherm, maar is niet bewaard.`;
    show($("#stale"));
    $("#stale").focus();
  }

  /** Theirs stands on the screen; to undo is to have one's own again, now made from theirs. */
  take() {
    const draft = this.saving.accept();
    this.review.change(draft ? readDraft(draft) : EMPTY, "Versie van een ander geladen");
    this.draw();
    say($("#saved"), "U ziet nu de andere versie. Met ‘Ongedaan maken’ krijgt u die van uzelf terug.");
    $("#saved").focus();
  }

  keep() {
    this.keeps = true;
    this.draw();
    $("#take-theirs").focus();
  }
}
