#include "measure/internal/open_sums.h"

#include <algorithm>

#include "base/hash.h"

namespace tact::internal {

std::size_t ValueIndex::number_of(std::string_view text) {
  const std::uint64_t hash = hash64(text);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].next != 0; at = (at + 1) & mask) {
    const std::size_t number = slots_[at].next - 1;
    if (slots_[at].hash == hash && texts_[number] == text) return number;
  }
  texts_.emplace_back(text);
  slots_[at] = {hash, static_cast<std::uint32_t>(texts_.size())};
  if (2 * texts_.size() > slots_.size()) grow();
  return texts_.size() - 1;
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
    : plan_(&plan), arms_(plan.arms.size()), left_(most_bytes), dimensions_(dimensions) {}

bool OpenSums::may_take(std::size_t bytes) {
  if (bytes > left_) return false;
  left_ -= bytes;
  return true;
}

bool OpenSums::has_place(Value& value, Day day) {
  if (value.days.empty()) value.first = day;
  const Day end = value.first + static_cast<Day>(value.days.size());
  const auto more = static_cast<std::size_t>(std::max({0, value.first - day, day + 1 - end}));
  if (more == 0) return true;
  if (!may_take(more * sizeof(value.days[0]))) return false;
  std::vector<std::unique_ptr<Group[]>> days(value.days.size() + more);
  std::move(value.days.begin(), value.days.end(), days.begin() + std::max(0, value.first - day));
  value.first = std::min(value.first, day);
  value.days = std::move(days);
  return true;
}

OpenSums::Group* OpenSums::groups_of(Value& value, Day day) {
  if (!has_place(value, day)) return nullptr;
  auto& found = value.days[static_cast<std::size_t>(day - value.first)];
  if (!found) {
    if (!may_take(arms_ * sizeof(Group))) return nullptr;
    found = std::make_unique<Group[]>(arms_);
  }
  return found.get();
}

bool OpenSums::add(const UnitFacts& facts) {
  const Day day = day_of(facts.at);
  for (std::size_t d = 0; d < dimensions_.size(); ++d) {
    Dimension& dimension = dimensions_[d];
    const std::size_t number = dimension.index.number_of(facts.open[d]);
    if (number == dimension.values.size()) dimension.values.emplace_back();
    Group* const groups = groups_of(dimension.values[number], day);
    if (groups == nullptr) return false;
    Group& group = groups[facts.arm];
    group.count.add(facts);
    if (!plan_->metrics.empty()) {
      group.primary.add(plan_->metrics.front(), facts.metrics.front());
    }
  }
  return true;
}

void OpenSums::count_values(std::size_t dimension, OpenValues& into) const {
  const Dimension& from = dimensions_[dimension];
  for (std::size_t number = 0; number < from.values.size(); ++number) {
    const Value& value = from.values[number];
    for (std::size_t day = 0; day < value.days.size(); ++day) {
      if (!value.days[day]) continue;
      std::int64_t units = 0;
      for (std::size_t arm = 0; arm < arms_; ++arm) units += value.days[day][arm].count.units;
      into.add(from.index.text(number), value.first + static_cast<Day>(day), units);
    }
  }
}

OpenCells OpenSums::name(const OpenSums& first, const OpenSums& second, std::size_t dimension,
                         std::int64_t least) {
  OpenValues values;
  first.count_values(dimension, values);
  second.count_values(dimension, values);
  return values.name(least);
}

void OpenSums::put(std::size_t dimension, const OpenCells& cells, std::size_t planned,
                   Sums& into) const {
  const Dimension& from = dimensions_[dimension];
  for (std::size_t number = 0; number < from.values.size(); ++number) {
    const Value& value = from.values[number];
    for (std::size_t i = 0; i < value.days.size(); ++i) {
      if (!value.days[i]) continue;
      const Day day = value.first + static_cast<Day>(i);
      const std::int32_t cell = cells.cell_of(from.index.text(number), day);
      for (std::size_t arm = 0; arm < arms_; ++arm) {
        const Group& group = value.days[i][arm];
        into.add_cell(day, planned, cell, arm, group.count, group.primary);
      }
    }
  }
}

}  // namespace tact::internal
