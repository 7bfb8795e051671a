// SPDX-License-Identifier: Apache-2.0
// What a report shows besides its runs, read from the store: the ends of the logs, the history of the kernel, and where
// the instructions went, for runs that were made with a profile. Nothing is measured for it.
#pragma once

#include "harness/cli/context.h"
#include "harness/store/store.h"
#include "reports/report_model.h"

namespace aios {

void add_logs(ReportModel& model, const Store& store);
// `most`: only so many of the newest runs.
Status add_history(ReportModel& model, const Context& context, Store& store, int most);
Status add_profiles(ReportModel& model, const Store& store);

}  // namespace aios
