// What this municipality calls a role: the page has its words (screen.html), because a script has only the standard ones.
import { $ } from "./page.js";

/**
 * The name of a role, as it stands after "de".
 * @param {"dpo" | "administrator"} role
 */
export function nameOf(role) {
  const name = $("#screen").dataset[role];
  if (!name) throw new TypeError(`the page does not name the ${role}`);
  return name;
}

/** Who hears of a seal that is not right. */
export function reportedTo() {
  return `De ${nameOf("dpo")} krijgt bericht.`;
}
