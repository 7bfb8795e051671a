// SPDX-License-Identifier: Apache-2.0
// The report's own JSON, and what was made of it for the charts. Both come from the program: here they are only read.
const report = JSON.parse(document.getElementById("data").textContent);
const figures = JSON.parse(document.getElementById("figures").textContent);

// Subjects as the charts name them: told apart where they are the same.
const run_names = report.runs.map((run, index) => {
  const same = report.runs.filter((other) => other.subject === run.subject).length > 1;
  return shortened(run.subject, 40) + (same ? (index === 0 ? " (under test)" : " (baseline)") : "");
});

// metric -> {metric, unit, scenario, runs: a list a run of {sample, box}}, in order of appearance.
const metrics = new Map();
report.runs.forEach((run, index) => {
  run.samples.forEach((sample, place) => {
    if (sample.unit === "yes_no" || sample.skipped) return;
    let entry = metrics.get(sample.metric);
    if (!entry) {
      entry = { metric: sample.metric, unit: sample.unit, scenario: sample.scenario, runs: report.runs.map(() => []) };
      metrics.set(sample.metric, entry);
    }
    if (entry.unit === sample.unit) entry.runs[index].push({ sample, box: figures.boxes[index][place] });
  });
});

// The judge's word on a metric, where two runs were compared.
const verdicts = new Map((report.comparison ? report.comparison.rows : []).map((row) => [row.metric, row]));

function metrics_of(scenario) {
  return [...metrics.values()].filter((entry) => entry.scenario === scenario);
}

// What a reader wants to see first: what got worse, then what could not be decided, then what changed.
function most_telling(entries) {
  const rank = (entry) => {
    const row = verdicts.get(entry.metric);
    return row ? ["worse", "inconclusive", "changed", "better"].indexOf(row.verdict) >>> 0 : 99;
  };
  return entries.reduce((best, entry) => (best === null || rank(entry) < rank(best) ? entry : best), null);
}
