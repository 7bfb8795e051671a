// SPDX-License-Identifier: Apache-2.0
// The list of all runs: words that must all be found, and choices by kernel, machine, label and outcome.
const kChoices = [["kernel", "Kernel"], ["machine", "Machine"], ["label", "Label"], ["outcome", "Outcome"]];

function start_index() {
  const rows = [...document.querySelectorAll("tr[data-run]")].map((row) => ({ row, text: row.textContent.toLowerCase() }));
  const bar = document.getElementById("filter");
  const found = document.getElementById("found");
  const search = make("input", { type: "search", placeholder: "Find a run", "aria-label": "Find a run by any of its words" });
  const selects = kChoices.map(([key, name]) => {
    const values = [...new Set(rows.map(({ row }) => row.dataset[key]).filter(Boolean))].sort();
    const select = make("select", { "aria-label": name }, make("option", { value: "", text: name + ": any" }),
      ...values.map((value) => make("option", { value, text: shortened(value, 60) })));
    select.hidden = values.length < 2;
    return [key, select];
  });
  const refresh = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text } of rows) {
      const wanted = words.every((word) => text.includes(word)) &&
        selects.every(([key, select]) => select.value === "" || row.dataset[key] === select.value);
      row.hidden = !wanted;
      shown += wanted ? 1 : 0;
    }
    found.textContent = shown === rows.length ? "" : shown + " of " + rows.length + " runs";
  };
  search.addEventListener("input", refresh);
  for (const [, select] of selects) select.addEventListener("change", refresh);
  bar.append(search, ...selects.map(([, select]) => select));
  bar.hidden = rows.length === 0;
  // A browser keeps what was typed when one comes back to the page.
  addEventListener("pageshow", refresh);
  const tools = document.getElementById("tools");
  add_theme_button(tools, () => {});
  tools.hidden = false;
  document.documentElement.dataset.charts = "none";
}

start_index();
