// What the visitor was reached by and answered to, by channel and hour.
#include "profile/responses.h"

#include "profile/fold_test_util.h"

namespace tact {
namespace {

using namespace fold_test;

Surroundings at_hour(int hour) {
  Surroundings where;
  where.local_minute_of_week = static_cast<std::uint16_t>(3 * 1'440 + hour * 60 + 31);
  return where;
}

Event at_hour(Event event, int hour) {
  event.where = at_hour(hour);
  return event;
}

DecisionRecord shown_at(int hour, Outcome outcome = Outcome::kShown) {
  DecisionRecord decision = decided("fit-help", outcome);
  decision.where = at_hour(hour);
  return decision;
}

using Cells = std::vector<Responses::Cell>;
const Cells& cells(const Folder& folder) { return folder.profile.core.responses.cells; }

TEST(Responses, HourOfTheRecord) {
  EXPECT_EQ(hour_of(Surroundings{}), kUnknownHour);
  for (int hour = 0; hour < 24; ++hour) EXPECT_EQ(hour_of(at_hour(hour)), hour);
  Surroundings first, last;
  first.local_minute_of_week = 1;
  last.local_minute_of_week = 7 * 1'440;
  EXPECT_EQ(hour_of(first), 0);
  EXPECT_EQ(hour_of(last), 23);
}

TEST(Responses, AMessageCountsOnceSeenAndOnceAnswered) {
  Folder folder;
  folder.add(page("/"), kStart);
  folder.add(decision_at(kStart + 1s, shown_at(9)));
  EXPECT_TRUE(cells(folder).empty()) << "nobody saw it yet";
  for (int again = 0; again < 2; ++again) folder.add(reaction("Message Seen", 2), kStart + 2s);
  EXPECT_EQ(cells(folder), (Cells{{Channel::kWeb, 9, 1, 0}}));
  for (int again = 0; again < 2; ++again) folder.add(reaction("Message Clicked", 2), kStart + 3s);
  EXPECT_EQ(cells(folder), (Cells{{Channel::kWeb, 9, 1, 1}}));
}

TEST(Responses, AGoalAnswersWhatWasSeenAndNothingElse) {
  Folder seen, unseen;
  for (Folder* folder : {&seen, &unseen}) {
    folder->add(page("/"), kStart);
    folder->add(decision_at(kStart + 1s, shown_at(20)));
    if (folder == &seen) folder->add(reaction("Message Seen", 2), kStart + 2s);
    folder->add(order("o-1", 100, "p1"), kStart + 1min);
  }
  EXPECT_EQ(cells(seen), (Cells{{Channel::kWeb, 20, 1, 1}}));
  EXPECT_TRUE(cells(unseen).empty());
}

TEST(Responses, WhatWasHeldBackReachedNobody) {
  Folder folder;
  folder.add(page("/"), kStart);
  folder.add(decision_at(kStart + 1s, shown_at(9, Outcome::kWithheld)));
  folder.add(reaction("Message Seen", 2), kStart + 2s);
  folder.add(order("o-1", 100, "p1"), kStart + 1min);
  EXPECT_TRUE(cells(folder).empty());
}

TEST(Responses, AnEmailIsAnsweredByItsLinkOrByComingBackFromOne) {
  for (const bool by_link : {true, false}) {
    Folder folder;
    folder.add(at_hour(track("Email Delivered"), 19), kStart);
    EXPECT_EQ(cells(folder), (Cells{{Channel::kEmail, 19, 1, 0}}));
    Event back = by_link ? track("Email Link Clicked") : page("/p/1");
    back.where = at_hour(8);
    if (!by_link) back.where.source = TrafficSource::kEmail;
    folder.add(back, kStart + 13h);
    folder.add(at_hour(track("Email Link Clicked"), 8), kStart + 14h);
    EXPECT_EQ(cells(folder), (Cells{{Channel::kEmail, 19, 1, 1}})) << "once, at the hour it came";
  }
}

TEST(Responses, AnAnswerTooLateOrToNothingKnownIsNone) {
  Folder folder;
  folder.add(at_hour(track("Email Link Clicked"), 8), kStart);
  EXPECT_TRUE(cells(folder).empty());
  folder.add(at_hour(track("Push Notification Received"), 12), kStart + 1h);
  folder.add(at_hour(track("Email Link Clicked"), 12), kStart + 2h);
  folder.add(at_hour(track("Push Notification Tapped"), 12), kStart + 1h + days(8));
  EXPECT_EQ(cells(folder), (Cells{{Channel::kPush, 12, 1, 0}}));
}

// A visit is what somebody does.
TEST(Responses, BeingSentSomethingIsNoVisit) {
  Folder folder;
  folder.add(page("/"), kStart);
  const Visit before = folder.profile.core.visit;
  folder.add(at_hour(track("Email Delivered"), 19), kStart + days(1));
  folder.add(at_hour(track("Push Notification Received"), 19), kStart + days(2));
  EXPECT_EQ(folder.profile.core.visit, before);
  EXPECT_EQ(folder.profile.core.events, 1U);
  EXPECT_EQ(folder.profile.core.last_seen, kStart);
  EXPECT_EQ(folder.profile.core.deliveries.size(), 2U);
}

TEST(Responses, JoiningAddsUpAndDeliveriesAreBounded) {
  Folder one, other;
  for (int i = 0; i < 12; ++i) {
    one.add(at_hour(track("Email Delivered"), 19), kStart + Duration{i});
    other.add(at_hour(track("Email Delivered"), i % 24), kStart + 1h + Duration{i});
  }
  other.add(at_hour(track("Email Link Clicked"), 3), kStart + 2h);
  one.profile.core.absorb(other.profile.core);
  std::uint32_t reached = 0, answered = 0;
  for (const Responses::Cell& cell : cells(one)) {
    reached += cell.reached;
    answered += cell.answered;
  }
  EXPECT_EQ(reached, 24U);
  EXPECT_EQ(answered, 1U);
  EXPECT_EQ(one.profile.core.deliveries.size(), kMaxDeliveries);
  EXPECT_TRUE(one.profile.core.deliveries.back().answered);
}

// Of random lives: never more answers than were reached, cells in order, and the codec keeps them.
TEST(Responses, AnswersNeverExceedWhatReached) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    Folder folder;
    Time now = kStart;
    for (int i = 0; i < 80; ++i) {
      now += Duration{static_cast<std::int64_t>(rng.below(12 * 3'600'000))};
      const int hour = static_cast<int>(rng.below(24));
      static const char* const kNames[] = {"Email Delivered", "Email Link Clicked",
                                           "Push Notification Received",
                                           "Push Notification Tapped"};
      if (rng.chance(0.3)) {
        folder.add(decision_at(now, shown_at(hour)));
      } else if (rng.chance(0.4)) {
        folder.add(reaction(rng.chance(0.5) ? "Message Seen" : "Message Clicked",
                            1 + rng.below(folder.offset + 1)),
                   now);
      } else {
        folder.add(at_hour(track(kNames[rng.below(4)]), hour), now);
      }
    }
    for (const Responses::Cell& cell : cells(folder)) ASSERT_LE(cell.answered, cell.reached);
    const auto read = Core::decode(folder.profile.core.encode());
    ASSERT_TRUE(read.has_value()) << "seed " << seed;
    ASSERT_EQ(read->responses, folder.profile.core.responses);
  }
}

}  // namespace
}  // namespace tact
