// SPDX-License-Identifier: Apache-2.0
// A metric over the runs of the store, with the points where the judge found another level.
function run_date(id) {
  const parts = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)/.exec(id);
  return parts ? parts[1] + "-" + parts[2] + "-" + parts[3] + " " + parts[4] + ":" + parts[5] : shortened(id, 20);
}

function point_text(point, unit) {
  const arrow = { worse: "✗ worse", better: "✓ better" }[point.direction] || "~ " + visible(point.direction);
  return arrow + ": " + figure_text(point.before, unit) + " → " + figure_text(point.after, unit);
}

function history_options(series) {
  const runs = series.at.map((index) => figures.history.runs[index]);
  const scale = axis_scale(series.values, series.unit);
  const shown = new Set(report.runs.map((run) => run.provenance && run.provenance.run));
  return (c, width) => ({
    ...base_options(c),
    grid: { left: 64, right: 40, top: 34, bottom: 46 },
    tooltip: {
      ...base_options(c).tooltip, trigger: "axis",
      formatter: ([at]) => tip(run_date(runs[at.dataIndex]), [
        [visible(series.metric), figure_text(series.values[at.dataIndex], series.unit)], ["run", visible(runs[at.dataIndex])],
        ["", shown.has(runs[at.dataIndex]) ? "shown in this report" : ""],
        ...series.points.filter((point) => point.at === at.dataIndex).map((point) => ["change", point_text(point, series.unit)]),
      ]),
    },
    xAxis: name_axis(c, {
      data: runs.map((id) => run_date(id).slice(5)), name: "run", nameLocation: "middle", nameGap: 28,
      axisLabel: { color: c.muted, hideOverlap: true, fontSize: 11 }, boundaryGap: runs.length < 3,
    }),
    yAxis: value_axis(c, { axisLabel: { formatter: scale.text } }),
    series: [{
      type: "line", symbol: "circle", symbolSize: runs.length > 200 ? 3 : 7, lineStyle: { color: c.runs[0], width: 1.5 },
      itemStyle: { color: c.runs[0] },
      data: series.values.map((value, index) => (shown.has(runs[index])
        ? { value: value / scale.by, symbol: "diamond", symbolSize: 12, itemStyle: { color: c.ink } } : value / scale.by)),
      markLine: {
        symbol: "none", silent: true, lineStyle: { color: c.ink, type: "dashed", width: 1 },
        label: {
          color: c.ink, fontSize: 11.5, position: "end", distance: 6, width: width / Math.max(2, series.points.length), overflow: "truncate",
          formatter: (at) => {
            const text = point_text(series.points[at.data.index], series.unit);
            return series.points.length > 2 ? text.split(":")[0] : text;
          },
        },
        data: series.points.map((point, index) => ({
          xAxis: point.at, index, label: { align: point.at > 0.7 * runs.length ? "right" : point.at < 0.3 * runs.length ? "left" : "center" },
        })),
      },
    }],
  });
}

function history_table(series) {
  return make("table", {},
    make("thead", {}, make("tr", {}, make("th", { scope: "col", text: "Run" }), make("th", { scope: "col", text: "Taken" }),
      make("th", { scope: "col", class: "num", text: "Value" }), make("th", { scope: "col", text: "Change" }))),
    make("tbody", {}, ...series.at.map((index, at) => {
      const point = series.points.find((other) => other.at === at);
      const id = figures.history.runs[index];
      return make("tr", {}, make("th", { scope: "row" }, make("code", { text: visible(id) })), make("td", { text: run_date(id) }),
        make("td", { class: "num", text: figure_text(series.values[at], series.unit) }),
        make("td", { text: point ? point_text(point, series.unit) : "" }));
    })));
}

function start_history() {
  const panel = document.querySelector('.panel[data-panel="history"]');
  const all = figures.history.series;
  if (!panel || all.length === 0) return;
  const figure = panel.querySelector("figure");
  const select = make("select", {}, ...all.map((series, index) => make("option", {
    value: index, text: visible(series.metric) + (series.points.length > 0 ? " (" + series.points.length + ")" : ""),
  })));
  const values = make("div", { class: "scroll" });
  const show = () => {
    const series = all[Number(select.value)];
    add_chart(figure, 280, history_options(series));
    values.replaceChildren(history_table(series));
  };
  const boot = all.findIndex((series) => series.metric === "boot.to_ready");
  select.value = String(all[0].points.length > 0 || boot < 0 ? 0 : boot);
  select.addEventListener("change", show);
  panel.prepend(make("div", { class: "panelbar" }, make("label", {}, make("span", { text: "Metric " }), select)));
  panel.append(make("details", {}, make("summary", { text: "These runs as a table" }), values));
  panel.hidden = false;
  show();
}
