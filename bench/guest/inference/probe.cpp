// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/inference/probe.h"

__attribute__((noinline, noipa)) int aios_inference_decode(llama_context* context, llama_batch batch) {
  return llama_decode(context, batch);
}
