// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "harness/machine/board/console/console.h"
#include "harness/support/unique_fd.h"

namespace aios::board {
namespace {

speed_t termios_speed(int speed) {
  constexpr std::pair<int, speed_t> kSpeeds[] = {
      {9600, B9600},     {19200, B19200},   {38400, B38400},   {57600, B57600},     {115200, B115200},
      {230400, B230400}, {460800, B460800}, {921600, B921600}, {1500000, B1500000}, {3000000, B3000000}};
  for (const auto& [number, word] : kSpeeds) {
    if (number == speed) return word;
  }
  return B115200;
}

}  // namespace

Result<ConsoleWire> open_serial(const BoardConsole& console) {
  auto line = std::make_shared<UniqueFd>(::open(console.device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!*line) {
    const int code = errno;
    Error error = system_error("the serial port cannot be opened", console.device, code);
    if (code == EACCES) return config_error(error.what, console.device, "usually: be a member of group dialout");
    if (code == ENOENT) error.hint = "is the cable in? ls /dev/ttyUSB* /dev/ttyS*";
    return error;
  }
  if (::ioctl(line->get(), TIOCEXCL) != 0)
    return system_error("the serial port cannot be had alone", console.device, errno);
  termios settings{};
  if (::tcgetattr(line->get(), &settings) != 0) {
    return config_error("is no serial port", console.device, "console.device names a character device");
  }
  ::cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  settings.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS | HUPCL);
  if (console.flow == "hardware") settings.c_cflag |= CRTSCTS;
  if (console.flow == "software") settings.c_iflag |= IXON | IXOFF;
  ::cfsetspeed(&settings, termios_speed(console.speed));
  if (::tcsetattr(line->get(), TCSANOW, &settings) != 0) {
    return config_error(fmt::format("the serial port cannot do {} with flow control '{}'", console.speed, console.flow),
                        console.device);
  }
  // What lay there from before this boot is of another one.
  ::tcflush(line->get(), TCIFLUSH);
  return ConsoleWire{.fd = line->get(), .owner = line, .why_lost = {}, .give_up = {}};
}

}  // namespace aios::board
