// Part 4: wheel, drag, pinch, keys and clicks.

class Hands extends Picture {
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
      Home: () => this.show(0, this.u1 - this.u0), End: () => this.show(this.rows.length - this.u1 + this.u0, this.rows.length), [KEYS.all]: () => this.home(), [KEYS.attempts]: () => this.begin(),
      [KEYS.next]: () => this.step(1), [KEYS.previous]: () => this.step(-1), [KEYS.search]: () => this.field.focus(), ArrowDown: () => this.walk(1), ArrowUp: () => this.walk(-1),
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
      (rows.ends.has(row) ? BETWEEN + span(rows.ends.get(row) - rows.at[row]) : rows.open[row] ? BETWEEN + rows.end_open : "");
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
}
