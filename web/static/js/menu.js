// SPDX-License-Identifier: Apache-2.0
// menu.js closes a menu when the focus or a click is elsewhere; Escape closes it, or a question.

const left = (e) => {
  for (const m of document.querySelectorAll("details.menu[open]")) if (!m.contains(e.target)) m.open = false;
};
document.addEventListener("click", left);
document.addEventListener("focusin", left);

document.addEventListener("keydown", (e) => {
  const open = ":is(.menu, .confirm)[open]";
  const d = e.key === "Escape" && (e.target.closest(open) || document.querySelector(open));
  if (!d) return;
  d.open = false;
  d.querySelector("summary").focus();
});
