// Passkeys: asks the browser for one and sends what it answers with the form. No script, no passkey: codes still work.
import { $, say, show, within } from "./parts/page.js";

const PUBLIC = "public-key";

/**
 * What the server asks for, with bytes as text.
 * @typedef {object} Creation
 * @property {Omit<PublicKeyCredentialCreationOptions, "challenge" | "user" | "excludeCredentials"> & {
 *   challenge: string, user: { id: string, name: string, displayName: string }, excludeCredentials?: { id: string }[] }} publicKey
 */
/**
 * @typedef {object} Asking
 * @property {Omit<PublicKeyCredentialRequestOptions, "challenge" | "allowCredentials"> & {
 *   challenge: string, allowCredentials?: { id: string }[] }} publicKey
 */
/** @typedef {{ creation_options: Creation, request_options: Asking }} Options one of the two */

/** @param {string} url64 */
function bytes(url64) {
  const plain = atob(url64.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer */
function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/**
 * @param {{ id: string }[]} list
 * @returns {PublicKeyCredentialDescriptor[]}
 */
function withBytes(list = []) {
  return list.map((one) => ({ ...one, type: PUBLIC, id: bytes(one.id) }));
}

/** @param {Creation} asked */
async function create({ publicKey }) {
  /** @type {AuthenticatorSelectionCriteria} */
  const selection = { ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
  const made = passkey(await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: withBytes(publicKey.excludeCredentials),
      authenticatorSelection: selection,
      extensions: { credProps: true },
    },
  }));
  const response = /** @type {AuthenticatorAttestationResponse} */ (made.response);
  return answer(made, {
    attestationObject: text(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  });
}

/** @param {Asking} asked */
async function get({ publicKey }) {
  const shown = passkey(await navigator.credentials.get({
    publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: withBytes(publicKey.allowCredentials) },
  }));
  const { authenticatorData, signature, userHandle } = /** @type {AuthenticatorAssertionResponse} */ (shown.response);
  return answer(shown, {
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

/**
 * A passkey and no other kind of credential; an Error when the browser gives none.
 * @param {Credential | null} credential
 */
function passkey(credential) {
  if (!(credential instanceof PublicKeyCredential)) throw new Error("the browser gave no passkey");
  return credential;
}

/**
 * @param {PublicKeyCredential} credential
 * @param {Record<string, unknown>} response
 */
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

/**
 * @param {HTMLFormElement} form
 * @returns {Promise<Options>}
 */
async function options(form) {
  if (form.dataset.passkey !== "login") return JSON.parse($("#passkey-options").textContent ?? "");
  const reply = await fetch(form.action, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!reply.ok) throw new Error("the server gave no challenge");
  return reply.json();
}

/**
 * @param {SubmitEvent} event
 * @param {HTMLFormElement} form
 */
async function send(event, form) {
  event.preventDefault();
  const problem = within(form.parentElement ?? form, ".problem");
  show(problem, false);
  try {
    const asked = await options(form);
    const made = form.dataset.passkey === "create" ? await create(asked.creation_options) : await get(asked.request_options);
    within(form, "[name=credential]", HTMLInputElement).value = JSON.stringify(made);
    form.submit();
  } catch {
    say(problem, "Dat is niet gelukt. Probeer het nog een keer of kies een andere manier.");
  }
}

/**
 * @param {string} selector
 * @param {boolean} visible
 */
function showAll(selector, visible) {
  /** @type {NodeListOf<HTMLElement>} */
  const parts = document.querySelectorAll(selector);
  parts.forEach((part) => show(part, visible));
}

if ("PublicKeyCredential" in window && window.isSecureContext) {
  showAll("[data-needs-passkey]", true);
  showAll("[data-no-passkey]", false);
  /** @type {NodeListOf<HTMLFormElement>} */
  const forms = document.querySelectorAll("form[data-passkey]");
  forms.forEach((form) => form.addEventListener("submit", (event) => send(event, form)));
}
