// SPDX-License-Identifier: Apache-2.0
// llama.cpp, as much of it as is measured: a model loaded in one way or another, a prompt, and the same token again and
// again. Each decode is the same work: it is taken back afterwards, so that the next one stands at the same position.
// One thread: ggml's threads spin at barriers, which would measure the host.
#pragma once

#include <memory>
#include <string>

struct llama_context;
struct llama_model;

namespace aios::inference {

enum class LoadWay { mapped, read };  // mmap of the file, or read into memory

class Model {
 public:
  // nullptr with the reason in `error`.
  static std::unique_ptr<Model> load(const std::string& file, LoadWay way, std::string& error);
  ~Model();
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;
  llama_model* get() const { return model_; }

 private:
  explicit Model(llama_model* model) : model_(model) {}
  llama_model* model_;
};

class Session {
 public:
  static constexpr int kPrompt = 32;  // tokens

  static std::unique_ptr<Session> open(Model& model, std::string& error);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void forget();     // as before the prompt
  bool prompt();     // the fixed prompt, in one batch
  bool ready();      // the prompt is there
  bool decode();     // the token after it, until its logits are there
  void take_back();  // what decode() added

 private:
  Session(llama_context* context, int vocabulary) : context_(context), vocabulary_(vocabulary) {}
  bool run(int first, int tokens);

  llama_context* context_;
  int vocabulary_;
  bool prompted_ = false;
};

// Before anything else; what the library has to say is kept and given as the error's reason.
void start_library();
void end_library();

}  // namespace aios::inference
