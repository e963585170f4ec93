#include "profile/follow_up.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <tuple>

#include "profile/core.h"

namespace tact {

void DaySet::add(std::size_t day) {
  if (day < kFollowedDays) words_[day / 64] |= std::uint64_t{1} << day % 64;
}

bool DaySet::has(std::size_t day) const {
  return day < kFollowedDays && (words_[day / 64] >> day % 64 & 1) != 0;
}

std::optional<std::size_t> DaySet::last() const {
  for (std::size_t word = kWords; word-- > 0;) {
    if (words_[word] == 0) continue;
    return 64 * word + 63 - static_cast<std::size_t>(std::countl_zero(words_[word]));
  }
  return std::nullopt;
}

std::size_t DaySet::count() const {
  std::size_t all = 0;
  for (const std::uint64_t word : words_) all += static_cast<std::size_t>(std::popcount(word));
  return all;
}

void DaySet::merge(const DaySet& other, std::size_t later) {
  for (std::size_t day = 0; day + later < kFollowedDays; ++day) {
    if (other.has(day)) add(day + later);
  }
}

std::string DaySet::encode() const {
  std::string bytes;
  for (std::size_t i = 0; i < kBytes; ++i) {
    bytes += static_cast<char>(words_[i / 8] >> 8 * (i % 8) & 0xFF);
  }
  bytes.resize(bytes.find_last_not_of('\0') + 1);
  return bytes;
}

bool DaySet::decode(std::string_view bytes, DaySet& set) {
  if (bytes.size() > kBytes) return false;
  set = {};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    set.words_[i / 8] |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << 8 * (i % 8);
  }
  static_assert(kFollowedDays % 64 != 0);
  return set.words_.back() >> kFollowedDays % 64 == 0;  // no day beyond the last
}

// Of two at the same instant the lower price, so that their order does not matter.
void FollowUp::keep_next(Time order, OrderPrice price) {
  if (next_order != Time{} && std::tie(next_order, next_price) <= std::tie(order, price)) return;
  next_order = order;
  next_price = price;
}

void FollowUp::keep_full_price(std::size_t day) {
  if (day >= kFollowedDays) return;
  const auto number = static_cast<std::uint32_t>(day) + 1;
  full_price_day = full_price_day == 0 ? number : std::min(full_price_day, number);
}

bool FollowUp::keep_again(std::size_t day) {
  if (day >= kReactedDays) return false;
  const auto number = static_cast<std::uint32_t>(day) + 1;
  if (again_day != 0 && again_day <= number) return false;
  again_day = number;
  return true;
}

void FollowUp::merge(const FollowUp& other, Duration later) {
  const auto late_days = static_cast<std::size_t>(later / days(1));
  visit_days.merge(other.visit_days, late_days);
  order_days.merge(other.order_days, late_days);
  orders += other.orders;
  const std::size_t late_buckets = late_days / kBucketDays;
  for (std::size_t i = 0; i + late_buckets < kBuckets; ++i) {
    value_minor[i + late_buckets] =
        add_clamped(value_minor[i + late_buckets], other.value_minor[i]);
  }
  margin_orders += other.margin_orders;
  margin_minor = add_clamped(margin_minor, other.margin_minor);
  refunds += other.refunds;
  refund_minor = add_clamped(refund_minor, other.refund_minor);
  returns += other.returns;
  if (other.next_order != Time{}) keep_next(other.next_order, other.next_price);
  if (other.full_price_day != 0) keep_full_price(other.full_price_day - 1 + late_days);
  withdrew = withdrew || other.withdrew;
  if (other.again_day != 0) keep_again(other.again_day - 1 + late_days);
  if (late_days < kReactedDays) {
    unsubscribes += other.unsubscribes;
    complaints += other.complaints;
    dismissed += other.dismissed;
    ignored += other.ignored;
  }
  if (late_days >= kSurveyedDays) return;
  ratings += other.ratings;
  rating_milli = add_clamped(rating_milli, other.rating_milli);
  recall_asked += other.recall_asked;
  recalled += other.recalled;
}

std::string_view to_string(SlotSeen seen) {
  constexpr std::array<std::string_view, 4> kNames = {"not followed", "untold", "not seen", "seen"};
  return kNames[static_cast<std::size_t>(seen)];
}

}  // namespace tact
