// SPDX-License-Identifier: Apache-2.0
// The policy that holds where nobody wrote one. It is shown by `gate --show-policy`, and its comments are its manual.
#include "harness/manifest/gate_policy_manifest.h"

namespace aios {

std::string_view default_gate_policy_text() {
  return R"toml(# What a change must not make worse. aios-bench gate A B --policy THIS-FILE
schema = 1

level = 0.05        # of all gates of an unchanged kernel so many may be red, however many metrics there are
confidence = 0.95   # of the interval in which "no worse" is shown
power = 0.9         # what a gate says it would have caught, it catches in so many cases

[exact]
perturb = 5         # null changes besides the boot as it is: six pairs; see docs/gate.md for why six

[timed]
margin_percent = 2  # a time is no worse up to here, where no rule says otherwise
first_boots = 8     # blocks of one boot a side before the first look at the precision
boots = 60          # and never more than these

[creep]
budget_percent = 5  # against the reference, where no rule says otherwise
# reference = "release-1"   # a stored run, last-good:LABEL or a JSON file that stays while the baseline moves

# The first rule that matches a metric's name speaks for it. Keys: match, action (block, warn, ignore),
# margin_percent and margin_absolute (no worse is: up to the larger of the two), creep_percent, strict, family.
# Without a margin, counts are held to what null changes allow: on the steady path of a loop to the instruction.

[[rule]]            # the host's clock says nothing of a kernel on emulation
match = ["boot.wall_*", "black_box.wall_*"]
action = "ignore"

[[rule]]            # how long a boot takes moves with every word on the command line: held to its fence
match = ["boot.*"]
action = "block"

[[rule]]            # the image grows with every line of code
match = ["footprint.*_bytes"]
action = "block"
margin_percent = 1

[[rule]]            # everything else
match = ["*"]
action = "block"
)toml";
}

}  // namespace aios
