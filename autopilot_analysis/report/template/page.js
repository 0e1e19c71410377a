"use strict";
(() => {
  const key = (text) => {
    const plain = text.trim();
    if (plain === "" || plain === "–" || plain === "NaN" || plain === "None") return null;
    if (/^-?[\d,]*\.?\d+(?:e[+-]?\d+)?\s?%?$/i.test(plain)) return parseFloat(plain.replace(/,/g, ""));
    return plain;
  };
  const compare = (a, b) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), undefined, { numeric: true });
  };
  const rank = (cell) => (cell.dataset.v === undefined ? key(cell.textContent) : parseFloat(cell.dataset.v));

  const sortable = (grid, table) => {
    const heads = [...table.tHead.rows].at(-1).cells;
    [...heads].forEach((head, place) => {
      const name = head.textContent;
      if (name.trim() === "") return;
      const button = document.createElement("button");
      button.type = "button";
      button.title = "Sort by " + name;
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => [row.cells[place] ? rank(row.cells[place]) : null, row]);
        rows.sort(([a], [b]) => (a === null || b === null ? compare(a, b) : down ? compare(b, a) : compare(a, b)));
        body.append(...rows.map(([, row]) => row));
      });
    });
  };

  const filterable = (grid, table, name) => {
    const count = grid.querySelector(".count") || document.createElement("figcaption");
    const told = count.textContent;
    count.className = "count";
    count.setAttribute("aria-live", "polite");
    const bar = document.createElement("div");
    bar.className = "bar";
    const field = document.createElement("input");
    field.type = "search";
    field.className = "filter";
    field.placeholder = "Filter rows";
    field.setAttribute("aria-label", "Filter rows. " + name);
    const rows = [...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]);
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      for (const [row, text] of rows) {
        const fits = words.every((word) => text.includes(word));
        row.hidden = !fits;
        left += fits;
      }
      count.textContent = words.length ? left + " of " + rows.length + " rows match" : told;
    });
    bar.append(count, field);
    grid.prepend(bar);
  };

  for (const grid of document.querySelectorAll("figure.grid")) {
    const table = grid.querySelector("table");
    if (!table || !table.tHead || !table.tHead.rows.length || !table.tBodies[0]) continue;
    const size = table.tBodies[0].rows.length;
    if (size > 1) sortable(grid, table);
    if (size > 7) filterable(grid, table, grid.querySelector(".scroll").getAttribute("aria-label"));
  }

  for (const ticket of document.querySelectorAll(".ticket")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy for a ticket";
    const text = ticket.querySelector("pre");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = "Copied";
      } catch {
        ticket.open = true;
        getSelection().selectAllChildren(text);
        button.textContent = "Selected: press Ctrl+C";
      }
    });
    ticket.before(button);
  }
  const unfold = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let part = target && target.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  addEventListener("beforeprint", () => document.querySelectorAll("details.fold, details.more, td details").forEach((part) => { part.open = true; }));
  unfold();

  const room = getComputedStyle(document.documentElement).getPropertyValue("--room").trim();
  if (room === "narrow") document.querySelectorAll("details.more").forEach((part) => { part.open = false; });
  const contents = document.querySelector(".contents details");
  if (contents && room !== "wide") contents.open = false;
  const links = new Map([...document.querySelectorAll(".contents a")].map((a) => [a.hash.slice(1), a]));
  const heads = [...links.keys()].map((id) => document.getElementById(decodeURIComponent(id))).filter(Boolean);
  const follow = () => {
    const passed = heads.filter((head) => head.getBoundingClientRect().top < 120);
    const here = passed.at(-1) || heads[0];
    for (const [id, a] of links) {
      if (here && decodeURIComponent(id) === here.id) a.setAttribute("aria-current", "true");
      else a.removeAttribute("aria-current");
    }
  };
  if (heads.length) {
    addEventListener("scroll", () => requestAnimationFrame(follow), { passive: true });
    follow();
  }
})();
