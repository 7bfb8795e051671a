// SPDX-License-Identifier: Apache-2.0
// The boot: its phases as a bar a run on one scale, and the longest initcalls.
const kInitcallsShown = 15;

function phase_series(c) {
  const names = [...new Set(figures.boot.flatMap((boot) => boot.phases.map(([name]) => name)))];
  return names.map((name, index) => ({
    type: "bar", stack: "boot", name, barWidth: 26,
    itemStyle: { color: c.phases[index % c.phases.length], borderColor: c.paper, borderWidth: 1 },
    data: figures.boot.map((boot) => boot.phases.filter(([other]) => other === name).reduce((sum, [, count]) => sum + count, 0)),
  }));
}

function phases_options(c, width) {
  const longest = Math.max(...figures.boot.map((boot) => boot.total));
  const left = width < 520 ? 8 : Math.min(150, Math.max(...figures.boot.map((boot) => run_names[boot.run].length)) * 7.2 + 14);
  const room = (width - left - 20) / longest;
  const series = phase_series(c).map((one) => ({
    ...one,
    label: {
      show: true, color: "#fff", fontSize: 11, textBorderColor: "rgb(0 0 0 / .55)", textBorderWidth: 2,
      formatter: (at) => (at.value * room > one.name.length * 6.4 + 8 ? one.name : ""),
    },
  }));
  return {
    ...base_options(c), series,
    grid: { left, right: 20, top: 6, bottom: 42, containLabel: false, outerBoundsMode: "none" },
    tooltip: {
      ...base_options(c).tooltip,
      formatter: (at) => {
        const boot = figures.boot[at.dataIndex];
        return tip(visible(at.seriesName), [
          [run_names[boot.run], figure_text(at.value, "instructions")],
          ["of the boot", significant((100 * at.value) / boot.total, 3) + " %"],
        ]);
      },
    },
    xAxis: value_axis(c, {
      scale: false, max: longest, name: "instructions since power-on", nameLocation: "middle", nameGap: 26,
      axisLabel: { formatter: (value) => tick_text(value, "instructions"), showMaxLabel: false },
    }),
    yAxis: name_axis(c, {
      inverse: true, data: figures.boot.map((boot) => run_names[boot.run]),
      axisLabel: { width: left - 10, overflow: "truncate", show: width >= 520 },
    }),
  };
}

// Two files may have an initcall of one name.
function counts_of(initcalls) {
  const counts = new Map();
  for (const [name, count] of initcalls) counts.set(name, (counts.get(name) || 0) + count);
  return counts;
}

function boots_with_initcalls() {
  return figures.boot.filter((boot) => boot.initcalls.length > 0);
}

function initcall_names() {
  const most = new Map();
  for (const boot of boots_with_initcalls()) {
    for (const [name, count] of counts_of(boot.initcalls)) most.set(name, Math.max(most.get(name) || 0, count));
  }
  return [...most.entries()].sort((a, b) => b[1] - a[1]).slice(0, kInitcallsShown).map(([name]) => name);
}

function initcalls_options(c, width) {
  const names = initcall_names();
  const boots = boots_with_initcalls();
  const left = Math.min(Math.max(...names.map((name) => shortened(name, 34).length)) * 6.7 + 14, width * 0.45);
  return {
    ...base_options(c),
    legend: legend(c, boots.map((boot) => run_names[boot.run])),
    grid: { left, right: 76, top: boots.length > 1 ? 32 : 8, bottom: 42, containLabel: false, outerBoundsMode: "none" },
    xAxis: value_axis(c, {
      scale: false, name: "instructions", nameLocation: "middle", nameGap: 26,
      axisLabel: { formatter: (value) => tick_text(value, "instructions") },
    }),
    yAxis: name_axis(c, {
      inverse: true, data: names.map((name) => shortened(name, 34)), axisLine: { show: false },
      axisLabel: { fontFamily: c.mono, fontSize: 11, width: left - 10, overflow: "truncate", interval: 0 },
    }),
    series: boots.map((boot) => {
      const counts = counts_of(boot.initcalls);
      return {
        type: "bar", name: run_names[boot.run], barGap: "0%", barCategoryGap: "32%",
        itemStyle: boot.run === 0 ? { color: c.runs[0] } : { color: c.paper, borderColor: c.runs[1], borderWidth: 1.5 },
        label: { show: true, position: "right", color: c.muted, fontSize: 10.5, formatter: (at) => (at.value ? rough_text(at.value) : "") },
        data: names.map((name) => counts.get(name) || null),
        tooltip: { formatter: (at) => tip(visible(names[at.dataIndex]), [[run_names[boot.run], figure_text(at.value, "instructions")]]) },
      };
    }),
  };
}

function start_boot() {
  if (figures.boot.length === 0) return;
  const phases = document.querySelector('figure[data-chart="phases"]');
  if (phases) add_chart(phases, figures.boot.length * 44 + 50, phases_options);
  const initcalls = document.querySelector('figure[data-chart="initcalls"]');
  if (initcalls && initcall_names().length > 0) {
    add_chart(initcalls, initcall_names().length * (boots_with_initcalls().length > 1 ? 34 : 22) + 76, initcalls_options);
  }
}
