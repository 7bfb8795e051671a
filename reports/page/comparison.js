// SPDX-License-Identifier: Apache-2.0
// The comparison as charts: a metric a line, its ratio with the interval that the judge gave. All share one scale, on
// which half and double lie equally far from 1. Sign and word say the verdict too, not only the colour.
const kSigns = {
  better: { symbol: "circle", tone: "good", mark: "✓" },
  worse: { symbol: "triangle", tone: "bad", mark: "✗" },
  inconclusive: { symbol: "emptyDiamond", tone: "warn", mark: "?" },
  changed: { symbol: "rect", tone: "dim", mark: "~" },
  same: { symbol: "circle", tone: "dim", mark: "=" },
};
const kRatioRow = 21;

function ratio_rows() {
  const rows = report.comparison ? report.comparison.rows : [];
  return rows.map((row, index) => ({ row, ratio: figures.ratios[index] }))
    .filter(({ row, ratio }) => ratio && row.verdict !== "same" && kSigns[row.verdict]);
}

// Powers of two where the figures lie far apart, and even steps around 1 where they are close.
function ratio_ticks(reach) {
  if (reach > 0.6) return [-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8].map((power) => 2 ** power);
  const step = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2].find((d) => Math.log2(1 + 2.5 * d) >= reach) || 0.2;
  return [-3, -2, -1, 0, 1, 2, 3].map((k) => 1 + k * step).filter((ratio) => ratio > 0);
}

function ratio_scale(rows) {
  const all = rows.flatMap(({ ratio }) => ratio).map((ratio) => Math.max(-8, Math.min(8, Math.log2(ratio))));
  const low = Math.min(0, ...all), high = Math.max(0, ...all);
  const room = Math.max(0.06 * (high - low), 1e-5);
  const ticks = ratio_ticks(Math.max(-low, high)).filter((ratio) => Math.log2(ratio) >= low - room && Math.log2(ratio) <= high + room);
  return { min: low - room, max: high + room, ticks, longest: Math.max(...rows.map(({ row }) => ratio_name(row).length)) };
}

function whisker(c) {
  return (_, api) => {
    const at = api.value(0);
    const [left, y] = api.coord([api.value(1), at]);
    const [right] = api.coord([api.value(2), at]);
    const style = { stroke: c.muted, lineWidth: 1.5 };
    const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
    return {
      type: "group",
      children: [line(left, y, right, y), line(left, y - 4, left, y + 4), line(right, y - 4, right, y + 4)],
    };
  };
}

function ratio_tip({ row, ratio }) {
  const interval = ratio.length === 3 ? ratio_text(ratio[1]) + " to " + ratio_text(ratio[2]) : "";
  const sure = row.confidence ? "interval (" + significant(100 * row.confidence, 4) + " %)" : "over null changes";
  return tip(visible(row.metric), [
    ["verdict", kSigns[row.verdict].mark + " " + row.verdict],
    ["ratio", ratio_text(ratio[0])], [sure, interval],
    [shortened(report.comparison.second.name, 30), figure_text(row.second, row.unit)],
    [shortened(report.comparison.first.name, 30), figure_text(row.first, row.unit)],
    ["", shortened(row.reason, 90)],
  ]);
}

function ratio_name(row) {
  const name = row.metric.startsWith(row.scenario + ".") ? row.metric.slice(row.scenario.length + 1) : row.metric;
  return kSigns[row.verdict].mark + " " + shortened(name, 40);
}

function ratio_options(rows, scale) {
  const names = rows.map(({ row }) => ratio_name(row));
  const axis = { type: "category", inverse: true, axisTick: { show: false }, axisLine: { show: false } };
  return (c, width) => {
    const left = Math.min(scale.longest * 6.7 + 14, width * 0.44);
    return {
      ...base_options(c),
      grid: { left, right: 66, top: 6, bottom: 26, containLabel: false, outerBoundsMode: "none" },
      xAxis: value_axis(c, {
        min: scale.min, max: scale.max,
        axisTick: { show: false, customValues: scale.ticks.map(Math.log2) },
        axisLabel: { customValues: scale.ticks.map(Math.log2), formatter: (power) => significant(2 ** power, 4) },
        splitLine: { show: false },
      }),
      yAxis: [
        { ...axis, data: names, axisLabel: { color: c.ink, fontFamily: c.mono, fontSize: 11, width: left - 10, overflow: "truncate", interval: 0, align: "left", margin: left - 2 } },
        { ...axis, position: "right", data: rows.map(({ ratio }) => ratio_text(ratio[0])), axisLabel: { color: c.muted, fontFamily: c.mono, fontSize: 11, interval: 0 } },
      ],
      tooltip: { ...base_options(c).tooltip, formatter: (at) => ratio_tip(rows[at.data.value ? at.data.value[1] : at.data[0]]) },
      series: [
        {
          type: "custom", renderItem: whisker(c), encode: { x: [1, 2], y: 0 }, z: 2,
          data: rows.flatMap(({ ratio }, at) => (ratio.length === 3 ? [[at, Math.log2(ratio[1]), Math.log2(ratio[2])]] : [])),
        },
        {
          type: "scatter", symbolSize: 9, z: 3,
          data: rows.map(({ row, ratio }, at) => ({
            value: [Math.log2(ratio[0]), at], symbol: kSigns[row.verdict].symbol,
            itemStyle: { color: c[kSigns[row.verdict].tone], borderWidth: 2 },
          })),
          markLine: {
            silent: true, symbol: "none", label: { show: false }, z: 1,
            data: scale.ticks.map((ratio) => ({
              xAxis: Math.log2(ratio), lineStyle: { color: ratio === 1 ? c.muted : c.hair, type: "solid", width: 1 },
            })),
          },
        },
      ],
    };
  };
}

function start_comparison() {
  const all = ratio_rows();
  if (all.length === 0) return;
  const scale = ratio_scale(all);
  for (const figure of document.querySelectorAll('figure[data-chart="ratios"]')) {
    const rows = all.filter(({ row }) => row.scenario === figure.dataset.of);
    if (rows.length > 0) add_chart(figure, rows.length * kRatioRow + 34, ratio_options(rows, scale));
  }
}
