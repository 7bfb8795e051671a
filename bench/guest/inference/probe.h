// SPDX-License-Identifier: Apache-2.0
// Where a tracer can hold on: one function that every decode of this program goes through, with the batch's number of
// tokens as an argument, whatever the runtime's own functions are called and whether they were linked statically.
#pragma once

#include <llama.h>

extern "C" int aios_inference_decode(llama_context* context, llama_batch batch);
