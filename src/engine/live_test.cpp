#include "engine/live.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace tact {
namespace {

struct Heard {
  std::vector<std::string> of;  // whom the updates are about
  LiveHub::Listener listener() {
    return [this](const LiveUpdate& update) { of.push_back(update.anonymous_id); };
  }
};

TEST(LiveHub, WhoeverConnectsIsSentTheLatestVisitorsWhateverTheirIds) {
  LiveHub hub;
  Heard first;
  hub.subscribe("", first.listener());
  std::set<std::string> latest;
  for (int i = 0; i < 80; ++i) {
    const std::string visitor = "v-" + std::to_string(99 - i);  // newer ones sort first
    hub.publish({"visitor", visitor, "{}"});
    if (i >= 30) latest.insert(visitor);
  }
  hub.publish({"visitor", "v-69", "{}"});  // the longest silent of those kept comes back
  hub.publish({"visitor", "v-10", "{}"});
  latest.erase("v-68");
  latest.insert("v-10");
  EXPECT_EQ(first.of.size(), 82U);

  Heard second;
  hub.subscribe("", second.listener());
  EXPECT_EQ(std::set<std::string>(second.of.begin(), second.of.end()), latest);
  EXPECT_EQ(second.of.size(), latest.size());
}

TEST(LiveHub, KeepsNobodysPictureWhenNobodyLooks) {
  LiveHub hub;
  Heard first;
  const std::uint64_t handle = hub.subscribe("a", first.listener());
  EXPECT_TRUE(hub.anyone_listens());
  hub.publish({"visitor", "b", "{}"});
  hub.publish({"visitor", "a", "{}"});
  EXPECT_EQ(first.of, std::vector<std::string>{"a"});
  hub.unsubscribe(handle);
  EXPECT_FALSE(hub.anyone_listens());

  Heard second;
  hub.subscribe("", second.listener());
  EXPECT_TRUE(second.of.empty());
}

}  // namespace
}  // namespace tact
