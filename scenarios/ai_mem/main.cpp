// SPDX-License-Identifier: Apache-2.0
// ai_mem [--console] [--list] [--anywhere] [NAME...]
#include "scenarios/ai_mem/checks.h"

namespace {

using namespace aios::ai_mem;

constexpr aios::lines::Line kLines[] = {
    {"document_form", document_form},
    {"blocks", blocks, true},
    {"next_is_refused", next_is_refused},
    {"all_given_back", all_given_back},
    {"statistics_true", statistics_true},
    {"mmap", mapping},
    {"outlives_free", outlives_free},
    {"nothing_shows_through", nothing_shows_through},
    {"contiguous_run", contiguous_run},
    {"device_reads_it", device_reads_it},
    {"dma_buf", dma_buf},
    {"numa_local", numa_local},
    {"no_privilege", no_privilege},
    {"bad_input_refused", bad_input_refused},
    {"loads_in_a_second", loads_in_a_second},
    {"refused_whole", refused_whole},
};

}  // namespace

int main(int count, char** words) { return aios::lines::run_lines("ai_mem", kLines, count, words); }
