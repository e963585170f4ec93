// Credit: shares that add up, and the fold against a reference written plainly.
#include "profile/attribution.h"

#include <map>

#include "profile/fold_test_util.h"

namespace tact {
namespace {

using namespace fold_test;

TEST(Shares, OfAnyNumberOfTouchesAddUpToOneOutcome) {
  for (std::size_t n = 1; n <= 100; ++n) {
    std::uint64_t linear = 0, position = 0;
    for (std::size_t i = 0; i < n; ++i) {
      linear += linear_share(i, n);
      position += position_share(i, n);
      EXPECT_LE(linear_share(0, n) - linear_share(i, n), 1U) << "all alike";
    }
    EXPECT_EQ(linear, kWholeOutcome) << n;
    EXPECT_EQ(position, kWholeOutcome) << n;
  }
}

TEST(Shares, ByPositionAreFortyTwentyForty) {
  EXPECT_EQ(position_share(0, 1), 1'000'000U);
  EXPECT_EQ(position_share(1, 2), 500'000U);
  EXPECT_EQ(position_share(0, 5), 400'000U);
  EXPECT_EQ(position_share(1, 5), 66'667U);
  EXPECT_EQ(position_share(2, 5), 66'667U);
  EXPECT_EQ(position_share(3, 5), 66'666U);
  EXPECT_EQ(position_share(4, 5), 400'000U);
}

const GoalTally* tally_for(const Core& core, std::string_view moment) {
  const Experiment* experiment = moment.empty() ? experiments().universal_of(playbook().hash)
                                                : experiments().of_moment(playbook().hash, moment);
  for (const Exposure& exposure : core.exposures) {
    if (exposure.experiment == experiment->id && !exposure.goals.empty()) return &exposure.goals[0];
  }
  return nullptr;
}

// A shop's history: what was shown when, and the orders. One message on each page.
struct History {
  struct Shown {
    Time at;
    std::string moment;
    bool withheld = false;
  };
  std::vector<Shown> shown;
  std::vector<Time> orders;

  Folder folded() const {
    Folder folder;
    std::size_t next = 0;
    for (std::size_t i = 0; i <= orders.size(); ++i) {
      for (; next < shown.size() && (i == orders.size() || shown[next].at < orders[i]); ++next) {
        folder.add(page("/" + std::to_string(next)), shown[next].at);
        const Outcome outcome = shown[next].withheld ? Outcome::kWithheld : Outcome::kShown;
        folder.add(decision_at(shown[next].at, decided(shown[next].moment, outcome)));
      }
      if (i < orders.size()) folder.add(order("o-" + std::to_string(i), 100, "p"), orders[i]);
    }
    return folder;
  }
};

struct Credit {
  std::uint64_t last = 0, linear = 0, position = 0;
};

// As the rules are told: for each order, the touches of the fourteen days before it, since the
// order before; then who gets what.
std::map<std::string, Credit> reference(const History& history) {
  std::map<std::string, Credit> credit;
  for (std::size_t o = 0; o < history.orders.size(); ++o) {
    const Time at = history.orders[o];
    std::vector<std::string> path;
    for (const History::Shown& shown : history.shown) {
      const bool since_last = o == 0 || shown.at > history.orders[o - 1];
      if (!shown.withheld && since_last && shown.at <= at && at - shown.at < days(14))
        path.push_back(shown.moment);
    }
    const std::uint64_t n = path.size();
    if (n > 0) ++credit[path.back()].last;
    for (std::uint64_t i = 0; i < n; ++i) {
      Credit& mine = credit[path[i]];
      mine.linear += 1'000'000 / n + (i < 1'000'000 % n ? 1 : 0);
      if (n == 1) {
        mine.position += 1'000'000;
      } else if (n == 2) {
        mine.position += 500'000;
      } else if (i == 0 || i == n - 1) {
        mine.position += 400'000;
      } else {
        mine.position += 200'000 / (n - 2) + (i - 1 < 200'000 % (n - 2) ? 1 : 0);
      }
    }
  }
  return credit;
}

History random_shop(Rng& rng) {
  static const char* const kMoments[] = {"fit-help", "delivery-promise", "gift-note"};
  History history;
  Time now = kStart;
  // All within the window of the first exposure, so that no order falls out of a goal's window.
  while (now < kStart + days(13)) {
    if (rng.chance(0.25) && !history.shown.empty()) {
      history.orders.push_back(now);
    } else {
      history.shown.push_back({now, kMoments[rng.below(3)], rng.chance(0.3)});
    }
    now += Duration{1 + static_cast<std::int64_t>(rng.below(36 * 3'600'000))};
  }
  return history;
}

TEST(Attribution, IsThatOfAPlainReferenceAndAddsUpToTheOrdersCredited) {
  std::uint64_t credited_orders = 0;
  for (int seed = 0; seed < kHistories; ++seed) {
    Rng rng(static_cast<std::uint64_t>(seed));
    const History history = random_shop(rng);
    const Folder folder = history.folded();
    const auto expected = reference(history);
    std::uint64_t last = 0, linear = 0, position = 0;
    for (const Moment& moment : playbook().moments) {
      const GoalTally* tally = tally_for(folder.profile.core, moment.id);
      const auto found = expected.find(moment.id);
      const Credit credit = found == expected.end() ? Credit{} : found->second;
      ASSERT_EQ(tally == nullptr ? 0 : tally->attributed, credit.last) << seed << " " << moment.id;
      ASSERT_EQ(tally == nullptr ? 0 : tally->linear, credit.linear) << seed << " " << moment.id;
      ASSERT_EQ(tally == nullptr ? 0 : tally->position, credit.position) << seed;
      last += credit.last;
      linear += credit.linear;
      position += credit.position;
    }
    const GoalTally* all = tally_for(folder.profile.core, "");
    ASSERT_EQ(all == nullptr ? 0 : all->linear, linear) << seed;
    ASSERT_EQ(all == nullptr ? 0 : all->position, position) << seed;
    ASSERT_EQ(linear, position) << seed;
    ASSERT_EQ(all == nullptr ? 0 : all->attributed, last) << seed;
    ASSERT_EQ(linear, last * kWholeOutcome) << "all three credit the same orders";
    credited_orders += linear / kWholeOutcome;
  }
  EXPECT_GT(credited_orders, 500U) << "the test is too tame";
}

TEST(Attribution, NoRuleCreditsAMessageForTheOrderAfterTheNext) {
  Folder folder;
  folder.add(page("/a"), kStart);
  folder.add(decision_at(kStart + 1min, decided("fit-help")));
  folder.add(order("o-1", 100, "p"), kStart + 2min);
  folder.add(order("o-2", 100, "p"), kStart + 3min);
  folder.add(page("/b"), kStart + 4min);
  folder.add(decision_at(kStart + 5min, decided("gift-note")));
  folder.add(order("o-3", 100, "p"), kStart + 6min);
  const GoalTally* fit = tally_for(folder.profile.core, "fit-help");
  EXPECT_EQ(fit->count, 3U) << "an outcome of the visitor all the same";
  EXPECT_EQ(fit->attributed, 1U);
  EXPECT_EQ(fit->linear, kWholeOutcome);
  EXPECT_EQ(fit->position, kWholeOutcome);
  EXPECT_EQ(tally_for(folder.profile.core, "gift-note")->attributed, 1U);
}

TEST(Attribution, WhatTheVisitorDidNotSeeGetsNone) {
  Folder folder;
  folder.add(page("/a"), kStart);
  folder.add(decision_at(kStart + 1min, decided("fit-help")));
  folder.add(decision_at(kStart + 2min, decided("gift-note")));  // offset 3
  folder.add(reaction("Message Not Seen", 3), kStart + 3min);
  folder.add(order("o-1", 100, "p"), kStart + 4min);
  EXPECT_EQ(tally_for(folder.profile.core, "fit-help")->linear, kWholeOutcome);
  EXPECT_EQ(tally_for(folder.profile.core, "gift-note")->linear, 0U);
}

}  // namespace
}  // namespace tact
