// SPDX-License-Identifier: Apache-2.0
// preview.js asks the server about a form while it is filled in and shows its answer:
// <form data-preview="/url" data-into="id">. Free text and passwords are not sent.

for (const form of document.querySelectorAll("form[data-preview]")) {
  const into = document.getElementById(form.dataset.into);
  if (!into) continue;
  let timer, asked;

  const query = () => {
    const q = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const kind = form.elements[name]?.type;
      if (typeof value === "string" && kind !== "textarea" && kind !== "password") q.append(name, value);
    }
    return q;
  };

  const ask = async () => {
    asked?.abort();
    const mine = (asked = new AbortController());
    into.setAttribute("aria-busy", "true");
    try {
      const r = await fetch(`${form.dataset.preview}?${query()}`, { signal: mine.signal, headers: { Accept: "text/html" } });
      if (r.ok || r.status === 422 || r.status === 409) {
        const page = new DOMParser().parseFromString(await r.text(), "text/html");
        into.replaceChildren(...page.body.childNodes);
      }
    } catch (e) {
      if (e.name !== "AbortError") console.warn(e);
    }
    if (asked === mine) into.removeAttribute("aria-busy");
  };

  const soon = (e) => {
    if (e.target.type === "textarea") return;
    clearTimeout(timer);
    timer = setTimeout(ask, e.type === "input" ? 300 : 50);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
}
