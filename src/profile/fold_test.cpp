// What must hold of fold() for every history: properties over seeded random ones, then the single
// rules that a golden case (tests/golden) cannot see.
#include <iostream>
#include <limits>

#include "profile/fold_test_util.h"

namespace tact {
namespace {

using namespace fold_test;

// --- properties ---------------------------------------------------------------------------------

// architecture.md, truth 2: what does not depend on the order of the log.
TEST(FoldProperty, SumsCountersOrderTotalsAndConsentDoNotDependOnTheOrder) {
  for (int seed = 0; seed < kHistories; ++seed) {
    std::vector<Record> records =
        random_history(static_cast<std::uint64_t>(seed), 40, 8, /*with_decisions=*/false);
    const Profile one = folded(records).profile;
    Rng rng(static_cast<std::uint64_t>(seed) + 1'000'000);
    shuffle(records, rng);
    const Profile other = folded(records).profile;
    ASSERT_EQ(one.core.events, other.core.events) << "seed " << seed;
    ASSERT_EQ(one.core.pages, other.core.pages) << "seed " << seed;
    ASSERT_EQ(one.core.first_seen, other.core.first_seen) << "seed " << seed;
    ASSERT_EQ(one.core.last_seen, other.core.last_seen) << "seed " << seed;
    ASSERT_EQ(one.core.orders_total, other.core.orders_total) << "seed " << seed;
    ASSERT_EQ(one.core.value_total_minor, other.core.value_total_minor) << "seed " << seed;
    ASSERT_EQ(one.core.consent, other.core.consent) << "seed " << seed;
    ASSERT_EQ(one.core.interests, other.core.interests) << "seed " << seed;
    ASSERT_EQ(one.derived.signals.size(), other.derived.signals.size()) << "seed " << seed;
    for (const SignalState& state : one.derived.signals) {
      const SignalState* same = other.derived.find(state.signal, state.subject);
      ASSERT_NE(same, nullptr) << "seed " << seed;
      ASSERT_EQ(state.strength, same->strength) << "seed " << seed;
      ASSERT_EQ(state.seen, same->seen) << "seed " << seed;
    }
  }
}

TEST(FoldProperty, StateIsTheFoldOfHistoryThroughAnyNumberOfStores) {
  for (int seed = 0; seed < kHistories; ++seed) {
    const auto records = random_history(static_cast<std::uint64_t>(seed), 60, 12, true);
    Rng rng(static_cast<std::uint64_t>(seed) + 2'000'000);
    Folder stored;
    for (const Record& record : records) {
      stored.add(record);
      if (!rng.chance(0.3)) continue;
      auto read = Profile::decode(stored.profile.encode());
      ASSERT_TRUE(read.has_value()) << "seed " << seed << ": " << read.error().to_text();
      ASSERT_EQ(*read, stored.profile) << "seed " << seed;
      stored.profile = std::move(*read);
    }
    ASSERT_EQ(stored.profile, folded(records).profile) << "seed " << seed;
  }
}

// What is decided is recorded right after: looking must not change what the record then does.
TEST(FoldProperty, AdvancingBeforeADecisionChangesNothing) {
  for (int seed = 0; seed < kHistories; ++seed) {
    const auto records = random_history(static_cast<std::uint64_t>(seed), 60, 12, true);
    Folder looked;
    for (const Record& record : records) {
      if (record.kind() == RecordKind::kDecision) {
        advance(looked.profile, record.received_at, kContext);
      }
      looked.add(record);
    }
    ASSERT_EQ(looked.profile, folded(records).profile) << "seed " << seed;
  }
}

TEST(FoldProperty, EveryListStaysBoundedUnderTenThousandEvents) {
  auto records = random_history(4711, 10'000, 5'000, true);
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (auto* event = std::get_if<Event>(&records[i].body)) {
      event->anonymous_id = "a-" + std::to_string(i % 300);
    }
  }
  Folder folder;
  std::size_t largest = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    folder.add(records[i]);
    if (i % 50 != 0) continue;
    expect_bounded(folder.profile);
    largest = std::max(largest, folder.profile.encode().size());
  }
  expect_bounded(folder.profile);
  EXPECT_EQ(folder.profile.derived.signals.size(), Derived::kMaxSignals) << "the test is too tame";
  EXPECT_EQ(folder.profile.core.orders.size(), Core::kMaxOrders) << "the test is too tame";
  ASSERT_TRUE(Profile::decode(folder.profile.encode()).has_value());
  std::cout << "largest profile of 10,000 random events: " << largest << " bytes\n";
  EXPECT_LT(largest, 32U * 1024U);
}

// --- size ---------------------------------------------------------------------------------------

// Typical: 3 visits in a week, 40 events (14 pages of 5 products, the rest views, signals, a cart
// and one order), 6 decisions of 3 moments, all seen.
Profile typical() {
  Folder folder;
  for (int visit = 0; visit < 3; ++visit) {
    Time now = kStart + days(3 * visit);
    const auto step = [&] { return now += Duration{60'000}; };
    Event consent = track("Segment Consent Preference Updated");
    consent.consent[static_cast<std::size_t>(Purpose::kPersonalization)] = ConsentState::kGranted;
    if (visit == 0) folder.add(consent, step());
    for (int i = 0; i < 4; ++i) {
      const std::string product = "trail-shoe-" + std::to_string((visit + i) % 5);
      Event look = page("/p/" + product, product);
      look.products[0].category = "shoes/trail";
      look.where.page_type = "product";
      look.where.source = TrafficSource::kSearch;
      look.where.device = Device::kMobile;
      folder.add(look, step());
      folder.add(track("Product Viewed", product, i % 2 == 0 ? "shoes/trail" : "jackets"), step());
    }
    folder.add(track("Size Guide Opened", "trail-shoe-1", "shoes/trail"), step());
    folder.add(track(visit == 1 ? "Delivery Info Opened" : "Size Guide Opened", "trail-shoe-2",
                     "shoes/trail"),
               step());
    for (const char* moment : {"fit-help", visit == 1 ? "delivery-promise" : "gift-note"}) {
      folder.add(decision_at(step(), decided(moment)));
      folder.add(reaction("Message Seen", folder.offset), step());
    }
  }
  const Time end = kStart + days(6) + Duration{30 * 60'000};
  folder.add(track("Product Added", "trail-shoe-1", "shoes/trail"), end);
  folder.add(order("2026-004711", 12'900, "trail-shoe-1"), end);
  folder.add(page("/thanks"), end);
  EXPECT_EQ(folder.profile.core.events, 39U);  // and the consent
  EXPECT_EQ(folder.profile.core.contacts.size(), 6U);
  return folder.profile;
}

TEST(ProfileSize, OfATypicalVisitorIsAtMostTwoKilobytes) {
  const Profile profile = typical();
  const std::size_t size = profile.encode().size();
  std::cout << "typical profile: " << size << " bytes (core " << profile.core.encode().size()
            << ", derived " << profile.derived.encode().size() << ")\n";
  EXPECT_LE(size, 2048U);
}

// --- single rules -------------------------------------------------------------------------------

TEST(Fold, ALateEventNeverReopensSplitsOrExtendsAVisit) {
  Folder folder;
  folder.add(page("/a"), kStart);
  folder.add(page("/b"), kStart + 2h);
  const Visit before = folder.profile.core.visit;
  ASSERT_EQ(before.number, 2U);
  folder.add(page("/late"), kStart + 2h + 1min, 1h);
  EXPECT_EQ(folder.profile.core.visit, before);
  EXPECT_EQ(folder.profile.core.previous_visit_ended, kStart);
  EXPECT_EQ(folder.profile.core.events, 3U) << "it happened all the same";
}

TEST(Experiments, AnotherDirectionIsAnotherHypothesis) {
  Playbook other = playbook();
  ExperimentBook book;
  book.add(other);
  const std::string moment = other.moments.front().id;
  const std::uint64_t before = book.of_moment(other.hash, moment)->id;
  other.moments.front().expect.more = !other.moments.front().expect.more;
  ++other.hash.bytes[0];
  book.add(other);
  EXPECT_NE(book.of_moment(other.hash, moment)->id, before);
  EXPECT_EQ(book.universal_of(other.hash)->id, book.universal_of(playbook().hash)->id);
}

// --- one contact, several decisions

Record decided_for(std::string_view request, Time at) {
  DecisionRecord decision = decided(playbook().moments.front().id);
  decision.request = hash64(request);
  return decision_at(at, std::move(decision));
}

TEST(Fold, AReactionMayNameAnEarlierDecisionOfTheSamePage) {
  Folder folder;
  folder.add(page("/p/fjell", "fjell"), kStart);
  folder.add(decided_for("r1", kStart + Duration{1'000}));  // offset 2
  folder.add(decided_for("r2", kStart + Duration{2'000}));  // offset 3
  ASSERT_EQ(folder.profile.core.contacts.size(), 1U);
  folder.add(reaction("Message Not Seen", 2),
             kStart + Duration{3'000});  // its successor may be seen
  EXPECT_TRUE(folder.profile.core.contacts[0].counts());
  folder.add(reaction("Message Dismissed", 2), kStart + Duration{4'000});
  EXPECT_TRUE(folder.profile.core.contacts[0].dismissed);
  EXPECT_EQ(Core::decode(folder.profile.core.encode()).value(), folder.profile.core);
}

TEST(Fold, WhatAPageGaveUpWaitingForIsNoContact) {
  Folder folder;
  folder.add(page("/p/fjell", "fjell"), kStart);
  folder.add(decided_for("r1", kStart + Duration{1'000}));
  Event gave_up = track("Message Not Seen");
  gave_up.decision = std::string(kOfRequest) + "another";
  folder.add(gave_up, kStart + Duration{2'000});
  EXPECT_TRUE(folder.profile.core.contacts.at(0).counts());
  gave_up.decision = std::string(kOfRequest) + "r1";
  folder.add(gave_up, kStart + Duration{3'000});
  EXPECT_FALSE(folder.profile.core.contacts.at(0).counts());
  EXPECT_EQ(folder.profile.core.moments.at(0).ever, 0U);
}

TEST(Fold, AnOrderSentTwiceIsOneOrderAndOneOutcome) {
  Folder folder;
  folder.add(page("/a"), kStart);
  folder.add(decision_at(kStart + 1min, decided("fit-help")));
  folder.add(order("o-1", 500, "p1"), kStart + 2min);
  folder.add(order("o-1", 500, "p1"), kStart + 3min);
  folder.add(order("o-2", 700, "p1"), kStart + 4min);
  const Core& core = folder.profile.core;
  EXPECT_EQ(core.orders_total, 2U);
  EXPECT_EQ(core.value_total_minor, 1200);
  ASSERT_EQ(core.exposures.size(), 2U);  // universal and fit-help
  for (const Exposure& exposure : core.exposures) {
    ASSERT_EQ(exposure.goals.size(), 1U);
    EXPECT_EQ(exposure.goals[0].count, 2U);
    EXPECT_EQ(exposure.goals[0].value_minor, 1200);
    EXPECT_EQ(exposure.goals[0].attributed, 1U) << "nothing was shown between the two orders";
  }
}

// Amounts come from outside; sums of absurd ones must neither overflow nor wrap.
TEST(Fold, AbsurdAmountsSaturate) {
  Folder folder;
  for (int i = 0; i < 15; ++i) {
    folder.add(order("o-" + std::to_string(i), 999'999'999'999'999'999, "p1"), kStart);
  }
  EXPECT_EQ(folder.profile.core.value_total_minor, std::numeric_limits<std::int64_t>::max());
}

TEST(Fold, TheCartFollowsWhatIsPutInAndTakenOut) {
  Folder folder;
  Event two = track("Product Added", "p1");
  two.products[0].quantity = 2;
  folder.add(two, kStart);
  folder.add(track("Product Added", "p1"), kStart + 1min);
  folder.add(track("Product Added", "p2"), kStart + 2min);
  ASSERT_EQ(folder.profile.core.cart.size(), 2U);
  EXPECT_EQ(folder.profile.core.cart[0].quantity, 3U);
  folder.add(track("Product Removed", "p2"), kStart + 3min);
  folder.add(track("Product Removed", "p1"), kStart + 4min);
  ASSERT_EQ(folder.profile.core.cart.size(), 1U);
  EXPECT_EQ(folder.profile.core.cart[0].quantity, 2U);
  folder.add(track("Product Added", "late"), kStart + 5min, 3min);
  EXPECT_EQ(folder.profile.core.cart.size(), 1U) << "what came later stands";
  folder.add(order("o-1", 100, "p1"), kStart + 6min);
  EXPECT_TRUE(folder.profile.core.cart.empty());
}

TEST(Fold, AReportOnlyEventIsNoEvidence) {
  Folder folder;
  Record record = record_of(track("Size Guide Opened", "p1"), kStart);
  record.flags |= record_flags::kReportOnly;
  folder.add(record);
  EXPECT_TRUE(folder.profile.derived.signals.empty());
  EXPECT_EQ(folder.profile.core.events, 0U);
}

// Bots and staff: no visit, evidence, contact or outcome; what they chose is noted all the same.
TEST(Fold, AnEventOfNobodyIsNothingButAChoice) {
  for (const std::uint8_t flag : {record_flags::kBot, record_flags::kStaff}) {
    Folder folder;
    folder.add(page("/a"), kStart);
    folder.add(decision_at(kStart + 1min, decided("fit-help")));
    const Core before = folder.profile.core;
    const auto add = [&](Event event, Time at) {
      Record record = record_of(std::move(event), at);
      record.flags |= flag;
      folder.add(record);
    };
    add(track("Size Guide Opened", "p1"), kStart + 2min);
    add(order("o-1", 100, "p1"), kStart + 3min);
    add(reaction("Message Seen", 2), kStart + 4min);
    add(page("/b"), kStart + days(2));
    EXPECT_TRUE(folder.profile.derived.signals.empty());
    EXPECT_EQ(folder.profile.core.visit.number, before.visit.number);
    EXPECT_EQ(folder.profile.core.visit.path, "/a");
    EXPECT_EQ(folder.profile.core.events, before.events);
    EXPECT_EQ(folder.profile.core.contacts, before.contacts);
    EXPECT_TRUE(folder.profile.core.exposures == before.exposures);
    EXPECT_TRUE(folder.profile.core.orders.empty());
    Event choice = page("/c");
    choice.consent[static_cast<std::size_t>(Purpose::kPersonalization)] = ConsentState::kRefused;
    add(choice, kStart + days(2));
    EXPECT_EQ(folder.profile.core.consent.state(Purpose::kPersonalization), ConsentState::kRefused);
  }
}

TEST(Fold, AMessageSeenAndPassedOverIsIgnoredWhenTheVisitEnds) {
  Folder folder;
  folder.add(page("/a"), kStart);
  folder.add(decision_at(kStart + 1min, decided("fit-help", Outcome::kWithheld)));
  folder.add(reaction("Message Seen", 2), kStart + 2min);
  EXPECT_EQ(folder.profile.core.ignored_run, 0U);
  advance(folder.profile, kStart + 2min + kVisitGap, kContext);
  EXPECT_EQ(folder.profile.core.ignored_run, 0U) << "thirty minutes exactly are no gap";
  advance(folder.profile, kStart + 2min + kVisitGap + 1ms, kContext);
  EXPECT_EQ(folder.profile.core.ignored_run, 1U);
  EXPECT_TRUE(folder.profile.core.contacts[0].ignored);
  const SignalState* raised = folder.profile.derived.find(hash64("ignored"), "");
  ASSERT_NE(raised, nullptr);
  EXPECT_EQ(raised->seen.latest(), kStart + 2min);
}

TEST(Fold, AReactionToSomeoneElsesDecisionIsNothing) {
  Folder folder;
  folder.add(page("/a"), kStart);
  folder.add(decision_at(kStart, decided("fit-help")));
  Event foreign = reaction("Message Dismissed", 2);
  foreign.decision = DecisionId{Partition{200}, Offset{2}, 0}.to_text();
  const Profile before = folder.profile;
  folder.add(foreign, kStart + 1min);
  EXPECT_EQ(folder.profile.core.contacts, before.core.contacts);
  EXPECT_EQ(folder.profile.core.moments, before.core.moments);
}

// A playbook may name more goals than a profile keeps: what was written must be readable.
TEST(Fold, AProfileWithVeryManyGoalsStaysReadable) {
  Playbook many = playbook();
  many.hash = content_hash("many goals");
  for (int i = 0; i < 100; ++i) {
    Goal goal = many.goals[0];
    goal.id = "orders_" + std::to_string(i);
    many.goals.push_back(goal);
  }
  ExperimentBook book;
  book.add(many);
  const FoldContext context{many, book};
  Profile profile = start(many);
  FoldEffects effects;
  DecisionRecord decision = decided("fit-help");
  decision.playbook = many.hash;
  fold(profile, kVisitor, Offset{1}, decision_at(kStart, decision), context, effects);
  fold(profile, kVisitor, Offset{2}, record_of(order("o-1", 1, "p"), kStart + 1min), context,
       effects);
  EXPECT_TRUE(Profile::decode(profile.encode()).has_value());
}

}  // namespace
}  // namespace tact
