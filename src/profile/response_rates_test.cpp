// What is said of when and where somebody answers, and what everybody's sums are made of.
#include "profile/response_rates.h"

#include <gtest/gtest.h>

#include "base/rng.h"

namespace tact {
namespace {

Responses of(std::vector<Responses::Cell> cells) {
  Responses responses;
  for (const Responses::Cell& cell : cells) {
    for (std::uint32_t i = 0; i < cell.reached; ++i)
      responses.note(cell.channel, cell.hour, true, i < cell.answered);
  }
  return responses;
}

// Two hundred people who answer every fifth e-mail: some of them most, the others few.
ResponseSums everybody() {
  ResponseSums sums;
  for (int i = 0; i < 200; ++i) {
    const std::uint32_t eager = i % 4 == 0 ? 6 : i % 2;
    sums.add(of({{Channel::kEmail, 8, 10, eager}, {Channel::kEmail, 19, 10, eager}}));
  }
  return sums;
}

TEST(AnswerRates, PartsOfTheDay) {
  EXPECT_EQ(part_of(0), PartOfDay::kNight);
  EXPECT_EQ(part_of(5), PartOfDay::kNight);
  EXPECT_EQ(part_of(6), PartOfDay::kMorning);
  EXPECT_EQ(part_of(17), PartOfDay::kAfternoon);
  EXPECT_EQ(part_of(18), PartOfDay::kEvening);
  EXPECT_EQ(part_of(23), PartOfDay::kEvening);
  EXPECT_EQ(part_of(kUnknownHour), std::nullopt);
}

TEST(AnswerRates, AreDrawnTowardsEverybodysByHowLittleIsKnown) {
  const ResponseSums all = everybody();
  double before = 0;
  for (const std::uint32_t times : {1U, 5U, 50U}) {
    const auto rates = answer_rates(of({{Channel::kEmail, 19, times, times}}), all);
    ASSERT_EQ(rates.size(), 2U) << "all day, and the evening";
    EXPECT_EQ(rates[0].part, std::nullopt);
    EXPECT_EQ(rates[1].part, PartOfDay::kEvening);
    EXPECT_NEAR(rates[1].everybody, 0.2, 0.01);
    EXPECT_GT(rates[1].rate, before);
    EXPECT_LT(rates[1].rate, 1.0);
    EXPECT_LT(rates[1].lower, rates[1].rate);
    EXPECT_GT(rates[1].upper, rates[1].rate);
    before = rates[1].rate;
  }
  EXPECT_GT(before, 0.9);
}

TEST(AnswerRates, SaysTheBestAndNothingWithoutEnough) {
  const ResponseSums all = everybody();
  const Responses own = of({{Channel::kEmail, 7, 9, 1},
                            {Channel::kEmail, 20, 9, 5},
                            {Channel::kEmail, kUnknownHour, 9, 9},
                            {Channel::kWeb, 20, 9, 9}});
  const auto rates = answer_rates(own, all);
  const AnswerRate* best = best_answer(rates);
  ASSERT_NE(best, nullptr);
  EXPECT_EQ(best->part, PartOfDay::kEvening);
  EXPECT_EQ(best->reached, 9U);
  const std::string said = say(*best);
  EXPECT_TRUE(said.starts_with("answers best by e-mail in the evening: ")) << said;
  EXPECT_TRUE(said.ends_with("%), everybody: 20 %")) << said;
  for (const AnswerRate& rate : rates)
    EXPECT_EQ(rate.channel, Channel::kEmail) << "of the web nobody knows what is usual";
  EXPECT_EQ(best_answer(answer_rates(of({{Channel::kEmail, 20, 2, 2}}), all)), nullptr);
  EXPECT_TRUE(answer_rates(own, ResponseSums{}).empty());
  EXPECT_TRUE(answer_rates(Responses{}, all).empty());
}

// Partitions keep them by taking away what a visitor was and adding what they are.
TEST(ResponseSumsProperty, AreThoseOfTheVisitorsAsTheyAre) {
  Rng rng(11);
  std::vector<Responses> visitors(40);
  std::array<ResponseSums, 3> partitions;
  for (int i = 0; i < 5'000; ++i) {
    const std::size_t who = rng.below(visitors.size());
    ResponseSums& sums = partitions[who % partitions.size()];
    sums.remove(visitors[who]);
    if (rng.chance(0.02)) {
      visitors[who] = {};  // joined to somebody else
    } else {
      visitors[who].note(static_cast<Channel>(rng.below(kChannels)),
                         static_cast<std::uint8_t>(rng.below(25)), true, rng.chance(0.3));
    }
    sums.add(visitors[who]);
  }
  ResponseSums merged, counted;
  for (const ResponseSums& sums : partitions) merged.merge(sums);
  for (const Responses& visitor : visitors) counted.add(visitor);
  EXPECT_EQ(merged, counted);
  const auto read = ResponseSums::decode(merged.encode());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, merged);
  EXPECT_FALSE(ResponseSums::decode(merged.encode() + "x").has_value());
  EXPECT_FALSE(ResponseSums::decode(std::string("\x02")).has_value());
}

}  // namespace
}  // namespace tact
