// Part 5: what a search finds, what a chosen row says, and the lists below the picture.

const make = (tag, name = "", text = "", attributes = {}) => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = visible(text);
  if (/^(button|input|select|a|canvas)$/.test(tag)) element.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};
const choice = (label, options) => {
  const select = make("select", "", "", { "aria-label": label });
  for (const [value, text] of options) select.append(make("option", "", text, { value }));
  return select;
};

class Lists extends Hands {
  // -- search, choice, lists

  find(query) {
    this.query = query.trim();
    this.hits = this.query ? this.rows.search(this.query) : null;
    this.count();
    this.draw();
    if (this.hits) this.turn("hits"); else if (this.list === "hits") this.turn(this.chosen < 0 ? "view" : "near"); else this.refill();
    this.share();
  }
  count() {
    const { hits, rows, mask } = this;
    this.hitRows = [];
    if (hits) for (let i = 0; i < rows.count; i++) if (hits[i] && mask[i]) this.hitRows.push(i);
    const dated = this.hitRows.filter((row) => row < rows.dated);
    this.hitU = placesOf(dated, rows.u);
    this.hitKey = this.query + dated.length;
    for (const { tracks } of this.lanes) for (const track of tracks) if (track.dense) track.hitU = hits ? placesOf(track.marks.filter((row) => hits[row]), rows.u) : null;
    const apart = this.hitRows.length - dated.length, total = mask.reduce((sum, each) => sum + each, 0);
    this.told.textContent = this.query && !rows.texts ? "reading …" : !hits ? `${total.toLocaleString("en")} ${RECORDS_AND_SPANS}` :
      `${this.hitRows.length.toLocaleString("en")} of ${total.toLocaleString("en")}` + (apart ? `, ${apart} ${NO_INSTANT}` : "");
  }
  step(by) {
    if (!this.hitRows.length) return;
    const { hitRows } = this, here = this.chosen;
    const i = by > 0 ? hitRows.findIndex((row) => row > here) : hitRows.findLastIndex((row) => row < here || here < 0);
    this.choose(hitRows[i < 0 ? (by > 0 ? 0 : hitRows.length - 1) : i], true);
  }
  walk(by) {
    let row = this.chosen < 0 ? below(this.rows.u, this.u0) - (by > 0 ? 1 : 0) : this.chosen;
    do row += by; while (row >= 0 && row < this.rows.count && !this.mask[row]);
    if (row >= 0 && row < this.rows.count) this.choose(row, true);
  }
  choose(row, move = false) {
    this.chosen = row;
    if (move && row >= 0 && row < this.rows.dated && (this.rows.u[row] < this.u0 || this.rows.u[row] > this.u1)) {
      const half = (this.u1 - this.u0) / 2;
      this.show(this.rows.u[row] - half, this.rows.u[row] + half);
    }
    this.tell();
    this.draw();
    if (row >= 0 && this.list !== "hits" && this.list !== "undated") this.turn("near"); else this.refill();
    this.options.chosen?.(row < 0 ? [] : [row + 1]);
    this.share();
  }
  // Shows a finding's records: they become the hits, and the picture goes to them.
  showFinding(id) {
    const row = this.rows.byFinding.get(id);
    if (row !== undefined && this.rows.device[row] !== this.device) { this.devices.value = String(this.rows.device[row]); this.devices.dispatchEvent(new Event("change")); }
    this.field.value = `finding:${id}`;
    this.find(this.field.value);
    const dated = this.hitRows.filter((each) => each < this.rows.dated);
    if (dated.length) this.showTime(this.rows.at[dated[0]], Math.max(...dated.map((each) => this.rows.until(each))));
    this.choose(row ?? this.hitRows[0] ?? -1);
  }

  tell() {
    const { rows, chosen: row, panel } = this;
    panel.replaceChildren();
    panel.hidden = row < 0;
    if (row < 0) return;
    const list = make("dl", "tl-fields"), say = (name, value) => { if (value !== "" && value !== undefined && value !== null) { list.append(make("dt", "", name)); const dd = make("dd"); dd.append(value instanceof Node ? value : visible(value)); list.append(dd); } };
    panel.append(make("h4", "", rows.said("title", row) || rows.words(rows.said("kind", row))));
    const clock = rows.said("clock", row), raw = rows.recorded.get(row), local = rows.written.get(row);
    say("when", row < rows.dated ? `${this.clock.iso(rows.at[row])} ${this.clock.name} (${rows.words(clock)})` : "no instant known");
    if (Number.isFinite(raw)) say("as written", `${UTC.iso(raw)} ${ZONE}`);
    if (local !== undefined) say("as written", UTC.iso(local) + ", device local time");
    if (rows.ends.has(row)) say("until", this.clock.iso(rows.ends.get(row)) + BETWEEN + span(rows.ends.get(row) - rows.at[row])); else if (rows.open[row]) say("until", rows.end_open);
    const code = rows.said("code", row), meaning = rows.meanings[`${code} ${rows.said("stage", row)}`.trim()];
    say("code", code && (meaning ? `${code} ${meaning}` : code));
    say("level", rows.said("level", row));
    for (const name of ["stage", "outcome"]) say(name, rows.words(rows.said(name, row)));
    say("attempt", rows.attempt[row] || "");
    say("from", [rows.said("provider", row), rows.event_id[row] < 0xffffffff ? rows.event_id[row] : ""].filter((each) => each !== "").join(" "));
    say("log", rows.said("channel", row));
    say("record", [rows.said("member", row), Number.isFinite(rows.record[row]) ? rows.record[row] : ""].filter((each) => each !== "").join(" record "));
    for (const id of rows.proofs.get(row) || []) say(rows.said("kind", row) === FINDING ? "its proof" : "evidence of", this.link(id, row));
    panel.append(list, this.fields(rows.text(row)));
  }
  link(id, row) {
    const own = this.rows.byFinding.get(id), there = this.options.page && document.getElementById(`finding-${id}`);
    if (own === row) {
      const proofs = [...this.rows.proofs].filter(([each, ids]) => each !== row && ids.includes(id)).length;
      const button = make("button", "tl-link", showThem(proofs), { type: "button" });
      button.addEventListener("click", () => { this.showFinding(id); this.hold(); });
      return button;
    }
    const title = own === undefined ? `finding ${id}` : this.rows.said("title", own);
    const to = there ? make("a", "", title, { href: `#finding-${id}` }) : make("button", "tl-link", title, { type: "button" });
    to.addEventListener("click", () => { if (there) clearTimeout(this.sharing); else if (own !== undefined) { this.choose(own, true); this.hold(); } });
    return to;
  }
  hold() { this.canvas.focus({ preventScroll: true }); } // what was pressed is gone: keys go on where it led
  fields(text) {
    let parsed = null;
    try { parsed = text.startsWith("{") ? JSON.parse(text) : null; } catch { parsed = null; }
    if (!parsed) return text && text !== "{}" ? make("pre", "tl-text", text) : "";
    const list = make("dl", "tl-fields tl-own");
    const add = (name, value) => {
      if (typeof value === "string" && value.startsWith("{")) try { value = JSON.parse(value); } catch { /* stays text */ }
      if (value && typeof value === "object" && !Array.isArray(value)) for (const [key, each] of Object.entries(value)) add(name ? `${name} ${key}` : key, each);
      else if (value !== null && value !== "") list.append(make("dt", "", spaced(name)), make("dd", "", Array.isArray(value) ? value.join(", ") : String(value)));
    };
    add("", parsed);
    return list;
  }

  turn(list) { this.list = this.lists.value = list; this.scroll.scrollTop = 0; this.refill(); }
  listRows() {
    const { rows, mask } = this, within = (u0, u1) => { const out = []; for (let i = below(rows.u, u0); i < rows.dated && rows.u[i] <= u1; i++) if (mask[i]) out.push(i); return out; };
    if (this.list === "hits") return this.hitRows;
    if (this.list === "undated") return Array.from({ length: rows.count - rows.dated }, (_, i) => rows.dated + i).filter((row) => mask[row]);
    if (this.list === "span") return this.stretch ? within(...this.stretch) : [];
    if (this.list === "near") return this.chosen < 0 || this.chosen >= rows.dated ? [] : within(rows.toU(rows.at[this.chosen] - this.reach), rows.toU(rows.at[this.chosen] + this.reach));
    return within(this.u0, this.u1);
  }
  refill() { // lists follow the picture, a little later
    clearTimeout(this.filling);
    this.filling = setTimeout(() => {
      this.shown = this.listRows();
      this.listed.textContent = `${this.shown.length.toLocaleString("en")} ${this.shown.length === 1 ? "row" : "rows"}`;
      this.spacer.style.height = Math.min(this.shown.length * LINE, 3e7) + "px";
      if (this.list === "near") this.scroll.scrollTop = Math.max(0, this.shown.indexOf(this.chosen) - 4) * LINE;
      this.fill();
      this.options.listed?.(this.list === "span" || this.list === "hits" ? this.shown.map((row) => row + 1) : null);
    }, 60);
  }
  fill() {
    const from = Math.floor(this.scroll.scrollTop / LINE), { rows } = this, held = this.spacer.contains(document.activeElement) ? document.activeElement.row : null;
    this.spacer.replaceChildren(...(this.shown || []).slice(from, from + LINES + 2).map((row, i) => {
      const line = make("button", "tl-line" + (row === this.chosen ? " tl-here" : ""), "", { type: "button", role: "listitem" });
      const level = rows.said("level", row), sign = rows.bad(row) ? "▲" : level === WARNING ? "△" : "";
      line.append(make("span", "tl-when", row < rows.dated ? this.clock.iso(rows.at[row], 3).slice(this.width < 560 ? 5 : 0) : "no instant"), make("span", "tl-sign tl-" + level, sign),
        make("span", "tl-what", rows.said("title", row)), make("span", "tl-where", shortly(rows.said("channel", row)) || rows.lanes[rows.said("lane", row)]));
      line.row = row;
      line.style.transform = `translateY(${(from + i) * LINE}px)`;
      line.addEventListener("click", () => this.choose(row, true));
      return line;
    }));
    if (held !== null) ([...this.spacer.children].find((line) => line.row === held) || this.scroll).focus({ preventScroll: true });
  }
  async copy() {
    const text = this.rows.csv(this.listRows());
    try { await navigator.clipboard.writeText(text); } catch {
      const area = make("textarea");
      area.value = text;
      this.root.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    this.listed.textContent = "copied";
  }
  save() {
    const link = make("a", "", "", { download: `timeline-${this.list}.csv` });
    link.href = URL.createObjectURL(new Blob(["\ufeff", this.rows.csv(this.listRows())], { type: "text/csv" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1e4);
  }
}
