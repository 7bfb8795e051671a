// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <fmt/format.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "harness/machine/board/netboot/server_sides.h"

namespace aios::board {
namespace {

constexpr std::size_t kMostTransfers = 32;
constexpr int kMostTries = 6;
constexpr std::size_t kMostBlock = 65464, kLeastBlock = 8;
enum Opcode : std::uint8_t { kRead = 1, kData = 3, kAcknowledge = 4, kTftpError = 5, kOptions = 6 };
enum ErrorCode : std::uint8_t { kNotFound = 1, kIllegal = 4 };

void put_number(std::string& out, std::uint64_t value) {
  out += static_cast<char>(value >> 8 & 0xff);
  out += static_cast<char>(value & 0xff);
}

int number_at(std::string_view packet, std::size_t at) {
  return static_cast<unsigned char>(packet[at]) << 8 | static_cast<unsigned char>(packet[at + 1]);
}

// The texts behind the opcode, each ended by a zero.
std::vector<std::string> texts(std::string_view packet) {
  std::vector<std::string> out;
  for (std::size_t at = 2; at < packet.size();) {
    const auto end = packet.find('\0', at);
    if (end == std::string_view::npos) break;
    out.emplace_back(packet.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool same_word(const std::string& a, const char* b) { return ::strcasecmp(a.c_str(), b) == 0; }

std::uint64_t number_of(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

void TftpSide::add_polls(std::vector<pollfd>& polls) const {
  if (server_.tftp_) polls.push_back({server_.tftp_.get(), POLLIN, 0});
  for (const Transfer& transfer : transfers_) polls.push_back({transfer.fd.get(), POLLIN, 0});
}

void TftpSide::ready(int fd) {
  if (fd == server_.tftp_.get()) return request();
  for (Transfer& transfer : transfers_) {
    if (transfer.fd.get() == fd) return answer(transfer);
  }
}

void TftpSide::refuse(const sockaddr_storage& to, socklen_t size, int code, const std::string& why) const {
  std::string packet;
  put_number(packet, kTftpError);
  put_number(packet, static_cast<std::uint64_t>(code));
  packet += why + '\0';
  ::sendto(server_.tftp_.get(), packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&to), size);
}

void TftpSide::request() {
  std::array<char, 1024> bytes{};
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  const ssize_t got =
      ::recvfrom(server_.tftp_.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
  if (got < 4) return;
  const std::string_view packet(bytes.data(), static_cast<std::size_t>(got));
  if (number_at(packet, 0) != kRead) return refuse(from, size, kIllegal, "read-only");
  const auto words = texts(packet);
  if (words.size() < 2) return refuse(from, size, kIllegal, "no name");
  std::string name = words[0];
  name.erase(0, name.find_first_not_of('/'));
  auto content = server_.find(name);
  if (!content) return refuse(from, size, kNotFound, "there is no such file");
  if (transfers_.size() >= kMostTransfers) return refuse(from, size, 0, "too many transfers");

  Transfer transfer;
  transfer.content = std::move(content);
  std::string options;
  for (std::size_t i = 2; i + 1 < words.size(); i += 2) {
    const std::uint64_t value = number_of(words[i + 1]);
    std::string agreed;
    if (same_word(words[i], "blksize") && value >= kLeastBlock) {
      transfer.block_size = static_cast<std::size_t>(std::min<std::uint64_t>(value, kMostBlock));
      agreed = std::to_string(transfer.block_size);
    } else if (same_word(words[i], "tsize")) {
      agreed = std::to_string(transfer.content->size);
    } else if (same_word(words[i], "timeout") && value >= 1 && value <= 255) {
      transfer.interval = std::chrono::seconds(value);
      agreed = words[i + 1];
    }
    if (!agreed.empty()) options += words[i] + '\0' + agreed + '\0';
  }
  // A port of its own for each transfer: RFC 1350's TID.
  transfer.fd.reset(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in own{};
  own.sin_family = AF_INET;
  ::inet_pton(AF_INET, bind_.c_str(), &own.sin_addr);
  if (!transfer.fd || ::bind(transfer.fd.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
      ::connect(transfer.fd.get(), reinterpret_cast<const sockaddr*>(&from), size) != 0) {
    return refuse(from, size, 0, "no socket");
  }
  transfer.fetch = server_.begun(name);
  transfer.options = !options.empty();
  if (transfer.options) {
    put_number(transfer.packet, kOptions);
    transfer.packet += options;
    send(transfer);
  } else {
    transfer.block = 1;
    send_block(transfer);
  }
  transfers_.push_back(std::move(transfer));
}

void TftpSide::send(Transfer& transfer) {
  transfer.sent = server_.clock_->monotonic();
  if (::send(transfer.fd.get(), transfer.packet.data(), transfer.packet.size(), 0) < 0 && errno == ECONNREFUSED) {
    transfer.over = true;
  }
}

void TftpSide::send_block(Transfer& transfer) {
  transfer.packet.clear();
  put_number(transfer.packet, kData);
  put_number(transfer.packet, transfer.block);  // wraps
  transfer.packet += transfer.content->part((transfer.block - 1) * transfer.block_size, transfer.block_size);
  transfer.tries = 0;
  send(transfer);
}

void TftpSide::answer(Transfer& transfer) {
  std::array<char, 512> bytes{};
  const ssize_t got = ::recv(transfer.fd.get(), bytes.data(), bytes.size(), 0);
  if (got < 4) {
    transfer.over = transfer.over || (got < 0 && errno == ECONNREFUSED);
    return;
  }
  const std::string_view packet(bytes.data(), static_cast<std::size_t>(got));
  if (number_at(packet, 0) != kAcknowledge) {
    transfer.over = number_at(packet, 0) == kTftpError;
    return;
  }
  // An old acknowledgement again is answered by nothing (the sorcerer's apprentice).
  if (number_at(packet, 2) != static_cast<int>(transfer.block & 0xffff)) return;
  const bool last = transfer.block > 0 && transfer.packet.size() - 4 < transfer.block_size;
  if (last) {
    server_.done(transfer.fetch);
    transfer.over = true;
    return;
  }
  ++transfer.block;
  send_block(transfer);
}

void TftpSide::tick() {
  const Duration now = server_.clock_->monotonic();
  for (Transfer& transfer : transfers_) {
    if (transfer.over || now - transfer.sent < transfer.interval) continue;
    if (++transfer.tries >= kMostTries) {
      transfer.over = true;
    } else {
      send(transfer);
    }
  }
  transfers_.remove_if([](const Transfer& transfer) { return transfer.over; });
}

}  // namespace aios::board
