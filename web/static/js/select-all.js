// SPDX-License-Identifier: Apache-2.0
// select-all.js ticks every box of a list at once and says how many are ticked. What is
// done with them shows once there are some.

for (const label of document.querySelectorAll("[data-select-all]")) {
  const name = label.dataset.selectAll;
  const all = label.querySelector("input");
  const form = label.closest("form");
  const count = form.querySelector(`[data-selected="${name}"]`);
  const boxes = () => [...form.querySelectorAll(`input[type=checkbox][name="${name}"]:not(:disabled)`)];

  const show = () => {
    const n = boxes().filter((b) => b.checked).length;
    all.checked = n > 0 && n === boxes().length;
    all.indeterminate = n > 0 && !all.checked;
    if (count) count.querySelector("b").textContent = n;
    count?.closest(".bulk")?.toggleAttribute("data-none", n === 0);
  };

  all.addEventListener("change", () => {
    for (const b of boxes()) b.checked = all.checked;
    show();
  });
  form.addEventListener("change", (e) => e.target.name === name && show());
  label.hidden = false;
  if (count) count.hidden = false;
  show();
}
