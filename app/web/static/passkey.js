// Passkeys: a form with data-passkey asks the browser for one before it is sent. Without this the form stays hidden.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const keys = (list) => (list ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

const ask = async (form) => {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const answer = await fetch(form.dataset.passkey, { method: "POST", body });
  if (!answer.ok) throw new Error("no options");
  const asked = await answer.json();
  const publicKey = { ...asked, challenge: bytes(asked.challenge) };
  let key;
  if (asked.user) {
    publicKey.user = { ...asked.user, id: bytes(asked.user.id) };
    publicKey.excludeCredentials = keys(asked.excludeCredentials);
    key = await navigator.credentials.create({ publicKey });
  } else {
    publicKey.allowCredentials = keys(asked.allowCredentials);
    key = await navigator.credentials.get({ publicKey });
  }
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[part]) response[part] = text(key.response[part]);
  }
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
};

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  for (const part of document.querySelectorAll("[data-needs-passkeys]")) part.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector("[data-refused]");
    said.hidden = true;
    try {
      form.querySelector("[data-answer]").value = await ask(form);
      form.submit();
    } catch {
      said.hidden = false;
      delete form.dataset.sent;
      form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    }
  });
}
