// SPDX-License-Identifier: Apache-2.0
// One round trip: a message of the table's size to a peer process, and one as large back.
#include "scenarios/ipc/transport.h"
#include "scenarios/operation.h"

namespace aios::scenario::ipc {
namespace {

constexpr long kBefore = kPage;  // room before the buffer, a page so that the buffer is aligned

long mapped(const Link& link) { return kBefore + (link.size + kPage - 1) / kPage * kPage; }

template <typename Transport>
Readiness prepare(Context& context) {
  auto& link = context.make_state<Link>();
  link.size = context.size;
  auto* memory = static_cast<char*>(map_private(mapped(link)));
  if (memory == nullptr) return context.unavailable("no memory for the message");
  link.buffer = memory + kBefore;
  const long opened = Transport::open(link);
  if (opened < 0) return context.unavailable("the kernel refuses this kind of channel", opened);
  __builtin_memset(link.buffer, 'm', static_cast<unsigned long>(link.size));
  link.peer = start_process(context, [](Context& inner) {
    auto& mine = inner.state<Link>();
    while (Transport::receive(mine, 1)) Transport::send(mine, 1);
  });
  return link.peer > 0 ? Readiness::ready : context.unavailable("no second process", link.peer);
}

template <typename Transport>
void once(Context& context) {
  auto& link = context.state<Link>();
  Transport::send(link, 0);
  context.expect(Transport::receive(link, 0));
}

template <typename Transport>
void finish(Context& context) {
  auto& link = context.state<Link>();
  end_process(link.peer);
  Transport::close(link);
  if (link.buffer != nullptr) sys::munmap(link.buffer - kBefore, mapped(link));
}

constexpr long kKilo = 1024;

template <typename Transport>
constexpr Operation trip(const char* metric, long size) {
  return {metric, prepare<Transport>, once<Transport>, finish<Transport>, nullptr, size};
}

constexpr Operation kOperations[] = {
    trip<Pipe>("ipc.pipe.1B.round_trip", 1),
    trip<Pipe>("ipc.pipe.64B.round_trip", 64),
    trip<Pipe>("ipc.pipe.4KB.round_trip", 4 * kKilo),
    trip<Pipe>("ipc.pipe.64KB.round_trip", 64 * kKilo),
    trip<Pipe>("ipc.pipe.1MB.round_trip", kKilo* kKilo),
    trip<UnixSocket>("ipc.unix_socket.1B.round_trip", 1),
    trip<UnixSocket>("ipc.unix_socket.64B.round_trip", 64),
    trip<UnixSocket>("ipc.unix_socket.4KB.round_trip", 4 * kKilo),
    trip<UnixSocket>("ipc.unix_socket.64KB.round_trip", 64 * kKilo),
    trip<UnixSocket>("ipc.unix_socket.1MB.round_trip", kKilo* kKilo),
    trip<SharedRing>("ipc.shared_ring.1B.round_trip", 1),
    trip<SharedRing>("ipc.shared_ring.64B.round_trip", 64),
    trip<SharedRing>("ipc.shared_ring.4KB.round_trip", 4 * kKilo),
    trip<SharedRing>("ipc.shared_ring.64KB.round_trip", 64 * kKilo),
    trip<SharedRing>("ipc.shared_ring.1MB.round_trip", kKilo* kKilo),
    trip<UnixDatagram>("ipc.unix_datagram.1B.round_trip", 1),
    trip<UnixDatagram>("ipc.unix_datagram.64B.round_trip", 64),
    trip<UnixDatagram>("ipc.unix_datagram.4KB.round_trip", 4 * kKilo),
    trip<UnixDatagram>("ipc.unix_datagram.64KB.round_trip", 64 * kKilo),
    trip<SysvQueue>("ipc.sysv_queue.1B.round_trip", 1),
    trip<SysvQueue>("ipc.sysv_queue.64B.round_trip", 64),
    trip<SysvQueue>("ipc.sysv_queue.4KB.round_trip", 4 * kKilo),
    trip<PosixQueue>("ipc.posix_queue.1B.round_trip", 1),
    trip<PosixQueue>("ipc.posix_queue.64B.round_trip", 64),
    trip<PosixQueue>("ipc.posix_queue.4KB.round_trip", 4 * kKilo),
    trip<EventCounter>("ipc.eventfd.8B.round_trip", 8),
    trip<FutexWord>("ipc.futex.4B.round_trip", 4),
};

}  // namespace

extern const OperationTable operations;
const OperationTable operations = table_of("ipc", kOperations);

}  // namespace aios::scenario::ipc
