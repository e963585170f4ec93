// The bytes of an exposure's details.
#include "profile/internal/details.h"

#include <limits>

namespace tact {
namespace {

// As docs/formats/store.md says; a tag is never reused.
enum Tag : std::uint32_t {
  // 1: in rows of older versions whose details had given way to the bound on a profile.
  kAccount = 2,
  kIntentLevel,
  kIntent,
  kStage,
  kLanguage,
  kRegion,
  kPageType,
  kSource,
  kHourOfWeek,
  kDaysSinceOrder,
  kSlot,
  kVisitDays = 20,
  kOrderDays,
  kOrders,
  kValues,
  kMarginOrders,
  kMargin,
  kRefunds,
  kRefundValue,
  kReturns,
  kNextOrder,
  kNextPrice,
  kFullPriceDay,
  kUnsubscribes,
  kComplaints,
  kDismissed,
  kIgnored,
  kRatings,
  kRatingSum,
  kRecallAsked,
  kRecalled,
  kShares,
  kWithdrew,
  kMargins,
  kAgainDay,
};

// put(i, list) for each of `size` elements, in one field.
template <typename Put>
void write_list(ByteWriter& out, Tag tag, std::size_t size, const Put& put) {
  ByteWriter list;
  for (std::size_t i = 0; i < size; ++i) put(i, list);
  out.field(tag, std::string_view(list.str()));
}

// Without those at the end that are empty.
template <typename List, typename IsEmpty>
std::size_t size_of(const List& list, const IsEmpty& is_empty) {
  std::size_t size = list.size();
  while (size > 0 && is_empty(list[size - 1])) --size;
  return size;
}

template <typename T>
void write_number(ByteWriter& out, Tag tag, T value) {
  out.field(tag, static_cast<std::uint64_t>(value));
}

template <typename Text>
void write_covariates(ByteWriter& out, const BasicExposure<Text>& exposure) {
  const auto& before = exposure.covariates;
  write_number(out, kAccount, exposure.account);
  write_number(out, kIntentLevel, before.intent_level);
  out.field(kIntent, std::string_view(before.intent));
  out.field(kStage, std::string_view(before.stage));
  out.field(kLanguage, std::string_view(before.language));
  out.field(kRegion, std::string_view(before.region));
  out.field(kPageType, std::string_view(before.page_type));
  write_number(out, kSource, before.source);
  write_number(out, kHourOfWeek, before.hour_of_week);
  write_number(out, kDaysSinceOrder, before.days_since_order + 1);
  write_number(out, kSlot, exposure.slot);
}

void write_follow_up(ByteWriter& out, const FollowUp& after) {
  out.field(kVisitDays, std::string_view(after.visit_days.encode()));
  out.field(kOrderDays, std::string_view(after.order_days.encode()));
  write_number(out, kOrders, after.orders);
  const auto& values = after.value_minor;
  write_list(out, kValues, size_of(values, [](std::int64_t value) { return value == 0; }),
             [&](std::size_t i, ByteWriter& list) { list.zigzag(values[i]); });
  write_number(out, kMarginOrders, after.margin_orders);
  out.signed_field(kMargin, after.margin_minor);
  write_number(out, kRefunds, after.refunds);
  out.signed_field(kRefundValue, after.refund_minor);
  write_number(out, kReturns, after.returns);
  out.signed_field(kNextOrder, to_ms(after.next_order));
  write_number(out, kNextPrice, after.next_price);
  write_number(out, kFullPriceDay, after.full_price_day);
  write_number(out, kUnsubscribes, after.unsubscribes);
  write_number(out, kComplaints, after.complaints);
  write_number(out, kDismissed, after.dismissed);
  write_number(out, kIgnored, after.ignored);
  write_number(out, kRatings, after.ratings);
  out.signed_field(kRatingSum, after.rating_milli);
  write_number(out, kRecallAsked, after.recall_asked);
  write_number(out, kRecalled, after.recalled);
}

void write_shares(ByteWriter& out, const std::vector<GoalTally>& goals) {
  const auto none = [](const GoalTally& goal) { return goal.linear == 0 && goal.position == 0; };
  write_list(out, kShares, size_of(goals, none), [&](std::size_t i, ByteWriter& list) {
    list.varint(goals[i].linear);
    list.varint(goals[i].position);
  });
}

void write_margins(ByteWriter& out, const std::vector<GoalTally>& goals) {
  const auto none = [](const GoalTally& goal) {
    return goal.told_minor == 0 && goal.margin_minor == 0;
  };
  write_list(out, kMargins, size_of(goals, none), [&](std::size_t i, ByteWriter& list) {
    list.zigzag(goals[i].told_minor);
    list.zigzag(goals[i].margin_minor);
  });
}

// A field's value into its place; false: it is not of that kind, or too large. Rows are read by the
// million, so a field is handed on by value, in registers.
class Taker {
 public:
  explicit Taker(ByteReader::Field field) : field_(field) {}

  template <typename Text>
  bool text(Text& value, std::size_t most) const {
    if (!field_.is_text() || field_.number > most) return false;
    value = field_.text();
    return true;
  }
  template <typename T>
  bool number(T& value, std::uint64_t most = std::numeric_limits<T>::max()) const {
    if (field_.is_text() || field_.number > most) return false;
    value = static_cast<T>(field_.number);
    return true;
  }
  template <typename E>
  bool choice(E& value, E last) const {
    return number(value, static_cast<std::uint64_t>(last));
  }
  bool amount(std::int64_t& value) const {
    value = field_.as_signed();
    return !field_.is_text();
  }
  bool time(Time& value) const {
    value = time_from_ms(field_.as_signed());
    return !field_.is_text();
  }
  bool set(DaySet& value) const { return field_.is_text() && DaySet::decode(field_.text(), value); }
  // put(i, list) for each element there is, of which there may be `most`.
  template <typename Put>
  bool list(std::size_t most, const Put& put) const {
    if (!field_.is_text()) return false;
    ByteReader list(field_.text());
    for (std::size_t i = 0; i < most && !list.at_end(); ++i) put(i, list);
    return !list.failed() && list.at_end();
  }

 private:
  ByteReader::Field field_;
};

// A number from −1 on.
bool take_or_none(Taker from, std::int32_t& number) {
  std::uint32_t plus_one = 0;
  if (!from.number(plus_one, std::numeric_limits<std::int32_t>::max())) return false;
  number = static_cast<std::int32_t>(plus_one) - 1;
  return true;
}

bool take_values(Taker from, FollowUp& after) {
  return from.list(after.value_minor.size(),
                   [&](std::size_t i, ByteReader& list) { after.value_minor[i] = list.zigzag(); });
}

bool take_shares(Taker from, std::vector<GoalTally>& goals) {
  return from.list(goals.size(), [&](std::size_t i, ByteReader& list) {
    goals[i].linear = list.varint();
    goals[i].position = list.varint();
  });
}

bool take_margins(Taker from, std::vector<GoalTally>& goals) {
  return from.list(goals.size(), [&](std::size_t i, ByteReader& list) {
    goals[i].told_minor = list.zigzag();
    goals[i].margin_minor = list.zigzag();
  });
}

// What most rows do not have.
template <typename Text>
[[gnu::noinline]] bool take_rest(std::uint32_t tag, Taker from, BasicExposure<Text>& exposure) {
  FollowUp& after = exposure.follow_up;
  switch (tag) {
    case kOrderDays:
      return from.set(after.order_days);
    case kOrders:
      return from.number(after.orders);
    case kValues:
      return take_values(from, after);
    case kMarginOrders:
      return from.number(after.margin_orders);
    case kMargin:
      return from.amount(after.margin_minor);
    case kRefunds:
      return from.number(after.refunds);
    case kRefundValue:
      return from.amount(after.refund_minor);
    case kReturns:
      return from.number(after.returns);
    case kNextOrder:
      return from.time(after.next_order);
    case kNextPrice:
      return from.choice(after.next_price, OrderPrice::kDiscounted);
    case kFullPriceDay:
      return from.number(after.full_price_day, kFollowedDays);
    case kUnsubscribes:
      return from.number(after.unsubscribes);
    case kComplaints:
      return from.number(after.complaints);
    case kDismissed:
      return from.number(after.dismissed);
    case kIgnored:
      return from.number(after.ignored);
    case kRatings:
      return from.number(after.ratings);
    case kRatingSum:
      return from.amount(after.rating_milli);
    case kRecallAsked:
      return from.number(after.recall_asked);
    case kRecalled:
      return from.number(after.recalled);
    case kShares:
      return take_shares(from, exposure.goals);
    case kWithdrew:
      return from.number(after.withdrew);
    case kMargins:
      return take_margins(from, exposure.goals);
    case kAgainDay:
      return from.number(after.again_day, kReactedDays);
    default:
      return true;  // of a version to come
  }
}

template <typename Text>
bool take(std::uint32_t tag, Taker from, BasicExposure<Text>& exposure) {
  auto& before = exposure.covariates;
  switch (tag) {
    case kAccount:
      return from.number(exposure.account);
    case kIntentLevel:
      return from.choice(before.intent_level, IntentLevel::kSure);
    case kIntent:
      return from.text(before.intent, Covariates::kMaxName);
    case kStage:
      return from.text(before.stage, Covariates::kMaxName);
    case kLanguage:
      return from.text(before.language, Covariates::kMaxLanguage);
    case kRegion:
      return from.text(before.region, Covariates::kMaxRegion);
    case kPageType:
      return from.text(before.page_type, Covariates::kMaxPageType);
    case kSource:
      return from.choice(before.source, TrafficSource::kInternal);
    case kHourOfWeek:
      return from.number(before.hour_of_week, 7 * 24);
    case kDaysSinceOrder:
      return take_or_none(from, before.days_since_order);
    case kSlot:
      return from.choice(exposure.slot, SlotSeen::kSeen);
    case kVisitDays:
      return from.set(exposure.follow_up.visit_days);
    default:
      return take_rest(tag, from, exposure);
  }
}

// What a row without details has.
template <typename Text>
void clear_details(BasicExposure<Text>& exposure) {
  exposure.account = 0;
  exposure.slot = SlotSeen::kNotFollowed;
  exposure.covariates = {};
  exposure.follow_up = {};
}

}  // namespace

template <typename Text>
void encode_details(ByteWriter& out, const BasicExposure<Text>& exposure) {
  ByteWriter fields;
  write_covariates(fields, exposure);
  write_follow_up(fields, exposure.follow_up);
  write_shares(fields, exposure.goals);
  write_number(fields, kWithdrew, exposure.follow_up.withdrew);
  write_margins(fields, exposure.goals);
  write_number(fields, kAgainDay, exposure.follow_up.again_day);
  out.bytes(fields.str());
}

template <typename Text>
bool decode_details(std::string_view bytes, BasicExposure<Text>& exposure) {
  clear_details(exposure);
  ByteReader in(bytes);
  ByteReader::Field field;
  for (std::uint64_t least = 1; in.next_field(field); least = std::uint64_t{field.tag} + 1) {
    if (field.tag < least) return false;  // repeated or out of order
    if (!take(field.tag, Taker(field), exposure)) return false;
  }
  return !in.failed();
}

template void encode_details(ByteWriter& out, const BasicExposure<std::string>& exposure);
template void encode_details(ByteWriter& out, const BasicExposure<std::string_view>& exposure);
template bool decode_details(std::string_view bytes, BasicExposure<std::string>& exposure);
template bool decode_details(std::string_view bytes, BasicExposure<std::string_view>& exposure);

}  // namespace tact
