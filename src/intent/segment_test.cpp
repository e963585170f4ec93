// Segments over facts, three-valued; late orders and tickets.
#include "intent/segment.h"

#include <gtest/gtest.h>

#include "playbook/compile.h"

namespace tact {
namespace {

const Time kNow = *parse_time("2026-11-21T10:00:00Z");

const Playbook& playbook() {
  static const std::shared_ptr<const Playbook> compiled = [] {
    PlaybookFiles files;
    files["playbook.yaml"] = "site: Test\n";
    files["content.yaml"] = "pages:\n  /guides/*: {topic: fit}\n";
    files["facts.yaml"] =
        "company_size:\n  from: crm, then visitor\n  fresh_for: 365d\n"
        "country:\n  trait: address.country\n";
    files["segments.yaml"] =
        "large:\n  says: works for a large company\n  where: customer.company_size >= 50\n"
        "large_abroad:\n  where: customer.company_size >= 50 and customer.country != \"DE\"\n"
        "large_or_loyal:\n  where: customer.company_size >= 50 or customer.orders >= 2\n"
        "not_large:\n  where: not customer.company_size >= 50\n"
        "trail_runner:\n  where: affinity.category(\"shoes\") >= 0.3\n"
        "fan:\n  where: affinity.brand('north fold') > 0.5 and not affinity.topic(\"fit\") > 0\n"
        "large_or_runner:\n  where: customer.company_size >= 50 or affinity.category('shoes') > "
        "0\n";
    const Compilation compilation = compile_playbook(files);
    for (const Finding& finding : compilation.findings) {
      if (finding.severity == Severity::kError) ADD_FAILURE() << finding.to_text();
    }
    return compilation.playbook;
  }();
  return *compiled;
}

struct Scene {
  Profile profile;
  Surroundings where;
  Product product;

  void know(std::string name, std::string value, Duration ago = days(1)) {
    profile.core.learn({std::move(name), std::move(value), "crm", false, kNow - ago});
  }
  void look(InterestKind kind, const char* name, Duration ago = days(0)) {
    profile.core.note_interest(kind, name, kNow - ago);
  }
  bool anonymous = false;
  View view() const {
    return {.profile = profile,
            .playbook = playbook(),
            .now = kNow,
            .where = where,
            .product = product,
            .category = {},
            .weather = {},
            .consent = {.basis_granted = true, .now = kNow},
            .bucket_id = "a",
            .anonymous_request = anonymous};
  }
  std::string truth(std::string_view clause) const {
    const Playbook& p = playbook();
    const auto parsed = parse_clause(
        clause, {&p.signals, &p.intents, &p.dayparts, &p.keyword_groups, &p.segments, 2});
    EXPECT_TRUE(parsed.has_value()) << parsed.error().to_text();
    return std::string(to_string(evaluate(*parsed, view(), nullptr)));
  }
};

TEST(Segment, IsUnknownWhileItsFactsAre) {
  Scene scene;
  EXPECT_EQ(scene.truth("in large"), "unknown");
  EXPECT_EQ(scene.truth("in not_large"), "unknown") << "nobody is small for want of a fact";
  scene.know("company_size", "51");
  EXPECT_EQ(scene.truth("in large"), "true");
  EXPECT_EQ(scene.truth("in not large"), "false");
  EXPECT_EQ(scene.truth("in large_abroad"), "unknown");
  scene.know("country", "\"DE\"");
  EXPECT_EQ(scene.truth("in large_abroad"), "false");
}

TEST(Segment, OneKnownSideMayDecide) {
  Scene scene;
  EXPECT_EQ(scene.truth("in large_or_loyal"), "unknown");
  scene.profile.core.orders_total = 2;
  EXPECT_EQ(scene.truth("in large_or_loyal"), "true");
}

TEST(Segment, TextIsNoNumber) {
  Scene scene;
  scene.know("company_size", "\"many\"");
  EXPECT_EQ(scene.truth("in large"), "false");
}

TEST(Segment, AStaleFactIsUnknownAndNamed) {
  Scene scene;
  scene.know("company_size", "51", days(730));
  EXPECT_EQ(scene.truth("in large"), "unknown");
  Clause clause;
  clause.kind = Clause::Kind::kInSegment;
  clause.segment = 0;
  const CustomerValue stale = stale_fact(clause, scene.view());
  ASSERT_NE(stale.fact, nullptr);
  EXPECT_EQ(stale.fact->id, "company_size");
  EXPECT_EQ(kNow - stale.known->at, days(730));
}

TEST(Segment, AsksForAffinities) {
  Scene scene;
  EXPECT_EQ(scene.truth("in trail_runner"), "false") << "never seen is no affinity, not unknown";
  scene.look(InterestKind::kCategory, "shoes");
  EXPECT_EQ(scene.truth("in trail_runner"), "true");  // 0.33
  EXPECT_EQ(scene.truth("in large_or_runner"), "true") << "whatever the company's size";
  scene.look(InterestKind::kCategory, "tents");
  EXPECT_EQ(scene.truth("in trail_runner"), "false");  // 0.25
  for (int i = 0; i < 3; ++i) scene.look(InterestKind::kBrand, "north fold");
  EXPECT_EQ(scene.truth("in fan"), "true");  // 0.6
  scene.look(InterestKind::kTopic, "fit");
  EXPECT_EQ(scene.truth("in fan"), "false");
  scene.anonymous = true;
  EXPECT_EQ(scene.truth("in trail_runner"), "unknown") << "nothing about the visitor is";
}

TEST(Segment, AffinitiesFade) {
  Scene scene;
  for (int i = 0; i < 3; ++i) scene.look(InterestKind::kBrand, "north fold", days(30));
  EXPECT_EQ(scene.truth("in fan"), "false");  // 1.5 of 3.5
}

TEST(Service, SoLongAfterTheLatest) {
  struct Case {
    OrderState state;
    const char *after_order, *after_delivery;
  };
  for (const auto& [state, order, delivery] : {Case{OrderState::kPlaced, "true", "false"},
                                               {OrderState::kShipped, "true", "false"},
                                               {OrderState::kDelivered, "true", "true"},
                                               {OrderState::kReturned, "true", "false"},
                                               {OrderState::kCancelled, "false", "false"}}) {
    Scene scene;
    EXPECT_EQ(scene.truth("5d after order"), "false") << "there is none";
    scene.profile.core.orders = {
        {.at = kNow - days(9), .id = "o", .state = state, .state_at = kNow - days(5)}};
    EXPECT_EQ(scene.truth("5d after order"), order) << to_string(state);
    EXPECT_EQ(scene.truth("5d after delivery"), delivery) << to_string(state);
    EXPECT_EQ(scene.truth("6d after delivery"), "false") << "it came five days ago";
    EXPECT_EQ(scene.truth("10d after order"), "false");
    scene.profile.core.orders.push_back(
        {.at = kNow - days(1), .id = "o2", .state = state, .state_at = kNow - 1h});
    EXPECT_EQ(scene.truth("5d after order"), "false") << "of the latest";
    EXPECT_EQ(scene.truth("5d after delivery"), "false");
  }
}

TEST(Service, SoLongAfterATicketWasSolved) {
  Scene scene;
  EXPECT_EQ(scene.truth("2d after ticket solved"), "false");
  scene.profile.core.note(Ticket{"t", TicketState::kSolved, kNow - days(2)});
  EXPECT_EQ(scene.truth("2d after ticket solved"), "true");
  EXPECT_EQ(scene.truth("49h after ticket solved"), "false");
  scene.profile.core.note(Ticket{"t", TicketState::kReopened, kNow - days(1)});
  EXPECT_EQ(scene.truth("2d after ticket solved"), "false");
}

TEST(Service, AFormLeftInAnEarlierVisit) {
  Scene scene;
  scene.profile.core.visit.started = kNow - 1h;
  EXPECT_EQ(scene.truth("left a form within 14d"), "false");
  scene.profile.core.note(Form{.name = "quote", .started = kNow - 30min, .sent = {}});
  EXPECT_EQ(scene.truth("left a form within 14d"), "false") << "still at it";
  scene.profile.core.visit.started = kNow - 10min;
  EXPECT_EQ(scene.truth("left a form within 14d"), "true");
  EXPECT_EQ(scene.truth("left a form within 20min"), "false");
  scene.profile.core.note(Form{.name = "other", .started = {}, .sent = kNow - 5min});
  EXPECT_EQ(scene.truth("left a form within 14d"), "true") << "another form";
  scene.profile.core.note(Form{.name = "quote", .started = {}, .sent = kNow - 5min});
  EXPECT_EQ(scene.truth("left a form within 14d"), "false");
}

TEST(Service, AnOrderIsLateOnceItsPromiseIsBroken) {
  Scene scene;
  EXPECT_EQ(scene.truth("order late"), "false");
  scene.profile.core.orders = {{.at = kNow - days(5), .id = "o"}};
  EXPECT_EQ(scene.truth("order late"), "unknown") << "nobody promised a day";
  scene.profile.core.orders[0].due = kNow + days(1);
  EXPECT_EQ(scene.truth("order late"), "false");
  scene.profile.core.orders[0].due = kNow - days(1);
  EXPECT_EQ(scene.truth("order late"), "true");
  scene.profile.core.orders[0].state = OrderState::kDelivered;
  EXPECT_EQ(scene.truth("order late"), "false");
}

TEST(Service, TicketsOpenSolvedAndReopened) {
  Scene scene;
  EXPECT_EQ(scene.truth("ticket open"), "false");
  scene.profile.core.note(Ticket{"t", TicketState::kOpen, kNow - days(2)});
  EXPECT_EQ(scene.truth("ticket open"), "true");
  EXPECT_EQ(scene.truth("ticket reopened"), "false");
  scene.profile.core.note(Ticket{"t", TicketState::kSolved, kNow - days(1)});
  EXPECT_EQ(scene.truth("ticket open"), "false");
  scene.profile.core.note(Ticket{"t", TicketState::kReopened, kNow});
  EXPECT_EQ(scene.truth("ticket reopened"), "true");
}

}  // namespace
}  // namespace tact
