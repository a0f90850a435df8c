// The invalidation graph: layers from the roots to the program, like nodes folded into one that opens.

const NODE = { width: 210, height: 26, gap: 7, between: 54, top: 34, letters: 28 };
const STEP_MORE = 100;
const FEW = 6;

/** Where things stand: which groups are open, and how far. */
const graph = { open: new Map(), zoom: 1, focus: null, nodes: new Map(), svg: null, scroller: null };
const groupOf = new Map();
data.groups.forEach((group, at) => group.members.forEach((called) => groupOf.set(called, at)));
const many = data.roots.length + data.steps.length > 40;
const foldable = (group) => many && group.members.length > 3;

/** The members of a folded group that are shown all the same: what the chosen one comes from and leads to. */
function pulledOut() {
  const pulled = new Map();
  if (chosen === null) return pulled;
  for (const called of new Set([...reach(chosen, causes), ...reach(chosen, effects)])) {
    const at = groupOf.get(called);
    if (!pulled.has(at)) pulled.set(at, []);
    pulled.get(at).push(called);
  }
  for (const [at, members] of pulled) {
    if (members.length > FEW) pulled.set(at, members.includes(chosen) ? [chosen] : []);
  }
  return pulled;
}

/** The nodes that are to be seen, by layer, in blocks of one group, and which of them stands for what. */
function visible() {
  const standsFor = new Map();
  const blocks = data.groups.map((group, at) => {
    const layer = group.query === null ? 0 : 1 + QUERIES.indexOf(group.query);
    const block = { at, layer, group, nodes: [] };
    const own = (called) => {
      block.nodes.push({ id: `n${called}`, layer, called });
      standsFor.set(called, `n${called}`);
    };
    if (!foldable(group)) {
      group.members.forEach(own);
      return block;
    }
    const shown = graph.open.get(at) ?? 0;
    block.nodes.push({ id: `g${at}`, layer, group: at, open: shown > 0 });
    const pulled = graph.pulled.get(at) ?? [];
    const hidden = group.members.filter((called, place) => {
      if (place >= shown && !pulled.includes(called)) return true;
      own(called);
      return false;
    });
    const rest = shown > 0 && hidden.length > 0 ? `m${at}` : `g${at}`;
    if (rest[0] === "m") block.nodes.push({ id: rest, layer, more: at, hidden: hidden.length });
    hidden.forEach((called) => standsFor.set(called, rest));
    return block;
  });
  return { blocks, standsFor };
}

/** Each pair of nodes once, in the direction of the effect. */
function edgesOf(standsFor) {
  const edges = new Map();
  data.steps.forEach((of, at) => {
    const to = standsFor.get(at);
    for (const cause of of.from) {
      const from = standsFor.get(cause);
      if (from !== to) edges.set(`${from} ${to}`, { from, to });
    }
  });
  return [...edges.values()];
}

/** Gives each node its place: those that come from the same place lie together. */
function place(blocks, edges) {
  const nodes = new Map(blocks.flatMap((block) => block.nodes.map((node) => [node.id, node])));
  const before = new Map();
  for (const { from, to } of edges) {
    if (!before.has(to)) before.set(to, []);
    before.get(to).push(nodes.get(from));
  }
  const layers = [...new Set(blocks.map((block) => block.layer))].sort((a, b) => a - b);
  let width = 0;
  let height = 0;
  layers.forEach((layer, column) => {
    const wanted = (node) => {
      const placed = (before.get(node.id) ?? []).filter((other) => other.layer < layer && other.y !== undefined);
      if (placed.length === 0) return null;
      return placed.reduce((sum, other) => sum + other.y, 0) / placed.length;
    };
    const mine = blocks.filter((block) => block.layer === layer);
    for (const block of mine) {
      block.nodes.forEach((node) => { node.wanted = wanted(node); });
      const known = block.nodes.map((node) => node.wanted).filter((y) => y !== null);
      block.wanted = known.length > 0 ? known.reduce((sum, y) => sum + y, 0) / known.length : 1e9;
      if (!foldable(block.group)) block.nodes.sort((a, b) => (a.wanted ?? 1e9) - (b.wanted ?? 1e9));
    }
    mine.sort((a, b) => a.wanted - b.wanted || a.at - b.at);
    let y = NODE.top;
    for (const node of mine.flatMap((block) => block.nodes)) {
      // In line with its causes, but never so far down that it is not found.
      y = Math.max(y, Math.min(node.wanted ?? 0, 220));
      Object.assign(node, { x: 1 + column * (NODE.width + NODE.between), y, column });
      y += NODE.height + NODE.gap;
    }
    width = Math.max(width, (column + 1) * (NODE.width + NODE.between) - NODE.between + 2);
    height = Math.max(height, y);
  });
  return { nodes, layers, width, height };
}

function curve(from, to) {
  const middle = NODE.height / 2;
  if (from.layer === to.layer) {
    const [x, a, b] = [from.x, from.y + middle, to.y + middle];
    const out = x - Math.min(46, 18 + Math.abs(b - a) / 8);
    return `M${x} ${a}C${out} ${a} ${out} ${b} ${x} ${b}`;
  }
  const [x, y, u, v] = [from.x + NODE.width, from.y + middle, to.x, to.y + middle];
  if (to.column - from.column > 1) {
    // Past the layers between, it runs in the gap above its end, so that it does not seem to go through their nodes.
    const gap = to.y - NODE.gap / 2;
    const [a, b] = [x + NODE.between, u - NODE.between];
    return `M${x} ${y}C${(x + a) / 2} ${y} ${(x + a) / 2} ${gap} ${a} ${gap}H${b}C${(b + u) / 2} ${gap} ${(b + u) / 2} ${v} ${u} ${v}`;
  }
  const bend = Math.max(30, (u - x) / 2);
  return `M${x} ${y}C${x + bend} ${y} ${u - bend} ${v} ${u} ${v}`;
}

function nodeWords(node) {
  if (node.more !== undefined) return [`${number(node.hidden)} more …`, `Show more of ${number(node.hidden)}`];
  if (node.group !== undefined) {
    const group = data.groups[node.group];
    const what = group.query === null ? `${number(group.members.length)} roots${root(group.members[0]).role ? ` (${root(group.members[0]).role})` : ""}` : `${number(group.members.length)} × ${group.query}`;
    const same = group.cut_off ? `, ${SAME[group.query]}` : "";
    const first = title(group.members[0]);
    return [`${node.open ? "▾" : "▸"} ${what}${same}`, `${what}${same}: ${first} and others; ${node.open ? "fold" : "unfold"}`];
  }
  if (isRoot(node.called)) {
    const of = root(node.called);
    return [of.subject ? shortened(of.subject, NODE.letters) : shortenedAtEnd(of.what), of.what];
  }
  const of = step(node.called);
  return [shortened(of.subject, NODE.letters), `${of.query} ${of.subject}: ${of.why.join("; ")}`, result(of), duration(of.microseconds)];
}

function shortenedAtEnd(text) {
  return text.length <= NODE.letters ? text : `${text.slice(0, NODE.letters - 1)}…`;
}

function nodeClass(node) {
  const group = node.called === undefined ? data.groups[node.group ?? node.more] : data.groups[groupOf.get(node.called)];
  const kinds = ["node", group.query ?? "root"];
  if (group.cut_off) kinds.push("cut");
  if (node.group !== undefined) kinds.push(node.open ? "head" : "folded");
  if (node.more !== undefined) kinds.push("rest");
  return kinds.join(" ");
}

function drawNode(node) {
  const [text, ...words] = nodeWords(node);
  const label = words.filter((word) => word !== "");
  const { x, y } = node;
  const made = shape("g", {
    class: nodeClass(node), transform: `translate(${x} ${y})`, role: "button", tabindex: "-1", "data-id": node.id,
    "data-called": node.called, "aria-label": label.join(", "),
    "aria-expanded": node.group === undefined ? null : String(node.open),
    onclick: () => activate(node),
    onmouseenter: () => point(made, ...label), onmouseleave: pointAway,
    onfocus: () => { graph.focus = node.id; point(made, ...label); }, onblur: pointAway,
  });
  if (node.group !== undefined && !node.open) made.append(
    shape("rect", { class: "behind", x: 4, y: 4, width: NODE.width, height: NODE.height, rx: 4 }));
  made.append(shape("rect", { class: "box", width: NODE.width, height: NODE.height, rx: node.called < 0 ? 0 : 4 }),
    shape("rect", { class: "bar", width: 4, height: NODE.height, rx: 1 }),
    shape("text", { x: 13, y: NODE.height / 2 + 4 }, text));
  node.drawn = made;
  return made;
}

function activate(node) {
  graph.focus = node.id;
  if (node.called !== undefined) return choose(node.called);
  const at = node.group ?? node.more;
  const shown = graph.open.get(at) ?? 0;
  if (node.more !== undefined) graph.open.set(at, shown + STEP_MORE);
  else graph.open.set(at, node.open ? 0 : STEP_MORE / 4);
  redrawGraph(true);
}

function redrawGraph(focused = false) {
  graph.pulled = pulledOut();
  const { blocks, standsFor } = visible();
  const edges = edgesOf(standsFor);
  const { nodes, layers, width, height } = place(blocks, edges);
  Object.assign(graph, { nodes, edges, width, height });
  const ups = new Set(chosen === null ? [] : [...reach(chosen, causes)].map((called) => standsFor.get(called)));
  const downs = new Set(chosen === null ? [] : [...reach(chosen, effects)].map((called) => standsFor.get(called)));
  const isOn = ({ from, to }) => (ups.has(from) && ups.has(to)) || (downs.has(from) && downs.has(to));
  // What is on the way lies above what is not.
  const sorted = [...edges].sort((a, b) => isOn(a) - isOn(b));
  const heads = layers.map((layer, column) => shape("text", { class: "layer", x: 1 + column * (NODE.width + NODE.between), y: 16 },
    layer === 0 ? `roots (${number(data.roots.length)})`
      : `${QUERIES[layer - 1]} (${number(data.steps.filter((of) => of.query === QUERIES[layer - 1]).length)})`));
  graph.svg.replaceChildren(...heads,
    ...sorted.map((edge) => shape("path", { class: `edge ${isOn(edge) ? "on" : ""}`, d: curve(nodes.get(edge.from), nodes.get(edge.to)) })),
    ...[...nodes.values()].map(drawNode));
  graph.svg.classList.toggle("choosing", chosen !== null);
  for (const node of nodes.values()) {
    node.drawn.classList.toggle("on", ups.has(node.id) || downs.has(node.id));
    node.drawn.classList.toggle("chosen", node.called !== undefined && node.called === chosen);
  }
  zoomGraph(graph.zoom);
  const first = nodes.get(graph.focus) ?? nodes.values().next().value;
  if (!first) return;
  first.drawn.setAttribute("tabindex", "0");
  if (focused) first.drawn.focus({ preventScroll: true });
}

function zoomGraph(zoom) {
  graph.zoom = Math.min(2, Math.max(0.2, zoom));
  const { svg, width, height } = graph;
  svg.setAttribute("viewBox", `0 0 ${width + 4} ${height + 4}`);
  svg.setAttribute("width", (width + 4) * graph.zoom);
  svg.setAttribute("height", (height + 4) * graph.zoom);
}

/** The node that an arrow key leads to from this one. */
function neighbour(node, key) {
  const all = [...graph.nodes.values()];
  const near = (found) => found.sort((a, b) => Math.abs(a.y - node.y) - Math.abs(b.y - node.y))[0];
  if (key === "ArrowDown") return near(all.filter((other) => other.column === node.column && other.y > node.y));
  if (key === "ArrowUp") return near(all.filter((other) => other.column === node.column && other.y < node.y));
  const [here, there] = key === "ArrowRight" ? ["from", "to"] : ["to", "from"];
  return near(graph.edges.filter((edge) => edge[here] === node.id).map((edge) => graph.nodes.get(edge[there]))
    .filter((other) => other.column !== node.column));
}

function graphKeys(event) {
  const node = graph.nodes.get(event.target.closest("[data-id]")?.dataset.id);
  if (!node) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    activate(node);
  } else if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    const other = neighbour(node, event.key);
    if (!other) return;
    node.drawn.setAttribute("tabindex", "-1");
    other.drawn.setAttribute("tabindex", "0");
    bringNode(other);
    other.drawn.focus({ preventScroll: true });
  }
}

function bringNode(node) {
  const { zoom } = graph;
  bring(graph.scroller, node.x * zoom, (node.y - 8) * zoom, NODE.width * zoom, (NODE.height + 16) * zoom);
}

/** A thing that scrolls can be dragged as well. */
function draggable(scroller) {
  let from = null;
  scroller.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0 && !event.target.closest("[data-id]"))
      from = { x: event.clientX + scroller.scrollLeft, y: event.clientY + scroller.scrollTop };
  });
  window.addEventListener("pointermove", (event) => {
    if (from) scroller.scrollTo(from.x - event.clientX, from.y - event.clientY);
  });
  window.addEventListener("pointerup", () => { from = null; });
}

function zoomButtons(zoom) {
  const button = (label, text, factor) => element("button", { type: "button", "aria-label": label, title: label, onclick: () => zoom(factor) }, text);
  return element("span", { class: "zoom" }, button("Smaller", "−", 1 / 1.25), button("Larger", "+", 1.25), button("All of it", "fit", null));
}

/** The scale at which all layers are to be seen. */
function fitting() {
  return (graph.scroller.clientWidth - 30) / graph.width;
}

function drawGraph() {
  const body = document.getElementById("graph-body");
  if (data.steps.length === 0) {
    body.append(element("p", { class: "quiet" }, "Nothing ran."));
    return;
  }
  const zoom = (factor) => zoomGraph(factor === null ? Math.min(1, fitting()) : graph.zoom * factor);
  const used = QUERIES.filter((query) => data.steps.some((of) => of.query === query));
  const key = element("span", { class: "key" }, used.map((query) => element("span", { class: "item" }, element("span", { class: `mark ${query}` }), query)),
    data.steps.some((of) => of.cut_off) ? element("span", { class: "item" }, element("span", { class: "mark cut" }), "gave the same as before") : null);
  graph.svg = shape("svg", { class: "drawing", role: "group", "aria-label": "What caused what; arrow keys lead from one to the next", onkeydown: graphKeys });
  graph.scroller = element("div", { class: "scroller graph" }, graph.svg);
  body.append(element("div", { class: "bar-of-buttons" }, key, zoomButtons(zoom)), graph.scroller);
  draggable(graph.scroller);
  redrawGraph();
  zoomGraph(Math.max(0.8, Math.min(1, fitting())));
  watchers.push((called) => {
    redrawGraph(graph.svg.contains(document.activeElement));
    const node = graph.nodes.get(`n${called}`);
    if (node) bringNode(node);
  });
}
