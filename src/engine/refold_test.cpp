// A playbook with other signals: everything that was folded is folded again, without a pause for
// anybody and whatever happens in between. And what is counted of those who allowed nothing.
#include <chrono>
#include <thread>

#include "base/bytes.h"
#include "engine/engine_test_util.h"

namespace tact {
namespace {

class Refold : public EngineTest {
 protected:
  // More than one touch folds again at once.
  static constexpr int kLong = 5'000;

  void live_long(const std::string& visitor) {
    std::vector<Record> events;
    for (int i = 0; i < kLong; ++i) events.push_back(event(visitor, "Anything"));
    for (Record& record : unsure_of(visitor, "p7")) events.push_back(std::move(record));
    ASSERT_TRUE(track(std::move(events)).has_value());
  }

  void publish_other_signals(const std::string& half_life) {
    replace(files_.at("signals.yaml"), "half in 2d", half_life);
    const auto published = engine_->publish(files_);
    ASSERT_TRUE(published.has_value()) << published.error().to_text();
  }

  // Profiles in the store that are of other definitions than the playbook's.
  int stale() {
    int found = 0;
    const std::uint64_t wanted = engine_->playbook()->playbook->derived_hash;
    EXPECT_TRUE(engine_->store()
                    .scan(Family::kProfile, {}, {},
                          [&](std::string_view, std::string_view value) {
                            found += Profile::definitions_of(value) != wanted ? 1 : 0;
                            return true;
                          })
                    .has_value());
    return found;
  }

  template <typename Condition>
  static bool comes_true(Condition condition) {
    for (int i = 0; i < 3'000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
};

TEST_F(Refold, ALongHistoryMeetsTheDefaultUntilItIsThrough) {
  live_long("a-1");
  EXPECT_EQ(message_of(first(decide(question("a-1", "p7")))), "fit-guide");
  publish_other_signals("half in 5d");
  const json::object meanwhile = decide(question("a-1", "p7"));
  EXPECT_EQ(message_of(first(meanwhile)), "default");
  EXPECT_FALSE(first(meanwhile).contains("id")) << "it cannot be explained, so it is no decision";
  ASSERT_TRUE(track({event("a-1", "Size Guide Opened", "p7")}).has_value());
  ASSERT_TRUE(comes_true([&] { return first(decide(question("a-1", "p7"))).contains("id"); }));
  EXPECT_EQ(message_of(first(decide(question("a-1", "p7")))), "fit-guide");
  EXPECT_EQ(closed_and_verified().refold_later, 0U);
}

TEST_F(Refold, NobodyHasToComeBackForIt) {
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(track(unsure_of("a-" + std::to_string(i), "p7")).has_value());
  }
  publish_other_signals("half in 5d");
  EXPECT_TRUE(comes_true([&] { return stale() == 0; })) << stale() << " are left";
  EXPECT_EQ(closed_and_verified().refold_later, 0U);
}

TEST_F(Refold, GoesOnAfterARestart) {
  live_long("a-1");
  for (int i = 2; i < 100; ++i) {
    ASSERT_TRUE(track(unsure_of("a-" + std::to_string(i), "p7")).has_value());
  }
  publish_other_signals("half in 5d");
  engine_.reset();
  open();
  EXPECT_TRUE(comes_true([&] { return stale() == 0; })) << stale() << " are left";
  engine_.reset();  // and with a playbook that changed while it was closed
  replace(files_.at("signals.yaml"), "half in 5d", "half in 3d");
  open();
  EXPECT_TRUE(comes_true([&] { return stale() == 0; })) << stale() << " are left";
  EXPECT_EQ(closed_and_verified().refold_later, 0U);
}

TEST_F(Refold, AVisitorMayBeMergedMeanwhile) {
  live_long("a-1");
  publish_other_signals("half in 5d");
  ASSERT_TRUE(track({identify("a-1", "u-1")}).has_value());
  EXPECT_EQ(message_of(first(decide(question("a-1", "p7")))), "fit-guide");
  closed_and_verified();
}

TEST_F(Refold, TwoPlaybooksInARow) {
  live_long("a-1");
  publish_other_signals("half in 5d");
  EXPECT_FALSE(first(decide(question("a-1", "p7"))).contains("id"));
  replace(files_.at("signals.yaml"), "half in 5d", "half in 3d");
  ASSERT_TRUE(engine_->publish(files_).has_value());
  ASSERT_TRUE(comes_true([&] { return first(decide(question("a-1", "p7"))).contains("id"); }));
  EXPECT_EQ(closed_and_verified().refold_later, 0U);
}

TEST_F(Refold, AnswersWithoutConsentAreCountedByDayAndMoment) {
  const auto counted = [&] {
    std::uint64_t sum = 0;
    EXPECT_TRUE(engine_->store()
                    .scan(Family::kMeta, keys::unconsented_prefix(), {},
                          [&](std::string_view key, std::string_view value) {
                            EXPECT_TRUE(keys::parse_unconsented(key).has_value());
                            sum += ByteReader(value).varint();
                            return true;
                          })
                    .has_value());
    return sum;
  };
  const auto ask_without_consent = [&] {
    DecideRequest request = question("a-1", "p7");
    request.flags = 0;
    EXPECT_FALSE(first(decide(std::move(request))).contains("id"));
  };
  for (int i = 0; i < 3; ++i) ask_without_consent();
  engine_.reset();
  open();
  EXPECT_EQ(counted(), 3U);
  ask_without_consent();
  engine_.reset();
  open();
  EXPECT_EQ(counted(), 4U);
}

}  // namespace
}  // namespace tact
