// What a row of facts knows of the health of the comparison: whether the slot of its decision was
// seen, and whether consent was withdrawn afterwards.
#include "base/hash.h"
#include "profile/fold_test_util.h"

namespace tact {
namespace {

using namespace fold_test;

const Exposure& row(const Folder& folder, const char* moment) {
  const Experiment* experiment = *moment == '\0' ? experiments().universal_of(playbook().hash)
                                                 : experiments().of_moment(playbook().hash, moment);
  for (const Exposure& exposure : folder.profile.core.exposures) {
    if (exposure.experiment == experiment->id) return exposure;
  }
  throw std::logic_error("no exposure");
}

SlotSeen slot_of(const Folder& folder, const char* moment = "fit-help") {
  return row(folder, moment).slot;
}

// A page, and the decision on it: offset 2.
Folder exposed(Outcome outcome = Outcome::kShown, DecisionRecord decision = decided("fit-help")) {
  Folder folder;
  folder.add(page("/p"), kStart);
  decision.outcome = outcome;
  decision.held_out_moment = outcome == Outcome::kWithheld;
  folder.add(decision_at(kStart, decision));
  folder.effects.changed_experiments.clear();
  return folder;
}

TEST(Slot, IsToldOfWhatWasShownAndOfWhatWasHeldBackAlike) {
  for (const Outcome arm : {Outcome::kShown, Outcome::kWithheld}) {
    Folder folder = exposed(arm);
    EXPECT_EQ(slot_of(folder), SlotSeen::kUntold);
    EXPECT_EQ(slot_of(folder, ""), SlotSeen::kUntold);
    folder.add(reaction("Message Seen", 2), kStart + 2s);
    EXPECT_EQ(slot_of(folder), SlotSeen::kSeen);
    EXPECT_EQ(slot_of(folder, ""), SlotSeen::kSeen);
    EXPECT_EQ(folder.effects.changed_experiments.size(), 2U) << "both rows are written anew";
    folder.add(reaction("Message Not Seen", 2), kStart + 3s);
    EXPECT_EQ(slot_of(folder), SlotSeen::kSeen) << "what was seen stays so";

    Folder lost = exposed(arm);
    lost.add(reaction("Message Not Seen", 2), kStart + 1s);
    EXPECT_EQ(slot_of(lost), SlotSeen::kNotSeen);
    EXPECT_EQ(slot_of(lost, ""), SlotSeen::kNotSeen);
    EXPECT_EQ(lost.effects.changed_experiments.size(), 2U);
  }
}

TEST(Slot, OfAUsedMessageWasSeen) {
  for (const char* used : {"Message Clicked", "Question Answered", "Message Dismissed"}) {
    Folder folder = exposed();
    folder.add(reaction(used, 2), kStart + 1s);
    EXPECT_EQ(slot_of(folder), SlotSeen::kSeen) << used;
  }
  Folder folder = exposed();
  folder.add(reaction("Message Admired", 2), kStart + 1s);
  EXPECT_EQ(slot_of(folder), SlotSeen::kUntold);
  folder.add(reaction("Message Seen", 77), kStart + 1s);
  EXPECT_EQ(slot_of(folder), SlotSeen::kUntold) << "nobody's decision";
}

TEST(Slot, IsThatOfTheFirstDecisionAlone) {
  Folder folder = exposed();
  folder.add(reaction("Message Not Seen", 2), kStart + 1s);
  folder.add(page("/q"), kStart + 1h);
  folder.add(decision_at(kStart + 1h, decided("fit-help")));  // offset 5
  folder.add(reaction("Message Seen", 5), kStart + 1h + 2s);
  EXPECT_EQ(slot_of(folder), SlotSeen::kNotSeen) << "or who comes back more often would lose less";
}

TEST(Slot, AskedForAgainOnTheSamePageIsTheSame) {
  Folder folder = exposed();
  folder.add(decision_at(kStart + 1s, decided("fit-help")));  // offset 3 takes the place of 2
  folder.add(reaction("Message Not Seen", 2), kStart + 1s);
  EXPECT_EQ(slot_of(folder), SlotSeen::kUntold) << "what replaced it may be seen yet";
  folder.add(reaction("Message Seen", 3), kStart + 3s);
  EXPECT_EQ(slot_of(folder), SlotSeen::kSeen);
}

TEST(Slot, OfAnAnswerThatCameTooLateWasNotSeen) {
  DecisionRecord decision = decided("fit-help");
  decision.request = hash64("r1");
  Folder folder = exposed(Outcome::kShown, decision);
  Event gave_up = track("Message Not Seen");
  gave_up.decision = std::string(kOfRequest) + "r1";
  folder.add(gave_up, kStart + 1s);
  EXPECT_EQ(slot_of(folder), SlotSeen::kNotSeen);
  EXPECT_EQ(folder.effects.changed_experiments.size(), 2U);
}

TEST(Slot, TwoOfOneInstantAreToldApart) {
  Folder folder = exposed();
  folder.add(decision_at(kStart, decided("gift-note")));  // offset 3, another slot of the page
  folder.add(reaction("Message Not Seen", 2), kStart + 1s);
  folder.add(reaction("Message Seen", 3), kStart + 2s);
  EXPECT_EQ(slot_of(folder, "fit-help"), SlotSeen::kNotSeen);
  EXPECT_EQ(slot_of(folder, "gift-note"), SlotSeen::kSeen);
  EXPECT_EQ(slot_of(folder, ""), SlotSeen::kSeen) << "something of the page was";
}

TEST(Slot, OfARowOfAnOlderVersionStaysUnknown) {
  Folder folder = exposed();
  for (Exposure& exposure : folder.profile.core.exposures) exposure.slot = SlotSeen::kNotFollowed;
  folder.add(reaction("Message Seen", 2), kStart + 2s);
  EXPECT_EQ(slot_of(folder), SlotSeen::kNotFollowed);
  EXPECT_TRUE(folder.effects.changed_experiments.empty());
}

TEST(Slot, OfTwoVisitorsIsThatOfTheEarlierExposure) {
  Folder early = exposed(), late;
  early.add(reaction("Message Not Seen", 2), kStart + 2s);
  late.add(page("/p"), kStart + 1h);
  late.add(decision_at(kStart + 1h, decided("fit-help")));
  late.add(reaction("Message Seen", 2), kStart + 1h + 2s);
  Folder winner = late;
  winner.profile.core.absorb(early.profile.core);
  EXPECT_EQ(slot_of(winner), SlotSeen::kNotSeen);
  early.profile.core.absorb(late.profile.core);
  EXPECT_EQ(slot_of(early), SlotSeen::kNotSeen);
}

// --- withdrawal ----------------------------------------------------------------------------------

Event chose(Purpose purpose, ConsentState state) {
  Event event = track(std::string(kConsentEvent));
  set_choice(event.consent, purpose, state);
  return event;
}

Event refusal() { return chose(Purpose::kPersonalization, ConsentState::kRefused); }
Event grant() { return chose(Purpose::kPersonalization, ConsentState::kGranted); }

bool withdrew(const Folder& folder) { return row(folder, "fit-help").follow_up.withdrew; }

TEST(Withdrawal, AfterTheExposureIsInEveryRowThatFollows) {
  for (const ConsentState no : {ConsentState::kRefused, ConsentState::kObjected}) {
    for (const Outcome arm : {Outcome::kShown, Outcome::kWithheld}) {
      Folder folder = exposed(arm);
      EXPECT_FALSE(withdrew(folder));
      folder.add(chose(Purpose::kPersonalization, no), kStart + days(3));
      EXPECT_TRUE(withdrew(folder));
      EXPECT_TRUE(row(folder, "").follow_up.withdrew);
      EXPECT_EQ(folder.effects.changed_experiments.size(), 2U);
      folder.add(grant(), kStart + days(4));
      EXPECT_TRUE(withdrew(folder)) << "that it happened stays";
    }
  }
}

TEST(Withdrawal, IsOfPersonalizationAndOfHalfAYear) {
  Folder folder = exposed();
  folder.add(chose(Purpose::kEmail, ConsentState::kRefused), kStart + 1h);
  folder.add(chose(Purpose::kAnalytics, ConsentState::kRefused), kStart + 1h);
  folder.add(chose(Purpose::kPersonalization, ConsentState::kAsked), kStart + 1h);
  folder.add(grant(), kStart + 1h);
  EXPECT_FALSE(withdrew(folder));
  EXPECT_TRUE(folder.effects.changed_experiments.empty());
  folder.add(refusal(), kStart + days(180));
  EXPECT_FALSE(withdrew(folder));
}

TEST(Withdrawal, BeforeTheExposureIsNone) {
  Folder folder;
  folder.add(refusal(), kStart - 2h);
  folder.add(grant(), kStart - 1h);
  folder.add(decision_at(kStart, decided("fit-help")));
  folder.add(page("/p"), kStart + 1h);
  EXPECT_FALSE(withdrew(folder));
}

TEST(Withdrawal, ByGlobalPrivacyControlCounts) {
  Folder folder = exposed();
  Record record = record_of(page("/p"), kStart + 1h);
  record.flags |= record_flags::kGpc;
  folder.add(record);
  EXPECT_TRUE(withdrew(folder));
}

TEST(Withdrawal, OfOneOfTwoWhoBecameOneIsThatOfBoth) {
  Folder mine = exposed(), theirs = exposed();
  theirs.add(refusal(), kStart + 1h);
  Record absorb;
  absorb.received_at = absorb.event_time = kStart + 2h;
  absorb.body = AbsorbRecord{.loser = VisitorId{{200}},
                             .loser_offset = Offset{9},
                             .core = theirs.profile.core.encode(),
                             .derived = theirs.profile.derived.encode()};
  mine.add(absorb);
  EXPECT_TRUE(withdrew(mine));
  // Also where the other one had never met the moment.
  Folder met = exposed(), stranger;
  stranger.add(refusal(), kStart + 1h);
  auto& told = std::get<AbsorbRecord>(absorb.body);
  told.core = stranger.profile.core.encode();
  told.derived = stranger.profile.derived.encode();
  met.add(absorb);
  EXPECT_TRUE(withdrew(met));
}

TEST(Withdrawal, KeepsNothingElseOfIt) {
  Folder folder = exposed();
  const Exposure before = row(folder, "fit-help");
  Event event = refusal();
  event.where.path = "/account/privacy";
  folder.add(event, kStart + days(3));
  Exposure after = row(folder, "fit-help");
  after.follow_up.withdrew = false;
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace tact
