// The timeline: phases, and below them a row of bars for each thread.

const TIME = { axis: 20, lane: 18, gap: 8, least: 2 };
const timeline = { zoom: 1, rows: [], svg: null, scroller: null, labels: null, bars: [], focus: null };

/** The steps of each thread in lanes: one that began while another ran lies below it. */
function threads() {
  const rows = new Map();
  data.steps.map((of, at) => ({ of, at })).sort((a, b) => a.of.started - b.of.started || a.at - b.at).forEach(({ of, at }) => {
    if (!rows.has(of.thread)) rows.set(of.thread, { thread: of.thread, lanes: [], bars: [] });
    const row = rows.get(of.thread);
    let lane = row.lanes.findIndex((end) => end <= of.started);
    if (lane < 0) lane = row.lanes.push(0) - 1;
    row.lanes[lane] = of.started + of.microseconds;
    row.bars.push({ at, of, lane });
  });
  return [...rows.values()].sort((a, b) => a.thread - b.thread);
}

const end = Math.max(data.microseconds, 1, ...data.steps.map((of) => of.started + of.microseconds));

function ticks(width) {
  const wanted = (end * 90) / width;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const size = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((found) => found >= wanted));
  return Array.from({ length: Math.floor(end / size) + 1 }, (_, at) => at * size);
}

function drawBars() {
  const { svg, scroller, labels, rows } = timeline;
  const width = Math.max(100, (scroller.clientWidth - 2) * timeline.zoom);
  const x = (micros) => (micros * (width - 2)) / end;
  const parts = [];
  const names = [];
  const named = (text, top, tall) => {
    const made = element("div", {}, text);
    made.style.cssText = `top:${top}px;height:${tall}px`;
    names.push(made);
  };
  let y = TIME.axis;
  if (data.phases.length > 0) {
    named("phases", y, TIME.lane);
    let start = 0;
    data.phases.forEach(([phase, took], at) => {
      const wide = Math.max(TIME.least, x(took) - 1);
      const made = shape("g", { class: `phase ${at % 2 ? "odd" : ""}`, onmouseenter: () => point(made, `phase ${phase}`, duration(took)), onmouseleave: pointAway },
        shape("rect", { x: x(start), y, width: wide, height: TIME.lane }),
        wide > phase.length * 7 + 8 ? shape("text", { x: x(start) + 5, y: y + 13 }, phase) : null);
      parts.push(made);
      start += took;
    });
    y += TIME.lane + TIME.gap;
  }
  timeline.bars = [];
  for (const row of rows) {
    const tall = row.lanes.length * TIME.lane;
    named(`thread ${row.thread}`, y, tall);
    parts.push(shape("rect", { class: "ground", x: 0, y, width, height: tall }));
    for (const bar of row.bars) {
      const { of, at } = bar;
      const wide = Math.max(TIME.least, x(of.microseconds));
      const words = [`${of.query} ${of.subject}`, `${duration(of.microseconds)}, from ${duration(of.started)} on, thread ${of.thread}`, result(of)].filter((word) => word !== "");
      const file = of.subject.split("/").pop();
      const made = shape("g", { class: `step ${of.query} ${of.cut_off ? "cut" : ""}`, role: "button", tabindex: "-1", "data-called": at, "aria-label": words.join(", "),
        onclick: () => choose(at), onmouseenter: () => point(made, ...words), onmouseleave: pointAway,
        onfocus: () => point(made, ...words), onblur: pointAway },
      shape("rect", { x: x(of.started), y: y + bar.lane * TIME.lane + 1, width: wide, height: TIME.lane - 2, rx: 1 }),
      wide > file.length * 7 + 8 ? shape("text", { x: x(of.started) + 5, y: y + bar.lane * TIME.lane + 13 }, file) : null);
      timeline.bars.push({ ...bar, row, drawn: made, x: x(of.started), y: y + bar.lane * TIME.lane, wide });
      parts.push(made);
    }
    y += tall + TIME.gap;
  }
  const lines = ticks(width).map((at) => shape("g", { class: "tick" },
    shape("line", { x1: x(at), x2: x(at), y1: TIME.axis - 4, y2: y - TIME.gap }),
    shape("text", { x: x(at) + (at === 0 ? 0 : 3), y: 12 }, at === 0 ? "0" : duration(at))));
  svg.setAttribute("width", width);
  svg.setAttribute("height", y);
  svg.replaceChildren(...lines, ...parts);
  labels.replaceChildren(...names);
  labels.style.height = `${y}px`;
  const first = timeline.bars.find((bar) => bar.at === timeline.focus) ?? timeline.bars[0];
  first?.drawn.setAttribute("tabindex", "0");
  markBar(chosen);
}

function markBar(called) {
  timeline.svg.classList.toggle("choosing", called !== null);
  const related = called === null ? new Set() : new Set([...reach(called, causes), ...reach(called, effects)]);
  for (const bar of timeline.bars) {
    bar.drawn.classList.toggle("chosen", bar.at === called);
    bar.drawn.classList.toggle("on", related.has(bar.at));
    if (bar.at === called) bringBar(bar);
  }
}

function bringBar(bar) {
  bring(timeline.scroller, bar.x - 4, bar.y, Math.min(bar.wide, 200) + 8, TIME.lane);
}

function timelineKeys(event) {
  const at = event.target.closest("[data-called]")?.dataset.called;
  const bar = timeline.bars.find((other) => String(other.at) === at);
  if (!bar) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    choose(bar.at);
    return;
  }
  const along = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const across = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!along && !across) return;
  event.preventDefault();
  const row = timeline.rows[timeline.rows.indexOf(bar.row) + (across ?? 0)];
  const near = (a, b) => Math.abs(a.of.started - bar.of.started) - Math.abs(b.of.started - bar.of.started);
  const other = along ? row.bars[row.bars.findIndex((found) => found.at === bar.at) + along] : row && [...row.bars].sort(near)[0];
  const found = other && timeline.bars.find((drawn) => drawn.at === other.at);
  if (!found) return;
  timeline.focus = found.at;
  bar.drawn.setAttribute("tabindex", "-1");
  found.drawn.setAttribute("tabindex", "0");
  bringBar(found);
  found.drawn.focus({ preventScroll: true });
}

function drawTimeline() {
  const body = document.getElementById("timeline-body");
  if (data.steps.length === 0 && data.phases.length === 0) {
    body.append(element("p", { class: "quiet" }, "Nothing ran."));
    return;
  }
  const zoom = (factor) => {
    const { scroller } = timeline;
    const middle = (scroller.scrollLeft + scroller.clientWidth / 2) / timeline.zoom;
    timeline.zoom = factor === null ? 1 : Math.min(200, Math.max(1, timeline.zoom * factor * (factor > 1 ? 1.25 : 1 / 1.25)));
    drawBars();
    scroller.scrollLeft = middle * timeline.zoom - scroller.clientWidth / 2;
  };
  timeline.rows = threads();
  timeline.svg = shape("svg", { class: "drawing", role: "group", "aria-label": "Steps by thread and time; arrow keys lead from one to the next", onkeydown: timelineKeys });
  timeline.labels = element("div", { class: "labels", "aria-hidden": "true" });
  timeline.scroller = element("div", { class: "scroller" }, timeline.svg);
  const busy = data.steps.reduce((sum, of) => sum + of.microseconds, 0);
  body.append(element("div", { class: "bar-of-buttons" },
    element("span", { class: "quiet" }, `${count(data.steps.length, "step")}, ${duration(busy)} in all on ${count(timeline.rows.length, "thread")}, in ${duration(data.microseconds)}`),
    zoomButtons(zoom)),
  element("div", { class: "rows" }, timeline.labels, timeline.scroller));
  drawBars();
  window.addEventListener("resize", drawBars);
  watchers.push(markBar);
}
