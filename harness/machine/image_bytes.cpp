// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/image_bytes.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

namespace aios {
namespace {

constexpr std::size_t kHead = 64U << 10;

std::string read_at(int fd, std::uint64_t at, std::size_t length) {
  std::string bytes(length, '\0');
  std::size_t done = 0;
  while (done < length) {
    const ssize_t got = ::pread(fd, bytes.data() + done, length - done, static_cast<off_t>(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

}  // namespace

Result<ImageBytes> ImageBytes::open(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) {
    return config_error("the image cannot be opened: " + system_error("", "", errno).what, path.string(),
                        "check its path and permissions");
  }
  if (!S_ISREG(status.st_mode)) {
    return config_error("the image is not a regular file", path.string(),
                        "name a file; a device can be copied into one with dd");
  }
  ImageBytes bytes(std::move(fd), static_cast<std::uint64_t>(status.st_size), path.string());
  bytes.head_ = read_at(bytes.fd_.get(), 0, kHead);
  if (bytes.head_.empty() && bytes.size_ > 0) {
    return config_error("the image cannot be read", path.string(), "check its path and permissions");
  }
  return bytes;
}

std::string ImageBytes::text(std::uint64_t at, std::size_t length) const {
  if (at < head_.size() && length <= head_.size() - at) return head_.substr(at, length);
  if (at >= size_) return {};
  return read_at(fd_.get(), at, static_cast<std::size_t>(std::min<std::uint64_t>(length, size_ - at)));
}

std::string ImageBytes::tail(std::size_t length) const {
  std::string bytes = size_ < length ? text(0, length) : text(size_ - length, length);
  return std::string(length - bytes.size(), '\0') + bytes;
}

std::uint64_t ImageBytes::number(std::uint64_t at, int bytes) const {
  const auto raw = text(at, static_cast<std::size_t>(bytes));
  std::uint64_t value = 0;
  for (std::size_t i = raw.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(raw[i]);
  return value;
}

}  // namespace aios
