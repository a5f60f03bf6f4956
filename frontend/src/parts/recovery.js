// Show the server that the recovery sheet is here, without giving it: open a question that was sealed to the recovery key.
import { post } from "./page.js";
import { fromBase64, openWith } from "./keys.js";

/** What was typed from the sheet, as it was printed. */
export function tidySheet(typed) {
  return typed.replace(/\s+/g, "").toUpperCase();
}

/** `addresses`: `ask` and `show`; `purpose`: the step it is for; `sheet`: as typed. An Error in words when it is another sheet. */
export async function showRecoverySheet(addresses, purpose, sheet) {
  const { number, sealed } = await post(addresses.ask, { purpose });
  const answer = await openWith(tidySheet(sheet), fromBase64(sealed)).catch(() => {
    throw new Error("Dit is niet de herstelsleutel van deze installatie. Er is niets veranderd.");
  });
  await post(addresses.show, { number, answer: new TextDecoder().decode(answer) });
}
