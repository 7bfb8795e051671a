// SPDX-License-Identifier: Apache-2.0
#include "harness/serve/push.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <prometheus/check_names.h>

#include <algorithm>
#include <array>
#include <memory>

#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kMostAnswer = 16U << 10;

struct EndCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using Curl = std::unique_ptr<CURL, EndCurl>;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// As the gateway wants a value that has a slash in it, or nothing: base64 of the URL's alphabet.
std::string url_base64(const std::string& text) {
  if (text.empty()) return "=";
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::string path_part(const std::string& name, const std::string& value) {
  if (value.empty() || value.find('/') != std::string::npos) {
    return fmt::format("/{}@base64/{}", name, url_base64(value));
  }
  std::unique_ptr<char, void (*)(void*)> escaped(
      curl_easy_escape(nullptr, value.c_str(), static_cast<int>(value.size())), curl_free);
  return fmt::format("/{}/{}", name, escaped.get());
}

std::size_t keep_answer(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& answer = *static_cast<std::string*>(into);
  answer.append(bytes, std::min(size * count, kMostAnswer - answer.size()));
  return size * count;
}

int ask_whether_to_stop(void* token, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto* cancel = static_cast<const CancelToken*>(token);
  return cancel != nullptr && cancel->cancelled() ? 1 : 0;
}

Error transport_error(const PushTarget& target, CURLcode code, const char* words) {
  const std::string detail = *words == '\0' ? curl_easy_strerror(code) : words;
  if (code == CURLE_ABORTED_BY_CALLBACK) return interrupted();
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return infra_fault(fmt::format("the push gateway did not answer within {} s", target.timeout_seconds), target.url,
                       "--timeout T waits longer");
  }
  if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST) {
    return infra_fault(fmt::format("no push gateway answers: {}", detail), target.url,
                       "is it running, and is this its address? It listens on port 9091 unless told otherwise");
  }
  if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE) {
    return config_error(fmt::format("the gateway's certificate is not believed: {}", detail), target.url,
                        "--tls-ca FILE names who signed it");
  }
  return infra_fault(fmt::format("pushing failed: {}", detail), target.url);
}

Status answer_status(const PushTarget& target, long code, const std::string& answer) {
  if (code == 200 || code == 202) return {};
  const std::string words = printable(trim(answer));
  if (code == 401 || code == 403) {
    return config_error(fmt::format("the push gateway lets nobody in without a password ({})", code), target.url,
                        "--auth-file FILE holds USER:PASSWORD");
  }
  return infra_fault(fmt::format("the push gateway refused ({}): {}", code, words.empty() ? "no word why" : words),
                     target.url, code == 404 ? "the address is that of the gateway's root: http://HOST:9091" : "");
}

}  // namespace

Result<std::string> push_url(const PushTarget& target) {
  std::string url = target.url;
  while (url.ends_with('/')) url.pop_back();
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return config_error(fmt::format("'{}' is no address of a push gateway", target.url), "--url",
                        "for example http://127.0.0.1:9091");
  }
  if (target.job.empty()) return config_error("a job needs a name", "--job");
  url += "/metrics" + path_part("job", target.job);
  for (const auto& [name, value] : target.group) {
    if (!prometheus::CheckLabelName(name) || name == "job") {
      return config_error(fmt::format("'{}' cannot be a label of a group", name), "--group",
                          "letters, digits and _; for example --group runner=ci-3");
    }
    url += path_part(name, value);
  }
  return url;
}

Status push_metrics(const PushTarget& target, const std::string& exposition) {
  const std::string url = TRY(push_url(target));
  const Curl curl(curl_easy_init());
  if (curl == nullptr) return internal_error("libcurl does not start");
  std::array<char, CURL_ERROR_SIZE> words{};
  std::string answer;
  const std::unique_ptr<curl_slist, FreeList> headers(
      curl_slist_append(nullptr, "Content-Type: text/plain; version=0.0.4; charset=utf-8"));
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(curl.get(), option, value); };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_CUSTOMREQUEST, "PUT");
  set(CURLOPT_POSTFIELDS, exposition.data());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(exposition.size()));
  set(CURLOPT_HTTPHEADER, headers.get());
  set(CURLOPT_ERRORBUFFER, words.data());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(target.timeout_seconds * 1000));
  set(CURLOPT_WRITEFUNCTION, keep_answer);
  set(CURLOPT_WRITEDATA, &answer);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, ask_whether_to_stop);
  set(CURLOPT_XFERINFODATA, static_cast<const void*>(target.cancel));
  if (!target.ca_file.empty()) set(CURLOPT_CAINFO, target.ca_file.c_str());
  if (target.user) {
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(CURLOPT_USERNAME, target.user->name.c_str());
    set(CURLOPT_PASSWORD, target.user->password.c_str());
  }
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return transport_error(target, code, words.data());
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  return answer_status(target, status, answer);
}

}  // namespace aios
