#include "profile/response_rates.h"

#include <algorithm>
#include <cmath>

namespace tact {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr int kHoursOfAPart = 6;

// Of one visitor: what stats::RateSums takes.
struct Tally {
  std::uint64_t reached = 0, answered = 0;
};
using Tallies = std::array<std::array<Tally, kPartsOfDay + 1>, kChannels>;

Tallies tallies_of(const Responses& responses) {
  Tallies tallies{};
  for (const Responses::Cell& cell : responses.cells) {
    auto& channel = tallies[static_cast<std::size_t>(cell.channel)];
    const auto note = [&cell](Tally& tally) {
      tally.reached += cell.reached;
      tally.answered += cell.answered;
    };
    note(channel[ResponseSums::kAllDay]);
    if (const auto part = part_of(cell.hour)) note(channel[static_cast<std::size_t>(*part)]);
  }
  return tallies;
}

template <typename Each>
void for_each_rate(auto& rates, Each each) {
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    for (std::size_t part = 0; part <= kPartsOfDay; ++part)
      each(rates[channel][part], channel, part);
  }
}

std::string percent(double rate) { return std::to_string(std::lround(100 * rate)); }

}  // namespace

std::string_view to_string(PartOfDay part) {
  constexpr std::array<std::string_view, kPartsOfDay> kNames = {"night", "morning", "afternoon",
                                                                "evening"};
  return kNames[static_cast<std::size_t>(part)];
}

std::optional<PartOfDay> part_of(std::uint8_t hour) {
  if (hour >= kUnknownHour) return std::nullopt;
  return static_cast<PartOfDay>(hour / kHoursOfAPart);
}

void ResponseSums::add(const Responses& one) {
  if (one.cells.empty()) return;
  const Tallies tallies = tallies_of(one);
  for_each_rate(rates, [&](stats::RateSums& sums, std::size_t channel, std::size_t part) {
    sums.add(tallies[channel][part].reached, tallies[channel][part].answered);
  });
}

void ResponseSums::remove(const Responses& one) {
  if (one.cells.empty()) return;
  const Tallies tallies = tallies_of(one);
  for_each_rate(rates, [&](stats::RateSums& sums, std::size_t channel, std::size_t part) {
    sums.remove(tallies[channel][part].reached, tallies[channel][part].answered);
  });
}

void ResponseSums::merge(const ResponseSums& other) {
  for_each_rate(rates, [&](stats::RateSums& sums, std::size_t channel, std::size_t part) {
    sums.merge(other.rates[channel][part]);
  });
}

std::string ResponseSums::encode() const {
  ByteWriter out;
  out.u8(kVersion);
  for_each_rate(rates, [&](const stats::RateSums& sums, std::size_t, std::size_t) {
    for (const std::uint64_t number :
         {sums.trials, sums.hits, sums.trial_pairs, sums.hit_pairs, sums.mixed_pairs})
      out.varint(number);
  });
  return out.take();
}

std::optional<ResponseSums> ResponseSums::decode(std::string_view bytes) {
  ByteReader in(bytes);
  ResponseSums read;
  if (in.u8() != kVersion) return std::nullopt;
  for_each_rate(read.rates, [&](stats::RateSums& sums, std::size_t, std::size_t) {
    for (std::uint64_t* number :
         {&sums.trials, &sums.hits, &sums.trial_pairs, &sums.hit_pairs, &sums.mixed_pairs})
      *number = in.varint();
  });
  if (in.failed() || !in.at_end()) return std::nullopt;
  return read;
}

std::vector<AnswerRate> answer_rates(const Responses& own, const ResponseSums& everybody) {
  std::vector<AnswerRate> out;
  const Tallies tallies = tallies_of(own);
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    for (std::size_t i = 0; i <= kPartsOfDay; ++i) {
      const std::size_t part = i == 0 ? ResponseSums::kAllDay : i - 1;
      const auto& [reached, answered] = tallies[channel][part];
      const auto prior = stats::population_rate(everybody.rates[channel][part]);
      if (reached == 0 || !prior) continue;
      const auto shrunk = stats::shrink(reached, answered, *prior);
      if (!shrunk.has_value()) continue;  // a damaged count
      AnswerRate rate{.channel = static_cast<Channel>(channel), .part = {}};
      if (part != ResponseSums::kAllDay) rate.part = static_cast<PartOfDay>(part);
      rate.reached = reached;
      rate.answered = answered;
      rate.rate = shrunk->rate;
      rate.lower = shrunk->interval.lower;
      rate.upper = shrunk->interval.upper;
      rate.everybody = prior->mean;
      out.push_back(rate);
    }
  }
  return out;
}

const AnswerRate* best_answer(const std::vector<AnswerRate>& rates) {
  const AnswerRate* best = nullptr;
  for (const AnswerRate& rate : rates) {
    if (!rate.part || rate.reached < kEnoughReached) continue;
    if (best == nullptr || rate.rate > best->rate) best = &rate;
  }
  return best;
}

std::string say(const AnswerRate& best) {
  constexpr std::array<std::string_view, kChannels> kBy = {"on the website", "by e-mail",
                                                           "by push message"};
  std::string text = "answers best ";
  text += kBy[static_cast<std::size_t>(best.channel)];
  if (best.part) {
    text += *best.part == PartOfDay::kNight ? " at " : " in the ";
    text += to_string(*best.part);
  }
  return text + ": " + percent(best.rate) + " % (" + percent(best.lower) + "–" +
         percent(best.upper) + " %), everybody: " + percent(best.everybody) + " %";
}

}  // namespace tact
