// SPDX-License-Identifier: Apache-2.0
// A scenario's panel: one metric of it, boot by boot and iteration by iteration, every run beside the other.
const kMostBoxes = 60;  // boots; with more of them the dots alone are shown
const kManyPoints = 1500;
const kOnce = 0.35;  // the height of what came once; each ten times as often is 1 higher
const kTens = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((power) => power + kOnce);
const kRunSymbols = ["circle", "rect"];

function quartile_text(box, unit) {
  return box ? figure_text(box[1], unit) + " to " + figure_text(box[3], unit) : "";
}

function boot_tip(entry, run, point) {
  const { sample, box } = point;
  const perturbation = (report.runs[run].perturbations || []).find((other) => other.index === sample.perturbation);
  return tip(run_names[run] + ", boot " + sample.boot, [
    [visible(entry.metric), figure_text(sample.value, entry.unit)],
    ["middle half of the iterations", quartile_text(box, entry.unit)],
    ["1 % to 99 %", box ? figure_text(box[0], entry.unit) + " to " + figure_text(box[4], entry.unit) : ""],
    ["iterations", sample.iterations > 1 ? grouped(sample.iterations) : ""],
    ["null change", sample.perturbation && perturbation ? shortened(perturbation.description, 60) : ""],
  ]);
}

// A box is the middle half of a boot's iterations, its whiskers reach from 1 % to 99 % of them.
function box_series(c, points, run, x_of, by) {
  const boxes = points.filter((point) => point.box && point.box[4] > point.box[0]);
  return {
    type: "custom", silent: true, clip: true, z: 2, encode: { x: 0, y: [1, 2, 3, 4] },
    data: boxes.map((point) => [x_of(point), ...[0, 1, 3, 4].map((at) => point.box[at] / by)]),
    renderItem: (_, api) => {
      const at = (place) => api.coord([api.value(0), api.value(place)]);
      const [x, low] = at(1), lower = at(2)[1], upper = at(3)[1], high = at(4)[1];
      const half = Math.max(1.5, Math.min(9, api.size([0.13, 0])[0]));
      const style = { stroke: c.runs[run % 2], lineWidth: 1, fill: "transparent" };
      const line = (y1, y2) => ({ type: "line", shape: { x1: x, y1, x2: x, y2 }, style });
      return {
        type: "group",
        children: [line(low, lower), line(upper, high), { type: "rect", shape: { x: x - half, y: upper, width: 2 * half, height: lower - upper }, style }],
      };
    },
  };
}

function boots_options(entry) {
  const boots = [...new Set(entry.runs.flat().map((point) => point.sample.boot))].sort((a, b) => a - b);
  const scale = axis_scale(entry.runs.flat().map((point) => point.sample.value), entry.unit);
  const boxed = boots.length <= kMostBoxes;
  // The dots and the boxes are seen whole; a line that leads far out is cut at the edge.
  const range = round_range(entry.runs.flat().flatMap(({ sample, box }) =>
    (boxed && box ? [sample.value, box[1], box[3]] : [sample.value])).map((value) => value / scale.by));
  const place = new Map(boots.map((boot, index) => [boot, index]));
  const beside = (run) => (entry.runs.filter((points) => points.length > 0).length > 1 && boxed ? (run - 0.5) * 0.36 : 0);
  return (c) => {
    const series = [];
    entry.runs.forEach((points, run) => {
      const colour = c.runs[run % 2];
      const x_of = (point) => place.get(point.sample.boot) + beside(run);
      if (boxed) series.push(box_series(c, points, run, x_of, scale.by));
      series.push({
        type: "scatter", name: run_names[run], symbol: kRunSymbols[run % 2], symbolSize: boots.length > 300 ? 3 : boots.length > kMostBoxes ? 5 : 8, z: 4,
        data: points.map((point) => ({
          value: [x_of(point), point.sample.value / scale.by], point,
          itemStyle: point.sample.perturbation ? { color: c.paper, borderColor: colour, borderWidth: 1.5 } : { color: colour },
        })),
        itemStyle: { color: colour },
        tooltip: { formatter: (at) => boot_tip(entry, run, at.data.point) },
      });
    });
    return {
      ...base_options(c), series, legend: legend(c, run_names),
      grid: { left: 64, right: 12, top: run_names.length > 1 ? 34 : 12, bottom: 40 },
      xAxis: value_axis(c, {
        min: -0.5, max: boots.length - 0.5, minInterval: 1, name: "boot", nameLocation: "middle", nameGap: 24, splitLine: { show: false },
        axisLine: { show: true, onZero: false, lineStyle: { color: c.line } },
        axisLabel: { formatter: (value) => (Number.isInteger(value) ? String(boots[value]) : ""), ...(boots.length <= 30 ? { customValues: boots.map((_, index) => index) } : {}), showMinLabel: boots.length <= 30, showMaxLabel: boots.length <= 30 },
      }),
      yAxis: value_axis(c, { ...range, axisLabel: { formatter: scale.text } }),
    };
  };
}

function spread_options(entry, spread) {
  const each = Boolean(spread.values);
  const names = each ? spread.values.map((value) => tick_text(value, entry.unit))
    : spread.counts[0].map((_, index) => tick_text(Number(significant(spread.low + index * spread.step, 4)), entry.unit));
  const long_name = (index) => (each ? figure_text(spread.values[index], entry.unit)
    : figure_text(spread.low + index * spread.step, entry.unit) + " and up to " + figure_text(spread.low + (index + 1) * spread.step, entry.unit));
  return (c) => ({
    ...base_options(c),
    grid: { left: 58, right: 12, top: run_names.length > 1 ? 34 : 12, bottom: 40 },
    legend: legend(c, run_names),
    xAxis: name_axis(c, { data: names, name: each ? "value of an iteration" : "value of an iteration, from", nameLocation: "middle", nameGap: 24, axisLabel: { color: c.muted, hideOverlap: true } }),
    yAxis: value_axis(c, {
      min: 0, max: kOnce + Math.ceil(Math.log10(Math.max(2, ...spread.counts.flat()))), splitLine: { show: false },
      axisTick: { show: false, customValues: kTens }, axisLabel: { customValues: kTens, formatter: (height) => tick_text(Math.round(10 ** (height - kOnce)), "count") },
    }),
    series: spread.counts.map((counts, run) => ({
      type: "bar", z: 3, name: run_names[run], barGap: "10%", barMaxWidth: 26,
      data: counts.map((count) => (count > 0 ? kOnce + Math.log10(count) : null)),
      markLine: run > 0 ? undefined : {
        silent: true, z: 1, symbol: "none", label: { show: false }, lineStyle: { color: c.hair, type: "solid", width: 1 }, data: kTens.map((height) => ({ yAxis: height })),
      },
      itemStyle: run === 0 ? { color: c.runs[0] } : { color: c.paper, borderColor: c.runs[1], borderWidth: 1.5 },
      tooltip: { formatter: (at) => tip(run_names[run], [["value", long_name(at.dataIndex)], ["iterations", grouped(counts[at.dataIndex])]]) },
    })),
  });
}

function panel_text(entry) {
  const row = verdicts.get(entry.metric);
  if (!row) return "";
  const ratio = figures.ratios[report.comparison.rows.indexOf(row)];
  const interval = ratio && ratio.length === 3 ? " (" + ratio_text(ratio[1]) + " to " + ratio_text(ratio[2]) + ")" : "";
  return row.verdict + ": " + [
    figure_text(row.second, row.unit) + " against " + figure_text(row.first, row.unit),
    ratio ? ratio_text(ratio[0]) + interval : "", visible(row.reason),
  ].filter(Boolean).join("; ");
}

function start_panel(panel) {
  const entries = metrics_of(panel.dataset.of);
  if (entries.length === 0) return;
  const [boots, spread] = panel.querySelectorAll("figure");
  const select = make("select", {}, ...entries.map((entry) => make("option", { value: entry.metric, text: visible(entry.metric) })));
  const text = make("p", { class: "note", "aria-live": "polite" });
  const many = entries.some((entry) => entry.runs.flat().length > kManyPoints);
  const show = () => {
    const entry = metrics.get(select.value);
    text.textContent = panel_text(entry);
    add_chart(boots, 250, boots_options(entry), many);
    const of_metric = figures.spreads[entry.metric];
    spread.hidden = !of_metric;
    panel.classList.toggle("one", !of_metric);
    panel.classList.toggle("few", !of_metric && new Set(entry.runs.flat().map((point) => point.sample.boot)).size < 4);
    if (of_metric) add_chart(spread, 250, spread_options(entry, of_metric));
  };
  select.value = most_telling(entries).metric;
  select.addEventListener("change", show);
  panel.prepend(make("div", { class: "panelbar" },
    make("label", {}, make("span", { text: "Metric " }), select),
    make("button", { type: "button", class: "tool", text: "CSV of this metric", onclick: () => save_csv(select.value + ".csv", select.value) })), text);
  panel.hidden = false;
  panel.show_metric = (metric) => {
    select.value = metric;
    show();
  };
  show();
}

function start_scenarios() {
  for (const panel of document.querySelectorAll(".panel[data-of]")) start_panel(panel);
  // A metric's name in a table shows it in the panel of its scenario.
  for (const head of document.querySelectorAll("#scenarios th[data-metric]")) {
    const panel = [...document.querySelectorAll(".panel[data-of]")].find((other) => other.dataset.of === head.dataset.of);
    if (!panel || !panel.show_metric || !metrics.has(head.dataset.metric)) continue;
    head.prepend(make("button", {
      type: "button", class: "show", text: "↑", title: "Show in the charts above", "aria-label": "Show " + visible(head.dataset.metric) + " in the charts",
      onclick: () => {
        panel.show_metric(head.dataset.metric);
        panel.scrollIntoView({ block: "nearest" });
      },
    }));
  }
}
