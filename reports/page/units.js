// SPDX-License-Identifier: Apache-2.0
// Figures as the rest of the report writes them: the unit travels with every number.
const kSymbols = { instructions: "instr", virtual_time: "vticks", cycles: "cycles", ratio: "x", count: "", bytes: "B" };

function grouped(value) {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

function significant(value, digits) {
  return String(Number(Number(value).toPrecision(digits)));
}

function scaled(value, steps, digits) {
  let step = steps[0];
  for (const next of steps) if (Math.abs(value) >= next[0]) step = next;
  return significant(value / step[0], digits) + " " + step[1];
}

const kTimes = [[1, "ns"], [1e3, "us"], [1e6, "ms"], [1e9, "s"]];
const kBytes = [[1, "B"], [1024, "KiB"], [1048576, "MiB"], [1073741824, "GiB"]];
const kCounts = [[1, ""], [1e3, "k"], [1e6, "M"], [1e9, "G"]];

function figure_text(value, unit) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "";
  if (unit === "yes_no") return value ? "yes" : "no";
  if (unit === "nanoseconds") return scaled(value, kTimes, 4);
  if (unit === "bytes") return scaled(value, kBytes, 4);
  const number = Number.isInteger(value) ? grouped(value) : significant(value, 4);
  return (number + " " + (kSymbols[unit] || "")).trim();
}

// For axes: short. `unit_of` names the axis once, the ticks need not repeat it.
function tick_text(value, unit) {
  if (unit === "yes_no") return value === 0 ? "no" : value === 1 ? "yes" : "";
  if (unit === "nanoseconds") return scaled(value, kTimes, 6);
  if (unit === "bytes") return scaled(value, kBytes, 6);
  return Math.abs(value) >= 1e4 ? scaled(value, kCounts, 6).replace(" ", "\u202f").trim() : significant(value, 6);
}

function axis_name(unit) {
  return { instructions: "instructions", virtual_time: "virtual time, ticks", cycles: "cycles", ratio: "ratio" }[unit] || "";
}

// Bytes are drawn in the power of 1024 that suits them, so that the axis has round figures.
function axis_scale(values, unit) {
  if (unit !== "bytes") return { by: 1, text: (value) => tick_text(value, unit) };
  const most = Math.max(0, ...values.map(Math.abs));
  const [by, name] = [...kBytes].reverse().find(([step]) => most >= step) || kBytes[0];
  return { by, text: (value) => significant(value, 6) + " " + name };
}

// From a round figure to a round figure around what is to be seen.
function round_range(values) {
  const low = Math.min(...values), high = Math.max(...values);
  const room = Math.max((high - low) * 0.15, Math.abs(high) * 1e-3, 1e-9);
  const rough = (high - low + 2 * room) / 5;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = ten * [1, 2, 5, 10].find((factor) => ten * factor >= rough);
  const floor = Math.floor((low - room) / step) * step;
  return { min: low >= 0 ? Math.max(0, floor) : floor, max: Math.ceil((high + room) / step) * step, interval: step };
}

// Beside a bar: three figures are enough.
function rough_text(value) {
  return scaled(value, kCounts, 3).replace(" ", "\u202f").trim();
}

function ratio_text(ratio) {
  const off = Math.abs(ratio - 1);
  return (off === 0 ? "1" : off < 0.01 ? ratio.toFixed(4) : off < 0.1 ? ratio.toFixed(3) : ratio.toPrecision(3)) + " ×";
}
