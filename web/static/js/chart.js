// SPDX-License-Identifier: Apache-2.0
// chart.js brings today into view and shows what a bar stands for, under the pointer or
// a finger. Escape puts the tip away.

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true");
document.body.append(tip);

const show = (bar) => {
  tip.textContent = bar.textContent.trim();
  tip.hidden = false;
  const r = bar.getBoundingClientRect();
  const t = tip.getBoundingClientRect();
  const x = Math.max(8, Math.min(r.left, innerWidth - t.width - 8));
  const y = r.top - t.height - 6 < 8 ? r.bottom + 6 : r.top - t.height - 6;
  tip.style.translate = `${Math.round(x)}px ${Math.round(y)}px`;
};
const hide = () => (tip.hidden = true);

for (const chart of document.querySelectorAll(".chart")) {
  const today = chart.querySelector("thead .t");
  const names = chart.querySelector("thead th");
  if (today) chart.scrollLeft = today.offsetLeft - names.offsetWidth - 2 * today.offsetWidth;

  const over = (e) => {
    const bar = e.target.closest(".chart td > *");
    if (bar && bar.textContent) show(bar);
    else hide();
  };
  chart.addEventListener("pointerover", over);
  chart.addEventListener("click", over);
  chart.addEventListener("focusin", over);
  chart.addEventListener("pointerleave", hide);
  chart.addEventListener("scroll", hide, { passive: true });
}
document.addEventListener("keydown", (e) => e.key === "Escape" && hide());
