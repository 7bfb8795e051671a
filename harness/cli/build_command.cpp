// SPDX-License-Identifier: Apache-2.0
// Builds a kernel, or finds that nothing changed; shows what its configuration was asked for and what came of it.
#include <fmt/format.h>

#include "harness/build/kernel_build.h"
#include "harness/cli/commands.h"
#include "harness/cli/subject_flags.h"
#include "harness/cli/text_style.h"
#include "harness/manifest/kernel_manifest.h"
#include "harness/store/store.h"
#include "harness/support/json.h"
#include "harness/support/text.h"
#include "reports/terminal.h"

namespace aios {
namespace {

struct BuildFlags {
  std::string subject;
  bool json = false, audit_only = false, all_rows = false;
  int jobs = 0;
};

Result<std::optional<ConfigAudit>> audit_of(const BuiltKernel& built) {
  if (built.audit.empty()) return std::optional<ConfigAudit>();
  return std::optional(TRY(audit_from_json(TRY(read_file(built.audit)), built.audit.string())));
}

std::string as_json(const BuiltKernel& built, const std::optional<ConfigAudit>& audit) {
  OrderedJson out = {{"subject", built.subject},
                     {"name", built.name},
                     {"version", built.version},
                     {"key", built.key},
                     {"from_cache", built.from_cache},
                     {"folder", built.folder.string()},
                     {"image", built.image.string()},
                     {"vmlinux", built.vmlinux.string()},
                     {"system_map", built.system_map.string()},
                     {"config", built.config.string()},
                     {"modules", built.modules.string()}};
  out["provenance"] =
      built.provenance_json.empty() ? OrderedJson() : OrderedJson::parse(built.provenance_json, nullptr, false);
  if (audit) out["audit"] = OrderedJson::parse(audit_to_json(*audit), nullptr, false);
  return dump_json(out, 2) + "\n";
}

void print_for_people(const Context& context, const BuiltKernel& built, const std::optional<ConfigAudit>& audit,
                      bool all_rows) {
  if (built.image.empty()) {
    context.print(fmt::format("{}: {} (it runs here: nothing to build)\n", built.subject, printable(built.version)));
    return;
  }
  std::error_code ignored;
  context.print(fmt::format("{}: {} {}\n  image    {} ({})\n", printable(built.subject), printable(built.version),
                            built.from_cache ? "(nothing changed)" : "(built)", built.image.string(),
                            human_bytes(static_cast<double>(fs::file_size(built.image, ignored)))));
  if (!built.system_map.empty()) context.print(fmt::format("  symbols  {}\n", built.system_map.string()));
  if (audit) context.print("\n" + render_audit(*audit, text_style(context), all_rows));
}

Result<int> build(Context& context, const BuildFlags& flags) {
  const Subject subject = TRY(resolve_subject(context, flags.subject, {}));
  const Store store = TRY(Store::open(context.paths.store));
  if (flags.audit_only) {
    if (subject.is_image()) return config_error("an image file has no configuration to audit", flags.subject);
    const Kernel kernel = TRY(find_kernel(context.paths.kernels(), subject.kernel));
    const BuildEnv env{store.cache(), &context.progress, &context.cancel, flags.jobs};
    const ConfigAudit audit = TRY(audit_kernel(kernel, subject, env));
    context.print(flags.json ? audit_to_json(audit) + "\n" : render_audit(audit, text_style(context), flags.all_rows));
    return kExitMet;
  }
  const BuiltKernel built = TRY(build_subject(context, store.cache(), subject, {}, flags.jobs));
  const auto audit = TRY(audit_of(built));
  if (flags.json) {
    context.print(as_json(built, audit));
  } else {
    print_for_people(context, built, audit, flags.all_rows);
  }
  return kExitMet;
}

}  // namespace

CommandSpec build_command() {
  return {"build", "Build or fetch a kernel; nothing changed means no build",
          "  aios-bench build aios\n  aios-bench build aios:trace --json\n  aios-bench build aios --audit --all",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<BuildFlags>();
            set.add("SUBJECT", flags->subject, "KERNEL[@REF][:VARIANT][+MODULE][-MODULE]", {.required = true});
            set.add("--json", flags->json, "One JSON document on standard output");
            set.add("--audit", flags->audit_only,
                    "Only configure: what each document and fragment asks for, what it gets, and why not");
            set.add("--all", flags->all_rows, "Show every row of the audit, not only what is not as asked");
            set.add("-j,--jobs", flags->jobs, "Compiler processes at once (default: one a processor)");
            return [flags](Context& context) { return build(context, *flags); };
          }};
}

}  // namespace aios
