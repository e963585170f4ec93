// What a row of `facts` says beside its goals: what was known of the visitor at the exposure, and
// what they did in the half year after it.
//
// Covariates are frozen: nothing that arrives later changes them. A follow-up looks at event times
// in [exposure, exposure + 180 days), at answers to surveys and at how being addressed was taken in
// the first 30 of them, whatever the goals' windows are, and each of its sums, sets and firsts is
// the same whatever the order in which events arrive.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "event/event.h"

namespace tact {

inline constexpr std::size_t kFollowedDays = 180;  // day 0 = the 24 hours from the exposure on
inline constexpr std::size_t kBucketDays = 30;
inline constexpr std::size_t kBuckets = kFollowedDays / kBucketDays;
inline constexpr Duration kFollowed = days(static_cast<std::int64_t>(kFollowedDays));

// The questions of Survey Answered that are kept. An answer counts for what was met in the days
// before it, so that these sums are final when they are over: a report need not wait half a year.
inline constexpr std::size_t kSurveyedDays = 30;
inline constexpr Duration kSurveyed = days(static_cast<std::int64_t>(kSurveyedDays));
inline constexpr std::string_view kSatisfactionQuestion = "satisfaction";
inline constexpr std::string_view kRecallQuestion = "recall";

// How being addressed was taken: unsubscribes, complaints, messages dismissed and ignored. As long
// as answers, and for the same reason.
inline constexpr std::size_t kReactedDays = 30;
inline constexpr Duration kReacted = days(static_cast<std::int64_t>(kReactedDays));

// A set of the days 0 to 179. Encoded without its empty end: ≤ 23 bytes.
class DaySet {
 public:
  void add(std::size_t day);  // beyond the last one: nothing
  bool has(std::size_t day) const;
  std::optional<std::size_t> first(
      std::size_t from) const;  // the earliest day that is `from` or later
  std::optional<std::size_t> last() const;
  std::size_t count() const;
  bool empty() const { return *this == DaySet{}; }
  // Adds the other's days, each `later` days later.
  void merge(const DaySet& other, std::size_t later);
  bool operator==(const DaySet&) const = default;

  std::string encode() const;
  static bool decode(std::string_view bytes, DaySet& set);

 private:
  static constexpr std::size_t kBytes = (kFollowedDays + 7) / 8, kWords = (kBytes + 7) / 8;
  std::array<std::uint64_t, kWords> words_{};  // day % 64 of words_[day / 64]
};

inline std::optional<std::size_t> DaySet::first(std::size_t from) const {
  for (std::size_t word = from / 64; word < kWords; ++word) {
    std::uint64_t bits = words_[word];
    if (word == from / 64) bits &= ~std::uint64_t{0} << from % 64;
    if (bits != 0) return 64 * word + static_cast<std::size_t>(std::countr_zero(bits));
  }
  return std::nullopt;
}

// What is known of the slot of the decision that brought a visitor into an experiment, shown or
// held back: the SDK reports on both. Values are stored on disk; a greater one stays.
enum class SlotSeen : std::uint8_t {
  kNotFollowed = 0,  // a row of an older version, or there was no decision about a slot
  kUntold,           // no page said anything (yet)
  kNotSeen,          // it was over before it was in view for a second
  kSeen,
};
std::string_view to_string(SlotSeen seen);  // "not followed", "untold", "not seen", "seen"

template <typename Text>
struct BasicCovariates {
  IntentLevel intent_level = IntentLevel::kUntold;
  Text intent;     // the leading one, ≤ 64 bytes; empty = none leads
  Text stage;      // of the journey, as the decision says, ≤ 64 bytes; empty = not told
  Text language;   // "de"; empty = unknown
  Text region;     // "DE" or "DE-BY"; empty = unknown
  Text page_type;  // ≤ kMaxPageType; empty = unknown, longer, or sensitive
  TrafficSource source = TrafficSource::kUnknown;  // of the visit
  std::uint8_t hour_of_week = 0;       // 1 = Monday 0:00 by the site's clock; 0 = unknown
  std::int32_t days_since_order = -1;  // whole days; -1 = none is known
  bool operator==(const BasicCovariates&) const = default;

  // Whether there was an intent that may come back.
  bool hesitates() const { return intent_level >= IntentLevel::kLikely && !intent.empty(); }

  static constexpr std::size_t kMaxPageType = 32, kMaxLanguage = 8, kMaxRegion = 8, kMaxName = 64;
};
using Covariates = BasicCovariates<std::string>;

struct FollowUp {
  DaySet visit_days;  // with a page or screen view
  DaySet order_days;
  std::uint32_t orders = 0;
  std::array<std::int64_t, kBuckets> value_minor{};  // of orders, by 30 days
  std::uint32_t margin_orders = 0;                   // of orders: those that told a margin
  std::int64_t margin_minor = 0;                     // their sum
  std::uint32_t refunds = 0;                         // Order Refunded
  std::int64_t refund_minor = 0;
  std::uint32_t returns = 0;  // Order Returned
  Time next_order{};          // the first order; epoch = none
  OrderPrice next_price = OrderPrice::kUntold;
  std::uint32_t full_price_day = 0;  // of the first order at full price, plus 1; 0 = none
  std::uint32_t unsubscribes = 0, complaints = 0;  // of kReactedDays, as the next two
  std::uint32_t dismissed = 0, ignored = 0;        // messages really shown, of any moment
  std::uint32_t ratings = 0;      // answers to the question `satisfaction`, of kSurveyedDays
  std::int64_t rating_milli = 0;  // their sum
  std::uint32_t recall_asked = 0, recalled = 0;
  // Personalization was refused or objected to; not when, nor by what. What came afterwards is in
  // this row only as far as analytics was still allowed.
  bool withdrew = false;
  // Of the first decision of a later visit that found the intent of the exposure leading again by
  // new evidence (Hesitation), plus 1; ≤ kReactedDays; 0 = none.
  std::uint32_t again_day = 0;
  bool operator==(const FollowUp&) const = default;

  // Nothing that a metric counts: visits and a withdrawal are all there may be.
  bool is_quiet() const;

  void keep_next(Time order, OrderPrice price);
  void keep_full_price(std::size_t day);
  bool keep_again(std::size_t day);  // false: nothing new
  // Adds what became of the same visitor after an exposure `later` after this one. Its days and
  // months are counted from there on, so that each may come out up to one day, and one month,
  // early; answers and reactions only where it was met within their days.
  void merge(const FollowUp& other, Duration later);
};

// Asked of every row of a report: without a branch for each.
inline bool FollowUp::is_quiet() const {
  std::int64_t amounts = margin_minor | refund_minor | rating_milli;
  for (const std::int64_t month : value_minor) amounts |= month;
  const std::uint32_t counts = orders | margin_orders | refunds | returns | full_price_day |
                               unsubscribes | complaints | dismissed | ignored | ratings |
                               recall_asked | recalled | again_day;
  return (static_cast<std::uint64_t>(amounts) | counts) == 0 && order_days.empty() &&
         next_order == Time{} && next_price == OrderPrice::kUntold;
}

// Sums of amounts that may be negative.
inline std::int64_t add_clamped(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a < 0 ? std::numeric_limits<std::int64_t>::min()
               : std::numeric_limits<std::int64_t>::max();
}

}  // namespace tact
