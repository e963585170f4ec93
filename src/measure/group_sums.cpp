// Sums of groups: plain units in 16 bytes, the rest in full.
#include "measure/sums.h"

namespace tact {

void GroupSums::resize(std::size_t groups) {
  plain_.resize(groups);
  place_.resize(groups);
}

GroupSums::Rest& GroupSums::rest_of(std::size_t group) {
  if (place_[group] == 0) {
    rest_.emplace_back();
    place_[group] = static_cast<std::uint32_t>(rest_.size());
  }
  return rest_[place_[group] - 1];
}

void GroupSums::add_rest(std::span<const std::uint32_t> groups, const UnitFacts& facts,
                         const Metric* primary) {
  for (const std::uint32_t group : groups) {
    Rest& rest = rest_of(group);
    rest.count.add(facts);
    if (primary != nullptr) rest.primary.add(*primary, facts.metrics.front());
  }
}

void GroupSums::spill(std::size_t group) {
  Rest& rest = rest_of(group);
  Plain& plain = plain_[group];
  rest.count.units += plain.units();
  rest.primary.units += plain.units();
  rest.primary.covariate += plain.covariate();
  rest.primary.covariate_squares += plain.squares;
  plain = Plain{};
}

GroupSums& GroupSums::operator+=(const GroupSums& other) {
  for (std::size_t group = 0; group < size(); ++group) {
    const Plain& more = other.plain_[group];
    Plain& plain = plain_[group];
    plain.both += more.both;  // both below half of what fits
    plain.squares += more.squares;
    if ((plain.both & kNearlyFull) != 0) spill(group);
    if (other.place_[group] == 0) continue;
    const Rest& from = other.rest_[other.place_[group] - 1];
    Rest& rest = rest_of(group);
    rest.count += from.count;
    rest.primary += from.primary;
  }
  return *this;
}

Count GroupSums::count(std::size_t group) const {
  Count count = place_[group] == 0 ? Count{} : rest_[place_[group] - 1].count;
  count.units += plain_[group].units();
  return count;
}

MetricSums GroupSums::primary(std::size_t group) const {
  MetricSums sums = place_[group] == 0 ? MetricSums{} : rest_[place_[group] - 1].primary;
  sums.units += plain_[group].units();
  sums.covariate += plain_[group].covariate();
  sums.covariate_squares += plain_[group].squares;
  sums.with_covariate = 0;
  return sums;
}

}  // namespace tact
