// What every page with script does: show one part, say one thing, talk to the server.
export const $ = (selector) => document.querySelector(selector);

export function show(element, visible = true) {
  element.hidden = !visible;
}

/** Say something where a screen reader hears it too. */
export function say(element, text) {
  element.textContent = text;
  show(element, text !== "");
}

export class ServerRefused extends Error {}
/** The server, or what stands before it, is not well: the same may work a moment later. `told`: the server said itself what is away. */
export class ServerAway extends Error {
  told = false;
}

function check(answer, sentence) {
  if (answer.status >= 500 || answer.status === 429) throw new ServerAway("De server is even niet bereikbaar. Probeer het zo opnieuw.");
  if (!answer.ok || answer.redirected) throw new ServerRefused(sentence);
}

/** POST JSON to our own server; its own sentence becomes the error when it refuses. TypeError when the line is lost. */
export async function post(address, body, options = {}) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": $("[name=csrfmiddlewaretoken]").value },
    body: JSON.stringify(body),
    cache: "no-store",
    ...options,
  });
  const type = answer.headers.get("Content-Type") ?? "";
  const content = type.includes("json") ? await answer.json() : null;
  if (answer.status === 503 && content?.detail) throw Object.assign(new ServerAway(content.detail), { told: true });
  check(answer, content?.detail ?? "De server geeft geen antwoord dat wij begrijpen. Probeer het opnieuw.");
  return content;
}

export async function get(address) {
  const answer = await fetch(address, { cache: "no-store" });
  check(answer, "De server geeft dit niet. Log opnieuw in en probeer het nog eens.");
  return answer.json();
}
