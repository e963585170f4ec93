// What must hold of fold() for every history: properties over seeded random ones, then the single
// rules that a golden case (tests/golden) cannot see.
#include "profile/fold.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <limits>

#include "base/hash.h"
#include "base/rng.h"

namespace tact {
namespace {

const Time kStart = *parse_time("2026-11-02T08:00:00Z");
constexpr int kHistories = 1'000;

Signal signal(std::string id, std::string event, Subject about, Duration half_life) {
  Signal out;
  out.id = std::move(id);
  out.says = "did it";
  out.seen.name = std::move(event);
  out.about = about;
  out.half_life = half_life;
  return out;
}

Playbook make_playbook() {
  Playbook playbook;
  playbook.hash = content_hash("a test's playbook");
  playbook.derived_hash = 77;
  playbook.signals = {signal("size_guide", "Size Guide Opened", Subject::kProduct, days(2)),
                      signal("delivery", "Delivery Info Opened", Subject::kNothing, days(1)),
                      signal("compared", "Product Compared", Subject::kCategory, days(7))};
  Signal ignored = signal("ignored", "", Subject::kNothing, days(14));
  ignored.seen.kind = Seen::Kind::kBuiltin;
  ignored.seen.builtin = Builtin::kIgnoredMessage;
  playbook.signals.push_back(ignored);
  Goal orders;
  orders.id = "orders";
  orders.seen.name = "Order Completed";
  orders.value_from_total = true;
  orders.within = days(14);
  playbook.goals = {orders};
  for (const char* id : {"fit-help", "delivery-promise", "gift-note"}) {
    Moment moment;
    moment.id = id;
    moment.key = hash64(id);
    moment.expect.goal = 0;
    playbook.moments.push_back(moment);
  }
  return playbook;
}

const Playbook& playbook() {
  static const Playbook made = make_playbook();
  return made;
}

const ExperimentBook& experiments() {
  static const ExperimentBook book = [] {
    ExperimentBook made;
    made.add(playbook());
    return made;
  }();
  return book;
}

const FoldContext kContext{playbook(), experiments()};
const VisitorId kVisitor{{9, 1}};

Record record_of(Event event, Time received, Duration late = Duration{}) {
  Record record;
  record.received_at = received;
  record.event_time = received - late;
  record.body = std::move(event);
  return record;
}

Event track(std::string name, std::string product = {}, std::string category = {}) {
  Event event;
  event.anonymous_id = "a-1";
  event.name = std::move(name);
  if (!product.empty()) event.products.push_back({.id = std::move(product), .category = category});
  event.category = std::move(category);
  return event;
}

Event page(std::string path, std::string product = {}) {
  Event event = track("", std::move(product));
  event.type = EventType::kPage;
  event.where.path = std::move(path);
  return event;
}

Event order(std::string id, std::int64_t value, std::string product) {
  Event event = track("Order Completed", std::move(product), "shoes");
  event.order_id = std::move(id);
  event.value_minor = value;
  return event;
}

DecisionRecord decided(std::string moment, Outcome outcome = Outcome::kShown) {
  DecisionRecord decision;
  decision.slot = "s";
  decision.playbook = playbook().hash;
  decision.moment = std::move(moment);
  decision.message = "m";
  decision.variant = "plain";
  decision.outcome = outcome;
  decision.held_out_moment = outcome == Outcome::kWithheld;
  return decision;
}

Record decision_at(Time at, DecisionRecord decision) {
  Record record;
  record.received_at = at;
  record.event_time = at;
  record.body = std::move(decision);
  return record;
}

std::string name_of(std::uint64_t offset) {
  return DecisionId{kVisitor.partition(), Offset{offset}, 0}.to_text();
}

Event reaction(std::string name, std::uint64_t offset, std::string answer = {}) {
  Event event = track(std::move(name));
  event.decision = name_of(offset);
  event.answer = std::move(answer);
  return event;
}

// One visitor being folded, offsets counted from 1.
struct Folder {
  Profile profile = start(playbook());
  std::uint64_t offset = 0;
  FoldEffects effects;

  void add(const Record& record) {
    fold(profile, kVisitor, Offset{++offset}, record, kContext, effects);
  }
  void add(Event event, Time at, Duration late = Duration{}) {
    add(record_of(std::move(event), at, late));
  }
};

// A random event of a shop; `variety` is how many different products, orders, … there are.
Event random_event(Rng& rng, std::uint64_t variety, std::uint64_t decisions) {
  const std::string product = "p" + std::to_string(rng.below(variety));
  const std::string category = "c" + std::to_string(rng.below(variety) % 40);
  static const char* const kTracked[] = {"Size Guide Opened", "Product Compared", "Product Viewed",
                                         "Product Added",     "Product Removed",  "Anything"};
  static const char* const kReactions[] = {"Message Seen", "Message Not Seen", "Message Clicked",
                                           "Message Dismissed"};
  const std::uint64_t what = rng.below(14);
  if (what < 6) return track(kTracked[what], product, category);
  if (what < 8) return page("/p/" + product, product);
  if (what == 8) return track("Delivery Info Opened");
  if (what == 9) {
    const std::uint64_t id = rng.below(variety);  // the same id has the same value: a repetition
    return order("o" + std::to_string(id), static_cast<std::int64_t>(100 + id), product);
  }
  if (what == 10) {
    Event event = track("Segment Consent Preference Updated");
    event.consent[rng.below(kPurposes)] = static_cast<ConsentState>(rng.below(4));
    return event;
  }
  return reaction(kReactions[rng.below(4)], 1 + rng.below(decisions + 1), "not_now");
}

std::vector<Record> random_history(std::uint64_t seed, int size, std::uint64_t variety,
                                   bool with_decisions) {
  Rng rng(seed);
  std::vector<Record> records;
  Time now = kStart;
  for (int i = 0; i < size; ++i) {
    now += Duration{static_cast<std::int64_t>(rng.chance(0.1) ? rng.below(4 * 86'400'000ULL)
                                                              : rng.below(20 * 60'000))};
    if (with_decisions && rng.chance(0.2)) {
      const auto& moments = playbook().moments;
      DecisionRecord decision =
          rng.chance(0.2) ? decided("")
                          : decided(moments[rng.below(3)].id,
                                    rng.chance(0.3) ? Outcome::kWithheld : Outcome::kShown);
      decision.request = rng.below(5);
      decision.held_out_universal = decision.outcome == Outcome::kWithheld && rng.chance(0.3);
      records.push_back(decision_at(now, std::move(decision)));
      continue;
    }
    const auto late = static_cast<std::int64_t>(rng.chance(0.2) ? rng.below(3 * 86'400'000ULL) : 0);
    records.push_back(record_of(random_event(rng, variety, records.size()), now, Duration{late}));
    if (rng.chance(0.03)) records.back().flags |= record_flags::kGpc;
    if (rng.chance(0.03)) records.back().flags |= record_flags::kReportOnly;
  }
  return records;
}

void shuffle(std::vector<Record>& records, Rng& rng) {
  for (std::size_t i = records.size(); i > 1; --i) std::swap(records[i - 1], records[rng.below(i)]);
}

Folder folded(const std::vector<Record>& records) {
  Folder folder;
  for (const Record& record : records) folder.add(record);
  return folder;
}

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

void expect_bounded(const Profile& profile) {
  const Core& core = profile.core;
  ASSERT_LE(core.ids.size(), Core::kMaxIds);
  ASSERT_LE(core.interests.size(), Core::kMaxInterests);
  ASSERT_LE(core.cart.size(), Core::kMaxCart);
  ASSERT_LE(core.orders.size(), Core::kMaxOrders);
  ASSERT_LE(core.contacts.size(), Core::kMaxContacts);
  ASSERT_LE(core.moments.size(), Core::kMaxMoments);
  ASSERT_LE(core.exposures.size(), Core::kMaxExposures);
  ASSERT_LE(core.requests.size(), Core::kMaxRequests);
  ASSERT_LE(profile.derived.signals.size(), Derived::kMaxSignals);
  for (const Order& order : core.orders) {
    ASSERT_LE(order.products.size(), Core::kMaxOrderProducts);
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
    EXPECT_EQ(exposure.goals[0].attributed, 2U);
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

// --- merge --------------------------------------------------------------------------------------

Record absorb_record(const Profile& loser, Time at) {
  Record record;
  record.received_at = at;
  record.event_time = at;
  record.body = AbsorbRecord{.loser = VisitorId{{200}},
                             .loser_offset = Offset{9},
                             .core = loser.core.encode(),
                             .derived = loser.derived.encode()};
  return record;
}

const Exposure* exposure_of(const Profile& profile, const char* moment) {
  const Experiment* experiment = experiments().of_moment(playbook().hash, moment);
  for (const Exposure& exposure : profile.core.exposures) {
    if (exposure.experiment == experiment->id) return &exposure;
  }
  return nullptr;
}

TEST(Absorb, KeepsTheEarliestExposuresArmAndFlagsACrossover) {
  for (const bool winner_first : {true, false}) {
    Folder winner, loser;
    const Time early = kStart, late = kStart + 1h;
    winner.add(decision_at(winner_first ? early : late, decided("fit-help")));
    loser.add(decision_at(winner_first ? late : early, decided("fit-help", Outcome::kWithheld)));
    winner.add(decision_at(late, decided("gift-note")));
    loser.add(decision_at(late, decided("gift-note")));
    winner.add(absorb_record(loser.profile, kStart + 2h));
    const Exposure* fit = exposure_of(winner.profile, "fit-help");
    ASSERT_NE(fit, nullptr);
    EXPECT_EQ(fit->at, early);
    EXPECT_EQ(fit->treated, winner_first);
    EXPECT_TRUE(fit->crossover);
    EXPECT_FALSE(exposure_of(winner.profile, "gift-note")->crossover) << "the same arm";
    EXPECT_EQ(winner.profile.core.find_totals(hash64("gift-note"))->ever, 2U);
  }
}

TEST(Absorb, KeepsTheBucketAndAddsUp) {
  Folder winner, loser;
  Event mine = page("/a");
  mine.anonymous_id = "winner";
  winner.add(mine, kStart);
  winner.add(order("o-1", 500, "p1"), kStart + 1min);
  Event theirs = page("/b");
  theirs.anonymous_id = "loser";
  loser.add(theirs, kStart + 1h);
  loser.add(order("o-2", 700, "p2"), kStart + 1h);
  winner.add(absorb_record(loser.profile, kStart + 2h));
  const Core& core = winner.profile.core;
  EXPECT_EQ(core.bucket_id, "winner");
  EXPECT_EQ(core.orders_total, 2U);
  EXPECT_EQ(core.value_total_minor, 1200);
  EXPECT_EQ(core.events, 4U);
  EXPECT_EQ(core.visit.number, 2U);
  EXPECT_EQ(core.visit.path, "/b") << "the visit that is going on";
  EXPECT_EQ(core.previous_visit_ended, kStart + 1min);
  ASSERT_TRUE(Profile::decode(winner.profile.encode()).has_value());
}

// The visit before this one may have been the other visitor's.
TEST(Absorb, TheVisitBeforeMayBeTheOtherVisitors) {
  Folder winner, loser;
  loser.add(page("/a"), kStart);
  winner.add(page("/b"), kStart + days(3));
  winner.add(absorb_record(loser.profile, kStart + days(3) + 1min));
  EXPECT_EQ(winner.profile.core.previous_visit_ended, kStart);
}

// Visits are renumbered by a merge; going on with one must not count as coming back.
TEST(Absorb, TheVisitThatGoesOnIsStillTheSameVisit) {
  for (const bool visit_is_the_losers : {true, false}) {
    Folder winner, loser;
    Folder& busy = visit_is_the_losers ? loser : winner;
    Folder& other = visit_is_the_losers ? winner : loser;
    other.add(page("/long-ago"), kStart - days(5));
    busy.add(track("Size Guide Opened", "p1"), kStart);
    winner.add(absorb_record(loser.profile, kStart + 1min));
    winner.add(track("Size Guide Opened", "p1"), kStart + 2min);
    const SignalState* state = winner.profile.derived.find(hash64("size_guide"), "p1");
    ASSERT_NE(state, nullptr);
    EXPECT_EQ(state->seen.times().size(), 2U);
    EXPECT_EQ(state->visits, 1U) << (visit_is_the_losers ? "the loser's" : "the winner's");
  }
}

TEST(Absorb, StaysBoundedAndReadableWhateverTheTwoWere) {
  for (int seed = 0; seed < 200; ++seed) {
    const auto mine = random_history(static_cast<std::uint64_t>(seed), 150, 200, true);
    const auto theirs = random_history(static_cast<std::uint64_t>(seed) + 777, 150, 200, true);
    Folder winner = folded(mine);
    winner.add(absorb_record(folded(theirs).profile, mine.back().received_at));
    expect_bounded(winner.profile);
    const auto read = Profile::decode(winner.profile.encode());
    ASSERT_TRUE(read.has_value()) << "seed " << seed;
    ASSERT_EQ(*read, winner.profile) << "seed " << seed;
  }
}

TEST(LinkOut, LeavesAForwardingAddressAndNothingElse) {
  Folder folder;
  folder.add(track("Size Guide Opened", "p1"), kStart);
  folder.add(decision_at(kStart, decided("fit-help")));
  Record record;
  record.received_at = kStart + 1min;
  record.event_time = kStart + 1min;
  const VisitorId winner{{3, 3}};
  record.body = LinkOutRecord{.winner = winner,
                              .core = folder.profile.core.encode(),
                              .derived = folder.profile.derived.encode()};
  folder.add(record);
  EXPECT_EQ(folder.profile.core.merged_into, winner);
  EXPECT_TRUE(folder.profile.core.contacts.empty());
  EXPECT_TRUE(folder.profile.core.exposures.empty());
  EXPECT_TRUE(folder.profile.derived.signals.empty());
}

}  // namespace
}  // namespace tact
