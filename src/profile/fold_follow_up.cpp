// What was known at an exposure, and what came after it whatever the goals are (follow_up.h).
#include <algorithm>
#include <array>

#include "profile/internal/fold_parts.h"

namespace tact::fold_parts {
namespace {

enum class Sign : std::uint8_t {
  kNone,
  kView,
  kOrder,
  kRefund,
  kReturn,
  kUnsubscribe,
  kComplaint,
  kSurvey
};

struct Named {
  std::string_view event;
  Sign sign;
};
// Of Segment's e-commerce and e-mail specifications; the last two are Tact's own.
constexpr std::array<Named, 7> kNamed = {{{"Order Completed", Sign::kOrder},
                                          {"Order Refunded", Sign::kRefund},
                                          {"Order Returned", Sign::kReturn},
                                          {"Unsubscribed", Sign::kUnsubscribe},
                                          {"Email Marked as Spam", Sign::kComplaint},
                                          {"Complaint Made", Sign::kComplaint},
                                          {"Survey Answered", Sign::kSurvey}}};

Sign sign_of(const Event& event) {
  if (event.type == EventType::kPage || event.type == EventType::kScreen) return Sign::kView;
  if (event.type != EventType::kTrack) return Sign::kNone;
  const auto* const found = std::find_if(
      kNamed.begin(), kNamed.end(), [&](const Named& named) { return named.event == event.name; });
  return found == kNamed.end() ? Sign::kNone : found->sign;
}

void note_order(FollowUp& after, const Event& event, Time at, std::size_t day) {
  after.order_days.add(day);
  ++after.orders;
  std::int64_t& bucket = after.value_minor[day / kBucketDays];
  bucket = add_clamped(bucket, event.value_minor);
  if (event.has_margin) {
    ++after.margin_orders;
    after.margin_minor = add_clamped(after.margin_minor, event.margin_minor);
  }
  after.keep_next(at, event.price);
  if (event.price == OrderPrice::kFull) after.keep_full_price(day);
}

// False for a question that nobody asked to be kept.
bool note_survey(FollowUp& after, const Event& event) {
  if (event.question == kSatisfactionQuestion && event.has_score) {
    ++after.ratings;
    after.rating_milli = add_clamped(after.rating_milli, event.score_milli);
    return true;
  }
  if (event.question != kRecallQuestion || (!event.has_score && event.answer.empty())) return false;
  ++after.recall_asked;
  if (event.has_score ? event.score_milli > 0 : event.answer == "yes") ++after.recalled;
  return true;
}

// Did it say anything new?
bool note(FollowUp& after, Sign sign, const Event& event, Time at, std::size_t day) {
  switch (sign) {
    case Sign::kNone:
      return false;
    case Sign::kView:
      if (after.visit_days.has(day)) return false;
      after.visit_days.add(day);
      return true;
    case Sign::kOrder:
      note_order(after, event, at, day);
      return true;
    case Sign::kRefund:
      ++after.refunds;
      after.refund_minor = add_clamped(after.refund_minor, event.value_minor);
      return true;
    case Sign::kReturn:
      ++after.returns;
      return true;
    case Sign::kUnsubscribe:
      if (day >= kReactedDays) return false;
      ++after.unsubscribes;
      return true;
    case Sign::kComplaint:
      if (day >= kReactedDays) return false;
      ++after.complaints;
      return true;
    case Sign::kSurvey:
      return day < kSurveyedDays && note_survey(after, event);
  }
  return false;
}

// Longer ones are not cut: half a name is another name.
std::string within(std::string_view text, std::size_t most) {
  return text.size() > most ? std::string() : std::string(text);
}

// Whole days since the latest order before `at`.
std::int32_t days_since_order(const Core& core, Time at) {
  std::int32_t least = -1;
  for (const Order& order : core.orders) {
    if (order.at > at) continue;
    const auto ago = static_cast<std::int32_t>((at - order.at) / days(1));
    least = least < 0 ? ago : std::min(least, ago);
  }
  return least;
}

}  // namespace

Covariates covariates_of(const Core& core, const Record& record) {
  const auto& decided = std::get<DecisionRecord>(record.body);
  const Surroundings& where = decided.where;
  const std::string_view locale = where.locale;
  Covariates out;
  out.language = within(locale.substr(0, locale.find_first_of("-_")), Covariates::kMaxLanguage);
  out.region = within(where.region, Covariates::kMaxRegion);
  out.source = core.visit.source;
  if (where.local_minute_of_week != 0)
    out.hour_of_week = static_cast<std::uint8_t>((where.local_minute_of_week - 1) / 60 % 168 + 1);
  out.days_since_order = days_since_order(core, record.event_time);
  if (where.sensitive || core.holds_sensitive) return out;
  out.intent_level = decided.intent_level;
  out.intent = within(decided.intent, Covariates::kMaxName);
  out.stage = within(decided.stage, Covariates::kMaxName);
  out.page_type = within(where.page_type, Covariates::kMaxPageType);
  return out;
}

void follow(Core& core, const Event& event, Time at, FoldEffects& effects) {
  const Sign sign = sign_of(event);
  if (sign == Sign::kNone) return;
  for (Exposure& exposure : core.exposures) {
    if (!exposure.follows(at)) continue;
    const auto day = static_cast<std::size_t>((at - exposure.at) / days(1));
    if (note(exposure.follow_up, sign, event, at, day))
      effects.changed_experiments.push_back(exposure.experiment);
  }
}

void note_again(Core& core, const DecisionRecord& decided, Time at, FoldEffects& effects) {
  if (decided.hesitation != Hesitation::kAgain || decided.where.sensitive || core.holds_sensitive)
    return;
  for (Exposure& exposure : core.exposures) {
    if (!exposure.asks_again(at, core.visit.started)) continue;
    if (exposure.covariates.intent != decided.intent) continue;
    const auto day = static_cast<std::size_t>((at - exposure.at) / days(1));
    if (exposure.follow_up.keep_again(day))
      effects.changed_experiments.push_back(exposure.experiment);
  }
}

void note_withdrawal(Core& core, FoldEffects& effects) {
  if (core.exposures.empty()) return;
  const auto since = core.consent.denied_since(Purpose::kPersonalization);
  if (!since) return;
  for (Exposure& exposure : core.exposures) {
    if (!exposure.follows(*since) || exposure.follow_up.withdrew) continue;
    exposure.follow_up.withdrew = true;
    effects.changed_experiments.push_back(exposure.experiment);
  }
}

void count_after(Core& core, Time at, std::uint32_t FollowUp::* what, FoldEffects* effects) {
  for (Exposure& exposure : core.exposures) {
    if (!exposure.follows(at) || at >= exposure.at + kReacted) continue;
    ++(exposure.follow_up.*what);
    if (effects != nullptr) effects->changed_experiments.push_back(exposure.experiment);
  }
}

}  // namespace tact::fold_parts
