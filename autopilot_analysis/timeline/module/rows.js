// Part 2: the rows of a timeline, their folded time, their search, and how they are laid on tracks.

// Every way in which logs write a code; none where the text is no whole code.
const spellingsOf = (text) => {
  const [, hex, bare, decimal] = text.toLowerCase().match(/^(?:0x([0-9a-f]{8})|([8c][0-9a-f]{7})|(-?[0-9]{9,10}))$/) || [];
  const number = hex || bare ? parseInt(hex || bare, 16) : Number(decimal), code = number >>> 0;
  const written = hex || bare || (Math.abs(number) < 2 ** 32 && [8, 12].includes(code >>> 28) && (number === code || number === (code | 0)));
  return written ? [`0x${code.toString(16).padStart(8, "0")}`, String(code), String(code | 0)] : [];
};

class Rows {
  constructor(head) {
    Object.assign(this, head);
    this.count = head.rows;
    this.names = new Map(Object.entries(head.names));
    this.at = head.at.slice(); // differences become instants
    for (let i = 1; i < this.dated; i++) this.at[i] += this.at[i - 1];
    this.ends = new Map(Array.from(head.span_row, (row, i) => [row, head.span_end[i]]));
    this.recorded = new Map(Array.from(head.moved_row, (row, i) => [row, head.moved_at[i]]));
    this.written = new Map(Array.from(head.local_row, (row, i) => [row, head.local_at[i]]));
    this.proofs = new Map();
    head.proof_row.forEach((row, i) => this.proofs.set(row, [...(this.proofs.get(row) || []), head.proof_of[i]]));
    this.byFinding = new Map();
    for (const [row, ids] of this.proofs) if (this.said("kind", row) === FINDING) this.byFinding.set(ids[0], row);
    this.lower = {};
    this.ranks = this.lists.level.map((name) => this.levels.includes(name) ? this.levels.indexOf(name) : this.levels.length);
    this.limit(0);
  }
  limit(device) { // to the stretch of time and the idle gaps of one device
    const ends = [...this.ends].filter(([row]) => this.device[row] === device).map(([, end]) => end);
    const all = new Float64Array(this.dated + ends.length);
    let size = 0;
    for (let i = 0; i < this.dated; i++) if (this.device[i] === device) all[size++] = this.at[i];
    for (const end of ends) all[size++] = end;
    const activity = all.subarray(0, size).sort();
    this.placed = size > 0;
    [this.from, this.to] = activity.length ? [activity[0], Math.max(activity[activity.length - 1], activity[0] + 1e6)] : [0, 1e6];
    this.gaps = [];
    for (let i = 1; i < activity.length; i++) if (activity[i] - activity[i - 1] >= this.idle) this.gaps.push([activity[i - 1], activity[i]]);
    this.opened = new Set();
    this.waits = [...this.ends].filter(([row]) => this.device[row] === device && this.said("kind", row) === STAGE).map(([row, end]) => [this.at[row], end]);
    this.fold();
  }

  rank(row) { return this.ranks[this.level[row]]; } // from 0, the gravest
  bad(row) { return this.rank(row) <= this.levels.indexOf(ERROR); }
  words(value) { return visible(this.names.get(value) ?? value); } // as Python says the values of this timeline
  said(name, row) { return this.lists[name][this[name][row]]; }
  whole(row) { // a title longer than the line has room for stands among the fields
    try { return JSON.parse(this.text(row)).in_full || this.said("title", row); } catch { return this.said("title", row); }
  }
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
    // What a stage waited through is part of the story: it stays wide enough to be read.
    const within = (fold) => this.waits.some(([a, b]) => a <= fold.a && fold.b <= b), waited = this.folds.filter(within);
    const narrow = Math.max(rest, 1e6) * Math.min(0.016, 0.4 / Math.max(1, this.folds.length)), wide = Math.max(rest, 1e6) * Math.min(0.16, 0.8 / Math.max(1, waited.length));
    this.knots = [[this.from, 0]];
    let u = 0, t = this.from;
    for (const fold of this.folds) {
      fold.u = u += fold.a - t;
      fold.v = u += waited.includes(fold) ? Math.max(wide, narrow) : narrow;
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
  // The same language as search_records.
  search(query) {
    const hits = new Uint8Array(this.count).fill(1);
    for (const [, sign, field, phrase, word] of query.matchAll(new RegExp(TERM, "gi"))) {
      const signed = sign && word && !field && spellingsOf(`-${word}`).length; // the minus is part of the code
      const minus = signed ? "" : sign, wanted = signed ? `-${word}` : (phrase ?? word ?? "").toLowerCase();
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
    if (field === BY_ID) return found.map((_, i) => this.event_id[i] < NO_EVENT_ID && String(this.event_id[i]) === wanted ? 1 : 0);
    if (field === BY_FINDING) return found.map((_, i) => (this.proofs.get(i) || []).includes(+wanted) ? 1 : 0);
    const [begun = wanted] = spellingsOf(wanted);
    if (field === BY_CODE) return this.flagged("code", (text) => text !== "" && (text.startsWith(begun) || text.startsWith(`0x${begun}`)), found);
    if (EQUALS.includes(field)) return this.flagged(field, (text) => text !== "" && text === wanted, found);
    return CONTAINS.includes(field) ? this.flagged(field, (text) => text.includes(wanted), found) : null;
  }
  anywhere(wanted) {
    const found = new Uint8Array(this.count), spelt = [wanted, ...spellingsOf(wanted)];
    for (const name of SEARCHED) if (name !== "text" || this.texts) this.flagged(name, (text) => spelt.some((one) => text.includes(one)), found);
    return found;
  }

  cell(name, row) { // as the CSV of the command line has it
    const instant = (us, zone) => us === undefined || !Number.isFinite(us) ? "" : UTC.iso(us).replace(" ", "T") + zone;
    if (name === "id") return String(row + 1);
    if (name === "open" || name === "dim") return this[name][row] ? "true" : "false";
    if (name === "at") return instant(this.at[row], "+0000");
    if (name === "ended_at") return instant(this.ends.get(row), "+0000");
    if (name === "recorded_at") return instant(this.recorded.get(row) ?? (this.said("kind", row) === EVENT ? this.at[row] : NaN), "+0000");
    if (name === "written_at") return instant(this.written.get(row), "");
    if (name === "attempt") return this.attempt[row] ? String(this.attempt[row]) : "";
    if (name === "event_id") return this.event_id[row] < NO_EVENT_ID ? String(this.event_id[row]) : "";
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
    if (!track) groups.set(key, track = { lane, name, spans: [], marks: [], dense: lane === RECORDS });
    (!track.dense && (rows.ends.has(row) || rows.open[row]) ? track.spans : track.marks).push(row);
  };
  const { lane: laneOf, track: trackOf, channel, kind, lists } = rows, record = lists.lane.indexOf(RECORDS), none = lists.channel.indexOf("");
  const kinds = rows.lists.kind.map((kind) => OF_LOGS.includes(kind));
  for (let i = 0; i < rows.dated; i++) {
    if (!mask[i]) continue;
    if (laneOf[i] !== record) into(laneOf[i] * 1e7 + trackOf[i], lists.lane[laneOf[i]], lists.track[trackOf[i]], i);
    if (!kinds[kind[i]]) continue;
    if (channel[i] === none) into(-2 - trackOf[i], RECORDS, lists.track[trackOf[i]], i); else into(1e9 + channel[i], RECORDS, lists.channel[channel[i]], i);
    if (rows.bad(i) && !rows.dim[i]) into(-1, ERRORS, "", i);
  }
  const lanes = [];
  for (const lane of Object.keys(rows.lanes)) {
    let tracks = [...groups.values()].filter((track) => track.lane === lane);
    if (!tracks.length) continue;
    tracks.sort(lane === RECORDS ? (a, b) => b.marks.length - a.marks.length
      : (a, b) => (a.name === "Records") - (b.name === "Records") || (a.spans[0] ?? a.marks[0]) - (b.spans[0] ?? b.marks[0]));
    const many = tracks.length > MOST_TRACKS && !expanded.has(lane);
    const kept = many && lane === RECORDS ? MOST_TRACKS - 1 : many ? 0 : tracks.length;
    const rest = tracks.slice(kept);
    const noun = lane === RECORDS ? " more logs" : lane === APPS ? " apps" : " rows";
    if (rest.length) tracks = [...tracks.slice(0, kept), { lane, name: rest.length + noun, folded: true, dense: lane === RECORDS,
      spans: rest.flatMap((track) => track.spans).sort((a, b) => a - b), marks: rest.flatMap((track) => track.marks).sort((a, b) => a - b) }];
    for (const track of tracks) {
      track.height = track.dense ? 24 : 6 + (track.spans.length ? 17 : 0) + (track.marks.length ? 15 : 0);
      track.u = placesOf(track.marks, rows.u);
      track.bad = placesOf(track.marks.filter((row) => rows.bad(row) && !rows.dim[row]), rows.u);
    }
    lanes.push({ lane, tracks, more: many || expanded.has(lane), headed: tracks.length > 1 || BY_NAME.includes(lane) });
  }
  return lanes;
};
