// Part 1 of 6 of the timeline: one canvas, the same module on a report's page and, by anywidget, in notebooks. The parts
// are joined in order. It asks nothing of the network, evaluates nothing, and builds every element by name and text.
// What stands above this part is Python's: timeline/page.py writes it.

// Keys, as docs/timeline.md and a notebook name them too.
const KEYS = { all: "f", attempts: "a", next: "n", previous: "p", search: "/" };
// What an address ends in that shows the proofs of a finding, before its number, and one that holds a view.
const PROOFS = "#timeline-finding-", VIEW = "#timeline?";
// What stands before the number of those that stand on one spot.
const TIMES = "×";
const MOST_FOLDS = 60, ENOUGH = 12, LINE = 24, LINES = 12, NARROWEST = 50;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 15e6, 3e7, 6e7, 12e7, 3e8,
  6e8, 18e8, 36e8, 108e8, 216e8, 432e8, 864e8, 1728e8, 6048e8, 12096e8, 25920e8, 77760e8, 315360e8];

// What a moment is drawn as: its name on docs/timeline.md, its outlines in dots around the middle of a row, whether it is
// filled. A finding that weighs little is drawn as the warning or the moment that it is.
const SIGNS = {
  finding: { word: "cross", lines: [[-4, -4.5, 4, 4.5], [4, -4.5, -4, 4.5]] },
  error: { word: "triangle", lines: [[0, -5, 5, 4.5, -5, 4.5, 0, -5]], filled: true },
  warning: { word: "hollow", lines: [[0, -5, 5, 4.5, -5, 4.5, 0, -5]] },
  moment: { word: "diamond", lines: [[0, -4.5, 4, 0, 0, 4.5, -4, 0, 0, -4.5]], filled: true },
};

// -- words ---------------------------------------------------------------------------------------------------

// Control, direction and half characters are spelt out, so that no text steers what stands beside it.
const visible = (text) => String(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g,
  (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));
// A field as its writer named it, without underscores; a value's name is said by rows.words.
const spaced = (name) => visible(name).replace(/_/g, " ");
// The name of a log or a policy without what all of them begin with.
const shortly = (name) => visible(name).replace(/^Microsoft-Windows-/, "").replace(/-Diagnostics-Provider/, "").replace(/^\.\/(?:Device\/|User\/)?Vendor\/MSFT\//, "");
// What leads to the proofs of a finding.
const showThem = (proofs) => `show ${proofs} ${proofs === 1 ? "record" : "records"}`;
const two = (n) => String(n).padStart(2, "0");

// As wording.span writes it; what is no tenth of a second has smaller units here, where one can zoom that far.
const span = (us) => {
  if (us < 1e3) return Math.round(us) + " µs";
  if (us < 5e4) return +(us / 1e3).toFixed(us < 1e4 ? 2 : 0) + " ms";
  if (us < 9.95e6) return +(us / 1e6).toFixed(1) + " s";
  const seconds = Math.round(us / 1e6), minutes = Math.round(us / 6e7), hours = Math.round(us / 36e8);
  if (seconds < 60) return seconds + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + IN_MINUTES + (seconds % 60 ? " " + two(seconds % 60) + " s" : "");
  if (minutes < 2880) return Math.floor(minutes / 60) + " h" + (minutes % 60 ? " " + two(minutes % 60) + IN_MINUTES : "");
  return Math.floor(hours / 24).toLocaleString("en") + " d" + (hours % 24 ? " " + hours % 24 + " h" : "");
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
    if (!Number.isFinite(us)) return NO_TIME;
    const local = us + this.offset(us);
    const ms = Math.floor(local / 1e3);
    const whole = new Date(ms).toISOString().replace("T", " ").slice(0, 19);
    return digits ? whole + "." + String(Math.round(local - Math.floor(local / 1e6) * 1e6)).padStart(6, "0").slice(0, digits) : whole;
  }
  get name() { return this.on ? this.zone : ZONE; }
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
