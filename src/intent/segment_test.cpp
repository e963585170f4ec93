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
    files["facts.yaml"] =
        "company_size:\n  from: crm, then visitor\n  fresh_for: 365d\n"
        "country:\n  trait: address.country\n";
    files["segments.yaml"] =
        "large:\n  says: works for a large company\n  where: customer.company_size >= 50\n"
        "large_abroad:\n  where: customer.company_size >= 50 and customer.country != \"DE\"\n"
        "large_or_loyal:\n  where: customer.company_size >= 50 or customer.orders >= 2\n"
        "not_large:\n  where: not customer.company_size >= 50\n";
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
  View view() const {
    return {.profile = profile,
            .playbook = playbook(),
            .now = kNow,
            .where = where,
            .product = product,
            .category = {},
            .weather = {},
            .consent = {.basis_granted = true, .now = kNow},
            .bucket_id = "a"};
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
