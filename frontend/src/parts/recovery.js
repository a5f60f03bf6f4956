// Show the server that the recovery sheet is here, without giving it: open a question that was sealed to the recovery key.
import { post } from "./page.js";
import { fromBase64, openWith } from "./keys.js";

/**
 * What was typed from the sheet, as it was printed.
 * @param {string} typed
 */
export function tidySheet(typed) {
  return typed.replace(/\s+/g, "").toUpperCase();
}

/**
 * An Error in words when it is another sheet.
 * @param {{ ask: string, show: string }} addresses
 * @param {string} purpose the step it is for
 * @param {string} sheet as typed
 */
export async function showRecoverySheet(addresses, purpose, sheet) {
  /** @type {{ number: number, sealed: string }} */
  const { number, sealed } = await post(addresses.ask, { purpose });
  const answer = await openWith(tidySheet(sheet), fromBase64(sealed)).catch(() => {
    throw new Error("Dit is niet de herstelsleutel van deze installatie. Er is niets veranderd.");
  });
  await post(addresses.show, { number, answer: new TextDecoder().decode(answer) });
}
