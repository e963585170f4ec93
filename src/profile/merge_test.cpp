// Two visitors become one: what the winner keeps, and what the loser leaves.
#include "profile/fold_test_util.h"

namespace tact {
namespace {

using namespace fold_test;

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
