// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/qmp.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "harness/support/json.h"

namespace aios::qemu {
namespace {

// `info qtree` of a full machine is some 100 KiB.
constexpr std::size_t kLineLimit = 4U << 20;

std::string version_of(const Json& greeting) {
  const auto at = Json::json_pointer("/QMP/version/qemu");
  if (!greeting.contains(at)) return "QEMU";
  const auto& v = greeting[at];
  const auto package = Json::json_pointer("/QMP/version/package");
  const auto number = [&](const char* key) { return static_cast<int>(number_or(v, key, 0)); };
  std::string text = fmt::format("QEMU {}.{}.{}", number("major"), number("minor"), number("micro"));
  if (greeting.contains(package) && greeting[package].is_string() && !greeting[package].get<std::string>().empty()) {
    text += fmt::format(" ({})", greeting[package].get<std::string>());
  }
  return text;
}

std::string command_text(std::string_view command, std::string_view id, std::string_view arguments) {
  std::string line = fmt::format(R"({{"execute":"{}","id":"{}")", command, id);
  if (!arguments.empty()) line += fmt::format(R"(,"arguments":{})", arguments);
  return line + "}\n";
}

}  // namespace

QmpMessage parse_qmp(std::string_view line) {
  auto parsed = parse_json(line, "QMP");
  if (!parsed || !parsed->is_object()) return {.kind = QmpKind::error, .text = std::string(line.substr(0, 200))};
  const Json& json = *parsed;
  if (json.contains("QMP")) return {.kind = QmpKind::greeting, .text = version_of(json)};
  if (json.contains("event")) {
    QmpMessage message{.kind = QmpKind::event, .name = string_or(json, "event")};
    if (json.contains("data") && json["data"].is_object()) {
      const Json& data = json["data"];
      message.reason = string_or(data, "reason");
      message.guest = data.contains("guest") && data["guest"].is_boolean() && data["guest"].get<bool>();
    }
    return message;
  }
  const std::string id = string_or(json, "id");
  if (json.contains("error")) {
    return {.kind = QmpKind::error, .id = id, .text = string_or(json["error"], "desc", dump_json(json["error"]))};
  }
  const Json& result = json.contains("return") ? json["return"] : Json();
  return {
      .kind = QmpKind::answer, .id = id, .text = result.is_string() ? result.get<std::string>() : dump_json(result)};
}

bool Qmp::pump(std::vector<QmpMessage>& messages) {
  char bytes[16384];
  bool alive = true;
  for (;;) {
    const ssize_t got = ::recv(fd_.get(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (got > 0) {
      buffer_.append(bytes, static_cast<std::size_t>(got));
      if (buffer_.size() > kLineLimit && buffer_.find('\n') == std::string::npos) buffer_.clear();
      continue;
    }
    if (got < 0 && errno == EINTR) continue;
    alive = got < 0 && errno == EAGAIN;
    break;
  }
  std::size_t begin = 0;
  for (auto end = buffer_.find('\n'); end != std::string::npos; end = buffer_.find('\n', begin)) {
    if (end > begin + 1) messages.push_back(parse_qmp(std::string_view(buffer_).substr(begin, end - begin)));
    begin = end + 1;
  }
  buffer_.erase(0, begin);
  return alive;
}

bool Qmp::send(std::string_view command, std::string_view id, std::string_view arguments) {
  if (!open()) return false;
  const std::string line = command_text(command, id, arguments);
  // Commands are some hundred bytes and one at a time: a socket that cannot take one is one that is dead.
  return ::send(fd_.get(), line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(line.size());
}

bool Qmp::send_with(int fd, std::string_view command, std::string_view id, std::string_view arguments) {
  if (!open()) return false;
  std::string line = command_text(command, id, arguments);
  iovec bytes{line.data(), line.size()};
  alignas(cmsghdr) char room[CMSG_SPACE(sizeof fd)] = {};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = room;
  message.msg_controllen = sizeof room;
  cmsghdr* const head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof fd);
  std::memcpy(CMSG_DATA(head), &fd, sizeof fd);
  return ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(line.size());
}

bool Qmp::human(std::string_view line, std::string_view id) {
  return send("human-monitor-command", id, dump_json(Json{{"command-line", std::string(line)}}));
}

}  // namespace aios::qemu
