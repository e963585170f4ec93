#include "measure/internal/parts_json.h"

namespace tact::internal {
namespace {

std::string_view name_of(AdditivityFinding::Reading reading) {
  switch (reading) {
    case AdditivityFinding::Reading::kNotAdded:
      return "not added";
    case AdditivityFinding::Reading::kIncomplete:
      return "incomplete";
    case AdditivityFinding::Reading::kNotClear:
      return "not clear";
    case AdditivityFinding::Reading::kSumLarger:
      return "sum larger";
    case AdditivityFinding::Reading::kSumSmaller:
      return "sum smaller";
  }
  return "";
}

json::object total_json(const AdditivityFinding::Moment& moment) {
  return {{"visitors", moment.shown},
          {"incremental", to_json(moment.incremental)},
          {"from", time_or_null(moment.from)},
          {"to", time_or_null(moment.to)}};
}

}  // namespace

json::value additivity_json(const Findings& report) {
  if (!report.additivity) return nullptr;
  const AdditivityFinding& found = *report.additivity;
  const bool added = !found.moments.empty();
  json::array moments;
  for (const AdditivityFinding::Moment& moment : found.moments) {
    json::object one = {{"moment", moment.name}};
    for (auto& [key, value] : total_json(moment)) one[key] = std::move(value);
    moments.push_back(std::move(one));
  }
  json::array not_counted;
  for (const AdditivityFinding::NotCounted& one : found.not_counted) {
    not_counted.push_back({{"moment", one.name}, {"why", one.why}});
  }
  return {{"goal", report.plan.metrics.front().name},
          {"reading", name_of(found.reading)},
          {"says", found.says},
          {"moments", std::move(moments)},
          {"not_counted", std::move(not_counted)},
          {"universal", added ? json::value(total_json(found.whole)) : json::value(nullptr)},
          {"sum", added ? json::value(to_json(found.sum)) : json::value(nullptr)},
          {"gap", added ? json::value(to_json(found.gap)) : json::value(nullptr)},
          {"days_apart", added ? number(found.days_apart) : json::value(nullptr)}};
}

}  // namespace tact::internal
