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

/** POST JSON to our own server; its own sentence becomes the error when it refuses. */
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
  if (!answer.ok || answer.redirected) {
    throw new ServerRefused(content?.detail ?? "De server geeft geen antwoord dat wij begrijpen. Probeer het opnieuw.");
  }
  return content;
}

export async function get(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new ServerRefused("De server geeft dit niet. Log opnieuw in en probeer het nog eens.");
  return answer.json();
}
