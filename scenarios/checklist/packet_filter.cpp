// SPDX-License-Identifier: Apache-2.0
// nftables by a rule that drops and one that translates, iptables by its table, connection tracking by a counted flow.
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <initializer_list>

#include "scenarios/checklist/check.h"
#include "scenarios/checklist/container.h"
#include "scenarios/checklist/interface.h"
#include "scenarios/checklist/netlink.h"
#include "scenarios/checklist/tools.h"

namespace aios::checklist {
namespace {

constexpr std::uint16_t kOpen = 4105, kClosed = 4106;
constexpr int kTries = 5;
constexpr std::uint32_t kInside = 0x0a050102, kGateway = 0x0a050101, kHostOut = 0x0a050201, kOutside = 0x0a050202;

constexpr nfgenmsg kFamily = {NFPROTO_IPV4, NFNETLINK_V0, 0};
const nfgenmsg kBatch = {0, NFNETLINK_V0, htons(NFNL_SUBSYS_NFTABLES)};
constexpr std::uint16_t nft(int message) { return static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | message); }

// A table `aios` with a chain of this type at this hook, and one rule whose expressions `add_rule` writes.
template <typename Rule>
bool load_rule(const char* type, std::uint32_t hook, std::uint32_t priority, Rule add_rule) {
  constexpr std::uint16_t kCreate = NLM_F_CREATE | NLM_F_ACK;
  NetlinkMessage begin(NFNL_MSG_BATCH_BEGIN, 0, &kBatch, sizeof kBatch),
      end(NFNL_MSG_BATCH_END, 0, &kBatch, sizeof kBatch);
  NetlinkMessage table(nft(NFT_MSG_NEWTABLE), kCreate, &kFamily, sizeof kFamily);
  table.text(NFTA_TABLE_NAME, "aios");
  NetlinkMessage chain(nft(NFT_MSG_NEWCHAIN), kCreate, &kFamily, sizeof kFamily);
  chain.text(NFTA_CHAIN_TABLE, "aios").text(NFTA_CHAIN_NAME, "chain").begin(NFTA_CHAIN_HOOK | NLA_F_NESTED);
  chain.big_endian(NFTA_HOOK_HOOKNUM, hook).big_endian(NFTA_HOOK_PRIORITY, priority).end().text(NFTA_CHAIN_TYPE, type);
  NetlinkMessage rule(nft(NFT_MSG_NEWRULE), kCreate | NLM_F_APPEND, &kFamily, sizeof kFamily);
  rule.text(NFTA_RULE_TABLE, "aios").text(NFTA_RULE_CHAIN, "chain").begin(NFTA_RULE_EXPRESSIONS | NLA_F_NESTED);
  add_rule(rule);
  rule.end();
  const NetlinkMessage* const all[] = {&begin, &table, &chain, &rule, &end};
  NetlinkSocket socket(NETLINK_NETFILTER);
  return socket.ok() && socket.ask_all(all, 5, 3);
}

template <typename Data>
void expression(NetlinkMessage& rule, const char* name, Data data) {
  rule.begin(NFTA_LIST_ELEM | NLA_F_NESTED).text(NFTA_EXPR_NAME, name).begin(NFTA_EXPR_DATA | NLA_F_NESTED);
  data();
  rule.end().end();
}

// udp dport PORT drop
void drop_port(NetlinkMessage& rule) {
  expression(rule, "payload", [&] {
    rule.big_endian(NFTA_PAYLOAD_DREG, NFT_REG_1).big_endian(NFTA_PAYLOAD_BASE, NFT_PAYLOAD_TRANSPORT_HEADER);
    rule.big_endian(NFTA_PAYLOAD_OFFSET, 2).big_endian(NFTA_PAYLOAD_LEN, 2);
  });
  expression(rule, "cmp", [&] {
    const std::uint16_t port = htons(kClosed);
    rule.big_endian(NFTA_CMP_SREG, NFT_REG_1).big_endian(NFTA_CMP_OP, NFT_CMP_EQ);
    rule.begin(NFTA_CMP_DATA | NLA_F_NESTED).bytes(NFTA_DATA_VALUE, &port, sizeof port).end();
  });
  expression(rule, "immediate", [&] {
    rule.big_endian(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT).begin(NFTA_IMMEDIATE_DATA | NLA_F_NESTED);
    rule.begin(NFTA_DATA_VERDICT | NLA_F_NESTED).big_endian(NFTA_VERDICT_CODE, NF_DROP).end().end();
  });
}

Outcome network_nftables() {
  if (::unshare(CLONE_NEWNET) != 0) return refused("a network namespace");
  if (!load_rule("filter", NF_INET_LOCAL_IN, 0, drop_port)) return refused("loading a rule");
  interface_up("lo");
  const int open = udp_socket(kLoopback, kOpen), closed = udp_socket(kLoopback, kClosed),
            out = udp_socket(kLoopback, 0);
  if (open < 0 || closed < 0 || out < 0) return refused("sockets");
  send_to(out, kLoopback, kClosed, "dropped");
  send_to(out, kLoopback, kOpen, "passed");
  if (receive_from(open, "passed") == 0) return no("it dropped a datagram that the rule does not name");
  return receive_from(closed, "dropped") == 0 ? yes("the datagrams that the rule names were dropped, others not")
                                              : no("a datagram that the rule names came through");
}

int inside(void*) {
  if (!interface_up("eth0") || !set_address("eth0", kInside, 24) || !add_default_route(kGateway)) return 1;
  const int socket = udp_socket(0, kOpen);
  container_ready();
  // A link that has just come up may lose a datagram, which says nothing of the translation.
  for (int i = 0; i < kTries; ++i) {
    if (socket < 0 || !send_to(socket, kOutside, kOpen, "out")) return 2;
    if (receive_from(socket, "back") == kOutside) return 0;
  }
  return 3;
}
// It knows no way back to the container: what reaches it must bear the host's address. Its exit code says which it was.
int outside(void*) {
  if (!interface_up("eth0") || !set_address("eth0", kOutside, 24)) return 1;
  const int socket = udp_socket(kOutside, kOpen);
  container_ready();
  const std::uint32_t from = receive_from(socket, "out");
  if (from != kHostOut) return from == 0 ? 2 : 3;
  // Asked again, it answers again; its silence at the end also gives the last answer time to leave the link.
  for (int i = 0; i < kTries; ++i) {
    if (!send_to(socket, from, kOpen, "back")) return 4;
    if (receive_from(socket, "out") == 0) break;
  }
  return 0;
}

Outcome container_nat() {
  if (::unshare(CLONE_NEWNET) != 0) return refused("a network namespace");
  Container in, out;
  if (!in.start(inside, nullptr) || !out.start(outside, nullptr)) return refused("two containers");
  if (!add_veth("in0", "eth0") || !move_link("eth0", in.pid())) return refused("a link to the container");
  if (!add_veth("out0", "eth0") || !move_link("eth0", out.pid())) return refused("a link to the outside");
  for (const char* name : {"in0", "out0"}) {
    if (!interface_up(name)) return refused(name);
  }
  if (!set_address("in0", kGateway, 24) || !set_address("out0", kHostOut, 24)) return refused("addresses");
  if (!write_text("/proc/sys/net/ipv4/ip_forward", "1")) return refused("forwarding");
  constexpr std::uint32_t kSourceNat = 100;
  if (!load_rule("nat", NF_INET_POST_ROUTING, kSourceNat,
                 [](NetlinkMessage& rule) { expression(rule, "masq", [] {}); })) {
    return refused("a masquerading rule");
  }
  out.go();
  if (!out.wait_ready()) return no("the outside did not get ready");
  in.go();
  const int seen = out.end(), answered = in.end();
  if (seen == 3) return no("it left with the container's own address");
  if (seen != 0) return no("it did not reach the outside (%d)", seen);
  return answered == 0 ? yes("it left with the host's address, and the answer came back")
                       : no("the answer did not come back (%d)", answered);
}

Outcome network_iptables() {
  const int socket = ::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
  if (socket < 0) return refused("a raw socket");
  ipt_getinfo information{};
  std::strcpy(information.name, "filter");
  socklen_t size = sizeof information;
  if (::getsockopt(socket, IPPROTO_IP, IPT_SO_GET_INFO, &information, &size) != 0) return refused("the filter table");
  return information.num_entries > 0 ? yes("the filter table has %u entries", information.num_entries)
                                     : no("the filter table is empty");
}

long counted_flows() {
  char text[32];
  return read_text("/proc/sys/net/netfilter/nf_conntrack_count", text, sizeof text) ? std::strtol(text, nullptr, 10)
                                                                                    : -1;
}

// Connections are followed only where somebody asks for it: a rule that reads their state does.
Outcome network_conntrack() {
  if (::unshare(CLONE_NEWNET) != 0) return refused("a network namespace");
  const long before = counted_flows();
  if (before < 0) return refused("nf_conntrack_count");
  const auto read_state = [](NetlinkMessage& rule) {
    expression(rule, "ct", [&] { rule.big_endian(NFTA_CT_DREG, NFT_REG_1).big_endian(NFTA_CT_KEY, NFT_CT_STATE); });
  };
  if (!load_rule("filter", NF_INET_LOCAL_OUT, 0, read_state)) return refused("a rule that needs it");
  interface_up("lo");
  const int to = udp_socket(kLoopback, kOpen), from = udp_socket(kLoopback, 0);
  if (to < 0 || from < 0 || !send_to(from, kLoopback, kOpen, "flow")) return refused("a datagram");
  const long after = counted_flows();
  return after > before ? yes("%ld flows counted", after) : no("a flow went by uncounted");
}

constexpr Check kChecks[] = {
    {"container_nat", container_nat},
    {"network_nftables", network_nftables},
    {"network_iptables", network_iptables},
    {"network_conntrack", network_conntrack},
};

}  // namespace

const Group kPacketFilterChecks = group_of(kChecks);

}  // namespace aios::checklist
