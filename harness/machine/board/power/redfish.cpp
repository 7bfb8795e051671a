// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/board/power/redfish.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

#include "harness/support/text.h"

namespace aios::board {
namespace {

constexpr std::size_t kMostAnswer = 4U << 20;
constexpr std::size_t kMostShown = 300;

std::size_t take_answer(char* bytes, std::size_t size, std::size_t count, void* out) {
  auto& text = *static_cast<std::string*>(out);
  if (text.size() + size * count > kMostAnswer) return 0;
  text.append(bytes, size * count);
  return size * count;
}

struct CurlEnd {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

}  // namespace

Result<std::string> RedfishService::call(const std::string& method, const std::string& path,
                                         const std::string& body) const {
  const std::unique_ptr<CURL, CurlEnd> curl(curl_easy_init());
  if (!curl) return infra_fault("libcurl cannot be started");
  std::string url = power_.url;
  while (url.ends_with('/')) url.pop_back();
  url += path;
  std::string answer;
  const std::unique_ptr<curl_slist, CurlEnd> headers(
      curl_slist_append(curl_slist_append(nullptr, "Content-Type: application/json"), "Accept: application/json"));
  CURL* const c = curl.get();
  curl_easy_setopt(c, CURLOPT_URL, url.c_str());
  curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, method.c_str());
  if (method != "GET") {
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  }
  curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(c, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
  curl_easy_setopt(c, CURLOPT_USERNAME, power_.user.c_str());
  curl_easy_setopt(c, CURLOPT_PASSWORD, password_.c_str());
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(power_.timeout_seconds * 1000));
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  if (!power_.verify_tls) {
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_answer);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &answer);
  const CURLcode code = curl_easy_perform(c);
  if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE) {
    return config_error(fmt::format("the certificate of {} is not trusted: {}", power_.url, curl_easy_strerror(code)),
                        url, "add its authority to this host's, or verify_tls = false");
  }
  if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_URL_MALFORMAT) {
    return config_error(fmt::format("there is no host for '{}': {}", power_.url, curl_easy_strerror(code)),
                        "machine file");
  }
  if (code != CURLE_OK) {
    return infra_fault(fmt::format("{} does not answer: {}", name(), curl_easy_strerror(code)), url);
  }
  long status = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  if (status == 401 || status == 403) {
    return config_error(fmt::format("{} refuses user '{}' ({})", name(), power_.user, status), url,
                        fmt::format("check user and password ({})", power_.password));
  }
  if (status < 200 || status >= 300) {
    return infra_fault(fmt::format("{} answers {} to {}: {}", name(), status, method,
                                   printable(std::string_view(answer).substr(0, kMostShown))),
                       url);
  }
  return answer;
}

}  // namespace aios::board
