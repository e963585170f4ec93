#include "measure/internal/open_cells.h"

#include <algorithm>
#include <tuple>

namespace tact::internal {
namespace {

struct Candidate {
  Day from = 0;
  std::int64_t units = 0;  // with the value, by the end of that day
  std::string_view value;
};

bool comes_first(const Candidate& a, const Candidate& b) {
  return std::tie(a.from, b.units, a.value) < std::tie(b.from, a.units, b.value);
}

}  // namespace

OpenCells::OpenCells(std::vector<Named> named, bool any) : named_(std::move(named)), any_(any) {
  for (std::size_t i = 0; i < named_.size(); ++i) {
    by_value_.emplace(named_[i].value, static_cast<std::int32_t>(i));
  }
}

std::vector<std::string> OpenCells::names() const {
  std::vector<std::string> names;
  for (const Named& one : named_) names.push_back(one.value);
  if (any_) names.emplace_back(kOtherCell);
  return names;
}

std::int32_t OpenCells::cell_of(std::string_view value, Day day) const {
  if (value.empty() || !any_) return -1;
  const auto found = by_value_.find(value);
  const bool has_own =
      found != by_value_.end() && day >= named_[static_cast<std::size_t>(found->second)].from;
  return has_own ? found->second : static_cast<std::int32_t>(named_.size());
}

void OpenValues::add(std::string_view value, Day day, std::int64_t units) {
  if (value.empty()) return;
  auto place = values_.find(value);
  if (place == values_.end()) {
    if (values_.size() > kMostValues) return;
    place = values_.emplace(value, ByDay<std::int64_t>{}).first;
  }
  place->second.at(day) += units;
}

void OpenValues::merge(const OpenValues& other) {
  for (const auto& [value, days] : other.values_) {
    if (values_.size() > kMostValues) return;
    ByDay<std::int64_t>& mine = values_[value];
    for (const auto& [day, units] : days) mine.at(day) += units;
  }
}

OpenCells OpenValues::name(Naming how) const {
  if (values_.empty() || values_.size() > kMostValues) return {};
  std::vector<Candidate> candidates;
  for (const auto& [value, days] : values_) {
    if (value == kOtherCell) continue;
    std::int64_t units = 0;
    for (const auto& [day, today] : days) {
      if (day >= how.end) break;
      units += today;
      if (units < how.least) continue;
      candidates.push_back({day, units, value});
      break;
    }
  }
  std::sort(candidates.begin(), candidates.end(), comes_first);
  if (candidates.size() > kMostNamed) candidates.resize(kMostNamed);
  std::vector<OpenCells::Named> named;
  for (const Candidate& one : candidates) named.push_back({std::string(one.value), one.from});
  return {std::move(named), true};
}

}  // namespace tact::internal
