// Uses the page as a person would: counts, sorts, filters, unfolds, chooses; then writes down what it saw.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const rows = () => all("#steps tbody tr");
  const cells = (at) => rows().map((row) => row.cells[at].textContent);
  const sort = (at) => one(`#steps thead th:nth-child(${at + 1}) button`).click();
  const click = (part) => part.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  const press = (part, key) => part.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const nodes = () => all("#graph .node").length;
  const found = {};
  found.rows = rows().length;
  found.bars = all("#timeline .step").length;
  found.phases = all("#timeline .phase").length;
  found.reasons = all("#reasons tbody tr").length;
  found.arguments = all("#link tbody tr").length;
  found.subjects = cells(2);

  found.nodes = nodes();
  click(one("#graph .folded.parse"));
  found.opened = nodes();
  click(one("#graph .rest.parse"));
  found.more = nodes();
  click(one("#graph .head.parse"));
  found.closed = nodes();

  sort(2);
  found.ascending = cells(2);
  found.sort = one("#steps thead th:nth-child(3)").getAttribute("aria-sort");
  sort(2);
  found.descending = cells(2);
  sort(7);
  found.took = rows().map((row) => data.steps[Number(row.dataset.called)].microseconds);

  const filter = one("#steps input");
  const type = (text) => {
    filter.value = text;
    filter.dispatchEvent(new Event("input"));
  };
  type("PARSE m7.ts");
  found.filtered = cells(2);
  found.filtered_said = one("#steps [role=status]").textContent;
  type("");

  const called = (parts) => parts.map((part) => part.dataset.called);
  const seen = (at) => ({
    place: Number(at) + 1,
    address: location.hash,
    row: called(all("#steps tr.chosen")),
    bar: called(all("#timeline .step.chosen")),
    node: called(all("#graph .node.chosen")),
    said: one("#chosen h2").textContent,
  });
  const choosing = (part) => {
    const at = part.dataset.called;
    click(part);
    return seen(at);
  };
  found.bar = choosing(all("#timeline .step")[5]);
  found.row = choosing(rows()[9]);
  found.node = choosing(one("#graph .node.executable"));
  press(document.body, "Escape");
  found.after_escape = { address: location.hash, chosen: all(".chosen").length };

  const start = one("#graph .node.root");
  start.focus();
  const kind = () => ["root", "parse"].find((name) => document.activeElement.classList.contains(name));
  found.keys = { from: kind() };
  press(document.activeElement, "ArrowRight");
  found.keys.to = kind();
  const focused = document.activeElement;
  if (focused.classList.contains("folded")) {
    press(focused, "Enter");
    press(document.activeElement, "ArrowDown");
  }
  press(document.activeElement, "Enter");
  found.keys.chosen = all(".chosen").length;

  found.images = document.images.length;
  found.failures = window.failures;
  const result = document.createElement("pre");
  result.id = "result";
  result.textContent = JSON.stringify(found);
  document.body.append(result);
})();
