// What rows of facts and daily counters know of the health of an experiment, from events and
// questions to the store.
#include "engine/engine_test_util.h"
#include "profile/core.h"

namespace tact {
namespace {

class Health : public EngineTest {
 protected:
  // Somebody unsure of the size is shown the guide; the decision's id.
  std::string expose(const std::string& device) {
    EXPECT_TRUE(track(unsure_of(device, "p7")).has_value());
    DecideRequest request = question(device, "p7");
    request.where.region = "DE-BY";
    const json::object answer = decide(std::move(request));
    EXPECT_EQ(message_of(first(answer)), "fit-guide");
    return std::string(first(answer).at("id").get_string());
  }

  Record reaction(const std::string& device, const std::string& name, const std::string& decision) {
    Record record = event(device, name);
    std::get<Event>(record.body).decision = decision;
    return record;
  }

  Record choice(const std::string& device, ConsentState state) {
    Record record = event(device, std::string(kConsentEvent));
    set_choice(std::get<Event>(record.body).consent, Purpose::kPersonalization, state);
    return record;
  }

  // What the store holds of the visitor's exposure to the guide.
  Exposure row_of(const std::string& device) {
    const auto shown = engine_->show_visitor(named(device));
    EXPECT_TRUE(shown.has_value());
    const auto visitor = VisitorId::parse(shown->at("visitor").get_string());
    const auto state = engine_->playbook();
    const Experiment* experiment = state->experiments.of_moment(state->playbook->hash, "fit-help");
    EXPECT_NE(experiment, nullptr);
    const auto bytes = engine_->store().get(Family::kFacts, keys::facts(experiment->id, *visitor));
    if (!bytes.has_value() || !*bytes) return {};
    ByteReader in(**bytes);
    return Exposure::decode(in);
  }

  std::uint64_t consented() {
    std::uint64_t sum = 0;
    const auto add = [&](std::string_view key, std::string_view value) {
      EXPECT_TRUE(keys::parse_consented(key).has_value());
      sum += ByteReader(value).varint();
      return true;
    };
    EXPECT_TRUE(
        engine_->store().scan(Family::kMeta, keys::consented_prefix(), {}, add).has_value());
    return sum;
  }
};

TEST_F(Health, WhereWhatAndWhyIsFrozenInTheRow) {
  expose("a-1");
  const Covariates before = row_of("a-1").covariates;
  EXPECT_EQ(before.region, "DE-BY");
  EXPECT_EQ(before.page_type, "product");
  EXPECT_EQ(before.intent, "unsure_about_fit");
  EXPECT_EQ(before.language, "en");
}

TEST_F(Health, WhetherTheSlotWasSeenIsInTheRow) {
  const std::string seen = expose("a-1"), lost = expose("a-2");
  expose("a-3");
  ASSERT_TRUE(track({reaction("a-1", "Message Seen", seen)}).has_value());
  ASSERT_TRUE(track({reaction("a-2", "Message Not Seen", lost)}).has_value());
  ASSERT_TRUE(track({reaction("a-3", "Message Seen", seen)}).has_value());  // another's
  EXPECT_EQ(row_of("a-1").slot, SlotSeen::kSeen);
  EXPECT_EQ(row_of("a-2").slot, SlotSeen::kNotSeen);
  EXPECT_EQ(row_of("a-3").slot, SlotSeen::kUntold);
  closed_and_verified();
}

TEST_F(Health, OfAWithdrawalTheRowKeepsThatItHappenedAndWhatAnalyticsStillAllows) {
  for (const std::string device : {"a-1", "a-2"}) {
    const bool analytics = device == "a-1";  // of the source's own basis
    expose(device);
    Record refusal = choice(device, ConsentState::kRefused);
    if (!analytics)
      set_choice(std::get<Event>(refusal.body).consent, Purpose::kAnalytics,
                 ConsentState::kRefused);
    ASSERT_TRUE(track({std::move(refusal)}).has_value());
    const Exposure row = row_of(device);
    EXPECT_TRUE(row.follow_up.withdrew);
    Record order = event(device, "Order Completed", "p7");
    std::get<Event>(order.body).order_id = "o-1";
    std::get<Event>(order.body).value_minor = 5'000;
    const auto counts = track({std::move(order), event(device, "page", "p9")});
    ASSERT_TRUE(counts.has_value());
    EXPECT_EQ(counts->dropped_without_consent, analytics ? 0U : 2U);
    EXPECT_EQ(row_of(device).follow_up.orders, analytics ? 1U : 0U);
    EXPECT_EQ(row_of(device) == row, !analytics);
  }
  closed_and_verified();
}

TEST_F(Health, AnswersWithConsentAreCountedByDay) {
  expose("a-1");
  decide(question("a-2", "p7"));
  DecideRequest stranger = question("a-3", "p7");
  stranger.flags = 0;
  decide(std::move(stranger));
  engine_.reset();
  open();
  EXPECT_EQ(consented(), 2U);
  DecideRequest two = question("a-1", "p7");
  two.slots.push_back("cart.note");
  decide(std::move(two));
  engine_.reset();
  open();
  EXPECT_EQ(consented(), 4U) << "one for each slot";
}

}  // namespace
}  // namespace tact
