// What all parts of the page share: the data, elements, words and numbers, and what is chosen.
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const QUERIES = ["action", "parse", "lower", "object", "executable"];
const DONE = { parse: "parsed", lower: "lowered", object: "compiled" };
// What is the same where a query was cut off.
const SAME = { action: "same files", parse: "same syntax", lower: "same meaning", object: "same object", executable: "same program" };

/** An element with attributes and children; text is only ever text. */
function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same in a drawing. */
function shape(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** With a comma at each thousand. */
function number(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function count(value, noun) {
  return `${number(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** Two or three digits, in the unit that suits. */
function duration(micros) {
  const millis = micros / 1000;
  if (micros < 950) return `${micros} µs`;
  if (millis < 9.95) return `${millis.toFixed(1)} ms`;
  if (millis < 999.5) return `${millis.toFixed(0)} ms`;
  if (millis < 59995) return `${(millis / 1000).toFixed(2)} s`;
  return `${Math.floor(millis / 60000)} min ${Math.floor((millis / 1000) % 60)} s`;
}

/** The end of a long path, from a folder on where that is possible. */
function shortened(text, most) {
  if (text.length <= most) return text;
  const end = text.slice(text.length - most + 1);
  const folder = end.indexOf("/");
  return "…" + (folder >= 0 && folder < most / 2 ? end.slice(folder) : end);
}

/** Of a root: `-1` is the first; of a step: `0` is the first. */
const isRoot = (called) => called < 0;
const root = (called) => data.roots[-1 - called];
const step = (called) => data.steps[called];
const fragment = (called) => (isRoot(called) ? `root-${-called}` : `step-${called + 1}`);
const title = (called) => (isRoot(called) ? root(called).what : `${step(called).query} ${step(called).subject}`);

/** What a step came to, in a few words. */
function result(of) {
  if (of.cut_off) return `${SAME[of.query]} as before`;
  return of.spared > 0 && of.query === "parse" ? "same exports as before" : "";
}

// What each root or step led to at once.
const next = new Map();
data.steps.forEach((of, at) => {
  for (const from of of.from) {
    if (!next.has(from)) next.set(from, []);
    next.get(from).push(at);
  }
});

/** All that leads to what is called so, or that it led to, itself included. */
function reach(called, towards) {
  const found = new Set([called]);
  const open = [called];
  while (open.length > 0) {
    for (const other of towards(open.pop())) {
      if (!found.has(other)) {
        found.add(other);
        open.push(other);
      }
    }
  }
  return found;
}
const causes = (called) => (isRoot(called) ? [] : step(called).from);
const effects = (called) => next.get(called) ?? [];

// What is chosen, and who wants to know.
let chosen = null;
const watchers = [];

/** Chooses a root or a step everywhere, or nothing; the address of the page then leads to it. */
function choose(called, keep = false) {
  chosen = called;
  if (!keep) {
    const address = called === null ? location.pathname + location.search : `#${fragment(called)}`;
    try {
      history.replaceState(null, "", address);
    } catch {
      // Some readers of files allow no address; all else works.
    }
  }
  watchers.forEach((watcher) => watcher(called));
}

/** Moves what scrolls within the page, and never the page, until the box is to be seen in it. */
function bring(scroller, left, top, width, height) {
  const { scrollLeft, scrollTop, clientWidth, clientHeight } = scroller;
  if (left < scrollLeft || left + width > scrollLeft + clientWidth)
    scroller.scrollLeft = left - (clientWidth - width) / 2;
  if (top < scrollTop || top + height > scrollTop + clientHeight)
    scroller.scrollTop = top - (clientHeight - height) / 2;
}

const tip = document.getElementById("tip");

/** Shows words beside a thing. */
function point(at, ...lines) {
  tip.replaceChildren(...lines.map((line) => element("div", {}, line)));
  tip.hidden = false;
  const box = at.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left), window.innerWidth - tip.offsetWidth - 8);
  const below = box.bottom + 6;
  const top = below + tip.offsetHeight > window.innerHeight ? box.top - tip.offsetHeight - 6 : below;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${Math.max(8, top)}px`;
}

function pointAway() {
  tip.hidden = true;
}

/** A button that looks like a word of the text and chooses something. */
function reference(called, text) {
  return element("a", { href: `#${fragment(called)}`, onclick: (event) => {
    event.preventDefault();
    choose(called);
  } }, text ?? title(called));
}

/** Some of a list, and a button for the rest. */
function several(items, most, make, parent) {
  const some = items.length <= most + 1 ? items : items.slice(0, most);
  parent.append(...some.map(make));
  if (some.length === items.length) return;
  const more = element("button", { type: "button", class: "more", onclick: () => {
    more.replaceWith(...items.slice(most).map(make));
  } }, `show ${number(items.length - most)} more`);
  parent.append(more);
}
