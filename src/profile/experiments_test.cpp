// A/B experiments in the fold: who enters which arm, and what is flagged.
#include "profile/experiments.h"

#include "profile/fold_test_util.h"

namespace tact {
namespace {

using namespace fold_test;

Playbook with_experiments() {
  Playbook made = make_playbook();
  made.hash = content_hash("a playbook with experiments");
  ExperimentPlan tone;
  tone.id = "tone";
  tone.asks = "does it help";
  tone.because = "it may";
  tone.moment = "fit-help";
  tone.layer = "fit";
  tone.from = {100'000};
  tone.to = {700'000};
  tone.expect.goal = 0;
  tone.definition = 5;
  tone.arms.resize(3);
  const char* const ids[] = {"plain", "warm", "none"};
  for (std::size_t arm = 0; arm < 3; ++arm) {
    tone.arms[arm].id = ids[arm];
    tone.arms[arm].weight = {arm == 0 ? 500'000 : 250'000};
  }
  tone.arms[2].kind = Arm::Kind::kDefault;
  made.experiments = {tone};
  ExperimentPlan draft = tone;
  draft.id = "draft";
  draft.status = ExperimentStatus::kDraft;
  made.experiments.push_back(draft);
  ExperimentPlan ended = tone;
  ended.id = "ended";
  ended.status = ExperimentStatus::kEnded;
  made.experiments.push_back(ended);
  return made;
}

struct World {
  Playbook playbook = with_experiments();
  ExperimentBook book;
  Profile profile = start(playbook);
  std::uint64_t offset = 0;
  FoldEffects effects;

  World() { book.add(playbook); }

  void add(const Record& record) {
    fold(profile, kVisitor, Offset{++offset}, record, {playbook, book}, effects);
  }
  // A decision for fit-help with this arm of "tone".
  DecisionRecord decided_in(const std::string& arm, Outcome outcome = Outcome::kShown) const {
    DecisionRecord decision = decided("fit-help", outcome);
    decision.playbook = playbook.hash;
    decision.held_out_moment = false;
    decision.assignment = {"tone", arm};
    return decision;
  }
  void decide_in(const std::string& arm, Time at, Outcome outcome = Outcome::kShown) {
    add(decision_at(at, decided_in(arm, outcome)));
  }
  const Exposure* exposure(const Experiment* experiment) const {
    for (const Exposure& exposure : profile.core.exposures) {
      if (exposure.experiment == experiment->id) return &exposure;
    }
    return nullptr;
  }
  const Exposure* tone() const { return exposure(book.of_experiment(playbook.hash, "tone")); }
  const Exposure* moment() const { return exposure(book.of_moment(playbook.hash, "fit-help")); }
  const Exposure* universal() const { return exposure(book.universal_of(playbook.hash)); }
};

TEST(ExperimentBook, HoldsWhatAReportNeeds) {
  const World world;
  const Experiment* tone = world.book.of_experiment(world.playbook.hash, "tone");
  ASSERT_NE(tone, nullptr);
  EXPECT_TRUE(tone->is_ab());
  EXPECT_EQ(tone->name, "tone");
  EXPECT_EQ(tone->asks, "does it help");
  EXPECT_EQ(tone->because, "it may");
  EXPECT_EQ(tone->moment, "fit-help");
  EXPECT_EQ(tone->moment_key, hash64("fit-help"));
  EXPECT_EQ(tone->layer, "fit");
  EXPECT_EQ(tone->traffic.ppm, 600'000);
  EXPECT_FALSE(tone->ended);
  ASSERT_EQ(tone->arms.size(), 3U);
  EXPECT_EQ(tone->arms[0].id, "plain");
  EXPECT_EQ(tone->arms[0].weight.ppm, 500'000);
  EXPECT_EQ(tone->arms[2].kind, Arm::Kind::kDefault);
  EXPECT_EQ(tone->find_arm("warm"), &tone->arms[1]);
  EXPECT_EQ(tone->find_arm("cold"), nullptr);
  ASSERT_EQ(tone->goals.size(), 1U);
  EXPECT_EQ(world.book.find(tone->id), tone);
  EXPECT_EQ(world.book.of_experiment(world.playbook.hash, "draft"), nullptr);
  EXPECT_TRUE(world.book.of_experiment(world.playbook.hash, "ended")->ended);
  EXPECT_EQ(world.book.of_experiment(world.playbook.hash, ""), nullptr);
  EXPECT_FALSE(world.book.universal_of(world.playbook.hash)->is_ab());
  EXPECT_FALSE(world.book.of_moment(world.playbook.hash, "fit-help")->is_ab());
}

TEST(ExperimentBook, OtherArmsGoalOrDirectionIsAnotherExperimentAndAnEndIsNot) {
  const Playbook before = with_experiments();
  const auto id_after = [&](auto change) {
    Playbook after = before;
    after.hash = content_hash("changed");
    change(after.experiments[0]);
    ExperimentBook book;
    book.add(after);
    return book.of_experiment(after.hash, "tone")->id;
  };
  ExperimentBook book;
  book.add(before);
  const std::uint64_t id = book.of_experiment(before.hash, "tone")->id;
  EXPECT_NE(id, book.of_moment(before.hash, "fit-help")->id);
  EXPECT_NE(id_after([](ExperimentPlan& plan) { plan.definition = 6; }), id);
  EXPECT_NE(id_after([](ExperimentPlan& plan) { plan.expect.more = false; }), id);
  EXPECT_EQ(id_after([](ExperimentPlan& plan) { plan.status = ExperimentStatus::kEnded; }), id);
  EXPECT_EQ(id_after([](ExperimentPlan& plan) { plan.to = {900'000}; }), id);
  EXPECT_EQ(id_after([](ExperimentPlan& plan) { plan.asks = "better words"; }), id);
}

// Else a message that was ignored would tell of the arm, and not of what it says.
TEST(ExperimentBook, KnowsWhetherAllArmsShowWhenTheyAreEntered) {
  const auto all_show = [](auto change) {
    Playbook playbook = with_experiments();
    playbook.experiments[0].arms[2].kind = Arm::Kind::kGeneric;
    change(playbook.experiments[0]);
    ExperimentBook book;
    book.add(playbook);
    return book.of_experiment(playbook.hash, "tone")->all_arms_show;
  };
  EXPECT_TRUE(all_show([](ExperimentPlan&) {}));
  EXPECT_FALSE(all_show([](ExperimentPlan& plan) { plan.triggers_differ = true; }));
  EXPECT_FALSE(all_show([](ExperimentPlan& plan) { plan.arms[2].kind = Arm::Kind::kDefault; }));
  EXPECT_FALSE(all_show([](ExperimentPlan& plan) { plan.status = ExperimentStatus::kEnded; }))
      << "not known, where nobody said it before";
  Playbook before = with_experiments();
  before.experiments[0].arms[2].kind = Arm::Kind::kGeneric;
  Playbook after = before;
  after.hash = content_hash("ended");
  after.experiments[0].status = ExperimentStatus::kEnded;
  ExperimentBook book;
  book.add(before);
  book.add(after);
  EXPECT_TRUE(book.of_experiment(after.hash, "tone")->ended);
  EXPECT_TRUE(book.of_experiment(after.hash, "tone")->all_arms_show) << "as before";
}

TEST(ExperimentBook, SpeaksAsThePlaybookLearnedLast) {
  const Playbook before = with_experiments();
  Playbook after = before;
  after.hash = content_hash("changed");
  after.experiments[0].asks = "better words";
  ExperimentBook book;
  book.add(before);
  book.add(after);
  EXPECT_EQ(book.of_experiment(before.hash, "tone")->asks, "better words");
  book.add(before);
  EXPECT_EQ(book.of_experiment(after.hash, "tone")->asks, "does it help");
}

TEST(Arms, AreEnteredAtTheFirstDecisionWithTheMomentAndTheHoldoutsOwnRows) {
  World world;
  world.decide_in("warm", kStart);
  ASSERT_NE(world.tone(), nullptr);
  EXPECT_TRUE(world.tone()->is_arm);
  EXPECT_EQ(world.tone()->variant, "warm");
  EXPECT_TRUE(world.tone()->treated) << "not the control";
  EXPECT_EQ(world.tone()->at, kStart);
  ASSERT_NE(world.moment(), nullptr);
  EXPECT_FALSE(world.moment()->is_arm);
  EXPECT_EQ(world.moment()->variant, "plain");
  EXPECT_TRUE(world.universal()->treated);
  World control;
  control.decide_in("plain", kStart);
  EXPECT_FALSE(control.tone()->treated);
  EXPECT_EQ(control.tone()->variant, "plain");
}

TEST(Arms, ThatShowNothingCountAsAContactAndNotInTheMomentsReport) {
  World world;
  world.decide_in("none", kStart, Outcome::kWithheld);
  EXPECT_EQ(world.tone()->variant, "none");
  EXPECT_EQ(world.tone()->slot, SlotSeen::kUntold) << "the page reports on what stays, too";
  EXPECT_EQ(world.moment(), nullptr) << "neither shown nor held back";
  EXPECT_TRUE(world.universal()->treated);
  ASSERT_EQ(world.profile.core.contacts.size(), 1U);
  EXPECT_TRUE(world.profile.core.contacts[0].withheld);
  EXPECT_EQ(world.profile.core.find_totals(hash64("fit-help"))->ever, 1U);
  // Of those held back the same ones are left out, so that the two stay alike.
  World held;
  DecisionRecord decision = held.decided_in("none", Outcome::kWithheld);
  decision.held_out_moment = true;
  held.add(decision_at(kStart, decision));
  EXPECT_EQ(held.moment(), nullptr);
}

TEST(Arms, AreNotEnteredByWhoIsHeldBack) {
  for (const bool universal : {true, false}) {
    World world;
    DecisionRecord decision = world.decided_in("warm", Outcome::kWithheld);
    (universal ? decision.held_out_universal : decision.held_out_moment) = true;
    world.add(decision_at(kStart, decision));
    EXPECT_EQ(world.tone(), nullptr);
    EXPECT_EQ(world.moment() == nullptr, universal);
    EXPECT_EQ(world.universal()->treated, !universal);
  }
}

TEST(Arms, AreEnteredWhereAnotherArmWouldHaveShown) {
  World world;
  DecisionRecord decision = decided("gift-note");
  decision.playbook = world.playbook.hash;
  decision.triggered = {{"tone", "warm"}};
  world.add(decision_at(kStart, decision));
  ASSERT_NE(world.tone(), nullptr);
  EXPECT_EQ(world.tone()->variant, "warm");
  EXPECT_EQ(world.tone()->slot, SlotSeen::kNotFollowed) << "no slot was decided for it";
  EXPECT_EQ(world.universal()->slot, SlotSeen::kUntold);
  EXPECT_EQ(world.moment(), nullptr);
  EXPECT_EQ(world.profile.core.find_totals(hash64("fit-help")), nullptr) << "no contact";
  // With nothing else to show, too.
  World empty;
  DecisionRecord nothing = decided("", Outcome::kDefault);
  nothing.playbook = empty.playbook.hash;
  nothing.triggered = {{"tone", "plain"}};
  empty.add(decision_at(kStart, nothing));
  ASSERT_NE(empty.tone(), nullptr);
  EXPECT_EQ(empty.universal(), nullptr);
  EXPECT_TRUE(empty.profile.core.contacts.empty());
}

TEST(Arms, StayThoseOfTheFirstExposureAndAnotherLaterIsFlagged) {
  World world;
  world.decide_in("warm", kStart);
  world.decide_in("warm", kStart + 1h);
  EXPECT_FALSE(world.tone()->crossover) << "the same arm again";
  world.effects.changed_experiments.clear();
  world.decide_in("none", kStart + 2h);
  EXPECT_EQ(world.tone()->variant, "warm");
  EXPECT_EQ(world.tone()->at, kStart);
  EXPECT_TRUE(world.tone()->crossover) << "both are other than the control";
  EXPECT_EQ(world.effects.changed_experiments, std::vector<std::uint64_t>{world.tone()->experiment})
      << "its row is written anew, once";
  world.effects.changed_experiments.clear();
  world.decide_in("plain", kStart + 3h);
  EXPECT_TRUE(world.effects.changed_experiments.empty());
}

TEST(Arms, OfNoKnownExperimentAreNotEntered) {
  World world;
  for (const Assignment& unknown :
       {Assignment{"tone", "cold"}, Assignment{"tune", "warm"}, Assignment{"draft", "warm"}}) {
    DecisionRecord decision = world.decided_in("warm");
    decision.assignment = unknown;
    world.add(decision_at(kStart, decision));
  }
  EXPECT_EQ(world.profile.core.exposures.size(), 2U) << "universal and moment";
}

TEST(Arms, CountTheirOutcomes) {
  World world;
  world.decide_in("warm", kStart);
  world.add(record_of(order("o-1", 1'200, "p1"), kStart + 1h));
  ASSERT_EQ(world.tone()->goals.size(), 1U);
  EXPECT_EQ(world.tone()->goals[0].count, 1U);
  EXPECT_EQ(world.tone()->goals[0].value_minor, 1'200);
  EXPECT_EQ(world.tone()->goals[0].attributed, 1U) << "the moment's message was the last touch";
}

TEST(Arms, OfTwoWhoBecomeOneTheEarlierCounts) {
  for (const auto& [mine, theirs] :
       {std::pair("plain", "warm"), std::pair("warm", "none"), std::pair("warm", "warm")}) {
    for (const bool mine_first : {true, false}) {
      World winner, loser;
      winner.decide_in(mine, kStart + (mine_first ? 0h : 1h));
      loser.decide_in(theirs, kStart + (mine_first ? 1h : 0h));
      Record absorb;
      absorb.received_at = absorb.event_time = kStart + 2h;
      absorb.body = AbsorbRecord{.loser = VisitorId{{200}},
                                 .loser_offset = Offset{9},
                                 .core = loser.profile.core.encode(),
                                 .derived = loser.profile.derived.encode()};
      winner.add(absorb);
      EXPECT_EQ(winner.tone()->variant, mine_first ? mine : theirs);
      EXPECT_EQ(winner.tone()->at, kStart);
      EXPECT_EQ(winner.tone()->crossover, std::string_view(mine) != theirs) << mine << theirs;
    }
  }
}

}  // namespace
}  // namespace tact
