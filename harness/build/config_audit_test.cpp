// SPDX-License-Identifier: Apache-2.0
#include "harness/build/config_audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aios {
namespace {

using ::testing::HasSubstr;

AuditedFragment fragment(const char* document, const char* text) {
  return {document, parse_fragment(text, "f").value()};
}

KconfigAnswer known() { return {.exists = true, .type = "bool", .has_prompt = true}; }

AuditRow only_row(const char* text, ConfigOutcome outcome) {
  return audit_config({}, {fragment("doc", text)}, outcome, nullptr).rows.at(0);
}

TEST(ConfigAudit, NamesTheMissingDependencyAndItsRoot) {
  KconfigAnswer answer = known();
  answer.missing = {"NAMESPACES"};
  answer.root_causes = {"MULTIUSER"};
  const AuditRow row = only_row("CONFIG_USER_NS=y # namespaces\n", {{}, {{"USER_NS", answer}}});
  EXPECT_EQ(row.verdict, AuditVerdict::not_in_effect);
  EXPECT_EQ(row.got, "n");
  EXPECT_EQ(row.why, "needs NAMESPACES, which in the end needs MULTIUSER");
  EXPECT_EQ(row.comment, "namespaces");
}

TEST(ConfigAudit, AnOptionThatIsGoneIsARowNotAGap) {
  const AuditRow row = only_row("CONFIG_OLD=y\n", {{}, {{"OLD", {}}}});
  EXPECT_EQ(row.verdict, AuditVerdict::no_longer_exists);
}

TEST(ConfigAudit, SomethingForcedOnIsNotOff) {
  KconfigAnswer answer = known();
  answer.selected_by = {"DRM_KMS_HELPER"};
  const AuditRow row = only_row("CONFIG_FB=n\n", {{{"FB", "y"}}, {{"FB", answer}}});
  EXPECT_EQ(row.verdict, AuditVerdict::not_in_effect);
  EXPECT_EQ(row.why, "forced on by DRM_KMS_HELPER");
}

TEST(ConfigAudit, WithoutModulesAModuleIsBuiltIn) {
  const AuditRow row = only_row("CONFIG_DRM=m\n", {{{"DRM", "y"}}, {{"DRM", known()}}});
  EXPECT_THAT(row.why, HasSubstr("MODULES"));
}

TEST(ConfigAudit, ALaterFragmentOverridesAndIsNamed) {
  const auto audit = audit_config({}, {fragment("doc", "CONFIG_DRM=m\n"), fragment("", "\nCONFIG_DRM=n # no GPU\n")},
                                  {{}, {{"DRM", known()}}}, nullptr);
  EXPECT_EQ(audit.rows[0].verdict, AuditVerdict::overridden);
  EXPECT_EQ(audit.rows[0].why, "f:2 asks for DRM=n: no GPU");
  EXPECT_EQ(audit.rows[1].verdict, AuditVerdict::in_effect);
}

TEST(ConfigAudit, ContradictionsAndDuplicates) {
  Kernel kernel;
  kernel.notes = {{"doc", {"SWAP", "ZRAM"}, "no swap, but zram swap", true}, {"doc", {}, "10 or 15 MB", true}};
  const auto audit = audit_config(kernel, {fragment("doc", "CONFIG_SWAP=n\nCONFIG_ZRAM=y\nCONFIG_ZRAM=y\n")},
                                  {{{"ZRAM", "y"}}, {{"SWAP", known()}, {"ZRAM", known()}}}, nullptr);
  ASSERT_EQ(audit.rows.size(), 2U);
  const AuditTotals totals = audit.totals("doc");
  EXPECT_EQ(totals.in_effect, 2);
  EXPECT_EQ(totals.contradicted, 2);
  ASSERT_EQ(audit.notes.size(), 1U);
}

TEST(ConfigAudit, SurvivesBeingStored) {
  KconfigAnswer answer = known();
  answer.missing = answer.root_causes = {"BLOCK"};
  const ConfigOutcome good{{{"EXT4_FS", "y"}}, {{"EXT4_FS", known()}}};
  const ConfigOutcome alone{{}, {{"EXT4_FS", answer}}};
  auto audit = audit_config({}, {fragment("doc", "CONFIG_EXT4_FS=y\n")}, good, &alone);
  audit.version = "6.12";
  const auto again = audit_from_json(audit_to_json(audit), "test").value();
  EXPECT_EQ(audit_to_json(again), audit_to_json(audit));
  EXPECT_EQ(again.totals("doc").alone_not_in_effect, 1);
  EXPECT_EQ(again.rows[0].why_alone, "needs BLOCK");
  EXPECT_FALSE(audit_from_json("{}", "test").ok());
}

}  // namespace
}  // namespace aios
