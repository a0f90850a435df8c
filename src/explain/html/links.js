// What is chosen, said in words, and the address of the page; then all is drawn.

function chosenWords(called) {
  const close = element("button", { type: "button", class: "close", "aria-label": "Choose nothing",
    onclick: () => choose(null) }, "×");
  const list = (name, all) => {
    if (all.length === 0) return null;
    const made = element("div", { class: "list" }, element("span", { class: "quiet" }, `${name} `));
    several(all, 4, (other) => element("span", { class: "item" }, reference(other)), made);
    return made;
  };
  const more = [...reach(called, effects)].filter((other) => other !== called && !effects(called).includes(other));
  const later = more.length > 0 ? element("div", { class: "quiet" }, `and ${count(more.length, "step")} on account of those`) : null;
  if (isRoot(called)) {
    return [close, element("h2", {}, root(called).what), list("made run", effects(called)), later];
  }
  const of = step(called);
  const came = result(of);
  const time = `took ${duration(of.microseconds)}, from ${duration(of.started)} on, thread ${of.thread}`;
  const spared = of.spared > 0 ? `, which spared ${count(of.spared, "step")}` : "";
  return [close,
    element("h2", {}, element("span", { class: `mark ${of.query}` }), `${of.query} ${of.subject}`),
    element("div", {}, of.why.join("; ")),
    element("div", { class: "quiet" }, came ? `${came}${spared}; ${time}` : time),
    list("since", of.from),
    list("made run", effects(called)),
    later];
}

const aside = document.getElementById("chosen");
watchers.push((called) => {
  aside.hidden = called === null;
  document.body.classList.toggle("choosing", called !== null);
  aside.replaceChildren(...called === null ? [] : chosenWords(called).filter((part) => part !== null));
});

/** What the address of the page leads to. */
function addressed() {
  const found = /^#(root|step)-(\d+)$/.exec(location.hash);
  if (!found) return null;
  const at = Number(found[2]) - 1;
  if (found[1] === "root") return at >= 0 && at < data.roots.length ? -1 - at : null;
  return at >= 0 && at < data.steps.length ? at : null;
}

document.getElementById("page").hidden = false;
drawHead();
drawRoots();
drawGraph();
drawTimeline();
drawTables();
window.addEventListener("hashchange", () => {
  const called = addressed();
  if (called !== null) choose(called, true);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && chosen !== null) choose(null);
});
if (addressed() !== null) {
  choose(addressed(), true);
  document.getElementById("graph").scrollIntoView();
}
