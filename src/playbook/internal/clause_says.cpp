// A clause in words that finish "this visitor …".
#include <array>
#include <utility>

#include "playbook/internal/clause_parser.h"
#include "playbook/internal/clause_words.h"

namespace tact::playbook_internal {
namespace {

using Kind = Clause::Kind;

// The largest unit that counts it exactly: "36 hours", never "1 day" for them.
std::string say_exactly(Duration length) {
  constexpr std::array<std::pair<std::int64_t, const char*>, 4> kUnits = {
      {{86'400'000, "day"}, {3'600'000, "hour"}, {60'000, "minute"}, {1'000, "second"}}};
  for (const auto& [ms, name] : kUnits) {
    if (length.count() % ms != 0) continue;
    const std::int64_t count = length.count() / ms;
    return std::to_string(count) + " " + name + (count == 1 ? "" : "s");
  }
  return say_duration(length);
}

std::string say_times(int times) {
  if (times <= 1) return {};
  return times == 2 ? " repeatedly" : " at least " + std::to_string(times) + " times";
}

// "size guide repeatedly" already means this visit; it is said only where it was written.
std::string say_window(const Clause& clause) {
  switch (clause.window.kind) {
    case Window::Kind::kDefault:
      return {};
    case Window::Kind::kThisVisit:
      return clause.written.ends_with("this visit") ? " this visit" : "";
    case Window::Kind::kWithin:
      return " within " + say_exactly(clause.window.within);
    case Window::Kind::kBeforeThisVisit:
      return " before this visit";
  }
  return {};
}

const std::string& says_of(int signal, const ClauseNames& names) {
  static const std::string kNone = "did something";
  if (names.signals == nullptr || signal < 0) return kNone;
  return (*names.signals)[static_cast<std::size_t>(signal)].says;
}

std::string say_intent(const Clause& clause, const ClauseNames& names) {
  const Intent& intent = (*names.intents)[static_cast<std::size_t>(clause.intent)];
  const std::string means = intent.means.empty() ? "wants " + spaced(intent.id) : intent.means;
  const std::string level = clause.level == Level::kMaybe    ? "possibly"
                            : clause.level == Level::kLikely ? "probably"
                                                             : "almost certainly";
  if (means.starts_with("is ")) return "is " + level + means.substr(2);
  return level + " " + means;
}

std::string say_source(const Clause& clause) {
  switch (clause.source) {
    case TrafficSource::kDirect:
      return "came directly";
    case TrafficSource::kSearch:
      return "came from a search engine";
    case TrafficSource::kEmail:
      return "came from an e-mail";
    case TrafficSource::kAd:
      return "came from an ad";
    case TrafficSource::kSocial:
      return "came from social media";
    case TrafficSource::kReferral:
      return "came from another website";
    case TrafficSource::kCampaign:
      return "came from the campaign \"" + clause.text + "\"";
    default:
      return "came from somewhere";
  }
}

std::string say_weather(const Clause& clause) {
  if (!clause.text.empty()) return "is here while the weather is \"" + clause.text + "\"";
  const std::int64_t milli = clause.amount_milli;
  const std::int64_t size = milli < 0 ? -milli : milli;
  std::string degrees = (milli < 0 ? "-" : "") + std::to_string(size / 1'000);
  if (size % 1'000 != 0) {
    std::string digits = std::to_string(1'000 + size % 1'000).substr(1);
    while (digits.ends_with('0')) digits.pop_back();
    degrees += "." + digits;
  }
  return std::string("is here while it is ") + (clause.below ? "below " : "above ") + degrees +
         " °C";
}

std::string say_device(Device device) {
  if (device == Device::kMobile) return "is on a mobile phone";
  return device == Device::kTablet ? "is on a tablet" : "is on a desktop computer";
}

std::string say_any(const Clause& clause) {
  std::string text;
  for (const Clause& part : clause.parts) text += (text.empty() ? "" : ", or ") + part.says;
  return text;
}

std::string say_pair(const Clause& clause, const ClauseNames& names) {
  const std::string first = says_of(clause.parts[0].signal, names);
  const std::string& second = says_of(clause.parts[1].signal, names);
  const std::string length = say_exactly(clause.window.within);
  if (clause.kind == Kind::kThen) return first + ", then " + second + " within " + length;
  return first + " and has not " + second + " for " + length;
}

std::string say_returned(const Clause& clause) {
  if (clause.from == Duration{}) return "came back within " + say_exactly(clause.to);
  return "came back " + say_exactly(clause.from) + " to " + say_exactly(clause.to) +
         " after the last visit";
}

std::string say_viewed(const Clause& clause) {
  const std::string what =
      clause.text == "this" ? "this category" : "the category \"" + clause.text + "\"";
  return "viewed " + what + say_times(clause.times) + say_window(clause);
}

std::string say_left(const Clause& clause) {
  const bool cart = clause.kind == Kind::kLeftCart;
  return (cart ? "left a cart behind" : "left a form unsent") + say_window(clause);
}

std::string say_ticket(const Clause& clause) {
  return clause.kind == Kind::kTicketOpen ? "has an open ticket" : "has a reopened ticket";
}

std::string say_after(const Clause& clause) {
  const std::string what = clause.kind == Kind::kAfterOrder      ? "placed the latest order "
                           : clause.kind == Kind::kAfterDelivery ? "received the latest order "
                                                                 : "had the latest ticket solved ";
  return what + say_exactly(clause.from) + " ago or longer";
}

}  // namespace

std::string say(const Clause& clause, const ClauseNames& names) {
  switch (clause.kind) {
    case Kind::kAnyOf:
      return say_any(clause);
    case Kind::kIntent:
      return say_intent(clause, names);
    case Kind::kSignal:
      return says_of(clause.signal, names) + say_times(clause.times) + say_window(clause);
    case Kind::kThen:
    case Kind::kAndNo:
      return say_pair(clause, names);
    case Kind::kBoughtProduct:
      return "bought this product" + say_window(clause);
    case Kind::kBoughtCategory:
      return "bought this category" + say_window(clause);
    case Kind::kViewedCategory:
      return say_viewed(clause);
    case Kind::kFirstVisit:
      return "is here for the first time";
    case Kind::kFirstPage:
      return "is on the first page of this visit";
    case Kind::kReturned:
      return say_returned(clause);
    case Kind::kCameFrom:
      return say_source(clause);
    case Kind::kKeywordGroup:
      return "searched for \"" + spaced(clause.text) + "\"";
    case Kind::kDaypart:
      return "is here at the time of day \"" + spaced(clause.text) + "\"";
    case Kind::kWeekend:
      return "is here at the weekend";
    case Kind::kWeather:
      return say_weather(clause);
    case Kind::kCartHas:
      return "has \"" + clause.text + "\" in the cart";
    case Kind::kCartLacks:
      return "has no \"" + clause.text + "\" in the cart";
    case Kind::kCartOver:
      return "has a cart over " + clause.text;
    case Kind::kProductInCart:
      return "added this product to the cart";
    case Kind::kLeftCart:
    case Kind::kLeftForm:
      return say_left(clause);
    case Kind::kAfterOrder:
    case Kind::kAfterDelivery:
    case Kind::kAfterSolved:
      return say_after(clause);
    case Kind::kPageType:
      return "is on a page of type \"" + clause.text + "\"";
    case Kind::kPagePath:
      return "is on a page at " + clause.text;
    case Kind::kSignedIn:
      return "is signed in";
    case Kind::kLocale:
      return "reads \"" + clause.text + "\"";
    case Kind::kDevice:
      return say_device(clause.device);
    case Kind::kConsentFor:
      return "agreed to " + std::string(to_string(clause.purpose));
    case Kind::kInSegment:
      return (*names.segments)[static_cast<std::size_t>(clause.segment)].says;
    case Kind::kOrderLate:
      return "waits for a late order";
    case Kind::kTicketOpen:
    case Kind::kTicketReopened:
      return say_ticket(clause);
  }
  return {};
}

}  // namespace tact::playbook_internal
