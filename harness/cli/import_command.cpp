// SPDX-License-Identifier: Apache-2.0
// Results that were made elsewhere, into the store: KTAP.
#include <unistd.h>

#include <cerrno>

#include "harness/cli/commands.h"
#include "harness/cli/text_style.h"
#include "harness/manifest/kernel_manifest.h"
#include "harness/model/subject.h"
#include "harness/run/host_facts.h"
#include "harness/run/imported_run.h"
#include "harness/support/text.h"
#include "reports/terminal.h"

namespace aios {
namespace {

constexpr std::uint64_t kMostImported = 64U << 20;

struct ImportFlags {
  std::string format, file, subject = "imported", version, machine = "elsewhere", label;
  bool json = false;
};

Result<std::string> read_standard_input() {
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) return interrupted();
    if (got < 0) return system_error("cannot read", "standard input", errno);
    text.append(buffer, static_cast<std::size_t>(got));
    if (text.size() > kMostImported) {
      return config_error("it is larger than 64 MiB", "standard input", "import the part with the test results");
    }
  }
}

Result<int> import_file(Context& context, const ImportFlags& flags) {
  ImportedKtap from;
  from.text = flags.file == "-" ? TRY(read_standard_input()) : TRY(read_file(flags.file, kMostImported));
  from.where = flags.file == "-" ? "standard input" : flags.file;
  RunRecord& head = from.head;
  head.subject = head.kernel = flags.subject;
  // A kernel that is known here keeps its history; anything else is a name.
  const auto subject = parse_subject(flags.subject, list_kernels(context.paths.kernels()));
  if (subject.ok() && !subject->is_image()) {
    head.subject = subject->text();
    head.kernel = subject->kernel;
  }
  head.kernel_version = flags.version;
  head.machine = flags.machine;
  head.label = flags.label;
  const HostFacts host = host_facts();
  head.provenance.host = host.name;
  head.provenance.host_kernel = host.kernel;
  head.provenance.host_cpu = host.cpu;
  head.provenance.command_line = context.command_line;
  head.provenance.harness_version = AIOS_VERSION;
  head.provenance.started = head.provenance.finished = utc_time(context.clock.unix_seconds());
  Store store = TRY(Store::open(context.paths.store));
  const RunRecord run = TRY(import_ktap(store, std::move(from)));
  context.print(flags.json ? run_to_json(run, 2) + "\n" : render_run(run, text_style(context)));
  return kExitMet;
}

}  // namespace

CommandSpec import_command() {
  return {"import", "Store test results that were made elsewhere: KTAP of kselftest or KUnit",
          "  aios-bench import ktap selftests.log --subject aios --machine rack-7\n  kunit.py run --raw_output=all | "
          "aios-bench import ktap - --label kunit\n  aios-bench export junit latest",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<ImportFlags>();
            set.add("FORMAT", flags->format, "ktap (TAP is read too)", {.required = true, .choices = {"ktap"}});
            set.add("FILE", flags->file,
                    "A log with KTAP in it; what stands around it does not matter (- is "
                    "standard input)",
                    {.required = true});
            set.add("--subject", flags->subject, "What was tested: a kernel, or any name",
                    {.value = "SUBJECT", .show_default = true});
            set.add("--kernel-version", flags->version, "Its version", {.value = "V"});
            set.add("--machine", flags->machine, "Where it was tested", {.value = "NAME", .show_default = true});
            set.add("--label", flags->label, "By which the run can be named", {.value = "L"});
            set.add("--json", flags->json, "One JSON document on standard output");
            return [flags](Context& context) { return import_file(context, *flags); };
          }};
}

}  // namespace aios
