// SPDX-License-Identifier: Apache-2.0
#include "reports/site.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/model/json_fields.h"
#include "harness/support/json.h"
#include "reports/html/chart_library.h"

namespace aios {
namespace {

// The texts of a run in the list, by the names that they have in site.json.
constexpr std::pair<const char*, std::string SiteRun::*> kTexts[] = {{"run", &SiteRun::id},
                                                                     {"started", &SiteRun::started},
                                                                     {"subject", &SiteRun::subject},
                                                                     {"kernel", &SiteRun::kernel},
                                                                     {"kernel_version", &SiteRun::kernel_version},
                                                                     {"machine", &SiteRun::machine},
                                                                     {"mode", &SiteRun::mode},
                                                                     {"fidelity", &SiteRun::fidelity},
                                                                     {"label", &SiteRun::label},
                                                                     {"outcome", &SiteRun::outcome},
                                                                     {"verdict", &SiteRun::verdict},
                                                                     {"sentence", &SiteRun::sentence},
                                                                     {"key", &SiteRun::key}};

std::string ascii(const OrderedJson& value, int indent) {
  return value.dump(indent, ' ', /*ensure_ascii=*/true, OrderedJson::error_handler_t::replace);
}

}  // namespace

std::string site_page_of(std::string_view id) { return fmt::format("runs/{}.html", id); }
std::string site_library_file() { return fmt::format("assets/echarts-{}.js", chart_library_version()); }

std::string site_to_json(const std::vector<SiteRun>& runs, const std::string& maker) {
  OrderedJson out;
  out["schema"] = kSiteSchema;
  out["kind"] = "aios-bench site";
  out["maker"] = maker;
  out["runs"] = OrderedJson::array();
  for (const SiteRun& run : runs) {
    OrderedJson entry;
    for (const auto& [name, member] : kTexts) entry[name] = run.*member;
    entry["boots"] = run.boots;
    entry["samples"] = run.samples;
    entry["page"] = run.page ? site_page_of(run.id) : "";
    out["runs"].push_back(std::move(entry));
  }
  return ascii(out, 1) + "\n";
}

StoredSite site_from_json(const std::string& text) {
  StoredSite out;
  const auto json = parse_json(text, "site.json");
  if (!json.ok() || !json->is_object() || number_or(*json, "schema", 0) != kSiteSchema) return out;
  JsonFields fields(*json, "site.json");
  out.maker = fields.text_or("maker");
  fields.each("runs", [&](const Json& item, const std::string& where) -> Status {
    JsonFields run(item, where);
    SiteRun entry;
    for (const auto& [name, member] : kTexts) entry.*member = run.text_or(name);
    entry.boots = run.integer_or("boots", 0);
    entry.samples = run.integer_or("samples", 0);
    entry.page = !run.text_or("page").empty();
    out.runs.push_back(std::move(entry));
    return run.status();
  });
  return fields.status().ok() ? out : StoredSite();
}

std::string render_site_history(const std::vector<TrendSeries>& series, const std::vector<SiteRun>& runs) {
  std::map<std::string, std::size_t> places;
  OrderedJson listed = OrderedJson::array();
  std::map<std::string, const SiteRun*> known;
  for (const SiteRun& run : runs) known[run.id] = &run;
  const auto place_of = [&](const std::string& id) {
    const auto [place, fresh] = places.emplace(id, places.size());
    if (fresh) {
      const auto found = known.find(id);
      const bool there = found != known.end();
      listed.push_back({id, there ? found->second->label : "", there ? found->second->kernel_version : ""});
    }
    return place->second;
  };
  OrderedJson all = OrderedJson::array();
  for (const TrendSeries& one : series) {
    OrderedJson at = OrderedJson::array();
    for (const std::string& id : one.runs) at.push_back(place_of(id));
    OrderedJson values = OrderedJson::array();
    for (const double value : one.values) values.push_back(json_number(value));
    OrderedJson points = OrderedJson::array();
    for (const TrendPoint& point : one.points) {
      points.push_back({{"at", point.index},
                        {"before", json_number(point.before)},
                        {"after", json_number(point.after)},
                        {"direction", point.direction}});
    }
    all.push_back({{"name", one.name},
                   {"machine", one.machine},
                   {"mode", one.mode},
                   {"metric", one.metric},
                   {"unit", to_string(one.unit)},
                   {"at", std::move(at)},
                   {"values", std::move(values)},
                   {"points", std::move(points)}});
  }
  OrderedJson out;
  out["runs"] = std::move(listed);
  out["series"] = std::move(all);
  return "globalThis.aios_history = " + ascii(out, -1) + ";\n";
}

RunRecord light_run(RunRecord run) {
  run.config_audit_json.clear();
  run.perturbations.clear();
  for (BootRecord& boot : run.boots) boot = {.index = boot.index, .scenario = boot.scenario, .ok = boot.ok};
  std::erase_if(run.samples, [](const Sample& sample) { return sample.perturbation != 0 || sample.skipped; });
  for (Sample& sample : run.samples) {
    sample.values = {};
    sample.counts.reset();
    sample.detail = {};
  }
  for (Metric& metric : run.metrics) metric.description = {};
  run.provenance = {.run = run.provenance.run, .started = run.provenance.started};
  run.samples.shrink_to_fit();
  return run;
}

}  // namespace aios
