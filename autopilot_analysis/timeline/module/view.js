// Part 6: the elements around the canvas, the address that shares a view, and how a page or a notebook mounts it.

// The number of the finding whose proofs the address asks for.
const proven = () => {
  const [before, number] = [location.hash.slice(0, PROOFS.length), location.hash.slice(PROOFS.length)];
  return before === PROOFS && /^\d+$/.test(number) ? +number : null;
};

class View extends Lists {
  constructor(root, head, options) {
    super();
    Object.assign(this, { root, options, rows: new Rows(head), expanded: new Set(), hits: null, hitRows: [], chosen: -1, stretch: null,
      list: "view", reach: 5e6, query: "", level: "", stage: "", device: 0, boxes: [] });
    this.clock = new Clock(this.rows.zone);
    this.build();
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", () => this.recolour());
    this.paper = matchMedia("print");
    this.paper.addEventListener("change", () => this.resize());
    if (document.body.dataset.jpThemeLight) new MutationObserver(() => this.recolour()).observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
    new ResizeObserver(() => this.canvas.clientWidth !== this.width && this.resize()).observe(this.canvas);
    this.recolour(false);
    this.lay();
    this.begin();
  }

  // -- elements

  build() {
    const button = (label, title, act) => {
      const element = make("button", "tl-button", label, { type: "button", title, "aria-label": title });
      element.addEventListener("click", act);
      return element;
    };
    this.field = make("input", "tl-search", "", { type: "search", placeholder: `Search all records: ${HOW_TO_SEARCH}`,
      "aria-label": "Search all records", spellcheck: "false" });
    this.field.addEventListener("input", () => { clearTimeout(this.typing); this.typing = setTimeout(() => this.find(this.field.value), 90); });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); this.step(event.shiftKey ? -1 : 1); }
      if (event.key === "Escape") { this.field.value = ""; this.find(""); this.canvas.focus(); }
      event.stopPropagation();
    });
    this.told = make("span", "tl-count", "", { role: "status", "aria-live": "polite" });
    this.levels = choice("Levels shown", [["", "all levels"], [WARNING, "warnings and errors"], [ERROR, "errors"]]);
    this.levels.addEventListener("change", () => { this.level = this.levels.value; this.lay(); this.find(this.query); });
    const stages = this.rows.lists.stage.filter(Boolean);
    this.stages = choice("Stage shown", [["", "all stages"], ...stages.map((name) => [name, this.rows.words(name)])]);
    this.stages.addEventListener("change", () => { this.stage = this.stages.value; this.lay(); this.find(this.query); });
    this.devices = choice("Device shown", this.rows.lists.device.map((name, i) => [String(i), name]));
    this.devices.hidden = this.rows.lists.device.length < 2;
    this.devices.addEventListener("change", () => { this.device = +this.devices.value; this.rows.limit(this.device); this.chosen = -1; this.lay(); this.home(); this.find(this.query); });
    this.zones = button(ZONE, `Show times in the device's zone or in ${ZONE}`, () => {
      this.clock.zoned(!this.clock.on);
      this.zones.textContent = this.clock.name;
      this.draw(); this.tell(); this.refill();
    });
    this.zones.hidden = !this.rows.zone;
    const bar = make("div", "tl-bar");
    bar.append(this.field, button("‹", `Previous hit (${KEYS.previous})`, () => this.step(-1)), button("›", `Next hit (${KEYS.next})`, () => this.step(1)), this.told,
      this.devices, this.levels, this.stages, button("−", "Zoom out (−)", () => this.zoom(1.6)), button("+", "Zoom in (+)", () => this.zoom(1 / 1.6)),
      button("Attempts", `Show the attempts (${KEYS.attempts})`, () => this.begin()), button("All", `Show everything (${KEYS.all})`, () => this.home()), this.zones);
    this.canvas = make("canvas", "tl-canvas", "", { tabindex: "0", role: "application", "aria-label": `Timeline of ${this.rows.count} ${RECORDS_AND_SPANS}. ` +
      `Arrows move, plus and minus zoom, ${KEYS.next} and ${KEYS.previous} go through hits, ${KEYS.search} searches, up and down go through records` });
    this.tip = make("div", "tl-tip", "", { "aria-hidden": "true" });
    this.tip.hidden = true;
    this.frame = make("div", "tl-stage");
    this.frame.append(this.canvas, this.tip);
    this.nothing = make("p", "tl-count", "No record here has an instant, so there is no line to draw; the records stand in the list.");
    this.panel = make("div", "tl-panel", "", { "aria-live": "polite" });
    this.lists = choice("Which records are listed", [["hits", "hits"], ["view", "in view"], ["near", "around the chosen one"], ["span", "selected span"], ["undated", NO_INSTANT]]);
    this.lists.value = this.list;
    this.lists.addEventListener("change", () => { this.list = this.lists.value; this.refill(); });
    this.reaches = choice("How far around", [["1e6", "± 1 s"], ["5e6", "± 5 s"], ["3e7", "± 30 s"], ["3e8", "± 5" + IN_MINUTES]]);
    this.reaches.value = "5e6";
    this.reaches.addEventListener("change", () => { this.reach = +this.reaches.value; this.lists.value = this.list = "near"; this.refill(); });
    this.listed = make("span", "tl-count");
    const foot = make("div", "tl-bar tl-foot");
    foot.append(make("span", "", "Listed:"), this.lists, this.reaches, this.listed, button("Copy", "Copy the listed records as CSV", () => this.copy()),
      button("CSV", "Save the listed records as a CSV file", () => this.save()));
    this.scroll = make("div", "tl-list", "", { tabindex: "0", role: "list", "aria-label": "Listed records", "data-lm-suppress-shortcuts": "true" });
    this.spacer = make("div", "tl-spacer");
    this.scroll.append(this.spacer);
    this.scroll.addEventListener("scroll", () => this.fill(), { passive: true });
    this.root.append(bar, this.nothing, this.frame, this.panel, foot, this.scroll);
    this.listen();
  }

  recolour(draw = true) {
    const style = getComputedStyle(this.root);
    const colour = (name) => style.getPropertyValue("--tl-" + name).trim();
    this.colours = Object.fromEntries(["paper", "ink", "soft", "line", "wash", "bad", "warn", "hit", "pick", "quiet", "bar"].map((name) => [name, colour(name)]));
    this.font = style.fontFamily;
    if (draw) this.draw();
  }

  lay() {
    const { rows } = this;
    const least = this.level ? rows.levels.indexOf(this.level) : rows.levels.length;
    const stage = rows.lists.stage.indexOf(this.stage);
    this.mask = new Uint8Array(rows.count);
    for (let i = 0; i < rows.count; i++) {
      if (rows.device[i] === this.device && rows.rank(i) <= least && (!this.stage || rows.stage[i] === stage)) this.mask[i] = 1;
    }
    this.lanes = layTracks(rows, this.mask, this.expanded);
    this.steps = [];
    const step = rows.lists.kind.indexOf(STEP);
    for (let i = 0; i < rows.dated; i++) if (rows.kind[i] === step && rows.device[i] === this.device && PARTING.includes(rows.said("outcome", i))) this.steps.push(i);
    this.all = rows.u.filter((_, i) => this.mask[i]);
    this.count();
    this.frame.hidden = !rows.placed;
    this.nothing.hidden = rows.placed;
    if (!rows.placed) this.list = this.lists.value = "undated";
    this.resize();
  }

  resize() {
    this.printing = this.paper.matches;
    this.root.classList.toggle("tl-print", this.printing);
    let y = 64;
    for (const lane of this.lanes) {
      lane.y = y;
      if (lane.headed) y += 17;
      for (const track of lane.tracks) { track.y = y; y += track.height; }
      y += 5;
    }
    this.height = y + 4;
    const paper = Math.min(1100, Math.max(760, this.height * 0.78)); // as wide as a page of A4 is when it holds the height
    this.width = this.printing ? paper : Math.max(280, this.canvas.clientWidth || this.canvas.parentElement.clientWidth || 900);
    this.gutter = this.width < 560 ? 122 : 190;
    this.recolour(false);
    this.draw(true);
  }

  // -- the address

  share() {
    if (!this.options.page || !this.ready) return;
    clearTimeout(this.sharing);
    this.sharing = setTimeout(() => {
      const { rows } = this, state = new URLSearchParams();
      if (this.u1 - this.u0 < rows.length) { state.set("from", Math.round(rows.toT(this.u0))); state.set("to", Math.round(rows.toT(this.u1))); }
      for (const [name, value] of [["q", this.query], ["level", this.level], ["stage", this.stage], ["row", this.chosen < 0 ? "" : this.chosen + 1]]) if (value) state.set(name, value);
      try { history.replaceState(null, "", VIEW + state); } catch { /* a page that may not say where it is */ }
    }, 300);
  }
  arrive() {
    const number = proven();
    if (number !== null) { this.showFinding(number); this.hold(); this.root.scrollIntoView({ block: "start" }); return; }
    if (!location.hash.startsWith(VIEW)) return;
    const state = new URLSearchParams(location.hash.slice(VIEW.length));
    [this.level, this.stage] = [state.get("level") || "", state.get("stage") || ""];
    [this.levels.value, this.stages.value] = [this.level, this.stage];
    this.lay();
    this.field.value = state.get("q") || "";
    this.find(this.field.value);
    if (state.has("from")) this.show(this.rows.toU(+state.get("from")), this.rows.toU(+state.get("to")));
    if (state.has("row")) this.choose(Math.min(this.rows.count, +state.get("row")) - 1);
    this.root.scrollIntoView({ block: "start" });
  }
  listFindings() { // a place to come back to, where the page has none of its own
    const list = make("ol", "tl-findings");
    for (const [id, row] of [...this.rows.byFinding].sort(([a], [b]) => a - b)) {
      if (document.getElementById(`finding-${id}`)) continue;
      const item = make("li", "", "", { id: `finding-${id}` });
      const proofs = [...this.rows.proofs].filter(([each, ids]) => each !== row && ids.includes(id)).length;
      item.append(visible(this.rows.whole(row)) + " ", make("a", "", showThem(proofs), { href: PROOFS + id }));
      list.append(item);
    }
    if (list.childElementCount) this.root.append(list);
  }
}

// Draws the first block at once and reads the texts afterwards.
const mount = async (root, first, rest, options = {}) => {
  const view = new View(root, await unpack(first), options);
  root.timeline = view;
  await new Promise((done) => setTimeout(done, 30));
  const later = await unpack(rest);
  view.rows.lists.text = later.lists.text;
  view.rows.texts = later.text;
  if (options.page) view.listFindings();
  if (view.query) view.find(view.query);
  view.tell();
  view.refill();
  if (options.page) { view.arrive(); addEventListener("hashchange", () => { clearTimeout(view.sharing); if (location.hash.startsWith(PROOFS)) view.arrive(); }); }
  view.ready = true;
  return view;
};

export default {
  async render({ model, el }) { // anywidget
    const root = make("section", "timeline");
    el.append(root);
    const tell = (name, value) => { model.set(name, value); model.save_changes(); };
    const view = await mount(root, model.get("first"), model.get("rest"), {
      chosen: (ids) => tell("chosen", ids), listed: (ids) => ids && tell("listed", ids.slice(0, 10000)),
    });
    model.on("change:query", () => { view.field.value = model.get("query"); view.find(model.get("query")); });
    if (model.get("query")) { view.field.value = model.get("query"); view.find(model.get("query")); }
  },
};

for (const root of document.querySelectorAll("section.timeline[data-page]")) {
  mount(root, root.querySelector(".timeline-first").textContent, root.querySelector(".timeline-rest").textContent, { page: true });
}
