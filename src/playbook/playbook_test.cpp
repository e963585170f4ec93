#include <gtest/gtest.h>

#include "playbook/compile.h"

namespace tact {
namespace {

TEST(Playbook, TheShopCompiles) {
  const Compilation shop = compile_playbook_folder("playbooks/shop");
  for (const Finding& finding : shop.findings) {
    EXPECT_EQ(finding.severity, Severity::kNote) << finding.to_text();
  }
  ASSERT_TRUE(shop.ok());
}

}  // namespace
}  // namespace tact
