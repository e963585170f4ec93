// Hesitation that returned, through the whole engine: told by a decision of a later visit, kept in
// the row, derived again; also of what an older version recorded.
#include "engine/engine_test_util.h"
#include "event/codec.h"
#include "log/log.h"

namespace tact {
namespace {

class Doubts : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    engine_.reset();
    fs::remove_all(directory_);
    reopen();
    to(*parse_time("2026-01-05T10:00:00Z"));
  }
  void reopen() {
    EngineOptions options;
    options.data_directory = directory_.string();
    options.simulated = true;
    auto engine = Engine::open(options, key_, files_);
    ASSERT_TRUE(engine.has_value()) << engine.error().to_text();
    engine_ = std::move(*engine);
  }
  void to(Time time) { ASSERT_TRUE(engine_->set_simulated_time(time).has_value()); }

  // Looks at the size guide again and again, and asks.
  DecisionId doubt(const std::string& visitor) {
    DecideRequest request = question(visitor, "p7");
    request.events = unsure_of(visitor, "p7");
    const json::object answer = decide(std::move(request));
    return *DecisionId::parse(std::string_view(first(answer).at("id").get_string()));
  }
  std::int64_t again_day(const std::string& visitor) {
    const auto shown = engine_->show_visitor(named(visitor));
    EXPECT_TRUE(shown.has_value());
    for (const json::value& row : shown->at("exposures").get_array()) {
      if (row.at("moment") == "fit-help") return row.at("after").at("again_day").to_number<int>();
    }
    ADD_FAILURE() << "no exposure";
    return -2;
  }
  bool agrees(const DecisionId& id) {
    const auto explained = engine_->explain(id);
    EXPECT_TRUE(explained.has_value());
    return explained.has_value() && explained->at("agrees").get_bool();
  }
  // The decision as it would have been recorded with this.
  void record_as(const DecisionId& id, Hesitation hesitation) {
    engine_.reset();
    auto store = Store::open(directory_.string());
    ASSERT_TRUE(store.has_value());
    const auto visitor = visitor_at(**store, id.partition, id.offset);
    auto record = read_record(**store, *visitor, id.offset);
    ASSERT_TRUE(record.has_value());
    auto& decision = std::get<DecisionRecord>(record->body);
    EXPECT_EQ(decision.hesitation, Hesitation::kAgain);
    decision.hesitation = hesitation;
    Batch batch;
    batch.put(Family::kHistory, keys::history(*visitor, id.offset), encode_record(*record));
    ASSERT_TRUE((*store)->commit(batch).has_value());
    store->reset();
    reopen();
  }
};

TEST_F(Doubts, OfALaterVisitAreInTheRowAndDerivedAgain) {
  const Time start = engine_->now();
  doubt("a-1");
  EXPECT_EQ(again_day("a-1"), -1);
  to(start + 10min);
  doubt("a-1");
  EXPECT_EQ(again_day("a-1"), -1) << "the same visit";
  to(start + days(3));
  const DecisionId again = doubt("a-1");
  EXPECT_EQ(again_day("a-1"), 3);
  EXPECT_TRUE(agrees(again));
  engine_.reset();
  reopen();
  EXPECT_EQ(again_day("a-1"), 3);
  closed_and_verified();
}

TEST_F(Doubts, OfWhatAnOlderVersionRecordedIsNothingToldAndNothingWrong) {
  const Time start = engine_->now();
  doubt("a-1");
  to(start + days(3));
  const DecisionId again = doubt("a-1");
  EXPECT_TRUE(agrees(again));
  record_as(again, Hesitation::kUntold);
  EXPECT_TRUE(agrees(again));
}

TEST_F(Doubts, ARecordThatSaysOtherwiseDoesNotAgree) {
  const Time start = engine_->now();
  doubt("a-1");
  to(start + days(3));
  const DecisionId again = doubt("a-1");
  record_as(again, Hesitation::kNotAgain);
  EXPECT_FALSE(agrees(again));
}

// The row of whoever is known by both, from the earlier exposure on.
TEST_F(Doubts, OnAnotherDeviceAreTheSameVisitors) {
  const Time start = engine_->now();
  doubt("phone");
  to(start + days(1));
  ASSERT_TRUE(track({identify("phone", "u-1")}).has_value());
  ASSERT_TRUE(track({event("desk", "page", "p7"), identify("desk", "u-1")}).has_value());
  to(start + days(2));
  doubt("desk");
  EXPECT_EQ(again_day("desk"), 2);
  closed_and_verified();
}

}  // namespace
}  // namespace tact
