// SPDX-License-Identifier: Apache-2.0
// Against libvirt's own stand-in, test:///default: no daemon, no QEMU.
#include "harness/machine/libvirt/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libvirt/virterror.h>
#include <poll.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "harness/machine/libvirt/domain_xml.h"
#include "harness/machine/libvirt/errors.h"
#include "harness/machine/libvirt/mailbox.h"
#include "harness/machine/machines.h"

namespace aios::libvirt {
namespace {

using ::testing::HasSubstr;

TEST(LibvirtConnection, UrisLeadHereOrElsewhere) {
  EXPECT_TRUE(uri_facts("qemu:///session").session);
  EXPECT_FALSE(uri_facts("qemu:///session").remote);
  EXPECT_FALSE(uri_facts("qemu:///system").remote);
  EXPECT_TRUE(uri_facts("qemu+ssh://root@lab/system").remote);
  EXPECT_FALSE(uri_facts("qemu+ssh://root@lab/system").session);
  EXPECT_TRUE(uri_facts("qemu+unix:///session?socket=/s").session);
  EXPECT_TRUE(uri_facts("qemu:///embed?root=/x").embedded);
}

TEST(LibvirtConnection, WhereNobodyAnswersItSaysHowToStartOne) {
  const auto session = Connection::open("qemu+unix:///session?socket=/nonexistent/socket");
  ASSERT_FALSE(session.ok());
  EXPECT_EQ(session.error().kind, ErrorKind::infra_fault);
  EXPECT_THAT(session.error().describe(), AllOf(HasSubstr("/nonexistent/socket"), HasSubstr("libvirtd --daemon")));
  const auto system = Connection::open("qemu+unix:///system?socket=/nonexistent/socket");
  ASSERT_FALSE(system.ok());
  EXPECT_THAT(system.error().hint, HasSubstr("systemctl start libvirtd"));
}

struct LifecycleCount {
  std::atomic<int> started{0}, stopped{0};
};

int count_lifecycle(virConnectPtr, virDomainPtr, int event, int, void* opaque) {
  auto* count = static_cast<LifecycleCount*>(opaque);
  if (event == VIR_DOMAIN_EVENT_STARTED) ++count->started;
  if (event == VIR_DOMAIN_EVENT_STOPPED) ++count->stopped;
  return 0;
}

// The stand-in takes the description, a passed-through device included, and tells what happens on the loop's thread.
TEST(LibvirtConnection, TheDescriptionIsTakenAndEventsCome) {
  auto connection = Connection::open("test:///default");
  ASSERT_TRUE(connection.ok()) << connection.error().describe();
  LifecycleCount count;
  const int watch = virConnectDomainEventRegisterAny(connection->get(), nullptr, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                                     VIR_DOMAIN_EVENT_CALLBACK(count_lifecycle), &count, nullptr);
  ASSERT_GE(watch, 0);
  BootSpec spec;
  spec.machine = find_machine(built_in_machines(), "libvirt").value();
  spec.machine.pass_through = {"0000:01:00.0", "0000:01:00.1"};
  spec.image = "/k";
  std::string xml =
      domain_xml(spec, {.name = "one", .uuid = "0a0b0c0d-0000-4000-8000-000000000001", .image = "/k"}).value();
  xml.replace(xml.find("type='qemu'"), 11, "type='test'");
  const Handle<virDomain> domain(virDomainCreateXML(connection->get(), xml.c_str(), VIR_DOMAIN_START_VALIDATE));
  ASSERT_TRUE(domain) << last_message();
  EXPECT_EQ(virDomainDestroy(domain.get()), 0);
  for (int i = 0; i < 2000 && count.stopped == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_EQ(count.started, 1);
  EXPECT_EQ(count.stopped, 1);
  virConnectDomainEventDeregisterAny(connection->get(), watch);
}

TEST(LibvirtEventLoop, LivesAsLongAsSomebodyHoldsIt) {
  for (int i = 0; i < 3; ++i) {
    auto one = EventLoop::share().value();
    const auto two = EventLoop::share().value();
    EXPECT_EQ(one, two);
  }
}

TEST(LibvirtMailbox, IsReadableWhileSomethingIsInItAndBounded) {
  Mailbox mail;
  pollfd wait{mail.fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&wait, 1, 0), 0);
  std::thread other([&] {
    for (int i = 0; i < 40; ++i) mail.put({Fact::console, std::string(1U << 20, 'x'), 0});
    mail.put({Fact::stopped, {}, 3});
  });
  other.join();
  EXPECT_EQ(::poll(&wait, 1, 0), 1);
  const auto letters = mail.take();
  EXPECT_EQ(letters.size(), 17U);
  EXPECT_EQ(letters.back().code, 3);
  EXPECT_TRUE(mail.overflowed());
  EXPECT_EQ(::poll(&wait, 1, 0), 0);
}

}  // namespace
}  // namespace aios::libvirt
