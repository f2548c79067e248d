// SPDX-License-Identifier: Apache-2.0
// passkey.js has the browser ask a passkey what the server asks: <form data-passkey="/ask">,
// with data-create where one is to be made. The answer is sent with the form.

const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const list = (l) => l?.map((c) => ({ ...c, id: bytes(c.id) }));

const ask = async (form) => {
  const r = await fetch(form.dataset.passkey, { method: "POST" });
  if (!r.ok) throw new Error(r.status);
  const o = await r.json();
  o.challenge = bytes(o.challenge);
  if ("create" in form.dataset) {
    o.user.id = bytes(o.user.id);
    o.excludeCredentials = list(o.excludeCredentials);
    return navigator.credentials.create({ publicKey: o });
  }
  o.allowCredentials = list(o.allowCredentials);
  return navigator.credentials.get({ publicKey: o });
};

const answer = ({ rawId, response: r }) => {
  const out = { clientDataJSON: text(r.clientDataJSON) };
  if (r.getPublicKey) {
    out.authenticatorData = text(r.getAuthenticatorData());
    out.publicKey = text(r.getPublicKey());
    out.publicKeyAlgorithm = r.getPublicKeyAlgorithm();
    out.transports = r.getTransports();
  } else {
    out.authenticatorData = text(r.authenticatorData);
    out.signature = text(r.signature);
    if (r.userHandle) out.userHandle = text(r.userHandle);
  }
  return JSON.stringify({ id: text(rawId), response: out });
};

if (window.PublicKeyCredential)
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const say = form.querySelector("[role=alert]");
    form.hidden = false;
    form.addEventListener("submit", async (e) => {
      e.preventDefault();
      say.hidden = true;
      try {
        form.elements.answer.value = answer(await ask(form));
        form.submit();
      } catch (e) {
        say.textContent = form.dataset.failed;
        say.hidden = false;
        console.warn(e);
      }
    });
  }
