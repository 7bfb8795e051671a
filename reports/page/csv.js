// SPDX-License-Identifier: Apache-2.0
// The samples as CSV, as `aios-bench report --csv` writes them: made from the data in the page, saved by the browser.
const kColumns = ["run", "started", "label", "subject", "kernel", "kernel_version", "machine", "mode", "scenario", "metric",
  "unit", "fidelity", "boot", "perturbation", "null_change", "value", "overhead", "iterations", "interrupted_iterations",
  "minimum", "maximum", "skipped", "detail"];

// A text that a spreadsheet would take for a formula is made a text.
function csv_text(value) {
  let text = visible(value).replaceAll("\t", " ");
  if (/^ *[=+\-@]/.test(text)) text = "'" + text;
  return /[",;]/.test(text) || text.startsWith(" ") || text.endsWith(" ") ? '"' + text.replaceAll('"', '""') + '"' : text;
}

function csv_field(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "number" ? String(value) : csv_text(value);
}

function csv_of(metric) {
  const lines = [kColumns.join(",")];
  for (const run of report.runs) {
    const from = run.provenance || {};
    for (const sample of run.samples) {
      if (metric !== undefined && sample.metric !== metric) continue;
      const change = (run.perturbations || [])[sample.perturbation || 0];
      const line = {
        overhead: 0, iterations: 1, interrupted_iterations: 0, perturbation: 0, ...sample, run: from.run, started: from.started, label: run.label,
        subject: run.subject, kernel: run.kernel, kernel_version: run.kernel_version, machine: run.machine, mode: run.mode,
        null_change: change ? change.description : "", skipped: sample.skipped ? "yes" : "no",
      };
      lines.push(kColumns.map((column) => csv_field(line[column])).join(","));
    }
  }
  return lines.join("\n") + "\n";
}

function save(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", { href: address, download: name.replace(/[^\w.-]+/g, "_").slice(0, 100) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

function save_csv(name, metric) {
  save(name, csv_of(metric), "text/csv");
}
