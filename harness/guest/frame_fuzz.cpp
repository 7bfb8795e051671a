// SPDX-License-Identifier: Apache-2.0
// The wire as an attacker sees it: any bytes, cut anywhere. Run: frame_fuzz -max_total_time=60
#include <cstdint>
#include <cstdlib>

#include "harness/guest/frame_reader.h"
#include "harness/guest/ktap.h"
#include "harness/guest/message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = 1 + data[0];
  std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  (void)aios::decode_message(bytes);

  aios::ManualClock clock;
  aios::KtapReader ktap;
  std::size_t longest = 0;
  aios::FrameReader reader(
      clock, [](std::string_view body) { return aios::decode_message(body).ok(); },
      [&](std::string_view line) {
        longest = std::max(longest, line.size());
        ktap.line(line);
      },
      {.body_bytes = 512, .line_bytes = 64, .frames = 100});
  for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) reader.feed(bytes.substr(0, step));
  reader.finish();
  ktap.finish();
  if (longest > 64 || reader.counts().frames > 100 || reader.counts().bytes != size - 1) std::abort();
  return 0;
}
