// SPDX-License-Identifier: Apache-2.0
// One run as it is stored and fed in again: which kernel on which machine, what each boot did, every sample. The judge,
// the reports and the exports read this and nothing else. What differs between two runs of the same inputs (identity,
// wall clock, host) stands together in Provenance; everything else is equal in exact mode.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/model/machine.h"
#include "harness/model/metric.h"
#include "harness/support/result.h"

namespace aios {

inline constexpr int kRunSchema = 1;

// A null change: what moves a figure without the kernel having changed. Applied in pairs to both sides of a comparison.
struct Perturbation {
  int index = 0;            // 0 is always the unperturbed boot
  std::string kind;         // "none", "padding", "memory", "tick_phase"
  std::string description;  // "one more word of 12 characters on the command line"
  std::vector<std::string> append;
  int memory_mb_added = 0;
};

struct TimelinePoint {
  std::string name;               // "kernel_entry", "start_kernel", "init", "ready", or an initcall's function
  std::string kind;               // "phase" or "initcall"
  std::int64_t instructions = 0;  // executed since power-on when it was reached
};

struct BootRecord {
  int index = 0;
  int perturbation = 0;
  std::string scenario;        // what this boot ran ("core" when several ran in one boot)
  std::string start = "cold";  // or "restored": it went on from a saved guest, and counts from there
  std::string end_state;       // the monitor's word: "power_off", "panic", "hang", ...
  bool ok = false;
  std::string error_kind, error;  // when not ok
  std::vector<TimelinePoint> timeline;
  std::int64_t total_instructions = 0;  // 0: not counted
  std::vector<std::string> scenarios_failed;
  std::map<std::string, std::string> logs;  // "console" -> file name inside the bundle
  std::vector<std::string> screen;          // VGA text at the end, where there was one
  std::vector<std::string> notes;           // what to know of it: an operation that this kernel cannot run, ...
  int attempts = 1;                         // more than 1: infra faults were retried
};

struct Provenance {
  std::string run;                // id of the run
  std::string started, finished;  // UTC
  std::string command_line;
  std::string host, host_kernel, host_cpu, qemu_version, harness_version;
  std::map<std::string, double> wall_seconds;  // "build", "boot 0", "total"
  std::map<std::string, std::string> extra;    // anything else that identifies or dates this run
};

struct RunRecord {
  int schema = kRunSchema;
  std::string subject;  // canonical text
  std::string kernel, kernel_version;
  std::string label;
  std::string machine;
  Fidelity fidelity = Fidelity::exact;
  std::string mode;  // "exact" or "timed"
  std::vector<std::string> scenarios;
  std::vector<std::string> append;
  std::map<std::string, std::string> sysctls;
  std::vector<Perturbation> perturbations;
  std::vector<Metric> metrics;  // as they were defined when measured
  std::vector<BootRecord> boots;
  std::vector<Sample> samples;
  std::map<std::string, std::string>
      inputs;  // hashes: "kernel", "config", "toolchain", "initramfs", "qemu", "plugin", "cpu_model", "devices", ...
  std::string config_audit_json;  // the rows of the audit, where there is one
  std::string outcome;  // "complete", "failed" (the kernel's fault), "infra", "config", "interrupted", "running"
  Provenance provenance;
};

// JSON: versioned; an older schema is migrated on reading, a newer one is refused with a hint.
std::string run_to_json(const RunRecord& run, int indent = -1);
Result<RunRecord> run_from_json(const std::string& text, const std::string& where);
std::string sample_to_json(const Sample& sample);
Result<Sample> sample_from_json(const std::string& text, const std::string& where);

// The samples of one metric, in order of boots.
std::vector<const Sample*> samples_of(const RunRecord& run, const std::string& metric);
const Metric* find_metric(const RunRecord& run, const std::string& name);

}  // namespace aios
