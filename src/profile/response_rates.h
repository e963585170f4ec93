// How often a visitor answers, by channel and part of the day, drawn towards everybody's rates.
// What everybody does is an input: sums over visitors, kept by partition (store.md), read when
// somebody asks. Shown, and not decided on: floating point is fine here.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "profile/responses.h"
#include "stats/shrinkage.h"

namespace tact {

enum class PartOfDay : std::uint8_t { kNight = 0, kMorning, kAfternoon, kEvening };
inline constexpr std::size_t kPartsOfDay = 4;
std::string_view to_string(PartOfDay part);
// Six hours each, from midnight; nullopt for kUnknownHour.
std::optional<PartOfDay> part_of(std::uint8_t hour);

// Over visitors: of each channel all day, and each part of the day.
struct ResponseSums {
  static constexpr std::size_t kAllDay = kPartsOfDay;
  std::array<std::array<stats::RateSums, kPartsOfDay + 1>, kChannels> rates{};
  bool operator==(const ResponseSums&) const = default;

  void add(const Responses& one);     // a visitor's
  void remove(const Responses& one);  // added with just these
  void merge(const ResponseSums& other);
  bool empty() const { return *this == ResponseSums{}; }

  std::string encode() const;  // version byte first
  static std::optional<ResponseSums> decode(std::string_view bytes);
};

// One line of what is known of a visitor.
struct AnswerRate {
  Channel channel = Channel::kWeb;
  std::optional<PartOfDay> part;  // absent: all day
  std::uint64_t reached = 0, answered = 0;
  double rate = 0, lower = 0, upper = 0;  // 95 %
  double everybody = 0;
};

// Of each channel and part of the day the visitor was reached by and enough people were, too; by
// channel, all day first.
std::vector<AnswerRate> answer_rates(const Responses& own, const ResponseSums& everybody);

// The part of the day and channel with the highest rate among those that reached the visitor
// kEnoughReached times; null if there is none.
inline constexpr std::uint64_t kEnoughReached = 3;
const AnswerRate* best_answer(const std::vector<AnswerRate>& rates);

// "answers best by e-mail in the evening: 34 % (18–52 %), everybody: 21 %"
std::string say(const AnswerRate& best);

}  // namespace tact
