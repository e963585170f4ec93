// Hesitation that returned: a decision of a later visit finds the intent of the exposure again.
#include "profile/fold_test_util.h"
#include "profile/follow_up.h"

namespace tact {
namespace {

using namespace fold_test;

constexpr const char* kFit = "unsure_about_fit";

DecisionRecord entered(Outcome arm = Outcome::kShown, IntentLevel level = IntentLevel::kLikely,
                       const char* intent = kFit) {
  DecisionRecord decision = decided("fit-help", arm);
  decision.intent = intent;
  decision.intent_level = level;
  return decision;
}

// A page on which nothing is shown, and nothing told but that it is there again.
DecisionRecord found(const char* intent = kFit, Hesitation hesitation = Hesitation::kAgain) {
  DecisionRecord decision = decided("");
  decision.intent = intent;
  decision.intent_level = IntentLevel::kLikely;
  decision.hesitation = hesitation;
  return decision;
}

const Exposure& fit_of(const Folder& folder) {
  const std::uint64_t id = experiments().of_moment(playbook().hash, "fit-help")->id;
  for (const Exposure& exposure : folder.profile.core.exposures) {
    if (exposure.experiment == id) return exposure;
  }
  throw std::logic_error("no exposure");
}

std::uint32_t day_of(const Folder& folder) { return fit_of(folder).follow_up.again_day; }

Folder after(const DecisionRecord& first, Duration later, const DecisionRecord& second) {
  Folder folder;
  folder.add(decision_at(kStart, first));
  folder.add(decision_at(kStart + later, second));
  return folder;
}

// Of who is held back, too: decisions are made for both.
TEST(HesitatedAgain, IsNotedOfALaterVisitInBothArms) {
  for (const Outcome arm : {Outcome::kShown, Outcome::kWithheld}) {
    EXPECT_EQ(day_of(after(entered(arm), 31min, found())), 1U);
    EXPECT_EQ(day_of(after(entered(arm), days(3), found())), 4U);
    EXPECT_EQ(day_of(after(entered(arm), days(3), found(kFit, Hesitation::kNotAgain))), 0U);
    EXPECT_EQ(day_of(after(entered(arm), days(3), found(kFit, Hesitation::kUntold))), 0U);
  }
}

TEST(HesitatedAgain, IsNotOfTheSameVisitHoweverLong) {
  Folder folder;
  folder.add(decision_at(kStart, entered()));
  for (int i = 0; i < 10; ++i) {
    folder.add(decision_at(kStart, found()));  // other slots of the page
    folder.add(page("/a"), kStart + std::chrono::minutes(30 * i));
    folder.add(decision_at(kStart + std::chrono::minutes(30 * i), found()));
  }
  EXPECT_EQ(day_of(folder), 0U);
  folder.add(decision_at(kStart + std::chrono::minutes(301), found()));
  EXPECT_EQ(day_of(folder), 1U);
}

// The page view may be by another clock than the decision, and seem to come after it.
TEST(HesitatedAgain, IsNotOfAVisitThatSeemsToBeginAfterItsFirstDecision) {
  Folder folder;
  folder.add(page("/a"), kStart + 2s);
  folder.add(decision_at(kStart, entered()));
  folder.add(decision_at(kStart + 1min, found()));
  EXPECT_EQ(day_of(folder), 0U);
}

TEST(HesitatedAgain, IsOfTheSameIntentThatWasLikelyAndWithin30Days) {
  EXPECT_EQ(day_of(after(entered(), days(1), found("gift"))), 0U);
  EXPECT_EQ(day_of(after(entered(Outcome::kShown, IntentLevel::kMaybe), days(1), found())), 0U);
  EXPECT_EQ(day_of(after(entered(Outcome::kShown, IntentLevel::kUnclear, ""), days(1), found(""))),
            0U);
  EXPECT_EQ(day_of(after(entered(Outcome::kShown, IntentLevel::kSure), days(1), found())), 2U);
  EXPECT_EQ(day_of(after(entered(), days(30) - 1ms, found())), 30U);
  EXPECT_EQ(day_of(after(entered(), days(30), found())), 0U);
}

TEST(HesitatedAgain, IsNotNotedOfWhatMayBeSensitive) {
  DecisionRecord delicate = found();
  delicate.where.sensitive = true;
  EXPECT_EQ(day_of(after(entered(), days(1), delicate)), 0U);
  Folder folder;
  folder.add(decision_at(kStart, entered()));
  folder.profile.core.holds_sensitive = true;
  folder.add(decision_at(kStart + days(1), found()));
  EXPECT_EQ(day_of(folder), 0U);
}

// Each of its own intent; a row is written again only where it says something new.
TEST(HesitatedAgain, IsTheFirstDayOfEachExposure) {
  Folder folder;
  folder.add(decision_at(kStart, entered()));
  DecisionRecord other = entered(Outcome::kShown, IntentLevel::kSure, "gift");
  other.moment = "gift-note";
  folder.add(decision_at(kStart + days(1), other));
  const auto changed = [&](Time at, const char* intent) {
    folder.effects = {};
    folder.add(decision_at(at, found(intent)));
    return folder.effects.changed_experiments.size();
  };
  EXPECT_EQ(changed(kStart + days(2), kFit), 2U) << "the universal one's, too";
  EXPECT_EQ(changed(kStart + days(3), kFit), 0U);
  EXPECT_EQ(changed(kStart + days(4), "gift"), 1U);
  EXPECT_EQ(day_of(folder), 3U);
}

// Events of a visit that arrive late or in another order change neither what was decided nor when.
TEST(HesitatedAgain, DoesNotDependOnTheOrderOfEventsWithinVisits) {
  const auto history = [](Rng* rng) {
    std::vector<Record> first, second;
    for (int i = 1; i < 9; ++i) {
      first.push_back(record_of(page("/a"), kStart + 5min, std::chrono::seconds(i)));
      second.push_back(record_of(page("/b"), kStart + days(2), std::chrono::seconds(i)));
    }
    if (rng != nullptr) shuffle(first, *rng);
    if (rng != nullptr) shuffle(second, *rng);
    Folder folder;
    for (const Record& record : first) folder.add(record);
    folder.add(decision_at(kStart + 5min, entered()));
    for (const Record& record : second) folder.add(record);
    folder.add(decision_at(kStart + days(2), found()));
    return day_of(folder);
  };
  Rng rng(43);
  for (int i = 0; i < 50; ++i) ASSERT_EQ(history(&rng), history(nullptr));
  EXPECT_EQ(history(nullptr), 2U);
}

// The loser's exposure is the earlier or the later one; days count from the one that stays.
TEST(HesitatedAgain, OfTwoVisitorsIsThatOfTheSameIntentFromTheEarlierOn) {
  struct Case {
    const char* intent;
    IntentLevel earlier;
    int late, again;
    std::uint32_t expected;
  };
  for (const Case& of :
       {Case{kFit, IntentLevel::kLikely, 2, 3, 6U}, Case{kFit, IntentLevel::kLikely, 20, 9, 30U},
        Case{kFit, IntentLevel::kLikely, 20, 10, 0U}, Case{kFit, IntentLevel::kLikely, 31, 1, 0U},
        Case{"gift", IntentLevel::kLikely, 2, 3, 0U}, Case{kFit, IntentLevel::kMaybe, 2, 3, 0U}}) {
    Folder early, late;
    early.add(decision_at(kStart, entered(Outcome::kShown, of.earlier)));
    late.add(decision_at(kStart + days(of.late),
                         entered(Outcome::kShown, IntentLevel::kLikely, of.intent)));
    late.add(decision_at(kStart + days(of.late + of.again), found(of.intent)));
    ASSERT_NE(day_of(late), 0U);
    Folder other_way = late;
    other_way.profile.core.absorb(early.profile.core);
    early.profile.core.absorb(late.profile.core);
    EXPECT_EQ(day_of(early), of.expected) << of.late;
    EXPECT_EQ(day_of(other_way), of.expected);
  }
}

TEST(HesitatedAgain, OfTwoVisitorsTheEarlierDayStays) {
  Folder early = after(entered(), days(2), found());
  Folder late;
  late.add(decision_at(kStart + days(4), entered()));
  late.add(decision_at(kStart + days(6), found()));
  early.profile.core.absorb(late.profile.core);
  EXPECT_EQ(day_of(early), 3U);
}

// Visits are numbered anew when visitors are joined; a visit that goes on is none that came later.
TEST(HesitatedAgain, TwoDevicesAtOnceAreOneVisit) {
  Folder phone, desk;
  desk.add(page("/a"), kStart - 10min);
  desk.add(page("/b"), kStart - days(3), days(3));
  phone.add(decision_at(kStart, entered()));
  desk.add(page("/c"), kStart + 10min);
  phone.profile.core.absorb(desk.profile.core);
  phone.add(decision_at(kStart + 20min, found()));
  EXPECT_EQ(day_of(phone), 0U);
  phone.add(decision_at(kStart + 2h, found()));
  EXPECT_EQ(day_of(phone), 1U);
}

}  // namespace
}  // namespace tact
