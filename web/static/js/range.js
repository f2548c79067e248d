// SPDX-License-Identifier: Apache-2.0
// range.js lets a calendar set two date fields: click the first day and the last, drag
// over days with a mouse, or use the keyboard (arrows, Home, End, Page Up, Page Down,
// Enter). Turning the month fetches the page behind the arrow and takes its calendar;
// so do days that are typed.

const shift = (iso, days) => {
  const d = new Date(iso);
  d.setUTCDate(d.getUTCDate() + days);
  return d.toISOString().slice(0, 10);
};

class Range {
  constructor(box) {
    this.box = box;
    this.from = document.getElementById(box.dataset.from);
    this.to = document.getElementById(box.dataset.to);
    if (!this.from || !this.to) return;
    this.anchor = null; // the first day, while the last is still to come
    for (const [type, act] of Object.entries({
      click: this.click, keydown: this.key, pointerdown: this.down, pointerover: this.over,
    })) {
      box.addEventListener(type, act.bind(this));
    }
    document.addEventListener("pointerup", () => (this.drag = null));
    this.from.addEventListener("change", () => this.typed());
    this.to.addEventListener("change", () => this.typed());
    this.dress();
  }

  days() { return [...this.box.querySelectorAll("[data-day]")].filter((d) => d.offsetParent); }
  dayAt(target) { return target.closest?.("[data-day]")?.dataset.day; }

  // dress makes a grid of the tables: one day takes the focus, the arrows move it.
  dress() {
    for (const t of this.box.querySelectorAll(".cal")) t.setAttribute("role", "grid");
    for (const d of this.days()) d.setAttribute("draggable", "false");
    this.paint();
  }

  paint(from = this.from.value, to = this.to.value) {
    const days = this.days();
    const entry = days.find((d) => d.dataset.day === from) ?? this.box.querySelector(".today [data-day]") ?? days[0];
    for (const d of days) {
      const iso = d.dataset.day;
      const cell = d.parentElement;
      cell.classList.toggle("from", iso === from);
      cell.classList.toggle("to", iso === to);
      cell.classList.toggle("in", from < iso && iso < to);
      cell.setAttribute("aria-selected", String(from !== "" && from <= iso && iso <= to));
      d.tabIndex = d === entry ? 0 : -1;
    }
  }

  set(a, b) {
    [this.from.value, this.to.value] = [a, b].sort();
    this.paint();
    this.to.dispatchEvent(new Event("input", { bubbles: true }));
  }

  pick(iso) {
    this.set(this.anchor ?? iso, iso);
    this.anchor = this.anchor ? null : iso;
  }

  typed() {
    this.anchor = null;
    if (this.to.value < this.from.value) this.to.value = this.from.value;
    this.paint();
    const month = this.from.value.slice(0, 7); // 0202 is a year half typed
    const turn = this.box.querySelector("[data-turn]");
    if (!turn || month < "1900" || this.days()[0].dataset.day.startsWith(month)) return;
    this.load(turn.href.replace(/month=[^&]*/, `month=${month}`));
  }

  click(e) {
    const turn = e.target.closest("[data-turn]");
    if (turn) return this.turn(e, turn);
    const iso = this.dayAt(e.target);
    if (!iso || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    if (this.dragged) this.dragged = false;
    else this.pick(iso);
    this.focus(iso);
  }

  down(e) {
    this.dragged = false;
    if (e.pointerType === "mouse" && e.button === 0 && !this.anchor) this.drag = this.dayAt(e.target);
  }

  over(e) {
    const iso = this.dayAt(e.target);
    if (!iso || e.pointerType !== "mouse") return;
    if (this.drag && (iso !== this.drag || this.dragged)) {
      this.dragged = true;
      this.set(this.drag, iso);
    } else if (this.anchor) {
      this.paint(...[this.anchor, iso].sort());
    }
  }

  key(e) {
    const iso = this.dayAt(e.target);
    if (!iso) return;
    const weekday = (new Date(iso).getUTCDay() + 6) % 7;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, Home: -weekday, End: 6 - weekday, PageUp: -28, PageDown: 28 }[e.key];
    if (e.key === " ") this.pick(iso);
    else if (by === undefined) return;
    else this.move(shift(iso, by), by);
    e.preventDefault();
  }

  async move(iso, by) {
    if (!this.focus(iso)) {
      const turn = this.box.querySelector(`[data-turn="${Math.sign(by)}"]`);
      if (turn && (await this.load(turn.href))) this.focus(iso);
    }
    if (this.anchor) this.paint(...[this.anchor, iso].sort());
  }

  focus(iso) {
    const day = this.days().find((d) => d.dataset.day === iso);
    if (!day) return false;
    for (const d of this.days()) d.tabIndex = d === day ? 0 : -1;
    day.focus();
    return true;
  }

  async turn(e, link) {
    e.preventDefault();
    const way = link.dataset.turn;
    if (await this.load(link.href)) this.box.querySelector(`[data-turn="${way}"]`)?.focus();
    else location.assign(link.href);
  }

  async load(url) {
    this.box.setAttribute("aria-busy", "true");
    try {
      const page = new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html");
      const fresh = page.getElementById(this.box.id);
      if (fresh) this.box.replaceChildren(...fresh.childNodes);
      this.dress();
      return Boolean(fresh);
    } catch {
      return false;
    } finally {
      this.box.removeAttribute("aria-busy");
    }
  }
}

for (const box of document.querySelectorAll("[data-range]")) new Range(box);
