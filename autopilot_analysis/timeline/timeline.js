// The timeline of a device on one canvas: the same module in a report's page and, by anywidget, in notebooks.
// It asks nothing of the network, evaluates nothing, and builds every element by name and text alone.

const LANES = {
  power: "Boots and power", attempts: "Attempts", network: "Network", profile: "Profile", screens: "Screens",
  sign_in: "Sign-in", join: "Join", enrollment: "Enrolment", status_page: "Status page", desktop: "Desktop",
  apps: "Apps", scripts: "Scripts", policies: "Policies", certificates: "Certificates", findings: "Findings",
  errors: "Errors", records: "Records by log",
};
const RECORDS = new Set(["event", "log_line"]), NAMED = new Set(["apps", "scripts", "policies", "certificates", "records"]);
const SEARCHED = ["title", "text", "code", "track", "channel", "provider", "member"];
const CONTAINS = new Set(["channel", "provider", "member", "track", "title", "text"]);
const EQUALS = new Set(["level", "lane", "kind", "stage", "outcome", "device"]);
const MOST_TRACKS = 12, MOST_FOLDS = 60, IDLE = 600e6, LINE = 24, LINES = 12, NARROWEST = 50;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 15e6, 3e7, 6e7, 12e7, 3e8,
  6e8, 18e8, 36e8, 108e8, 216e8, 432e8, 864e8, 1728e8, 6048e8, 12096e8, 25920e8, 77760e8, 315360e8];

// -- words ---------------------------------------------------------------------------------------------------

// Control, direction and half characters are spelt out, so that no text steers what stands beside it.
const visible = (text) => String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g,
  (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));
const words = (name) => visible(name).replace(/_/g, " ");
const two = (n) => String(n).padStart(2, "0");

const span = (us) => {
  if (us < 1e3) return Math.round(us) + " µs";
  if (us < 1e6) return +(us / 1e3).toFixed(us < 1e4 ? 2 : 0) + " ms";
  if (us < 6e7) return +(us / 1e6).toFixed(us < 1e7 ? 2 : 0) + " s";
  const minutes = Math.round(us / 6e7);
  if (us < 36e8) return Math.floor(us / 6e7) + " min " + two(Math.floor(us / 1e6) % 60) + " s";
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24 + " h " + two(minutes % 60) + " min";
  return days ? days + " d " + hours : hours;
};

class Clock {
  constructor(zone) { this.zone = zone; this.cache = new Map(); this.zoned(false); }
  zoned(on) {
    this.on = Boolean(on && this.zone);
    if (this.on) this.parts = new Intl.DateTimeFormat("en-CA", { timeZone: this.zone, hourCycle: "h23", year: "numeric", month: "2-digit",
      day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  }
  offset(us) {
    if (!this.on) return 0;
    const quarter = Math.floor(us / 9e8);
    if (!this.cache.has(quarter)) {
      const at = quarter * 9e5;
      const p = Object.fromEntries(this.parts.formatToParts(new Date(at)).map((part) => [part.type, +part.value]));
      this.cache.set(quarter, (Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) - at) * 1e3);
    }
    return this.cache.get(quarter);
  }
  iso(us, digits = 6) {
    if (!Number.isFinite(us)) return "no time known";
    const local = us + this.offset(us);
    const ms = Math.floor(local / 1e3);
    const whole = new Date(ms).toISOString().replace("T", " ").slice(0, 19);
    return digits ? whole + "." + String(Math.round(local - Math.floor(local / 1e6) * 1e6)).padStart(6, "0").slice(0, digits) : whole;
  }
  get name() { return this.on ? this.zone : "UTC"; }
}

// -- payload -------------------------------------------------------------------------------------------------

const TYPES = { f8: Float64Array, u4: Uint32Array, u2: Uint16Array, u1: Uint8Array };

const decode = (text) => {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const signs = atob(text), bytes = new Uint8Array(signs.length);
  for (let i = 0; i < signs.length; i++) bytes[i] = signs.charCodeAt(i);
  return bytes;
};
const unpack = async (packed) => {
  const bytes = typeof packed === "string" ? decode(packed) : new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(stream).arrayBuffer();
  const size = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  for (const [name, [kind, offset, length]] of Object.entries(head.arrays)) head[name] = new TYPES[kind](buffer, 4 + size + offset, length);
  return head;
};

const below = (sorted, value, from = 0) => { // how many are smaller than value
  let low = from, high = sorted.length;
  while (low < high) { const middle = (low + high) >> 1; if (sorted[middle] < value) low = middle + 1; else high = middle; }
  return low;
};

// -- rows, folds, search -------------------------------------------------------------------------------------

class Rows {
  constructor(head) {
    Object.assign(this, head);
    this.count = head.rows;
    this.at = head.at.slice(); // differences become instants
    for (let i = 1; i < this.dated; i++) this.at[i] += this.at[i - 1];
    this.ends = new Map(Array.from(head.span_row, (row, i) => [row, head.span_end[i]]));
    this.recorded = new Map(Array.from(head.moved_row, (row, i) => [row, head.moved_at[i]]));
    this.written = new Map(Array.from(head.local_row, (row, i) => [row, head.local_at[i]]));
    this.proofs = new Map();
    head.proof_row.forEach((row, i) => this.proofs.set(row, [...(this.proofs.get(row) || []), head.proof_of[i]]));
    this.byFinding = new Map();
    for (const [row, ids] of this.proofs) if (this.said("kind", row) === "finding") this.byFinding.set(ids[0], row);
    this.lower = {};
    this.limit(0);
  }
  limit(device) { // to the stretch of time and the idle gaps of one device
    const ends = [...this.ends].filter(([row]) => this.device[row] === device).map(([, end]) => end);
    const all = new Float64Array(this.dated + ends.length);
    let size = 0;
    for (let i = 0; i < this.dated; i++) if (this.device[i] === device) all[size++] = this.at[i];
    for (const end of ends) all[size++] = end;
    const activity = all.subarray(0, size).sort();
    [this.from, this.to] = activity.length ? [activity[0], Math.max(activity[activity.length - 1], activity[0] + 1e6)] : [0, 1e6];
    this.gaps = [];
    for (let i = 1; i < activity.length; i++) if (activity[i] - activity[i - 1] >= IDLE) this.gaps.push([activity[i - 1], activity[i]]);
    this.opened = new Set();
    this.fold();
  }

  said(name, row) { return this.lists[name][this[name][row]]; }
  text(row) { return this.texts ? this.lists.text[this.texts[row]] : ""; }
  until(row) { return this.ends.has(row) ? this.ends.get(row) : this.at[row]; }

  // Idle stretches become short: time is mapped to a folded coordinate, on which pan and zoom are linear.
  fold() {
    const longest = this.gaps.filter(([a]) => !this.opened.has(a)).sort((x, y) => y[1] - y[0] - x[1] + x[0]);
    let rest = this.to - this.from;
    this.folds = [];
    for (const [a, b] of longest) {
      if (this.folds.length === MOST_FOLDS || b - a < rest * 0.01) break;
      this.folds.push({ a, b });
      rest -= b - a;
    }
    this.folds.sort((x, y) => x.a - y.a);
    const width = Math.max(rest, 1e6) * Math.min(0.016, 0.4 / Math.max(1, this.folds.length));
    this.knots = [[this.from, 0]];
    let u = 0, t = this.from;
    for (const fold of this.folds) {
      fold.u = u += fold.a - t;
      fold.v = u += width;
      t = fold.b;
      this.knots.push([fold.a, fold.u], [fold.b, fold.v]);
    }
    this.length = u + Math.max(this.to - t, 1);
    this.knots.push([this.to, this.length]);
    this.u = new Float64Array(this.dated);
    for (let i = 0, k = 0; i < this.dated; i++) {
      while (k < this.knots.length - 2 && this.at[i] > this.knots[k + 1][0]) k++;
      this.u[i] = this.between(k, this.at[i], 0, 1);
    }
  }
  between(k, value, from, to) {
    const [a, b] = [this.knots[k], this.knots[k + 1]];
    return b[from] === a[from] ? a[to] : a[to] + (value - a[from]) / (b[from] - a[from]) * (b[to] - a[to]);
  }
  map(value, from, to) {
    let k = 0;
    while (k < this.knots.length - 2 && value > this.knots[k + 1][from]) k++;
    return this.between(k, value, from, to);
  }
  toU(t) { return this.map(t, 0, 1); }
  toT(u) { return this.map(u, 1, 0); }

  folded(name) { // each distinct text in lower case, once
    this.lower[name] ||= this.lists[name].map((text) => text.toLowerCase());
    return this.lower[name];
  }
  // Words, "a phrase", -not, id:404, code:0x8018, channel:…: the same language as search_records.
  search(query) {
    const hits = new Uint8Array(this.count).fill(1);
    for (const [, minus, field, phrase, word] of query.matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/gi)) {
      const wanted = (phrase ?? word ?? "").toLowerCase();
      const found = this.named((field || "").toLowerCase(), wanted) || this.anywhere(field ? `${field}:${wanted}`.toLowerCase() : wanted);
      for (let i = 0; i < hits.length; i++) if (Boolean(found[i]) === (minus === "-")) hits[i] = 0;
    }
    return hits;
  }
  flagged(name, test, into) {
    const flags = Uint8Array.from(this.folded(name), (text) => test(text) ? 1 : 0), codes = name === "text" ? this.texts : this[name];
    if (flags.includes(1)) for (let i = 0; i < into.length; i++) into[i] |= flags[codes[i]];
    return into;
  }
  named(field, wanted) {
    const found = new Uint8Array(this.count);
    if (field === "id") return found.map((_, i) => this.event_id[i] < 0xffffffff && String(this.event_id[i]) === wanted ? 1 : 0);
    if (field === "finding") return found.map((_, i) => (this.proofs.get(i) || []).includes(+wanted) ? 1 : 0);
    if (field === "code") return this.flagged("code", (text) => text !== "" && text.startsWith(wanted), found);
    if (EQUALS.has(field)) return this.flagged(field, (text) => text !== "" && text === wanted, found);
    return CONTAINS.has(field) ? this.flagged(field, (text) => text.includes(wanted), found) : null;
  }
  anywhere(wanted) {
    const found = new Uint8Array(this.count);
    for (const name of SEARCHED) if (name !== "text" || this.texts) this.flagged(name, (text) => text.includes(wanted), found);
    return found;
  }

  cell(name, row) { // as the CSV of the command line has it
    const instant = (us, zone) => us === undefined || !Number.isFinite(us) ? "" : UTC.iso(us).replace(" ", "T") + zone;
    if (name === "id") return String(row + 1);
    if (name === "open" || name === "dim") return this[name][row] ? "true" : "false";
    if (name === "at") return instant(this.at[row], "+0000");
    if (name === "ended_at") return instant(this.ends.get(row), "+0000");
    if (name === "recorded_at") return instant(this.recorded.get(row) ?? (this.said("kind", row) === "event" ? this.at[row] : NaN), "+0000");
    if (name === "written_at") return instant(this.written.get(row), "");
    if (name === "attempt") return this.attempt[row] ? String(this.attempt[row]) : "";
    if (name === "event_id") return this.event_id[row] < 0xffffffff ? String(this.event_id[row]) : "";
    if (name === "record") return Number.isFinite(this.record[row]) ? String(this.record[row]) : "";
    if (name === "findings") return (this.proofs.get(row) || []).join(" ");
    const text = name === "text" ? this.text(row) : this.said(name, row);
    return text.replace(/^([=+\-@\t\r])/, "'$1");
  }
  csv(rows) {
    const quoted = (text) => /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
    return [this.columns.join(","), ...rows.map((row) => this.columns.map((name) => quoted(this.cell(name, row))).join(","))].join("\n") + "\n";
  }
}

const UTC = new Clock("");

// -- lanes and tracks ----------------------------------------------------------------------------------------

const placesOf = (some, u) => {
  const places = new Float64Array(some.length);
  for (let i = 0; i < some.length; i++) places[i] = u[some[i]];
  return places;
};

const layTracks = (rows, mask, expanded) => {
  const groups = new Map();
  const into = (key, lane, name, row) => {
    let track = groups.get(key);
    if (!track) groups.set(key, track = { lane, name, spans: [], marks: [], dense: lane === "records" });
    (!track.dense && (rows.ends.has(row) || rows.open[row]) ? track.spans : track.marks).push(row);
  };
  const { lane: laneOf, track: trackOf, channel, kind, level, lists } = rows, record = lists.lane.indexOf("records"), none = lists.channel.indexOf("");
  const kinds = rows.lists.kind.map((kind) => RECORDS.has(kind)), grave = rows.lists.level.map((level) => level === "critical" || level === "error");
  for (let i = 0; i < rows.dated; i++) {
    if (!mask[i]) continue;
    if (laneOf[i] !== record) into(laneOf[i] * 1e7 + trackOf[i], lists.lane[laneOf[i]], lists.track[trackOf[i]], i);
    if (!kinds[kind[i]]) continue;
    if (channel[i] === none) into(-2 - trackOf[i], "records", lists.track[trackOf[i]], i); else into(1e9 + channel[i], "records", lists.channel[channel[i]], i);
    if (grave[level[i]] && !rows.dim[i]) into(-1, "errors", "", i);
  }
  const lanes = [];
  for (const lane of Object.keys(LANES)) {
    let tracks = [...groups.values()].filter((track) => track.lane === lane);
    if (!tracks.length) continue;
    tracks.sort(lane === "records" ? (a, b) => b.marks.length - a.marks.length
      : (a, b) => (a.name === "Records") - (b.name === "Records") || (a.spans[0] ?? a.marks[0]) - (b.spans[0] ?? b.marks[0]));
    const many = tracks.length > MOST_TRACKS && !expanded.has(lane);
    const kept = many && lane === "records" ? MOST_TRACKS - 1 : many ? 0 : tracks.length;
    const rest = tracks.slice(kept);
    const noun = lane === "records" ? " more logs" : lane === "apps" ? " apps" : " rows";
    if (rest.length) tracks = [...tracks.slice(0, kept), { lane, name: rest.length + noun, folded: true, dense: lane === "records",
      spans: rest.flatMap((track) => track.spans).sort((a, b) => a - b), marks: rest.flatMap((track) => track.marks).sort((a, b) => a - b) }];
    for (const track of tracks) {
      track.height = track.dense ? 24 : 6 + (track.spans.length ? 17 : 0) + (track.marks.length ? 15 : 0);
      track.u = placesOf(track.marks, rows.u);
      track.bad = placesOf(track.marks.filter((row) => grave[level[row]] && !rows.dim[row]), rows.u);
    }
    lanes.push({ lane, tracks, more: many || expanded.has(lane), headed: tracks.length > 1 || NAMED.has(lane) });
  }
  return lanes;
};

// -- small elements ------------------------------------------------------------------------------------------

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

// -- the picture ---------------------------------------------------------------------------------------------

class View {
  constructor(root, head, options) {
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
    this.field = make("input", "tl-search", "", { type: "search", placeholder: 'Search all records: words, "a phrase", -not, id:404, code:0x8018',
      "aria-label": "Search all records", spellcheck: "false" });
    this.field.addEventListener("input", () => { clearTimeout(this.typing); this.typing = setTimeout(() => this.find(this.field.value), 90); });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); this.step(event.shiftKey ? -1 : 1); }
      if (event.key === "Escape") { this.field.value = ""; this.find(""); this.canvas.focus(); }
      event.stopPropagation();
    });
    this.told = make("span", "tl-count", "", { role: "status", "aria-live": "polite" });
    this.levels = choice("Levels shown", [["", "all levels"], ["warning", "warnings and errors"], ["error", "errors"]]);
    this.levels.addEventListener("change", () => { this.level = this.levels.value; this.lay(); this.find(this.query); });
    const stages = this.rows.lists.stage.filter(Boolean);
    this.stages = choice("Stage shown", [["", "all stages"], ...stages.map((name) => [name, words(name)])]);
    this.stages.addEventListener("change", () => { this.stage = this.stages.value; this.lay(); this.find(this.query); });
    this.devices = choice("Device shown", this.rows.lists.device.map((name, i) => [String(i), name]));
    this.devices.hidden = this.rows.lists.device.length < 2;
    this.devices.addEventListener("change", () => { this.device = +this.devices.value; this.rows.limit(this.device); this.chosen = -1; this.lay(); this.home(); this.find(this.query); });
    this.zones = button("UTC", "Show times in the device's zone or in UTC", () => {
      this.clock.zoned(!this.clock.on);
      this.zones.textContent = this.clock.name;
      this.draw(); this.tell(); this.refill();
    });
    this.zones.hidden = !this.rows.zone;
    const bar = make("div", "tl-bar");
    bar.append(this.field, button("‹", "Previous hit (p)", () => this.step(-1)), button("›", "Next hit (n)", () => this.step(1)), this.told,
      this.devices, this.levels, this.stages, button("−", "Zoom out (−)", () => this.zoom(1.6)), button("+", "Zoom in (+)", () => this.zoom(1 / 1.6)),
      button("Attempts", "Show the attempts (a)", () => this.begin()), button("All", "Show everything (f)", () => this.home()), this.zones);
    this.canvas = make("canvas", "tl-canvas", "", { tabindex: "0", role: "application", "aria-label": `Timeline of ${this.rows.count} records and spans. ` +
      "Arrows move, plus and minus zoom, n and p go through hits, slash searches, up and down go through records" });
    this.tip = make("div", "tl-tip", "", { "aria-hidden": "true" });
    this.tip.hidden = true;
    const stage = make("div", "tl-stage");
    stage.append(this.canvas, this.tip);
    this.panel = make("div", "tl-panel", "", { "aria-live": "polite" });
    this.lists = choice("Which records are listed", [["hits", "hits"], ["view", "in view"], ["near", "around the chosen one"], ["span", "selected span"], ["undated", "without an instant"]]);
    this.lists.value = this.list;
    this.lists.addEventListener("change", () => { this.list = this.lists.value; this.refill(); });
    this.reaches = choice("How far around", [["1e6", "± 1 s"], ["5e6", "± 5 s"], ["3e7", "± 30 s"], ["3e8", "± 5 min"]]);
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
    this.root.append(bar, stage, this.panel, foot, this.scroll);
    this.listen();
  }

  recolour(draw = true) {
    const style = getComputedStyle(this.root);
    const colour = (name) => style.getPropertyValue("--tl-" + name).trim();
    this.colours = Object.fromEntries(["paper", "ink", "soft", "line", "wash", "bad", "warn", "hit", "pick", "quiet", "bar"].map((name) => [name, colour(name)]));
    this.font = style.getPropertyValue("--tl-font").trim() || "sans-serif";
    if (draw) this.draw();
  }

  lay() {
    const { rows } = this;
    const rank = { warning: 3, error: 2 }[this.level] || 9;
    const ranks = rows.lists.level.map((name) => ({ critical: 1, error: 2, warning: 3 })[name] || 4);
    const stage = rows.lists.stage.indexOf(this.stage);
    this.mask = new Uint8Array(rows.count);
    for (let i = 0; i < rows.count; i++) {
      if (rows.device[i] === this.device && ranks[rows.level[i]] <= rank && (!this.stage || rows.stage[i] === stage)) this.mask[i] = 1;
    }
    this.lanes = layTracks(rows, this.mask, this.expanded);
    this.steps = [];
    const step = rows.lists.kind.indexOf("step");
    for (let i = 0; i < rows.dated; i++) if (rows.kind[i] === step && rows.device[i] === this.device && rows.said("outcome", i) !== "sleep") this.steps.push(i);
    this.all = rows.u.filter((_, i) => this.mask[i]);
    this.count();
    this.resize();
  }

  resize() {
    this.printing = this.paper.matches;
    this.root.classList.toggle("tl-print", this.printing);
    this.width = this.printing ? 1000 : Math.max(280, this.canvas.clientWidth || this.canvas.parentElement.clientWidth || 900);
    this.gutter = this.width < 560 ? 92 : 178;
    let y = 64;
    for (const lane of this.lanes) {
      lane.y = y;
      if (lane.headed) y += 17;
      for (const track of lane.tracks) { track.y = y; y += track.height; }
      y += 5;
    }
    this.height = y + 4;
    this.recolour(false);
    this.draw(true);
  }

  // -- where things are

  x(u) { return this.gutter + (u - this.u0) / (this.u1 - this.u0) * (this.width - this.gutter - 6); }
  uAt(x) { return this.u0 + (x - this.gutter) / (this.width - this.gutter - 6) * (this.u1 - this.u0); }
  // The attempts first; the strip above shows what lies around them.
  begin() {
    const { rows, mask } = this, spans = [...rows.ends.keys()].filter((row) => mask[row] && rows.said("kind", row) === "attempt" && row < rows.dated);
    if (!spans.length) { this.home(); return; }
    const from = Math.min(...spans.map((row) => rows.at[row])), to = Math.max(...spans.map((row) => rows.until(row)));
    if (rows.toU(to) - rows.toU(from) > 0.3 * rows.length) this.home(); else this.showTime(from, to);
  }
  home() { this.show(-0.01 * this.rows.length, 1.01 * this.rows.length); }
  show(u0, u1) {
    const least = Math.min(NARROWEST, this.rows.length), most = this.rows.length * 1.1;
    const size = Math.min(most, Math.max(least, u1 - u0)), middle = Math.min(this.rows.length, Math.max(0, (u0 + u1) / 2));
    [this.u0, this.u1] = [middle - size / 2, middle + size / 2];
    this.draw();
    if (this.list === "view") this.refill();
    this.share();
  }
  zoom(factor, u = (this.u0 + this.u1) / 2) { this.show(u - (u - this.u0) * factor, u + (this.u1 - u) * factor); }
  pan(share) { const by = share * (this.u1 - this.u0); this.show(this.u0 + by, this.u1 + by); }
  showTime(from, to) {
    const u0 = this.rows.toU(from), u1 = this.rows.toU(to), pad = Math.max((u1 - u0) * 0.15, NARROWEST / 2);
    this.show(u0 - pad, u1 + pad);
  }

  // -- drawing

  draw(now = false) {
    if (this.u0 === undefined) return;
    if (now || this.printing) { cancelAnimationFrame(this.due); this.due = 0; this.paint(); return; }
    this.due ||= requestAnimationFrame(() => { this.due = 0; this.paint(); });
  }

  paint() {
    const { canvas, width, height, colours } = this, sharp = this.printing ? 2 : devicePixelRatio || 1;
    const size = [Math.round(width * sharp), Math.round(height * sharp)];
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    canvas.style.height = this.printing ? "auto" : height + "px";
    const c = this.c = canvas.getContext("2d");
    c.setTransform(sharp, 0, 0, sharp, 0, 0);
    c.fillStyle = colours.paper;
    c.fillRect(0, 0, width, height);
    c.textBaseline = "middle";
    this.hatch ||= {};
    this.boxes = [];
    this.overview();
    this.paintFolds();
    this.axis();
    for (const lane of this.lanes) { this.heading(lane); for (const track of lane.tracks) this.track(track, lane); }
    this.across();
    this.paintChosen();
  }

  type(weight = "", size = 11) { this.c.font = `${weight} ${size}px ${this.font}`; }
  fit(text, room) { // in the type that was set last
    if (room < 16) return "";
    const wide = this.c.measureText(text).width, most = Math.floor(text.length * room / wide);
    return wide <= room ? text : most < 4 ? "" : text.slice(0, most - 2) + "…";
  }
  pattern(colour, dots = false) {
    const key = colour + dots;
    if (!this.hatch[key]) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = 6;
      const c = tile.getContext("2d");
      c.strokeStyle = c.fillStyle = colour;
      if (dots) c.fillRect(2, 2, 1.5, 1.5); else { c.lineWidth = 1.4; c.beginPath(); c.moveTo(-1, 7); c.lineTo(7, -1); c.stroke(); }
      this.hatch[key] = this.c.createPattern(tile, "repeat");
    }
    return this.hatch[key];
  }

  // How many of the sorted places lie in each pixel, by one search a boundary.
  density(places, u0, u1, x0, x1) {
    const counts = new Uint32Array(Math.max(1, Math.ceil(x1 - x0))), step = (u1 - u0) / (x1 - x0);
    let from = below(places, u0);
    for (let i = 0; i < counts.length && from < places.length; i++) {
      const to = places[from] >= u0 + (i + 1) * step ? from : below(places, u0 + (i + 1) * step, from);
      counts[i] = to - from;
      from = to;
    }
    return counts;
  }
  bars(counts, x0, bottom, tall, colour, most) {
    this.c.fillStyle = colour;
    const scale = (tall - 2) / Math.log1p(Math.max(most, 1));
    for (let i = 0; i < counts.length; i++) if (counts[i]) { const h = Math.max(2, Math.log1p(counts[i]) * scale); this.c.fillRect(x0 + i, bottom - h, 1, h); }
  }

  overview() {
    const { c, colours, width, gutter, rows } = this, x1 = width - 6;
    const key = [width, colours.bar, rows.length, this.all.length, this.hitKey].join();
    if (this.cacheKey !== key) {
      this.cacheKey = key;
      const counts = this.density(this.all, 0, rows.length + 1, gutter, x1), hits = this.density(this.hitU, 0, rows.length + 1, gutter, x1);
      this.cache = { counts, hits, most: counts.reduce((a, b) => Math.max(a, b), 1) };
    }
    c.fillStyle = colours.wash;
    c.fillRect(gutter, 4, x1 - gutter, 26);
    this.bars(this.cache.counts, gutter, 30, 24, colours.quiet, this.cache.most);
    this.bars(this.cache.hits, gutter, 30, 24, colours.hit, this.cache.most);
    const at = (u) => gutter + Math.min(1, Math.max(0, u / rows.length)) * (x1 - gutter), a = at(this.u0), b = Math.max(at(this.u1), at(this.u0) + 3);
    c.strokeStyle = colours.pick;
    c.lineWidth = 1.5;
    c.strokeRect(a, 4, b - a, 26);
    c.fillStyle = colours.soft;
    this.type("", 10);
    c.fillText(this.fit(this.clock.name, gutter - 12), 8, 47);
  }

  axis() {
    const { c, colours, width, gutter } = this, room = width < 560 ? 78 : 104;
    c.strokeStyle = colours.line;
    c.lineWidth = 1;
    this.type("", 10);
    const knots = this.rows.knots, ends = [[knots[0][0] - 1e12, knots[0][1] - 1e12], ...knots.slice(1, -1), [knots.at(-1)[0] + 1e12, knots.at(-1)[1] + 1e12]];
    const perPixel = (this.u1 - this.u0) / (width - gutter);
    const step = STEPS.find((each) => each / perPixel >= room) || STEPS.at(-1);
    let free = gutter - 1;
    for (let k = 0; k < ends.length; k += 2) { // stretches between folds
      const [t0, u0] = ends[k], [t1, u1] = ends[k + 1];
      if (u1 < this.u0 || u0 > this.u1) continue;
      const from = Math.max(t0, t0 + (this.u0 - u0)), to = Math.min(t1, t0 + (this.u1 - u0)), shift = this.clock.offset(from);
      for (let t = Math.ceil((from + shift) / step) * step - shift, n = 0; t <= to && n < 400; t += step, n++) {
        const x = Math.round(this.x(u0 + t - t0)) + 0.5;
        if (x < gutter) continue;
        c.beginPath(); c.moveTo(x, 54); c.lineTo(x, this.height); c.stroke();
        if (x < free) continue;
        const [day, time] = this.clock.iso(t, step < 1e3 ? 6 : step < 1e6 ? 3 : 0).split(" ");
        const text = step >= 864e8 ? day : step >= 6e7 ? time.slice(0, 5) : time, named = this.day !== day || free < gutter;
        c.fillStyle = colours.soft;
        if (step < 864e8 && named) { c.fillText(day, x, 37); this.day = day; }
        c.fillText(text, x, 49);
        free = x + room * 0.72;
      }
    }
    this.day = "";
  }

  paintFolds() {
    const { c, colours } = this;
    for (const fold of this.rows.folds) {
      const a = this.x(fold.u), b = this.x(fold.v);
      if (b < this.gutter || a > this.width) continue;
      const left = Math.max(a, this.gutter);
      c.fillStyle = colours.wash;
      c.fillRect(left, 54, b - left, this.height - 54);
      c.fillStyle = this.pattern(colours.line);
      c.fillRect(left, 54, b - left, this.height - 54);
      this.boxes.push({ x0: left, x1: b, y0: 32, y1: 62, fold });
      const text = "idle " + span(fold.b - fold.a);
      if (b - a < 12) continue;
      c.save();
      c.translate((left + b) / 2, 70);
      c.rotate(Math.PI / 2);
      c.fillStyle = colours.soft;
      this.type("", 10);
      if (b - a > 100) c.rotate(-Math.PI / 2);
      c.textAlign = b - a > 100 ? "center" : "left";
      c.fillText(text, 0, 0);
      c.restore();
    }
  }

  heading({ lane, y, tracks, more, headed }) {
    const { c, colours, gutter } = this, middle = y + (headed ? 8 : Math.min(tracks[0].height / 2, 11));
    c.fillStyle = colours.line;
    c.fillRect(0, y - 3, this.width, 1);
    c.textAlign = "left";
    this.type("600", 11);
    c.fillStyle = colours.ink;
    c.fillText(this.fit((more ? (this.expanded.has(lane) ? "▾ " : "▸ ") : "") + LANES[lane], gutter - 10), 6, middle);
    if (more) this.boxes.push({ x0: 0, x1: gutter, y0: y, y1: y + 17 + (tracks.at(-1).folded ? 200 : 0), lane });
  }

  track(track, { headed }) {
    const { c, colours, gutter } = this, { y, height } = track;
    c.save();
    c.beginPath(); c.rect(gutter, y, this.width - gutter, height); c.clip();
    if (track.dense) this.dense(track);
    else {
      for (const row of track.spans) this.bar(track, row);
      if (track.marks.length) this.marks(track, y + 2 + (track.spans.length ? 17 : 0));
    }
    c.restore();
    if (!headed) return;
    this.type("", 10);
    c.fillStyle = colours.soft;
    const name = track.name.replace(/^Microsoft-Windows-/, "").replace(/-Diagnostics-Provider/, "").replace(/^\.\/(?:Device\/|User\/)?Vendor\/MSFT\//, "");
    c.fillText(this.fit(visible(name), gutter - 18), 12, y + Math.min(height / 2, 10));
  }

  bar(track, row) {
    const { c, colours, rows } = this, top = track.y + 2, open = rows.open[row], start = this.x(rows.u[row]);
    const end = open ? Math.max(start + 26, Math.min(start + 60, this.width)) : Math.max(this.x(rows.toU(rows.until(row))), start + 2);
    if (end < this.gutter || start > this.width) return;
    const left = Math.max(start, this.gutter - 2), right = Math.min(end, this.width + 2);
    const level = rows.said("level", row), outcome = rows.said("outcome", row), bad = level === "error" || level === "critical";
    c.fillStyle = bad ? colours.bad : outcome === "skipped" ? colours.paper : colours.bar;
    c.globalAlpha = open || outcome === "unknown" || outcome === "sleep" ? 0.45 : track.folded ? 0.75 : 1;
    c.fillRect(left, top, right - left, 14);
    c.globalAlpha = 1;
    if (bad) { c.fillStyle = this.pattern(colours.paper); c.fillRect(left, top + 11, right - left, 3); }
    if (outcome === "skipped") { c.fillStyle = this.pattern(colours.soft, true); c.fillRect(left, top, right - left, 14); }
    c.strokeStyle = this.isHit(row) ? colours.hit : bad ? colours.bad : colours.quiet;
    c.lineWidth = this.isHit(row) ? 2.5 : 0.8;
    if (open) c.setLineDash([3, 3]);
    c.strokeRect(left + 0.5, top + 0.5, Math.max(1, right - left - 1), 13);
    c.setLineDash([]);
    this.type(bad ? "600" : "", 11);
    const text = track.folded ? "" : this.fit((bad ? "✕ " : "") + visible(rows.said("title", row)) + (open ? " ▸ end not seen" : ""), right - left - 6);
    if (text) { c.fillStyle = open || outcome === "skipped" || outcome === "unknown" || outcome === "sleep" ? colours.ink : colours.paper; c.fillText(text, left + 4, top + 7.5); }
    this.boxes.push({ x0: start, x1: Math.max(end, start + 5), y0: top, y1: top + 14, row });
  }

  marks(track, top) {
    const { c, colours, rows } = this, { u, marks } = track;
    let i = below(u, this.uAt(this.gutter - 3));
    this.type("", 10);
    const last = below(u, this.uAt(this.width));
    while (i < last) {
      const x = this.x(u[i]);
      let j = i + 1;
      if (last - i > 1 && this.x(u[i + 1]) - x < 5) j = below(u, this.uAt(x + 5), i + 1);
      j = Math.min(Math.max(j, i + 1), last);
      let worst = marks[i], hit = this.isHit(marks[i]);
      for (let k = i + 1; k < Math.min(j, i + 400); k++) {
        hit ||= this.isHit(marks[k]);
        if (this.weight(marks[k]) > this.weight(worst)) worst = marks[k];
      }
      this.mark(worst, x, top, hit);
      const next = j < last ? this.x(u[j]) : this.width, many = j - i;
      const text = this.fit((many > 1 ? `×${many} ` : "") + visible(rows.said("title", worst)), next - x - 14);
      if (text) { c.fillStyle = rows.dim[worst] ? colours.quiet : colours.ink; c.fillText(text, x + 8, top + 6.5); }
      this.boxes.push({ x0: x - 4, x1: Math.max(x + 6, Math.min(next - 3, x + 10 + text.length * 5.4)), y0: top - 1, y1: top + 13, row: worst, many });
      i = j;
    }
  }
  weight(row) { return ({ critical: 4, error: 3, warning: 2 }[this.rows.said("level", row)] || 1) - (this.rows.dim[row] ? 1.5 : 0) + (this.rows.proofs.has(row) ? 0.5 : 0); }
  isHit(row) { return Boolean(this.hits && this.hits[row]); }

  mark(row, x, top, hit) {
    const { c, colours, rows } = this, level = rows.said("level", row), bad = level === "error" || level === "critical";
    if (hit) { c.fillStyle = colours.hit; c.fillRect(x - 5, top, 10, 13); }
    c.globalAlpha = rows.dim[row] ? 0.45 : 1;
    c.fillStyle = c.strokeStyle = bad ? colours.bad : level === "warning" ? colours.warn : colours.bar;
    c.lineWidth = 1.6;
    c.beginPath();
    if (rows.said("kind", row) === "finding" && bad) { c.moveTo(x - 4, top + 2); c.lineTo(x + 4, top + 11); c.moveTo(x + 4, top + 2); c.lineTo(x - 4, top + 11); c.stroke(); }
    else if (bad || level === "warning") { c.moveTo(x, top + 1.5); c.lineTo(x + 5, top + 11); c.lineTo(x - 5, top + 11); c.closePath(); if (bad) c.fill(); else c.stroke(); }
    else { c.moveTo(x, top + 2); c.lineTo(x + 4, top + 6.5); c.lineTo(x, top + 11); c.lineTo(x - 4, top + 6.5); c.fill(); }
    c.globalAlpha = 1;
  }

  dense(track) {
    const { colours, gutter, width } = this, bottom = track.y + track.height - 2, x1 = width - 6;
    const counts = this.density(track.u, this.u0, this.u1, gutter, x1), most = counts.reduce((a, b) => Math.max(a, b), 1);
    this.bars(counts, gutter, bottom, 20, colours.quiet, most);
    this.bars(this.density(track.bad, this.u0, this.u1, gutter, x1), gutter, bottom, 20, colours.bad, most);
    if (track.hitU && track.hitU.length) this.bars(this.density(track.hitU, this.u0, this.u1, gutter, x1), gutter, bottom, 20, colours.hit, most);
    const first = below(track.u, this.u0), shown = below(track.u, this.u1) - first;
    if (shown > 0 && shown <= 12) { // few enough to name
      this.type("", 10);
      for (let i = first; i < first + shown; i++) {
        const x = this.x(track.u[i]), next = i + 1 < first + shown ? this.x(track.u[i + 1]) : width;
        this.c.fillStyle = colours.ink;
        this.c.fillText(this.fit(visible(this.rows.said("title", track.marks[i])), next - x - 8), x + 4, track.y + 11);
      }
    }
    this.boxes.push({ x0: gutter, x1, y0: track.y, y1: track.y + track.height, track });
  }

  across() { // boots and clock steps, through every lane
    const { c, colours, rows } = this;
    for (const row of this.steps) {
      const x = Math.round(this.x(rows.u[row])) + 0.5, clock = rows.said("outcome", row) === "clock_step";
      if (x < this.gutter || x > this.width) continue;
      c.strokeStyle = clock ? colours.bad : colours.soft;
      c.lineWidth = 1;
      c.setLineDash(clock ? [7, 3, 2, 3] : [2, 3]);
      c.beginPath(); c.moveTo(x, 58); c.lineTo(x, this.height); c.stroke();
      c.setLineDash([]);
    }
    if (this.stretch) {
      const a = this.x(this.stretch[0]), b = this.x(this.stretch[1]);
      c.fillStyle = colours.pick + "2e";
      c.fillRect(Math.min(a, b), 54, Math.abs(b - a), this.height);
      c.fillStyle = colours.ink;
      this.type("600", 11);
      c.fillText(span(Math.abs(rows.toT(this.stretch[1]) - rows.toT(this.stretch[0]))), Math.min(a, b) + 4, 62);
    }
  }
  paintChosen() {
    if (this.chosen < 0 || this.chosen >= this.rows.dated) return;
    const { c, colours } = this, x = this.x(this.rows.u[this.chosen]);
    if (x < this.gutter) return;
    c.strokeStyle = colours.pick;
    c.lineWidth = 1.5;
    c.beginPath(); c.moveTo(x, 54); c.lineTo(x, this.height); c.stroke();
  }

  // -- hands

  boxAt(x, y) {
    let best = null, far = 7;
    for (const box of this.boxes) {
      if (y < box.y0 || y > box.y1 || x < box.x0 - 3 || x > box.x1 + 3) continue;
      if (box.track) {
        const near = this.nearest(box.track, x);
        if (near && !best) best = near;
        continue;
      }
      const away = Math.abs(x - box.x0), narrow = box.x1 - box.x0 < 14;
      if (!best || best.track || narrow && away < far) { best = box; far = narrow ? away : far; }
    }
    return best;
  }
  nearest(track, x) {
    const i = below(track.u, this.uAt(x));
    const near = [i - 1, i].filter((k) => k >= 0 && k < track.u.length).sort((a, b) => Math.abs(this.x(track.u[a]) - x) - Math.abs(this.x(track.u[b]) - x))[0];
    if (near === undefined || Math.abs(this.x(track.u[near]) - x) > 6) return null;
    const from = below(track.u, this.uAt(x - 1)), to = below(track.u, this.uAt(x + 1));
    let row = track.marks[near];
    for (let k = from; k < Math.min(to, from + 400); k++) if (this.isHit(track.marks[k]) && !this.isHit(row) || this.weight(track.marks[k]) > this.weight(row)) row = track.marks[k];
    return { row, many: Math.max(1, to - from), track };
  }

  listen() {
    const { canvas } = this, fingers = new Map();
    let grip = null;
    const place = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
    canvas.addEventListener("wheel", (event) => {
      if (document.activeElement !== canvas) return; // the page scrolls until the picture has focus
      event.preventDefault();
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.pan(event.deltaX / this.width);
      else this.zoom(Math.exp(event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), this.uAt(Math.max(this.gutter, place(event)[0])));
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      const [x, y] = place(event);
      fingers.set(event.pointerId, x);
      canvas.setPointerCapture(event.pointerId);
      grip = { x, y, u: this.uAt(x), u0: this.u0, u1: this.u1, moved: false, span: event.shiftKey, strip: y < 32 && x > this.gutter, pinch: null };
      if (fingers.size === 2) { const [a, b] = fingers.values(); grip.pinch = { wide: Math.max(12, Math.abs(a - b)), ua: this.uAt((a + b) / 2) }; }
    });
    canvas.addEventListener("pointermove", (event) => {
      const [x, y] = place(event);
      if (!grip || !fingers.has(event.pointerId)) { this.hover(x, y); return; }
      fingers.set(event.pointerId, x);
      const scale = (grip.u1 - grip.u0) / (this.width - this.gutter - 6);
      if (grip.pinch && fingers.size === 2) {
        const [a, b] = fingers.values(), factor = grip.pinch.wide / Math.max(12, Math.abs(a - b)), u = grip.pinch.ua;
        grip.moved = true;
        this.show(u - (u - grip.u0) * factor, u + (grip.u1 - u) * factor);
        return;
      }
      if (!grip.moved && Math.hypot(x - grip.x, y - grip.y) < 5) return;
      grip.moved = true;
      this.tip.hidden = true;
      if (grip.span) { this.stretch = [grip.u, this.uAt(x)]; this.draw(); }
      else if (grip.strip) this.jump(x);
      else this.show(grip.u0 - (x - grip.x) * scale, grip.u1 - (x - grip.x) * scale);
    });
    const release = (event) => {
      fingers.delete(event.pointerId);
      if (!grip || event.type === "pointercancel") { grip = null; return; }
      if (grip.moved && grip.span && this.stretch) { this.stretch.sort((a, b) => a - b); this.turn("span"); }
      else if (!grip.moved) { if (grip.strip) this.jump(grip.x); else this.click(...place(event)); }
      grip = null;
    };
    canvas.addEventListener("pointerup", release);
    canvas.addEventListener("pointercancel", release);
    canvas.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    canvas.addEventListener("dblclick", (event) => { const [x] = place(event); if (x > this.gutter) this.zoom(0.25, this.uAt(x)); });
    canvas.addEventListener("keydown", (event) => this.key(event));
  }
  jump(x) { const u = (x - this.gutter) / (this.width - 6 - this.gutter) * this.rows.length, half = (this.u1 - this.u0) / 2; this.show(u - half, u + half); }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = {
      ArrowLeft: () => this.pan(-0.15), ArrowRight: () => this.pan(0.15), "+": () => this.zoom(1 / 1.6), "=": () => this.zoom(1 / 1.6), "-": () => this.zoom(1.6),
      Home: () => this.show(0, this.u1 - this.u0), End: () => this.show(this.rows.length - this.u1 + this.u0, this.rows.length), f: () => this.home(), a: () => this.begin(),
      n: () => this.step(1), p: () => this.step(-1), "/": () => this.field.focus(), ArrowDown: () => this.walk(1), ArrowUp: () => this.walk(-1),
      Escape: () => { this.stretch = null; this.field.value = ""; this.choose(-1); this.find(""); },
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  hover(x, y) {
    const box = this.boxAt(x, y);
    this.canvas.classList.toggle("tl-over", Boolean(box));
    this.tip.hidden = !box || box.lane;
    if (this.tip.hidden) return;
    const { rows } = this, row = box.row;
    const long = box.fold ? `idle ${span(box.fold.b - box.fold.a)}: click to open` : `${this.clock.iso(rows.at[row], 3)} ${this.clock.name}` +
      (rows.ends.has(row) ? ` · ${span(rows.ends.get(row) - rows.at[row])}` : rows.open[row] ? " · end not seen" : "");
    this.tip.replaceChildren(make("b", "", long));
    if (!box.fold) this.tip.append(make("br"), rows.said("title", row) ? visible(rows.said("title", row)) : "", box.many > 1 ? make("i", "", ` and ${box.many - 1} more here`) : "");
    const left = Math.min(Math.max(4, x + 12), Math.max(4, this.width - 330));
    this.tip.style.transform = `translate(${left}px, ${y + 16}px)`;
  }

  click(x, y) {
    const box = this.boxAt(x, y);
    if (!box) { this.choose(-1); return; }
    if (box.fold) { this.rows.opened.add(box.fold.a); this.rows.fold(); this.lay(); this.showTime(box.fold.a, box.fold.b); }
    else if (box.lane) { if (!this.expanded.delete(box.lane)) this.expanded.add(box.lane); this.lay(); }
    else this.choose(box.row);
  }

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
    this.told.textContent = this.query && !rows.texts ? "reading …" : !hits ? `${total.toLocaleString("en")} records and spans` :
      `${this.hitRows.length.toLocaleString("en")} of ${total.toLocaleString("en")}` + (apart ? `, ${apart} without an instant` : "");
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
    panel.append(make("h4", "", rows.said("title", row) || words(rows.said("kind", row))));
    const clock = rows.said("clock", row), raw = rows.recorded.get(row), local = rows.written.get(row);
    say("when", row < rows.dated ? `${this.clock.iso(rows.at[row])} ${this.clock.name} (${words(clock)})` : "no instant known");
    if (Number.isFinite(raw)) say("as written", UTC.iso(raw) + " UTC");
    if (local !== undefined) say("as written", UTC.iso(local) + ", device local time");
    if (rows.ends.has(row)) say("until", `${this.clock.iso(rows.ends.get(row))} · ${span(rows.ends.get(row) - rows.at[row])}`); else if (rows.open[row]) say("until", "its end was not seen");
    const code = rows.said("code", row), meaning = rows.meanings[code];
    say("code", code && (meaning ? `${code} ${meaning}` : code));
    say("level", rows.said("level", row));
    for (const name of ["stage", "outcome"]) say(name, words(rows.said(name, row)));
    say("attempt", rows.attempt[row] || "");
    say("from", [rows.said("provider", row), rows.event_id[row] < 0xffffffff ? rows.event_id[row] : ""].filter((each) => each !== "").join(" "));
    say("log", rows.said("channel", row));
    say("record", [rows.said("member", row), Number.isFinite(rows.record[row]) ? rows.record[row] : ""].filter((each) => each !== "").join(" record "));
    for (const id of rows.proofs.get(row) || []) say(rows.said("kind", row) === "finding" ? "its proof" : "evidence of", this.link(id, row));
    panel.append(list, this.fields(rows.text(row)));
  }
  link(id, row) {
    const own = this.rows.byFinding.get(id), there = this.options.page && document.getElementById(`finding-${id}`);
    if (own === row) {
      const proofs = [...this.rows.proofs].filter(([each, ids]) => each !== row && ids.includes(id)).length;
      const button = make("button", "tl-link", `show ${proofs} ${proofs === 1 ? "record" : "records"}`, { type: "button" });
      button.addEventListener("click", () => this.showFinding(id));
      return button;
    }
    const title = own === undefined ? `finding ${id}` : this.rows.said("title", own);
    const to = there ? make("a", "", title, { href: `#finding-${id}` }) : make("button", "tl-link", title, { type: "button" });
    if (!there) to.addEventListener("click", () => own !== undefined && this.choose(own, true));
    return to;
  }
  fields(text) {
    let parsed = null;
    try { parsed = text.startsWith("{") ? JSON.parse(text) : null; } catch { parsed = null; }
    if (!parsed) return text && text !== "{}" ? make("pre", "tl-text", text) : "";
    const list = make("dl", "tl-fields tl-own");
    const add = (name, value) => {
      if (typeof value === "string" && value.startsWith("{")) try { value = JSON.parse(value); } catch { /* stays text */ }
      if (value && typeof value === "object" && !Array.isArray(value)) for (const [key, each] of Object.entries(value)) add(name ? `${name} ${key}` : key, each);
      else if (value !== null && value !== "") list.append(make("dt", "", words(name)), make("dd", "", Array.isArray(value) ? value.join(", ") : String(value)));
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
    const from = Math.floor(this.scroll.scrollTop / LINE), { rows } = this;
    this.spacer.replaceChildren(...(this.shown || []).slice(from, from + LINES + 2).map((row, i) => {
      const line = make("button", "tl-line" + (row === this.chosen ? " tl-here" : ""), "", { type: "button", role: "listitem" });
      const level = rows.said("level", row), sign = level === "error" || level === "critical" ? "▲" : level === "warning" ? "△" : "";
      line.append(make("span", "tl-when", row < rows.dated ? this.clock.iso(rows.at[row], 3).slice(this.width < 560 ? 5 : 0) : "no instant"), make("span", "tl-sign tl-" + level, sign),
        make("span", "tl-what", rows.said("title", row)), make("span", "tl-where", rows.said("channel", row) || words(rows.said("lane", row))));
      line.style.transform = `translateY(${(from + i) * LINE}px)`;
      line.addEventListener("click", () => this.choose(row, true));
      return line;
    }));
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

  // -- the address

  share() {
    if (!this.options.page || !this.ready) return;
    clearTimeout(this.sharing);
    this.sharing = setTimeout(() => {
      const { rows } = this, state = new URLSearchParams();
      if (this.u1 - this.u0 < rows.length) { state.set("from", Math.round(rows.toT(this.u0))); state.set("to", Math.round(rows.toT(this.u1))); }
      for (const [name, value] of [["q", this.query], ["level", this.level], ["stage", this.stage], ["row", this.chosen < 0 ? "" : this.chosen + 1]]) if (value) state.set(name, value);
      try { history.replaceState(null, "", `#timeline?${state}`); } catch { /* a page that may not say where it is */ }
    }, 300);
  }
  arrive() {
    const finding = /^#timeline-finding-(\d+)$/.exec(location.hash);
    if (finding) { this.showFinding(+finding[1]); this.root.scrollIntoView({ block: "start" }); return; }
    if (!location.hash.startsWith("#timeline?")) return;
    const state = new URLSearchParams(location.hash.slice(10));
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
      item.append(visible(this.rows.said("title", row)) + " ", make("a", "", `show ${proofs} ${proofs === 1 ? "record" : "records"}`, { href: `#timeline-finding-${id}` }));
      list.append(item);
    }
    if (list.childElementCount) this.root.append(list);
  }
}

// Draws the first block at once and reads the texts afterwards.
const mount = async (root, first, rest, options = {}) => {
  const view = new View(root, await unpack(first), options);
  root.timeline = view;
  if (options.page) view.listFindings();
  await new Promise((done) => setTimeout(done, 30));
  const later = await unpack(rest);
  view.rows.lists.text = later.lists.text;
  view.rows.texts = later.text;
  if (view.query) view.find(view.query);
  view.tell();
  view.refill();
  if (options.page) { view.arrive(); addEventListener("hashchange", () => /^#timeline-finding-/.test(location.hash) && view.arrive()); }
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
