// SPDX-License-Identifier: Apache-2.0
// TLS before a server that speaks none: takes connections on an address, and hands what they carry to a port of this
// machine. civetweb 1.15, which prometheus-cpp's Exposer is made of, asks OpenSSL 3 for a function that is no longer
// there and dies of the first TLS connection. Bounded: so many connections at once, each with a time to say something.
#pragma once

#include <memory>

#include "harness/serve/listen_address.h"
#include "harness/support/files.h"

namespace aios {

struct TlsFiles {
  fs::path certificate;  // PEM, the chain after it
  fs::path key;          // PEM
};

class TlsFront {
 public:
  // `backend_port`: on 127.0.0.1.
  static Result<std::unique_ptr<TlsFront>> start(const ListenAddress& address, const TlsFiles& files, int backend_port);
  ~TlsFront();  // ends every connection
  int port() const;

 private:
  struct State;
  explicit TlsFront(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace aios
