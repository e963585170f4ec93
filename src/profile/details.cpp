// The bytes of an exposure's details. Tags: docs/formats/store.md.
#include "profile/internal/details.h"

#include <limits>
#include <type_traits>

namespace tact {
namespace {

constexpr std::uint32_t kVisitDays = 20, kOrderDays = 21, kValues = 23, kShares = 40, kMargins = 42;

class Writer {
 public:
  void text(std::uint32_t tag, std::string_view value, std::size_t /*most*/) {
    out_.field(tag, value);
  }
  template <typename T>
  void number(std::uint32_t tag, T value, std::uint64_t /*most*/) {
    out_.field(tag, static_cast<std::uint64_t>(value));
  }
  void amount(std::uint32_t tag, std::int64_t value) { out_.signed_field(tag, value); }
  void time(std::uint32_t tag, Time value) { out_.signed_field(tag, to_ms(value)); }
  void set(std::uint32_t tag, const DaySet& value) {
    out_.field(tag, std::string_view(value.encode()));
  }
  void values(std::uint32_t tag, const std::array<std::int64_t, kBuckets>& values) {
    std::size_t size = values.size();
    while (size > 0 && values[size - 1] == 0) --size;
    ByteWriter list;
    for (std::size_t i = 0; i < size; ++i) list.zigzag(values[i]);
    out_.field(tag, std::string_view(list.str()));
  }
  void shares(std::uint32_t tag, const std::vector<GoalTally>& goals) {
    std::size_t size = goals.size();
    while (size > 0 && goals[size - 1].linear == 0 && goals[size - 1].position == 0) --size;
    ByteWriter list;
    for (std::size_t i = 0; i < size; ++i) {
      list.varint(goals[i].linear);
      list.varint(goals[i].position);
    }
    out_.field(tag, std::string_view(list.str()));
  }
  void margins(std::uint32_t tag, const std::vector<GoalTally>& goals) {
    std::size_t size = goals.size();
    while (size > 0 && goals[size - 1].told_minor == 0 && goals[size - 1].margin_minor == 0) --size;
    ByteWriter list;
    for (std::size_t i = 0; i < size; ++i) {
      list.zigzag(goals[i].told_minor);
      list.zigzag(goals[i].margin_minor);
    }
    out_.field(tag, std::string_view(list.str()));
  }
  bool is_over() const { return false; }
  const std::string& str() const { return out_.str(); }

 private:
  ByteWriter out_;
};

// One pass: tags ascend, and what lies between those asked for is unknown and skipped. What is
// absent gets its zero value.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : in_(bytes) { advance(); }

  template <typename Text>
  void text(std::uint32_t tag, Text& value, std::size_t most) {
    const std::string_view text = find(tag, true) ? field_.text : std::string_view();
    if (text.size() > most) return fail();
    value = text;
  }
  template <typename T>
  void number(std::uint32_t tag, T& value, std::uint64_t most) {
    const std::uint64_t number = find(tag, false) ? field_.number : 0;
    if (number > most) return fail();
    value = static_cast<T>(number);
  }
  void amount(std::uint32_t tag, std::int64_t& value) {
    value = find(tag, false) ? field_.as_signed() : 0;
  }
  void time(std::uint32_t tag, Time& value) {
    value = time_from_ms(find(tag, false) ? field_.as_signed() : 0);
  }
  void set(std::uint32_t tag, DaySet& value) {
    value = DaySet();
    if (find(tag, true) && !DaySet::decode(field_.text, value)) fail();
  }
  void values(std::uint32_t tag, std::array<std::int64_t, kBuckets>& values) {
    values.fill(0);
    if (!find(tag, true)) return;
    ByteReader list(field_.text);
    for (std::size_t i = 0; i < values.size() && !list.at_end(); ++i) values[i] = list.zigzag();
    if (list.failed() || !list.at_end()) fail();
  }
  void shares(std::uint32_t tag, std::vector<GoalTally>& goals) {
    if (!find(tag, true)) return;
    ByteReader list(field_.text);
    for (std::size_t i = 0; i < goals.size() && !list.at_end(); ++i) {
      goals[i].linear = list.varint();
      goals[i].position = list.varint();
    }
    if (list.failed() || !list.at_end()) fail();
  }
  void margins(std::uint32_t tag, std::vector<GoalTally>& goals) {
    if (!find(tag, true)) return;
    ByteReader list(field_.text);
    for (std::size_t i = 0; i < goals.size() && !list.at_end(); ++i) {
      goals[i].told_minor = list.zigzag();
      goals[i].margin_minor = list.zigzag();
    }
    if (list.failed() || !list.at_end()) fail();
  }
  bool is_over() const { return tag_ == kEnd; }  // all that is still asked for is absent
  // False if anything was wrong; to be called last.
  bool finish() {
    while (tag_ < kEnd) advance();
    return !in_.failed();
  }

 private:
  [[gnu::always_inline]] bool find(std::uint32_t tag, bool is_text) {
    while (tag_ < tag) advance();
    if (tag_ != tag) return false;
    if ((field_.text.data() != nullptr) != is_text) fail();
    return tag_ == tag;
  }
  [[gnu::noinline]] void advance() {
    const std::uint64_t before = tag_;
    tag_ = in_.next_field(field_) ? field_.tag : kEnd;
    if (tag_ <= before) fail();  // a tag repeated or out of order
  }
  void fail() {
    in_.fail();
    tag_ = kEnd;
  }

  ByteReader in_;
  ByteReader::Field field_;
  // Beyond every tag.
  static constexpr std::uint64_t kEnd = std::uint64_t{1} << 32;
  std::uint64_t tag_ = 0;  // of field_, or kEnd
};

constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kMax64 = std::numeric_limits<std::uint64_t>::max();

// A number from −1 on.
template <typename F, typename N>
void or_none(F& fields, std::uint32_t tag, N& number) {
  std::uint32_t plus_one = static_cast<std::uint32_t>(number + 1);
  fields.number(tag, plus_one, static_cast<std::uint64_t>(std::numeric_limits<int>::max()));
  if constexpr (!std::is_const_v<N>) number = static_cast<std::int32_t>(plus_one) - 1;
}

// E is a BasicExposure, `const` for writing. A tag is never reused.
template <typename F, typename E>
void list_covariates(F& fields, E& exposure) {
  auto& before = exposure.covariates;
  fields.number(1, exposure.cut, 1);
  fields.number(2, exposure.account, kMax64);
  fields.number(3, before.intent_level, static_cast<std::uint64_t>(IntentLevel::kSure));
  fields.text(4, before.intent, Covariates::kMaxName);
  fields.text(5, before.stage, Covariates::kMaxName);
  fields.text(6, before.language, Covariates::kMaxLanguage);
  fields.text(7, before.region, Covariates::kMaxRegion);
  fields.text(8, before.page_type, Covariates::kMaxPageType);
  fields.number(9, before.source, static_cast<std::uint64_t>(TrafficSource::kInternal));
  fields.number(10, before.hour_of_week, 7 * 24);
  or_none(fields, 11, before.days_since_order);
  fields.number(12, exposure.slot, static_cast<std::uint64_t>(SlotSeen::kSeen));
}

template <typename F, typename E>
void list_follow_up(F& fields, E& exposure) {
  auto& after = exposure.follow_up;
  fields.set(kVisitDays, after.visit_days);
  fields.set(kOrderDays, after.order_days);
  if (fields.is_over()) return;  // most have not bought, and nothing else happened
  fields.number(22, after.orders, kMax32);
  fields.values(kValues, after.value_minor);
  fields.number(24, after.margin_orders, kMax32);
  fields.amount(25, after.margin_minor);
  fields.number(26, after.refunds, kMax32);
  fields.amount(27, after.refund_minor);
  fields.number(28, after.returns, kMax32);
  fields.time(29, after.next_order);
  fields.number(30, after.next_price, static_cast<std::uint64_t>(OrderPrice::kDiscounted));
  fields.number(31, after.full_price_day, kFollowedDays);
  fields.number(32, after.unsubscribes, kMax32);
  fields.number(33, after.complaints, kMax32);
  fields.number(34, after.dismissed, kMax32);
  fields.number(35, after.ignored, kMax32);
  fields.number(36, after.ratings, kMax32);
  fields.amount(37, after.rating_milli);
  fields.number(38, after.recall_asked, kMax32);
  fields.number(39, after.recalled, kMax32);
  fields.shares(kShares, exposure.goals);
  fields.number(41, after.withdrew, 1);
  fields.margins(kMargins, exposure.goals);
}

}  // namespace

template <typename Text>
void encode_details(ByteWriter& out, const BasicExposure<Text>& exposure) {
  Writer fields;
  list_covariates(fields, exposure);
  list_follow_up(fields, exposure);
  out.bytes(fields.str());
}

template <typename Text>
bool decode_details(std::string_view bytes, BasicExposure<Text>& exposure) {
  Reader fields(bytes);
  exposure.follow_up = {};
  list_covariates(fields, exposure);
  list_follow_up(fields, exposure);
  return fields.finish();
}

template void encode_details(ByteWriter& out, const BasicExposure<std::string>& exposure);
template void encode_details(ByteWriter& out, const BasicExposure<std::string_view>& exposure);
template bool decode_details(std::string_view bytes, BasicExposure<std::string>& exposure);
template bool decode_details(std::string_view bytes, BasicExposure<std::string_view>& exposure);

}  // namespace tact
