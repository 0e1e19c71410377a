// Part 3: where things are on the canvas, and how they are drawn.

class Picture {
  // -- where things are

  x(u) { return this.gutter + (u - this.u0) / (this.u1 - this.u0) * (this.width - this.gutter - 6); }
  uAt(x) { return this.u0 + (x - this.gutter) / (this.width - this.gutter - 6) * (this.u1 - this.u0); }
  // The attempts first, where Autopilot ran; the strip above shows what lies around them.
  begin() {
    const { rows, mask } = this, attempt = (row) => mask[row] && row < rows.dated && rows.said("kind", row) === ATTEMPT;
    const spans = [...rows.ends.keys()].filter((row) => attempt(row) && rows.said("outcome", row) !== "skipped");
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
    this.nameFolds();
    this.paintChosen();
  }

  // A label whole, else its first parts, else cut where enough of it stays to be understood, else none.
  label(text, room, cutting = true) {
    if (room < 16) return "";
    for (let end = text.length; end > 0; end = text.lastIndexOf(BETWEEN, end - 1)) {
      if (this.c.measureText(text.slice(0, end)).width <= room) return text.slice(0, end);
    }
    const cut = cutting ? this.fit(text.split(BETWEEN)[0], room) : "";
    return cut.length > ENOUGH ? cut : "";
  }
  type(weight = "", size = 11) { this.c.font = `${weight} ${size}px ${this.font}`; }
  fit(text, room) { // in the type that was set last
    if (room < 16) return "";
    const wide = this.c.measureText(text).width, most = Math.floor(text.length * room / wide);
    return wide <= room ? text : most < 4 ? "" : text.slice(0, most - 2) + "…";
  }
  fitPath(text, room) { // what tells two logs of one provider apart stands at the end
    const whole = this.fit(text, room), slash = text.lastIndexOf("/"), end = slash > 0 && text.length - slash < 15 ? slash : text.length - 6;
    if (whole === text || end < 8) return whole;
    return this.fit(text.slice(0, end), room - this.c.measureText(text.slice(end)).width) + text.slice(end);
  }
  pattern(colour, hatch = "/") {
    const key = colour + hatch;
    if (!this.hatch[key]) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = 6;
      const c = tile.getContext("2d");
      c.strokeStyle = c.fillStyle = colour;
      c.lineWidth = 1.4;
      if (hatch === ".") c.fillRect(2, 2, 1.5, 1.5);
      if (hatch === "/" || hatch === "x") { c.beginPath(); c.moveTo(-1, 7); c.lineTo(7, -1); c.stroke(); }
      if (hatch === "\\" || hatch === "x") { c.beginPath(); c.moveTo(-1, -1); c.lineTo(7, 7); c.stroke(); }
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
    }
  }
  nameFolds() { // over the lanes, where they are the emptiest
    const { c, colours } = this;
    this.type("", 10);
    c.textAlign = "left";
    for (const fold of this.rows.folds) {
      const a = Math.max(this.x(fold.u), this.gutter), b = this.x(fold.v), text = "idle " + span(fold.b - fold.a);
      if (b - a < 11 || a > this.width) continue;
      const flat = b - a > 110, wide = c.measureText(text).width + 6;
      c.save();
      c.translate((a + b) / 2, flat ? 70 : this.height - 8);
      if (!flat) c.rotate(-Math.PI / 2);
      c.fillStyle = colours.paper;
      c.globalAlpha = 0.85;
      c.fillRect(flat ? -wide / 2 : -3, -6, wide, 12);
      c.globalAlpha = 1;
      c.fillStyle = colours.soft;
      c.fillText(text, flat ? 3 - wide / 2 : 0, 0.5);
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
    c.fillText(this.fit((more ? (this.expanded.has(lane) ? "▾ " : "▸ ") : "") + this.rows.lanes[lane], gutter - 10), 6, middle);
    if (more) this.boxes.push({ x0: 0, x1: gutter, y0: y, y1: y + 17 + (tracks.at(-1).folded ? 200 : 0), lane });
  }

  track(track, { lane, headed }) {
    const { c, colours, gutter } = this, { y, height } = track;
    c.save();
    c.beginPath(); c.rect(gutter, y, this.width - gutter, height); c.clip();
    if (track.dense) this.dense(track);
    else {
      track.spans.forEach((row, i) => this.bar(track, row, track.spans[i + 1]));
      if (track.marks.length) this.marks(track, y + 2 + (track.spans.length ? 17 : 0));
    }
    c.restore();
    if (!headed) return;
    this.type("", 10);
    c.fillStyle = colours.soft;
    const name = shortly(track.name), path = lane === RECORDS || name.includes("/");
    c.fillText(path ? this.fitPath(name, gutter - 18) : this.fit(name, gutter - 18), 12, y + Math.min(height / 2, 10));
  }

  bar(track, row, next) {
    const { c, colours, rows } = this, top = track.y + 2, open = rows.open[row], start = this.x(rows.u[row]);
    const end = open ? Math.max(start + 26, Math.min(start + 60, this.width)) : Math.max(this.x(rows.toU(rows.until(row))), start + 2);
    if (end < this.gutter || start > this.width) return;
    const left = Math.max(start, this.gutter - 2), right = Math.min(end, this.width + 2);
    const outcome = rows.said("outcome", row), bad = rows.bad(row);
    c.fillStyle = bad ? colours.bad : outcome === "skipped" ? colours.paper : colours.bar;
    c.globalAlpha = open || outcome === "unknown" || outcome === SLEEP ? 0.45 : track.folded ? 0.75 : 1;
    c.fillRect(left, top, right - left, 14);
    c.globalAlpha = 1;
    if (bad) { c.fillStyle = this.pattern(colours.paper, HATCHES.failed); c.fillRect(left, top + 11, right - left, 3); }
    if (outcome === "skipped") { c.fillStyle = this.pattern(colours.soft, HATCHES.skipped); c.fillRect(left, top, right - left, 14); }
    c.strokeStyle = this.isHit(row) ? colours.hit : bad ? colours.bad : colours.quiet;
    c.lineWidth = this.isHit(row) ? 2.5 : 0.8;
    if (open) c.setLineDash(OPEN_LINE);
    c.strokeRect(left + 0.5, top + 0.5, Math.max(1, right - left - 1), 13);
    c.setLineDash([]);
    this.type(bad ? "600" : "", 11);
    if (!track.folded) {
      const whole = (bad ? FAILED_SIGN + " " : "") + visible(rows.said("title", row)) + BETWEEN + (open ? rows.end_open : span(rows.until(row) - rows.at[row]));
      const light = open || outcome === "skipped" || outcome === "unknown" || outcome === SLEEP, inside = this.label(whole, right - left - 8, false);
      const beside = inside.length < whole.length ? this.label(whole, Math.min(next === undefined ? this.width : this.x(rows.u[next]), this.width) - right - 10, false) : "";
      c.fillStyle = beside.length > inside.length ? bad ? colours.bad : colours.ink : light ? colours.ink : colours.paper;
      if (beside.length > inside.length) c.fillText(beside, right + 5, top + 7.5); else c.fillText(inside, left + 4, top + 7.5);
    }
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
      const text = this.label((many > 1 ? `${TIMES}${many} ` : "") + visible(rows.said("title", worst)), next - x - 14);
      if (text) { c.fillStyle = rows.dim[worst] ? colours.soft : colours.ink; c.fillText(text, x + 8, top + 6.5); }
      this.boxes.push({ x0: x - 4, x1: Math.max(x + 6, Math.min(next - 3, x + 10 + text.length * 5.4)), y0: top - 1, y1: top + 13, row: worst, many });
      i = j;
    }
  }
  weight(row) { return -Math.min(this.rows.rank(row), this.rows.levels.indexOf(INFO)) - (this.rows.dim[row] ? 1.5 : 0) + (this.rows.proofs.has(row) ? 0.5 : 0); }
  isHit(row) { return Boolean(this.hits && this.hits[row]); }

  mark(row, x, top, hit) {
    const { c, colours, rows } = this, level = rows.said("level", row), bad = rows.bad(row);
    if (hit) { c.fillStyle = colours.hit; c.fillRect(x - 5, top, 10, 13); }
    c.globalAlpha = rows.dim[row] ? 0.45 : 1;
    c.fillStyle = c.strokeStyle = bad ? colours.bad : level === WARNING ? colours.warn : colours.bar;
    c.lineWidth = 1.6;
    c.beginPath();
    const sign = SIGNS[bad ? (rows.said("kind", row) === FINDING ? "finding" : "error") : level === WARNING ? "warning" : "moment"];
    for (const line of sign.lines) for (let i = 0; i < line.length; i += 2) c[i ? "lineTo" : "moveTo"](x + line[i], top + 6.5 + line[i + 1]);
    if (sign.filled) c.fill(); else c.stroke();
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
        this.c.fillText(this.label(visible(this.rows.said("title", track.marks[i])), next - x - 8), x + 4, track.y + 11);
      }
    }
    this.boxes.push({ x0: gutter, x1, y0: track.y, y1: track.y + track.height, track });
  }

  across() { // boots and clock steps, through every lane
    const { c, colours, rows } = this;
    for (const row of this.steps) {
      const x = Math.round(this.x(rows.u[row])) + 0.5, clock = rows.said("outcome", row) === CLOCK_STEP;
      if (x < this.gutter || x > this.width) continue;
      c.strokeStyle = clock ? colours.bad : colours.soft;
      c.lineWidth = 1;
      c.setLineDash(clock ? CLOCK_LINE : RESTART_LINE);
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
}
