// SPDX-License-Identifier: Apache-2.0
// Every metric over time, a chart each, drawn when it is about to be seen. Figures and changes come from the program.
const kCardsAtOnce = 60;
const history = globalThis.aios_history || { runs: [], series: [] };

function run_time(id) {
  const parts = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)/.exec(id);
  return parts ? parts[1] + "-" + parts[2] + "-" + parts[3] + " " + parts[4] + ":" + parts[5] : shortened(id, 20);
}

function change_text(point, unit) {
  const word = { worse: "✗ worse", better: "✓ better" }[point.direction] || "~ " + visible(point.direction);
  return word + ": " + figure_text(point.before, unit) + " → " + figure_text(point.after, unit);
}

function series_options(series) {
  const runs = series.at.map((place) => history.runs[place]);
  return (c) => ({
    ...base_options(c),
    grid: { left: 92, right: 24, top: 14, bottom: 26, containLabel: false, outerBoundsMode: "none" },
    tooltip: {
      ...base_options(c).tooltip, trigger: "axis",
      formatter: ([at]) => tip(run_time(runs[at.dataIndex][0]), [
        ["", figure_text(series.values[at.dataIndex], series.unit)], ["run", visible(runs[at.dataIndex][0])],
        ["label", visible(runs[at.dataIndex][1])], ["kernel", visible(runs[at.dataIndex][2])],
        ...series.points.filter((point) => point.at === at.dataIndex).map((point) => ["change", change_text(point, series.unit)]),
      ]),
    },
    xAxis: name_axis(c, {
      data: runs.map((run) => run_time(run[0]).slice(5, 10)), axisLabel: { color: c.muted, hideOverlap: true, fontSize: 11 },
      boundaryGap: runs.length < 3,
    }),
    yAxis: value_axis(c, { axisLabel: { formatter: (value) => tick_text(value, series.unit) } }),
    series: [{
      type: "line", symbol: "circle", symbolSize: runs.length > 200 ? 2 : 6, itemStyle: { color: c.runs[0] },
      lineStyle: { color: c.runs[0], width: 1.5 }, data: series.values, sampling: "minmax",
      markLine: {
        symbol: "none", silent: true, label: { show: false }, lineStyle: { color: c.ink, type: "dashed", width: 1 },
        data: series.points.map((point) => ({ xAxis: point.at })),
      },
    }],
  });
}

function summary_of(series) {
  const last = figure_text(series.values[series.values.length - 1], series.unit);
  const point = series.points[series.points.length - 1];
  return series.values.length + " runs, now " + last + (point ? "; " + change_text(point, series.unit) : "");
}

function card_of(series) {
  const figure = make("figure", { class: "chart", "data-series": visible(series.metric) }, make("div", { class: "plot" }),
    make("figcaption", {}, make("code", { text: visible(series.metric) }),
      make("span", { class: "where", text: visible(series.name) + " on " + visible(series.machine) + ", " + visible(series.mode) }),
      make("span", { class: "where", text: summary_of(series) })));
  figure.querySelector(".plot").setAttribute("role", "img");
  figure.querySelector(".plot").setAttribute("aria-label", visible(series.metric) + ": " + summary_of(series));
  return figure;
}

function tells_something(series) {
  return series.points.length > 0 || (series.values.length > 1 && series.unit !== "yes_no");
}

function start_filter(cards) {
  const bar = document.getElementById("filter");
  const found = document.getElementById("found");
  const search = make("input", { type: "search", placeholder: "Find a metric", "aria-label": "Find a metric" });
  const of = (series) => visible(series.name) + " on " + visible(series.machine) + ", " + visible(series.mode);
  const sides = [...new Set(history.series.map(of))].sort();
  const side = make("select", { "aria-label": "Of which kernel and machine" }, make("option", { value: "", text: "All kernels and machines" }),
    ...sides.map((name) => make("option", { value: name, text: shortened(name, 80) })));
  const changed = make("input", { type: "checkbox" });
  const more = make("button", { type: "button", class: "tool", text: "Show more" });
  let most = kCardsAtOnce;
  const refresh = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = history.series.filter((series) => words.every((word) => visible(series.metric).toLowerCase().includes(word)) &&
      (side.value === "" || of(series) === side.value) && (!changed.checked || series.points.length > 0) &&
      (words.length > 0 || tells_something(series)));
    for (const plot of [...charts.keys()]) drop_chart(plot);
    const figures = wanted.slice(0, most).map((series) => [card_of(series), series]);
    cards.replaceChildren(...figures.map(([figure]) => figure));
    if (library) for (const [figure, series] of figures) add_chart(figure, 190, series_options(series), series.values.length > 400);
    found.textContent = wanted.length + " of " + history.series.length + " series" + (wanted.length > most ? ", " + most + " shown" : "");
    more.hidden = wanted.length <= most;
  };
  const anew = () => {
    most = kCardsAtOnce;
    refresh();
  };
  search.addEventListener("input", anew);
  side.addEventListener("change", anew);
  changed.addEventListener("change", anew);
  more.addEventListener("click", () => {
    most += kCardsAtOnce;
    refresh();
  });
  bar.append(search, side, make("label", {}, changed, make("span", { text: " only where a level changed" })));
  cards.after(more);
  bar.hidden = history.series.length === 0;
  refresh();
}

// A card that is taken away leaves nothing behind.
function drop_chart(plot) {
  const chart = charts.get(plot);
  near.unobserve(plot);
  widths.unobserve(plot);
  if (chart.instance) chart.instance.dispose();
  charts.delete(plot);
}

async function start_metrics() {
  library = await load_library();
  const tools = document.getElementById("tools");
  add_theme_button(tools, redraw_charts);
  tools.hidden = false;
  start_filter(document.getElementById("cards"));
  document.documentElement.dataset.charts = library ? "ready" : "none";
  document.documentElement.dataset.loaded = String(Math.round(performance.now()));
}

start_metrics();
