// Which source is believed, for how long, and what becomes of orders and tickets.
#include "profile/facts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "profile/fold.h"

namespace tact {
namespace {

const Time kNow = time_from_ms(1'800'000'000'000);

KnownFact told(std::string value, std::string origin, Duration ago, bool enriched = false) {
  return {"company_size", std::move(value), std::move(origin), enriched, kNow - ago};
}

struct Scene {
  Playbook playbook;
  Profile profile;
  Surroundings where;
  Product product;
  bool basis = true;

  explicit Scene(std::vector<Fact::Origin> from = {}) {
    Fact fact{.id = "company_size"};
    fact.from = std::move(from);
    playbook.facts = {fact};
  }
  FactReading read() const {
    const View view{.profile = profile,
                    .playbook = playbook,
                    .now = kNow,
                    .where = where,
                    .product = product,
                    .category = {},
                    .weather = {},
                    .consent = {.basis_granted = basis, .now = kNow},
                    .bucket_id = "a"};
    return read_fact(playbook.facts[0], view);
  }
  void know(std::initializer_list<KnownFact> facts) {
    for (const KnownFact& fact : facts) profile.core.learn(fact);
  }
};

TEST(ReadFact, TheDeclaredOrderDecidesNotTheTime) {
  Scene scene({{.name = "crm"}, {.name = "visitor"}});
  scene.know({told("50", "crm", days(200)), told("7", "visitor", days(1))});
  EXPECT_EQ(scene.read().known->value, "50");
}

TEST(ReadFact, AStaleFirstSourceGivesWayToAFreshSecond) {
  Scene scene({{.name = "crm"}, {.name = "visitor"}});
  scene.know({told("50", "crm", days(400)), told("7", "visitor", days(1))});
  EXPECT_EQ(scene.read().known->value, "7");
  EXPECT_EQ(scene.read().use, FactUse::kUsable);
}

TEST(ReadFact, WithoutAnOrderTheLastFirstHandOneCounts) {
  Scene scene;
  scene.know({told("50", "crm", days(20)), told("7", "visitor", days(1)),
              told("900", "acme", days(0), true)});
  EXPECT_EQ(scene.read().known->value, "7") << "bought facts are not used unless named";
}

TEST(ReadFact, ABoughtOneCountsWhereItIsNamed) {
  Scene scene({{.name = "crm"}, {.name = "acme", .enriched = true}});
  scene.know({told("900", "acme", days(2), true)});
  EXPECT_EQ(scene.read().known->value, "900");
  Scene same_name({{.name = "acme"}});
  same_name.know({told("900", "acme", days(2), true)});
  EXPECT_EQ(same_name.read().use, FactUse::kUnknown);
}

TEST(ReadFact, IsStaleToTheMillisecond) {
  Scene scene;
  scene.know({told("50", "crm", days(365))});
  EXPECT_EQ(scene.read().use, FactUse::kUsable);
  scene = Scene();
  scene.know({told("50", "crm", days(365) + Duration{1})});
  EXPECT_EQ(scene.read().use, FactUse::kStale);
}

TEST(ReadFact, NeedsConsentForItsPurposeAndForWhatIsSensitive) {
  Scene scene;
  scene.know({told("50", "crm", days(1))});
  scene.basis = false;
  EXPECT_EQ(scene.read().use, FactUse::kNotAllowed);
  const auto grant = [&](Purpose purpose) {
    Event choice;
    choice.name = kConsentEvent;
    set_choice(choice.consent, purpose, ConsentState::kGranted);
    scene.profile.core.consent.apply(choice, kNow - days(1));
  };
  grant(Purpose::kPersonalization);
  EXPECT_EQ(scene.read().use, FactUse::kUsable);
  scene.playbook.facts[0].sensitive = true;
  EXPECT_EQ(scene.read().use, FactUse::kNotAllowed);
  grant(Purpose::kSensitive);
  EXPECT_EQ(scene.read().use, FactUse::kUsable);
}

TEST(Learn, KeepsTheSameInAnyOrder) {
  std::vector<KnownFact> facts = {told("1", "crm", days(3)), told("2", "crm", days(2)),
                                  told("3", "crm", days(2)), told("4", "visitor", days(9))};
  const auto by_value = [](const auto& a, const auto& b) { return a.value < b.value; };
  Core first;
  for (const KnownFact& fact : facts) first.learn(fact);
  ASSERT_EQ(first.facts.size(), 2U);
  EXPECT_EQ(first.facts[0].value, "3");
  do {
    Core core;
    for (const KnownFact& fact : facts) core.learn(fact);
    EXPECT_EQ(core.facts, first.facts);
  } while (std::next_permutation(facts.begin(), facts.end(), by_value));
}

TEST(Learn, IsBoundedAndForgetsTheOldest) {
  Core core;
  for (std::size_t i = 0; i < kMaxFacts + 10; ++i) {
    core.learn({"f" + std::to_string(i), "1", "crm", false,
                kNow - days(static_cast<std::int64_t>(200 - i))});
  }
  EXPECT_EQ(core.facts.size(), kMaxFacts);
  EXPECT_TRUE(std::none_of(core.facts.begin(), core.facts.end(),
                           [](const KnownFact& fact) { return fact.name == "f9"; }));
  EXPECT_TRUE(Core::decode(core.encode()).has_value());
}

// --- orders and tickets
// ---------------------------------------------------------------------------

class Service : public ::testing::Test {
 protected:
  void happens(const std::string& name, Duration ago, const std::string& id, Time due = {}) {
    Record record;
    record.received_at = kNow;
    record.event_time = kNow - ago;
    record.flags = record_flags::kBasisGranted;
    Event event;
    event.name = name;
    event.message_id = name + id;
    event.anonymous_id = "a";
    (name.starts_with("Ticket") ? event.ticket : event.order_id) = id;
    event.due = due;
    record.body = event;
    FoldEffects effects;
    fold(profile_, VisitorId{}, Offset{1}, record, FoldContext{playbook_, experiments_}, effects);
  }
  const Order& order() const { return profile_.core.orders.at(0); }

  Playbook playbook_;
  ExperimentBook experiments_;
  Profile profile_ = start(playbook_);
};

TEST_F(Service, AnOrdersStateIsItsLatestWhateverArrivesFirst) {
  happens("Order Completed", days(5), "o-1", kNow - days(1));
  EXPECT_EQ(order().state, OrderState::kPlaced);
  happens("Order Delivered", days(1), "o-1");
  happens("Order Shipped", days(3), "o-1");
  EXPECT_EQ(order().state, OrderState::kDelivered);
  EXPECT_FALSE(order().under_way());
  happens("Order Refunded", days(0), "o-1");
  EXPECT_EQ(order().state, OrderState::kReturned);
  happens("Order Cancelled", days(0), "o-2");
  EXPECT_EQ(profile_.core.orders.size(), 1U) << "nothing is known of that one";
}

TEST_F(Service, APromiseMayBeUpdated) {
  happens("Order Completed", days(5), "o-1", kNow - days(1));
  happens("Order Updated", days(2), "o-1", kNow + days(3));
  EXPECT_EQ(order().due, kNow + days(3));
  EXPECT_EQ(order().state, OrderState::kPlaced);
}

TEST_F(Service, ATicketIsOpenUntilSolvedAndMayComeBack) {
  happens("Ticket Opened", days(5), "t-1");
  happens("Ticket Reopened", days(1), "t-1");
  happens("Ticket Solved", days(2), "t-1");
  ASSERT_EQ(profile_.core.tickets.size(), 1U);
  EXPECT_EQ(profile_.core.tickets[0].state, TicketState::kReopened);
}

TEST_F(Service, TicketsAreBounded) {
  for (int i = 0; i < 40; ++i) happens("Ticket Opened", days(40 - i), "t-" + std::to_string(i));
  EXPECT_EQ(profile_.core.tickets.size(), Core::kMaxTickets);
  EXPECT_EQ(profile_.core.tickets.back().id, "t-39");
}

TEST_F(Service, JoiningTwoKeepsWhatEitherKnows) {
  happens("Ticket Opened", days(5), "t-1");
  const Core one = profile_.core;
  profile_ = start(playbook_);
  happens("Ticket Solved", days(1), "t-1");
  happens("Ticket Opened", days(2), "t-2");
  profile_.core.learn(told("50", "crm", days(1)));
  Core joined = one;
  joined.absorb(profile_.core);
  ASSERT_EQ(joined.tickets.size(), 2U);
  EXPECT_EQ(joined.facts, profile_.core.facts);
  EXPECT_EQ(std::count_if(joined.tickets.begin(), joined.tickets.end(),
                          [](const Ticket& t) { return t.state == TicketState::kSolved; }),
            1);
}

}  // namespace
}  // namespace tact
