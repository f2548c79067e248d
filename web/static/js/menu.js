// SPDX-License-Identifier: Apache-2.0
// menu.js closes an open menu on Escape, on a click elsewhere, and when the focus leaves it.

const menus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (e) => {
  for (const m of menus()) if (!m.contains(e.target)) m.open = false;
});

document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape") return;
  for (const m of menus()) {
    m.open = false;
    m.querySelector("summary").focus();
  }
});

document.addEventListener("focusin", (e) => {
  for (const m of menus()) if (!m.contains(e.target)) m.open = false;
});
