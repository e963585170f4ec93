// What a visitor's behaviour adds up to, as `tact visitor show` prints it.
#include <algorithm>
#include <cmath>

#include "engine/internal/job.h"
#include "profile/affinity.h"
#include "profile/response_rates.h"

namespace tact {
namespace {

double rounded(double share) { return static_cast<double>(std::lround(share * 1'000)) / 1'000; }

// By kind, the strongest first. Of what faded to nothing only the name would be left.
json::object affinities_json(const Core& core, Time now) {
  json::object out;
  for (std::size_t i = 0; i < kInterestKinds; ++i) {
    const auto kind = static_cast<InterestKind>(i);
    std::vector<std::pair<std::int64_t, const Interest*>> of_kind;
    for (const Interest& interest : core.interests) {
      if (interest.kind != kind) continue;
      const std::int64_t milli = affinity_milli(core, kind, interest.name, now);
      if (milli > 0) of_kind.emplace_back(milli, &interest);
    }
    std::stable_sort(of_kind.begin(), of_kind.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    json::array list;
    for (const auto& [milli, interest] : of_kind) {
      list.push_back({{"name", interest->name},
                      {"affinity", static_cast<double>(milli) / 1'000},
                      {"last", format_iso_duration(now - interest->viewed.latest())}});
    }
    out[to_string(kind)] = std::move(list);
  }
  return out;
}

std::string words_for(const Core& core, const std::vector<AnswerRate>& rates) {
  if (core.responses.cells.empty()) return "nothing reached this visitor yet";
  if (rates.empty()) return "too few people were reached yet to say what is usual";
  const AnswerRate* best = best_answer(rates);
  return best == nullptr ? "reached too seldom to say" : say(*best);
}

json::object answers_json(const Core& core, const ResponseSums& everybody) {
  const std::vector<AnswerRate> rates = answer_rates(core.responses, everybody);
  json::array list;
  for (const AnswerRate& rate : rates) {
    json::object one{{"channel", to_string(rate.channel)},
                     {"part", rate.part ? to_string(*rate.part) : std::string_view("all day")},
                     {"reached", rate.reached},
                     {"answered", rate.answered},
                     {"rate", rounded(rate.rate)},
                     {"lower", rounded(rate.lower)},
                     {"upper", rounded(rate.upper)},
                     {"everybody", rounded(rate.everybody)}};
    list.push_back(std::move(one));
  }
  return {{"says", words_for(core, rates)}, {"rates", std::move(list)}};
}

}  // namespace

void add_learned(json::object& picture, const Core& core, const ResponseSums& everybody, Time now) {
  // Of what may be sensitive no names leave, as for signals.
  picture["affinities"] = core.holds_sensitive ? json::object() : affinities_json(core, now);
  picture["answers"] = answers_json(core, everybody);
}

}  // namespace tact
