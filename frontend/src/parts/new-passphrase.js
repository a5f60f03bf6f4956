// Show somebody a new passphrase once, and have it typed over before anything is recorded.
import wordList from "../../../src/beeldkluis/sealed/words.txt";
import { $, say, show } from "./page.js";
import { drawPassphrase, openIdentity, sealIdentity } from "./keys.js";

const words = wordList.split("\n").filter(Boolean);
const WORDS_IN_PASSPHRASE = 6;

/**
 * The identity sealed with a new passphrase, once its holder has shown to have it; a sealed copy that surely opens.
 * @param {string} identity
 */
export async function sealWithNewPassphrase(identity) {
  const passphrase = drawPassphrase(words, WORDS_IN_PASSPHRASE);
  const sealed = await sealIdentity(identity, passphrase);
  $("#new-passphrase").textContent = passphrase;
  show($("#ask"), false);
  say($("#progress"), "");
  show($("#keep"));
  $("#keep h2").focus();
  await typedOver(sealed, identity);
  $("#new-passphrase").textContent = "";
  show($("#keep"), false);
  return sealed;
}

/**
 * @param {Uint8Array} sealed
 * @param {string} identity
 * @returns {Promise<void>}
 */
function typedOver(sealed, identity) {
  return new Promise((resolve) => {
    $("#try").addEventListener("submit", async (event) => {
      event.preventDefault();
      const typed = $("#typed", HTMLInputElement);
      const found = await openIdentity(sealed, typed.value).catch(() => null);
      if (found === identity) {
        typed.value = "";
        say($("#problem"), "");
        resolve();
      } else {
        say($("#problem"), "De wachtzin is niet goed. Typ de zes woorden over van uw papier.");
        $("#problem").focus();
      }
    });
  });
}
