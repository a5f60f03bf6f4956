// Passkeys: asks the browser for one and sends what it answers with the form. No script, no passkey: codes still work.
const PUBLIC = "public-key";

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function withBytes(list) {
  return (list ?? []).map((one) => ({ ...one, type: PUBLIC, id: bytes(one.id) }));
}

async function create({ publicKey }) {
  const selection = { ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: withBytes(publicKey.excludeCredentials),
      authenticatorSelection: selection,
      extensions: { credProps: true },
    },
  });
  return answer(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

async function get({ publicKey }) {
  const shown = await navigator.credentials.get({
    publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: withBytes(publicKey.allowCredentials) },
  });
  const { authenticatorData, signature, userHandle } = shown.response;
  return answer(shown, {
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

function answer(credential, response) {
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
  };
}

async function options(form) {
  if (form.dataset.passkey !== "login") return JSON.parse(document.querySelector("#passkey-options").textContent);
  const reply = await fetch(form.action, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!reply.ok) throw new Error("the server gave no challenge");
  return reply.json();
}

async function send(event) {
  event.preventDefault();
  const form = event.target;
  const problem = form.parentElement.querySelector(".problem");
  problem.hidden = true;
  try {
    const asked = await options(form);
    const made = form.dataset.passkey === "create" ? await create(asked.creation_options) : await get(asked.request_options);
    form.elements.credential.value = JSON.stringify(made);
    form.submit();
  } catch {
    problem.textContent = "Dat is niet gelukt. Probeer het nog een keer of kies een andere manier.";
    problem.hidden = false;
  }
}

if (window.PublicKeyCredential && window.isSecureContext) {
  document.querySelectorAll("[data-needs-passkey]").forEach((part) => { part.hidden = false; });
  document.querySelectorAll("[data-no-passkey]").forEach((part) => { part.hidden = true; });
  document.querySelectorAll("[data-passkey]").forEach((form) => form.addEventListener("submit", send));
}
