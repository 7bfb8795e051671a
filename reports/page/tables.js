// SPDX-License-Identifier: Apache-2.0
// Long tables: the comparison first shows what differs, and a word finds metrics in all tables.
function refresh_rows(state) {
  const words = state.find.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll("tbody tr[data-metric]")) {
    const found = words.every((word) => row.dataset.metric.toLowerCase().includes(word));
    const folded = state.folded && words.length === 0 && row.dataset.change === "same";
    row.hidden = !found || folded;
  }
  // A group's name stands only over rows that are shown.
  for (const head of document.querySelectorAll("tbody tr.group")) {
    let row = head.nextElementSibling;
    while (row && !row.classList.contains("group") && row.hidden) row = row.nextElementSibling;
    head.hidden = !row || row.classList.contains("group");
  }
}

function start_tables(toolbar) {
  const state = { find: "", folded: true };
  const search = make("input", { type: "search", placeholder: "Find a metric", "aria-label": "Find a metric in the tables" });
  search.addEventListener("input", () => {
    state.find = search.value;
    refresh_rows(state);
  });
  toolbar.append(search);
  const same = document.querySelectorAll('tr[data-change="same"]').length;
  const bar = document.getElementById("filter");
  if (bar && same > 0) {
    const button = make("button", { type: "button", class: "tool" });
    const show = () => {
      button.textContent = state.folded ? "Show " + same + " that are the same" : "Only what differs";
      button.setAttribute("aria-expanded", String(!state.folded));
      refresh_rows(state);
    };
    button.addEventListener("click", () => {
      state.folded = !state.folded;
      show();
    });
    bar.append(button);
    show();
  }
}
