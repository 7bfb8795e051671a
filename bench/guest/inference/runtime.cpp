// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/inference/runtime.h"

#include <llama.h>

#include <array>
#include <cstdio>

#include "bench/guest/inference/probe.h"

namespace aios::inference {
namespace {

constexpr int kContext = 128;  // tokens: the prompt, the token after it, and room

// The library's last warning or error, in a buffer that it may fill from anywhere.
std::array<char, 256>& last_words() {
  static std::array<char, 256> text{};
  return text;
}

void keep_words(ggml_log_level level, const char* text, void*) {
  if (level == GGML_LOG_LEVEL_ERROR) std::snprintf(last_words().data(), last_words().size(), "%s", text);
}

std::string reason(const char* what) {
  std::string out = what;
  if (last_words()[0] != '\0') out += std::string(": ") + last_words().data();
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

// The parameter's name changed: a checkout of one's own may be older than what is fetched.
template <typename Parameters>
void set_way(Parameters& parameters, LoadWay way) {
  if constexpr (requires { parameters.use_mmap; }) {
    parameters.use_mmap = way == LoadWay::mapped;
  } else {
    parameters.load_mode = way == LoadWay::mapped ? LLAMA_LOAD_MODE_MMAP : LLAMA_LOAD_MODE_NONE;
  }
}

}  // namespace

void start_library() {
  llama_log_set(keep_words, nullptr);
  llama_backend_init();
}

void end_library() { llama_backend_free(); }

std::unique_ptr<Model> Model::load(const std::string& file, LoadWay way, std::string& error) {
  llama_model_params parameters = llama_model_default_params();
  set_way(parameters, way);
  parameters.use_extra_bufts = false;  // weights stay as the file has them
  last_words()[0] = '\0';
  llama_model* model = llama_model_load_from_file(file.c_str(), parameters);
  if (model == nullptr) {
    error = reason("the model cannot be loaded");
    return nullptr;
  }
  return std::unique_ptr<Model>(new Model(model));
}

Model::~Model() { llama_model_free(model_); }

std::unique_ptr<Session> Session::open(Model& model, std::string& error) {
  llama_context_params parameters = llama_context_default_params();
  parameters.n_ctx = kContext;
  parameters.n_batch = parameters.n_ubatch = kPrompt;
  parameters.n_seq_max = 1;
  parameters.n_threads = parameters.n_threads_batch = 1;
  parameters.no_perf = true;
  last_words()[0] = '\0';
  llama_context* context = llama_init_from_model(model.get(), parameters);
  if (context == nullptr) {
    error = reason("the model cannot be run");
    return nullptr;
  }
  const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model.get()));
  return std::unique_ptr<Session>(new Session(context, vocabulary));
}

Session::~Session() { llama_free(context_); }

void Session::forget() {
  llama_memory_clear(llama_get_memory(context_), true);
  prompted_ = false;
}

// Fixed tokens: what the model would say is of no interest, and would make the work hang on the weights.
bool Session::run(int first, int tokens) {
  std::array<llama_token, kPrompt> ids{};
  for (int i = 0; i < tokens; ++i) {
    ids[static_cast<std::size_t>(i)] = (first + i) * 37 % (vocabulary_ > 0 ? vocabulary_ : 1);
  }
  return aios_inference_decode(context_, llama_batch_get_one(ids.data(), tokens)) == 0 &&
         llama_get_logits_ith(context_, -1) != nullptr;
}

bool Session::prompt() { return prompted_ = run(0, kPrompt); }
bool Session::ready() { return prompted_ || prompt(); }
bool Session::decode() { return run(kPrompt, 1); }
void Session::take_back() { llama_memory_seq_rm(llama_get_memory(context_), 0, kPrompt, -1); }

}  // namespace aios::inference
