// SPDX-License-Identifier: Apache-2.0
// Puts the page to work. The attribute data-charts of the root element says how far it is: "ready", or "none".
async function start() {
  const toolbar = document.getElementById("tools");
  start_tables(toolbar);
  if (metrics.size > 0) {
    toolbar.append(make("button", { type: "button", class: "tool", text: "CSV", title: "Every sample as CSV", "aria-label": "Save every sample as CSV", onclick: () => save_csv("samples.csv") }));
  }
  toolbar.append(make("button", {
    type: "button", class: "tool", text: "JSON", title: "The whole report as JSON", "aria-label": "Save the whole report as JSON",
    onclick: () => save("report.json", document.getElementById("data").textContent, "application/json"),
  }));
  add_theme_button(toolbar, redraw_charts);
  toolbar.hidden = false;

  library = await load_library();
  if (library) {
    start_comparison();
    start_history();
    start_boot();
    start_scenarios();
    prepare_for_paper();
  } else {
    document.getElementById("nocharts").hidden = false;
  }
  document.documentElement.dataset.charts = library ? "ready" : "none";
  document.documentElement.dataset.loaded = String(Math.round(performance.now()));
}

start();
