#include "measure/internal/open_sums.h"

#include <algorithm>
#include <array>

#include "base/hash.h"

namespace tact::internal {

std::size_t ValueIndex::number_of(std::size_t dimension, std::string_view text) {
  const std::uint64_t hash = hash64(text) + dimension;
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].next != 0; at = (at + 1) & mask) {
    const std::size_t number = slots_[at].next - 1;
    if (slots_[at].hash != hash) continue;
    if (values_[number].dimension == dimension && values_[number].text == text) return number;
  }
  values_.push_back({std::string(text), dimension});
  slots_[at] = {hash, static_cast<std::uint32_t>(values_.size())};
  if (2 * values_.size() > slots_.size()) grow();
  return values_.size() - 1;
}

void ValueIndex::grow() {
  std::vector<Slot> more(2 * slots_.size());
  const std::size_t mask = more.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.next == 0) continue;
    std::size_t at = slot.hash & mask;
    while (more[at].next != 0) at = (at + 1) & mask;
    more[at] = slot;
  }
  slots_ = std::move(more);
}

OpenSums::OpenSums(const Plan& plan, std::size_t dimensions, std::size_t most_bytes)
    : plan_(&plan), dimensions_(dimensions), arms_(plan.arms.size()), left_(most_bytes) {}

bool OpenSums::take(std::size_t bytes) {
  if (bytes > left_) return false;
  left_ -= bytes;
  return true;
}

GroupSums* OpenSums::day_for(Day day) {
  if (days_.empty()) first_ = day;
  const Day end = first_ + static_cast<Day>(days_.size());
  if (day < first_ || day >= end) {
    std::vector<std::unique_ptr<GroupSums>> days(
        static_cast<std::size_t>(std::max(end, day + 1) - std::min(first_, day)));
    std::move(days_.begin(), days_.end(), days.begin() + std::max(0, first_ - day));
    first_ = std::min(first_, day);
    days_ = std::move(days);
  }
  auto& found = days_[static_cast<std::size_t>(day - first_)];
  if (!found) found = std::make_unique<GroupSums>();
  return found.get();
}

bool OpenSums::has_room(GroupSums& day, std::size_t groups) {
  if (groups <= day.size()) return true;
  const std::size_t before = day.bytes();
  day.resize(groups);
  return take(day.bytes() - before);
}

bool OpenSums::add(const UnitFacts& facts) {
  GroupSums& day = *day_for(day_of(facts.at));
  const GroupSums::Unit unit(facts, plan_->metrics.empty() ? nullptr : &plan_->metrics.front());
  for (std::size_t d = 0; d < dimensions_; ++d) {
    const std::size_t known = index_.values().size();
    const std::size_t number = index_.number_of(d, facts.open[d]);
    if (number == known && !take(sizeof(ValueIndex::Value) + facts.open[d].size())) return false;
    if (!has_room(day, (number + 1) * arms_)) return false;
    const std::size_t before = day.bytes();
    day.add(std::array{static_cast<std::uint32_t>(number * arms_ + facts.arm)}, unit);
    if (!take(day.bytes() - before)) return false;
  }
  return true;
}

void OpenSums::count_values(std::size_t dimension, OpenValues& into) const {
  const auto& values = index_.values();
  for (std::size_t i = 0; i < days_.size(); ++i) {
    if (!days_[i]) continue;
    for (std::size_t number = 0; (number + 1) * arms_ <= days_[i]->size(); ++number) {
      if (values[number].dimension != dimension) continue;
      std::int64_t units = 0;
      for (std::size_t arm = 0; arm < arms_; ++arm) {
        units += days_[i]->count(number * arms_ + arm).units;
      }
      if (units > 0) into.add(values[number].text, first_ + static_cast<Day>(i), units);
    }
  }
}

OpenCells OpenSums::name(const OpenSums& first, const OpenSums& second, std::size_t dimension,
                         Naming how) {
  OpenValues values;
  first.count_values(dimension, values);
  second.count_values(dimension, values);
  return values.name(how);
}

void OpenSums::put(std::size_t dimension, const OpenCells& cells, std::size_t planned,
                   Sums& into) const {
  const auto& values = index_.values();
  for (std::size_t i = 0; i < days_.size(); ++i) {
    if (!days_[i]) continue;
    const Day day = first_ + static_cast<Day>(i);
    for (std::size_t number = 0; (number + 1) * arms_ <= days_[i]->size(); ++number) {
      if (values[number].dimension != dimension) continue;
      const std::int32_t cell = cells.cell_of(values[number].text, day);
      for (std::size_t arm = 0; arm < arms_; ++arm) {
        into.add_cell(day, planned, cell, arm, *days_[i], number * arms_ + arm);
      }
    }
  }
}

}  // namespace tact::internal
