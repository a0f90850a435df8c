// Tables that sort by any column and filter by text.

const ROWS = 200;

/** A table of rows. A column has a `name`, a `value` to sort by, perhaps `show`, and `kind`: number, path or text. */
function table(parent, label, columns, rows, kind = "") {
  const state = { sort: 0, down: false, filter: "", first: 0, most: ROWS };
  const words = rows.map((row) => columns.map((column) => String(column.say?.(row) ?? column.value(row) ?? "")).join(" ").toLowerCase());
  const body = element("tbody", { role: "rowgroup" });
  const said = element("span", { class: "quiet", role: "status" });
  const more = element("button", { type: "button", class: "more", onclick: () => {
    Object.assign(state, { first: 0, most: Infinity });
    draw();
  } });
  const filter = element("input", { type: "search", placeholder: "Filter", "aria-label": `Filter ${label}`, oninput: () => {
    state.filter = filter.value.trim().toLowerCase();
    draw();
  } });
  const heads = columns.map((column, at) => element("th", { scope: "col", role: "columnheader", class: `${column.kind} ${column.wide ? "wide" : ""}`, "aria-sort": "none" },
    element("button", { type: "button", onclick: () => {
      state.down = state.sort === at ? !state.down : column.kind === "number";
      state.sort = at;
      draw();
    } }, column.name)));

  function found() {
    const wanted = state.filter.split(/\s+/).filter((word) => word !== "");
    const kept = rows.map((row, at) => at).filter((at) => wanted.every((word) => words[at].includes(word)));
    const { value, kind } = columns[state.sort];
    const order = kind.startsWith("number") ? (a, b) => (a ?? -1) - (b ?? -1) : (a, b) => String(a).localeCompare(String(b), "en", { numeric: true });
    const way = state.down ? -1 : 1;
    return kept.sort((a, b) => way * order(value(rows[a]), value(rows[b])) || a - b);
  }

  function draw() {
    const kept = found();
    // What is chosen is never left out of sight.
    const place = chosen === null ? -1 : kept.findIndex((at) => rows[at].called === chosen);
    if (state.most === ROWS) state.first = place < ROWS ? 0 : Math.min(place - ROWS / 2, kept.length - ROWS);
    const last = Math.min(state.first + state.most, kept.length);
    heads.forEach((head, at) => head.setAttribute("aria-sort", state.sort !== at ? "none" : state.down ? "descending" : "ascending"));
    body.replaceChildren(...kept.slice(state.first, last).map((at) => {
      const row = rows[at];
      const made = element("tr", { role: "row", "data-called": row.called, onclick: row.called === undefined ? null : () => choose(row.called) },
        columns.map((column) => element("td", { role: "cell", class: `${column.kind} ${column.wide ? "wide" : ""}` }, column.show ? column.show(row) : column.value(row) ?? "")));
      return made;
    }));
    said.textContent = kept.length === rows.length ? count(rows.length, "row") : `${number(kept.length)} of ${count(rows.length, "row")}`;
    more.hidden = last - state.first === kept.length;
    more.textContent = `these are ${number(state.first + 1)} to ${number(last)}; show all ${number(kept.length)}`;
    mark(chosen, false);
  }

  function mark(called, scrolls) {
    for (const row of body.rows) {
      const is = called !== null && row.dataset.called === String(called);
      row.classList.toggle("chosen", is);
      if (is) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
      const head = heads[0].offsetHeight;
      if (is && scrolls) bring(scroller, scroller.scrollLeft, row.offsetTop - head, 1, row.offsetHeight + head);
    }
  }

  const scroller = element("div", { class: "scroller table", tabindex: "0", role: "group", "aria-label": label },
    element("table", { role: "table", class: kind }, element("caption", {}, label),
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, heads)), body));
  parent.append(element("div", { class: "bar-of-buttons" }, filter, said), scroller, more);
  draw();
  watchers.push((called) => {
    if (called !== null && ![...body.rows].some((row) => row.dataset.called === String(called))) draw();
    mark(called, true);
  });
}

/** The number of a row, which is also the way to choose it with the keyboard. */
const own = { name: "#", kind: "number place", value: (row) => row.place, show: (row) => reference(row.called, String(row.place)) };

function drawSteps(body) {
  const rows = data.steps.map((of, at) => ({ ...of, called: at, place: at + 1 }));
  table(body, "Steps that ran", [
    own,
    { name: "query", kind: "word", value: (row) => QUERIES.indexOf(row.query), say: (row) => row.query,
      show: (row) => [element("span", { class: `mark ${row.query}` }), row.query] },
    { name: "subject", kind: "path", value: (row) => row.subject },
    { name: "why", kind: "text long", value: (row) => row.why.join("; ") },
    { name: "came to", kind: "text", wide: true, value: result },
    { name: "spared", kind: "number", wide: true, value: (row) => row.spared, show: (row) => (row.spared > 0 ? number(row.spared) : "") },
    { name: "from", kind: "number", wide: true, value: (row) => row.started, show: (row) => duration(row.started) },
    { name: "took", kind: "number", value: (row) => row.microseconds, show: (row) => duration(row.microseconds) },
    { name: "thread", kind: "number", wide: true, value: (row) => row.thread },
  ], rows, "stacked steps");
}

function drawReasons(body) {
  const amount = (name, key) => ({ name, kind: "number", value: (row) => row[key], show: (row) => (row[key] > 0 ? number(row[key]) : "") });
  const columns = [
    own,
    { name: "what", kind: "text long", value: (row) => row.what },
    { name: "role", kind: "text", wide: true, value: (row) => row.role ?? "" },
    { name: "was", kind: "text", wide: true, value: (row) => row.old ?? "" },
    { name: "is", kind: "text", wide: true, value: (row) => row.new ?? "" },
    amount("parsed", "parsed"), amount("lowered", "lowered"), amount("compiled", "compiled"), amount("linked", "linked"),
  ];
  if (data.roots.some((of) => of.acted > 0)) columns.splice(5, 0, amount("acted", "acted"));
  table(body, "Reasons", columns, data.roots.map((of, at) => ({ ...of, called: -1 - at, place: at + 1 })), "stacked reasons");
}

function drawLink(body) {
  const { link } = data;
  if (link) {
    body.append(facts([
      ["linked", link.linked ? "yes" : "no: the program was there, or stored"],
      ["by", link.linker],
      ["known", link.way === "embedded" ? "embedded: each read is seen" : link.way],
      ["linker", link.linker_path],
      ["driver", link.driver],
      ["not built in, since", link.instead],
      ["objects known by digest", number(link.object_fingerprints_used)],
      ["objects read", number(link.object_files_hashed)],
      ["other inputs read", number(link.external_inputs_hashed)],
    ]));
    if (link.declined) body.append(element("div", { class: "notice" }, element("strong", {}, `Not recorded: ${link.declined.message}`),
      link.declined.remedy ? element("div", {}, `What to do: ${link.declined.remedy}`) : null));
  }
  const place = { name: "#", kind: "number place", value: (row) => row.place };
  if (data.arguments.length > 0) {
    body.append(element("h3", {}, "Arguments"));
    table(body, "Arguments of the link", [place, { name: "argument", kind: "path", value: (row) => row.text, show: (row) => (row.text === "…" ? "… (the objects)" : row.text) }],
      data.arguments.map((text, at) => ({ text, place: at + 1 })));
  }
  if (data.inputs.length > 0) {
    body.append(element("h3", {}, "Files it read besides the objects"));
    table(body, "Inputs of the link", [place, { name: "path", kind: "path", value: (row) => row.path }, { name: "digest", kind: "path", value: (row) => row.digest }],
      data.inputs.map(([path, digest], at) => ({ path, digest, place: at + 1 })));
  }
  if (body.childElementCount === 0) body.append(element("p", { class: "quiet" }, "Nothing was to be linked."));
}

function drawTables() {
  const body = (name) => document.getElementById(`${name}-body`);
  const none = (name, text) => body(name).append(element("p", { class: "quiet" }, text));
  if (data.steps.length > 0) drawSteps(body("steps"));
  else none("steps", "Nothing ran.");
  if (data.roots.length > 0) drawReasons(body("reasons"));
  else none("reasons", "There are none.");
  drawLink(body("link"));
}
