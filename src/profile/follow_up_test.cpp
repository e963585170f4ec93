// What is frozen at an exposure, and what is noted after it.
#include "profile/follow_up.h"

#include "base/rng.h"
#include "profile/fold_test_util.h"

namespace tact {
namespace {

using namespace fold_test;

Folder exposed(Outcome outcome = Outcome::kShown) {
  Folder folder;
  folder.add(decision_at(kStart, decided("fit-help", outcome)));
  return folder;
}

const Exposure& fit_of(const Folder& folder) {
  const std::uint64_t id = experiments().of_moment(playbook().hash, "fit-help")->id;
  for (const Exposure& exposure : folder.profile.core.exposures) {
    if (exposure.experiment == id) return exposure;
  }
  throw std::logic_error("no exposure");
}

const FollowUp& after_of(const Folder& folder) { return fit_of(folder).follow_up; }

Record happened(Event event, Time at) {
  return record_of(std::move(event), std::max(at, kStart + days(400)),
                   std::max(at, kStart + days(400)) - at);
}

TEST(DaySet, TheFirstDayFromADayOnIsAsByLooking) {
  Rng rng(5);
  for (int round = 0; round < 500; ++round) {
    DaySet set;
    for (std::uint64_t i = rng.below(5); i > 0; --i) set.add(rng.below(kFollowedDays));
    for (std::size_t from = 0; from < kFollowedDays + 20; ++from) {
      std::optional<std::size_t> expected;
      for (std::size_t day = from; day < kFollowedDays && !expected; ++day) {
        if (set.has(day)) expected = day;
      }
      ASSERT_EQ(set.first(from), expected) << from;
    }
  }
}

TEST(FollowUp, TakesWhatHappenedFromTheExposureOnForHalfAYear) {
  Folder folder = exposed();
  const auto add = [&](std::int64_t value, Time at) {
    folder.add(happened(order("o-" + std::to_string(value), value, "p"), at));
    folder.add(happened(page("/a"), at));
  };
  add(1, kStart - 1ms);
  add(20, kStart);
  add(300, kStart + days(1) - 1ms);
  add(4'000, kStart + days(30));
  add(50'000, kStart + days(180) - 1ms);
  add(600'000, kStart + days(180));
  const FollowUp& after = after_of(folder);
  EXPECT_EQ(after.orders, 4U);
  EXPECT_EQ(after.order_days, after.visit_days);
  EXPECT_EQ(after.order_days.count(), 3U);
  for (const std::size_t day : {0U, 30U, 179U}) EXPECT_TRUE(after.order_days.has(day)) << day;
  EXPECT_EQ(after.value_minor, (std::array<std::int64_t, kBuckets>{320, 4'000, 0, 0, 0, 50'000}));
  EXPECT_EQ(after.next_order, kStart);
}

TEST(FollowUp, CountsAnOrderSentTwiceOnce) {
  Folder folder = exposed();
  for (int i = 0; i < 2; ++i) folder.add(order("o-1", 500, "p"), kStart + 1min);
  EXPECT_EQ(after_of(folder).orders, 1U);
  EXPECT_EQ(after_of(folder).value_minor[0], 500);
}

TEST(FollowUp, ARefundIsAnOutcomeOfItsOwn) {
  Folder folder = exposed();
  folder.add(order("o-1", 9'000, "p"), kStart + 1h);
  Event refund = track("Order Refunded");
  refund.order_id = "o-1";
  refund.value_minor = 4'000;
  folder.add(refund, kStart + days(20));
  Event sent_back = track("Order Returned");
  sent_back.order_id = "o-1";
  folder.add(sent_back, kStart + days(19));
  const FollowUp& after = after_of(folder);
  EXPECT_EQ(after.value_minor[0], 9'000) << "the order was worth what it was";
  EXPECT_EQ(after.refunds, 1U);
  EXPECT_EQ(after.refund_minor, 4'000);
  EXPECT_EQ(after.returns, 1U);
}

TEST(FollowUp, KnowsMarginAndTheNextOrderAtFullPrice) {
  Folder folder = exposed();
  const auto add = [&](const char* id, int day, OrderPrice price, std::optional<int> margin) {
    Event event = order(id, 100, "p");
    event.price = price;
    event.has_margin = margin.has_value();
    event.margin_minor = margin.value_or(0);
    folder.add(happened(event, kStart + days(day)));
  };
  add("o-3", 40, OrderPrice::kFull, 700);
  add("o-2", 9, OrderPrice::kUntold, std::nullopt);
  add("o-1", 5, OrderPrice::kDiscounted, -50);
  add("o-4", 90, OrderPrice::kFull, 1);
  const FollowUp& after = after_of(folder);
  EXPECT_EQ(after.next_order, kStart + days(5));
  EXPECT_EQ(after.next_price, OrderPrice::kDiscounted);
  EXPECT_EQ(after.full_price_day, 41U);
  EXPECT_EQ(after.margin_orders, 3U);
  EXPECT_EQ(after.margin_minor, 651);
  // Within the goal's window, only the orders of days 5 and 9; one of them told.
  const GoalTally& tally = folder.profile.core.exposures.front().goals.front();
  EXPECT_EQ(tally.value_minor, 200);
  EXPECT_EQ(tally.told_minor, 100);
  EXPECT_EQ(tally.margin_minor, -50);
}

// Of who was held back too: the question is whether the message made a difference.
TEST(FollowUp, TakesSurveysAndFarewellsOfBothArms) {
  for (const Outcome arm : {Outcome::kShown, Outcome::kWithheld}) {
    Folder folder = exposed(arm);
    Event survey = track("Survey Answered");
    survey.question = "satisfaction";
    folder.add(survey, kStart + 1h);  // without a score it says nothing
    survey.has_score = true;
    survey.score_milli = 8'500;
    folder.add(survey, kStart + 2h);
    survey.score_milli = 2'000;
    folder.add(survey, kStart + 3h);
    Event recall = track("Survey Answered");
    recall.question = "recall";
    for (const char* answer : {"yes", "no", ""}) {
      recall.answer = answer;
      folder.add(recall, kStart + days(7));
    }
    recall.question = "shoe_size";
    recall.answer = "yes";
    folder.add(recall, kStart + days(7));
    folder.add(recall, kStart + days(29) + 23h);
    survey.score_milli = 1'000;
    folder.add(survey, kStart + days(29) + 23h);
    recall.question = "recall";
    for (const Event& late : {survey, recall}) folder.add(late, kStart + days(30));  // too late
    folder.add(track("Unsubscribed"), kStart + days(8));
    folder.add(track("Email Marked as Spam"), kStart + days(8));
    folder.add(track("Complaint Made"), kStart + days(8));
    folder.add(track("Unsubscribed"), kStart + days(30) - 1ms);
    for (const char* late : {"Unsubscribed", "Complaint Made"}) {
      folder.add(track(late), kStart + days(30));
    }
    const FollowUp& after = after_of(folder);
    EXPECT_EQ(after.ratings, 3U);
    EXPECT_EQ(after.rating_milli, 11'500);
    EXPECT_EQ(after.recall_asked, 2U);
    EXPECT_EQ(after.recalled, 1U);
    EXPECT_EQ(after.unsubscribes, 2U);
    EXPECT_EQ(after.complaints, 2U);
  }
}

TEST(FollowUp, CountsMessagesIgnoredAndDismissedOnlyIfTheyWereShown) {
  for (const Outcome arm : {Outcome::kShown, Outcome::kWithheld}) {
    Folder folder;
    folder.add(page("/a"), kStart);
    folder.add(decision_at(kStart + 1min, decided("fit-help", arm)));  // offset 2
    folder.add(reaction("Message Seen", 2), kStart + 2min);
    folder.add(page("/b"), kStart + 2h);
    EXPECT_EQ(after_of(folder).ignored, arm == Outcome::kShown ? 1U : 0U);
    folder.add(decision_at(kStart + 2h, decided("gift-note", arm)));  // offset 5
    for (int i = 0; i < 2; ++i) folder.add(reaction("Message Dismissed", 5), kStart + 2h + 1min);
    EXPECT_EQ(after_of(folder).dismissed, arm == Outcome::kShown ? 1U : 0U);
  }
}

// What is said of messages counts for the month after an exposure, as answers do: then it is final.
TEST(FollowUp, CountsMessagesIgnoredAndDismissedForAMonth) {
  Folder folder = exposed();                                             // offset 1
  folder.add(decision_at(kStart + days(29), decided("gift-note")));      // 2
  folder.add(reaction("Message Dismissed", 2), kStart + days(29) + 1h);  // 3
  folder.add(decision_at(kStart + days(30), decided("gift-note")));      // 4
  folder.add(reaction("Message Dismissed", 4), kStart + days(30) + 1h);  // 5
  folder.add(decision_at(kStart + days(40), decided("gift-note")));      // 6
  folder.add(reaction("Message Seen", 6), kStart + days(40) + 1min);     // 7
  folder.add(page("/b"), kStart + days(40) + 2h);  // the visit in which it was ignored is over
  EXPECT_EQ(after_of(folder).dismissed, 1U);
  EXPECT_EQ(after_of(folder).ignored, 0U);
}

DecisionRecord surrounded() {
  DecisionRecord decision = decided("fit-help");
  decision.where.locale = "de-AT";
  decision.where.region = "AT-9";
  decision.where.page_type = "product";
  decision.where.local_minute_of_week = 60 * 24 + 60 * 9 + 1;
  decision.intent = "unsure_about_fit";
  decision.intent_level = IntentLevel::kSure;
  decision.stage = "decision";
  return decision;
}

TEST(Covariates, AreFrozenAtTheExposure) {
  Folder folder;
  Event first = page("/p", "p1");
  first.where.source = TrafficSource::kEmail;
  first.where.device = Device::kMobile;
  folder.add(order("o-1", 700, "p"), kStart - days(3) - 1h);
  folder.add(first, kStart - 1min);
  folder.add(decision_at(kStart, surrounded()));
  const Covariates expected{.intent_level = IntentLevel::kSure,
                            .intent = "unsure_about_fit",
                            .stage = "decision",
                            .language = "de",
                            .region = "AT-9",
                            .page_type = "product",
                            .source = TrafficSource::kEmail,
                            .hour_of_week = 24 + 9 + 1,
                            .days_since_order = 3};
  EXPECT_EQ(fit_of(folder).covariates, expected);
  // What happened before and is told later changes nothing; what comes late from after counts.
  folder.add(order("o-2", 900, "p"), kStart + 1h, 2h);
  folder.add(order("o-3", 50, "p"), kStart + 2h, 1h);
  DecisionRecord again = surrounded();
  again.intent = "wants_a_gift";
  again.where.region = "DE";
  folder.add(decision_at(kStart + 3h, again));
  const Exposure& exposure = fit_of(folder);
  EXPECT_EQ(exposure.covariates, expected);
  EXPECT_EQ(exposure.prior_orders, 1U);
  EXPECT_EQ(exposure.prior_value_minor, 700);
  EXPECT_EQ(exposure.follow_up.orders, 1U);
  EXPECT_EQ(exposure.follow_up.value_minor[0], 50);
}

TEST(Covariates, SayNothingOfWhatIsSensitive) {
  for (const bool page_is_sensitive : {true, false}) {
    Folder folder;
    if (!page_is_sensitive) folder.profile.core.holds_sensitive = true;
    folder.profile.core.consent.purposes[static_cast<std::size_t>(Purpose::kSensitive)].granted = {
        kStart - 1h, 1};
    DecisionRecord decision = surrounded();
    decision.where.sensitive = page_is_sensitive;
    folder.add(decision_at(kStart, decision));
    const Covariates& covariates = fit_of(folder).covariates;
    EXPECT_EQ(covariates.language, "de");
    EXPECT_EQ(covariates.intent, "");
    EXPECT_EQ(covariates.intent_level, IntentLevel::kUntold);
    EXPECT_EQ(covariates.page_type, "");
    EXPECT_EQ(covariates.stage, "");
  }
}

TEST(Account, OfAVisitorIsThatOfEveryExposure) {
  Folder folder = exposed();
  Event group = track("");
  group.type = EventType::kGroup;
  group.group_id = "acme";
  group.account = 4711;
  Record record = record_of(group, kStart + 1h);
  folder.add(record);
  EXPECT_EQ(fit_of(folder).account, 0U) << "anybody could say that";
  record.flags |= record_flags::kTrustedIdentity;
  folder.effects.changed_experiments.clear();
  folder.add(record);
  EXPECT_EQ(fit_of(folder).account, 4'711U);
  EXPECT_GE(folder.effects.changed_experiments.size(), 2U);
  folder.add(decision_at(kStart + 2h, decided("gift-note")));
  for (const Exposure& exposure : folder.profile.core.exposures)
    EXPECT_EQ(exposure.account, 4'711U);
  Folder other = exposed();
  other.profile.core.absorb(folder.profile.core);
  for (const Exposure& exposure : other.profile.core.exposures) EXPECT_EQ(exposure.account, 4'711U);
}

// What a later exposure was asked in its own month came after the earlier one's.
TEST(FollowUp, OfTwoVisitorsTakesAnswersOfTheFirstMonth) {
  for (const int later : {3, 31}) {
    FollowUp early, late;
    early.ratings = 1;
    early.rating_milli = 4'000;
    late.ratings = late.recall_asked = late.recalled = 1;
    late.rating_milli = 2'000;
    late.unsubscribes = late.complaints = late.dismissed = late.ignored = 1;
    late.returns = 1;
    early.merge(late, days(later));
    EXPECT_EQ(early.ratings, later < 30 ? 2U : 1U);
    EXPECT_EQ(early.rating_milli, later < 30 ? 6'000 : 4'000);
    EXPECT_EQ(early.recalled, later < 30 ? 1U : 0U);
    EXPECT_EQ(early.recall_asked, later < 30 ? 1U : 0U);
    for (const std::uint32_t reactions :
         {early.unsubscribes, early.complaints, early.dismissed, early.ignored}) {
      EXPECT_EQ(reactions, later < 30 ? 1U : 0U);
    }
    EXPECT_EQ(early.returns, 1U) << "for half a year";
  }
}

TEST(FollowUp, OfTwoVisitorsIsCountedFromTheEarlierExposure) {
  for (const bool winner_first : {true, false}) {
    Folder early, late;
    early.add(decision_at(kStart, surrounded()));
    late.add(decision_at(kStart + days(31) + 1h, decided("fit-help", Outcome::kWithheld)));
    early.add(happened(order("o-1", 100, "p"), kStart + days(2)));
    late.add(happened(order("o-2", 30, "p"), kStart + days(33) + 1h));
    late.add(happened(page("/a"), kStart + days(200)));
    Folder& winner = winner_first ? early : late;
    winner.profile.core.absorb((winner_first ? late : early).profile.core);
    const Exposure& exposure = fit_of(winner);
    EXPECT_TRUE(exposure.treated);
    EXPECT_TRUE(exposure.crossover);
    EXPECT_EQ(exposure.covariates.region, "AT-9") << "the earlier one's";
    const FollowUp& after = exposure.follow_up;
    EXPECT_EQ(after.orders, 2U);
    EXPECT_EQ(after.order_days.count(), 2U);
    EXPECT_TRUE(after.order_days.has(2));
    EXPECT_TRUE(after.order_days.has(33));
    EXPECT_EQ(after.value_minor[0], 100);
    EXPECT_EQ(after.value_minor[1], 30);
    EXPECT_EQ(after.next_order, kStart + days(2));
    EXPECT_EQ(after.visit_days.count(), 0U) << "beyond its half year";
  }
}

Event random_outcome(Rng& rng, int i) {
  static const char* const kNames[] = {"Order Refunded", "Order Returned", "Unsubscribed",
                                       "Email Marked as Spam", "Survey Answered"};
  const std::uint64_t what = rng.below(9);
  if (what < 2) return page("/a");
  if (what < 4) {
    Event event = order("o-" + std::to_string(i), static_cast<std::int64_t>(rng.below(9'000)), "p");
    event.price = static_cast<OrderPrice>(rng.below(3));
    event.has_margin = rng.chance(0.5);
    event.margin_minor = event.has_margin ? 100 - static_cast<std::int64_t>(rng.below(300)) : 0;
    return event;
  }
  Event event = track(kNames[what - 4]);
  event.value_minor = static_cast<std::int64_t>(rng.below(5'000));
  event.question = rng.chance(0.5) ? "satisfaction" : "recall";
  event.answer = rng.chance(0.5) ? "yes" : "no";
  event.has_score = rng.chance(0.7);
  event.score_milli = event.has_score ? static_cast<std::int64_t>(rng.below(10'000)) : 0;
  return event;
}

TEST(FoldProperty, AFollowUpDoesNotDependOnTheOrder) {
  for (int seed = 0; seed < kHistories; ++seed) {
    Rng rng(static_cast<std::uint64_t>(seed));
    std::vector<Record> records;
    for (int i = 0; i < 15; ++i) {
      const auto hours = static_cast<std::int64_t>(rng.below(24 * 200)) - 240;
      records.push_back(happened(random_outcome(rng, i), kStart + hours * 1h));
    }
    const auto run = [&] {
      Folder folder = exposed();
      for (const Record& record : records) folder.add(record);
      return after_of(folder);
    };
    const FollowUp one = run();
    shuffle(records, rng);
    ASSERT_EQ(run(), one) << "seed " << seed;
  }
}

// What the store holds of an exposure is written when the fold says that it changed.
TEST(FoldProperty, EveryExposureThatChangesIsNamed) {
  for (int seed = 0; seed < kHistories; ++seed) {
    const auto records = random_history(static_cast<std::uint64_t>(seed), 60, 12, true);
    Folder folder;
    std::vector<Exposure> stored;
    for (const Record& record : records) {
      folder.effects.changed_experiments.clear();
      if (record.kind() == RecordKind::kDecision)
        advance(folder.profile, record.received_at, kContext);
      folder.add(record);
      const auto& changed = folder.effects.changed_experiments;
      const auto is_named = [&](const Exposure& exposure) {
        return std::find(changed.begin(), changed.end(), exposure.experiment) != changed.end();
      };
      for (const Exposure& now : folder.profile.core.exposures) {
        if (is_named(now)) continue;
        ASSERT_NE(std::find(stored.begin(), stored.end(), now), stored.end()) << "seed " << seed;
      }
      stored = folder.profile.core.exposures;
    }
  }
}

}  // namespace
}  // namespace tact
