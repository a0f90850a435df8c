// The head of the page, and its roots.

function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== null && value !== "" && value !== undefined);
  return element("dl", { class: "facts" }, shown.map(([name, value]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, value))));
}

function when(time) {
  const date = new Date(time);
  const two = (part) => String(part).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const text = `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return element("time", { datetime: date.toISOString() }, text);
}

function drawHead() {
  const { counts, link } = data;
  const failed = data.problems.length > 0;
  const status = failed ? "failed" : data.goal === "check" ? "checked" : data.status;
  const ran = (query) => data.steps.filter((of) => of.query === query).length;
  const cut = data.steps.filter((of) => of.cut_off || of.spared > 0);
  const spared = cut.reduce((sum, of) => sum + of.spared, 0);
  const of = (value) => `${number(value)} of ${number(Math.max(value, counts.modules))}`;
  const options = [...Object.entries(data.options), ...Object.entries(data.set)]
    .filter(([, value]) => value !== "").map(([name, value]) => `${name} = ${value}`);
  const name = data.name.split("/").pop();
  const linked = !link ? null : !link.linked ? "not needed: the program was there, or stored"
    : `${link.linker} (${link.way})`;
  const head = document.getElementById("head");
  head.append(
    element("h1", {}, name, " ", element("span", { class: `status ${failed ? "bad" : ""}` }, status)),
    facts([
      ["build", data.number > 0 ? number(data.number) : null],
      ["when", when(data.time)],
      ["took", duration(data.microseconds)],
      ["profile", data.profile],
      ["actions", ran("action") > 0 ? number(ran("action")) : null],
      ["parsed", of(ran("parse"))],
      ["lowered", of(ran("lower"))],
      ["compiled", of(ran("object"))],
      ["cut off", cut.length > 0 ? number(cut.length) + (spared > 0 ? `, spared ${count(spared, "step")}` : "") : null],
      ["objects reused", number(counts.objects_reused)],
      ["observations", number(counts.observations)],
      ["link", linked],
      ["program", data.output],
      ["digest", data.digest],
      ["options", options.join(", ")],
      ["kiln", data.kiln],
    ]),
    ...data.problems.length > 0 ? [element("div", { class: "notice bad" },
      element("strong", {}, "The program was wrong"),
      element("ul", {}, data.problems.map((problem) => element("li", {}, problem))))] : [],
    ...data.notices.map((notice) => element("div", { class: "notice" },
      element("strong", {}, notice.message),
      notice.remedy ? element("div", {}, `What to do: ${notice.remedy}`) : null)),
    ...data.left_out > 0 ? [element("div", { class: "notice" },
      `${count(data.left_out, "more step")} ran than are kept.`)] : [],
    ...data.messages.map((said) => element("details", { class: "notice" },
      element("summary", {}, `What the compiler said of ${said.source}`),
      element("pre", {}, said.text))),
  );
}

/** How much ran on account of a root. */
function caused(of) {
  const parts = ["action", "parse", "lower", "object", "executable"];
  const amounts = [of.acted, of.parsed, of.lowered, of.compiled, of.linked];
  const said = parts.flatMap((query, at) => amounts[at] === 0 ? [] : query === "executable" ? ["linked"]
    : [query === "action" ? `${count(amounts[at], "action")} run` : `${number(amounts[at])} ${DONE[query]}`]);
  return said.length > 0 ? said.join(", ") : "nothing had to run";
}

function excerpt(lines, leftOut) {
  const rows = lines.hunks.flatMap((hunk, at) => {
    let [before, after] = [hunk.old_start, hunk.new_start];
    const made = hunk.lines.map((line) => {
      const sign = line[0];
      const place = sign === "-" ? before : after;
      if (sign !== "+") before += 1;
      if (sign !== "-") after += 1;
      const kind = sign === "-" ? "removed" : sign === "+" ? "added" : "same";
      return element("div", { class: `line ${kind}` },
        element("span", { class: "place" }, String(place)),
        element("span", { class: "sign" }, sign),
        element("span", { class: "text" }, line.slice(1)));
    });
    return at > 0 ? [element("div", { class: "gap" }, "⋯"), ...made] : made;
  });
  if (leftOut > 0) rows.push(element("div", { class: "gap" }, `${count(leftOut, "more line")}`));
  return element("div", { class: "excerpt", tabindex: "0", role: "group", "aria-label": "Changed lines" },
    element("div", { class: "lines" }, rows));
}

function rootCard(called) {
  const of = root(called);
  // Changed lines say more than sizes and digests.
  const values = of.old === null || of.lines ? null : element("div", { class: "values" },
    element("span", { class: "old" }, of.old), " → ", element("span", { class: "new" }, of.new));
  const first = effects(called);
  const steps = first.length === 0 ? null : element("div", { class: "first" }, "at once: ");
  if (steps) several(first, 3, (at) => element("span", { class: "item" }, reference(at)), steps);
  return element("article", { class: "root", "data-called": called },
    element("h3", {}, reference(called, of.what)),
    values,
    of.lines ? excerpt(of.lines, of.lines_left_out ?? 0) : null,
    element("p", { class: "effect" }, "so: ", element("strong", {}, caused(of))),
    steps);
}

function drawRoots() {
  const body = document.getElementById("roots-body");
  if (data.roots.length === 0) {
    body.append(element("p", { class: "quiet" }, data.status === "current"
      ? "Nothing had to run: all that the program rests on is as it was." : "Nothing is known to have changed."));
    return;
  }
  const ordered = data.roots.map((of, at) => at).sort((a, b) => data.roots[a].rank - data.roots[b].rank);
  several(ordered.map((at) => -1 - at), 6, rootCard, body);
  watchers.push((called) => {
    for (const card of body.querySelectorAll("[data-called]"))
      card.classList.toggle("chosen", Number(card.dataset.called) === called);
  });
}
