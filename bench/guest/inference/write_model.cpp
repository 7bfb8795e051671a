// SPDX-License-Identifier: Apache-2.0
// The build's tool: writes the model that the inference program carries.   write_model FILE
#include <cstdio>

#include "bench/guest/inference/gguf.h"

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: write_model FILE\n");
    return 2;
  }
  const std::string bytes = aios::inference::random_model({});
  std::FILE* file = std::fopen(words[1], "wb");
  const bool written = file != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  if (file == nullptr || std::fclose(file) != 0 || !written) {
    std::perror(words[1]);
    return 3;
  }
  return 0;
}
