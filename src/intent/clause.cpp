#include "intent/clause.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/hash.h"
#include "intent/intent.h"
#include "intent/segment.h"

namespace tact {
namespace {

constexpr std::int64_t kEnoughStrengthMilli = 500;
constexpr int kMinutesPerDay = 24 * 60;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

Time visit_start(const View& view) { return view.core().visit.started; }

int count_in(const Occurrences& seen, const Window& window, const View& view) {
  switch (window.kind) {
    case Window::Kind::kThisVisit:
    case Window::Kind::kDefault:
      return seen.count_since(visit_start(view));
    case Window::Kind::kWithin:
      return seen.count_since(view.now - window.within);
    case Window::Kind::kBeforeThisVisit:
      return seen.count_before(visit_start(view));
  }
  return 0;
}

// Every state of a signal that a clause may look at: that of the page's subject, or, on a page
// without such a subject, all of them.
template <typename Visit>
void for_each_state(int index, const View& view, Visit visit) {
  const Signal& signal = view.playbook.signals[static_cast<std::size_t>(index)];
  const std::uint64_t key = hash64(signal.id);
  const std::string_view subject = view.subject(signal.about);
  if (signal.about == Subject::kNothing || !subject.empty()) {
    if (const SignalState* state = view.profile.derived.find(key, subject)) visit(*state);
    return;
  }
  for (const SignalState& state : view.profile.derived.signals) {
    if (state.signal == key) visit(state);
  }
}

bool came_back_to(const SignalState& state, const Signal& signal, Time now) {
  return state.visits >= 2 &&
         state.strength.strength_milli(now, signal.half_life) >= kEnoughStrengthMilli;
}

Truth signal_holds(const Clause& clause, const View& view) {
  const Signal& signal = view.playbook.signals[static_cast<std::size_t>(clause.signal)];
  bool holds = false;
  for_each_state(clause.signal, view, [&](const SignalState& state) {
    holds = holds || count_in(state.seen, clause.window, view) >= clause.times ||
            (clause.window.kind == Window::Kind::kDefault && clause.times == 1 &&
             came_back_to(state, signal, view.now));
  });
  return truth_of(holds);
}

// A then B: some B after some A, not more than `within` after it, and not before `since`.
bool followed(const Clause& clause, const View& view, Time since) {
  bool holds = false;
  for_each_state(clause.parts[0].signal, view, [&](const SignalState& first) {
    for_each_state(clause.parts[1].signal, view, [&](const SignalState& second) {
      for (const Time a : first.seen.times()) {
        for (const Time b : second.seen.times()) {
          holds = holds || (b >= since && b > a && b - a <= clause.window.within);
        }
      }
    });
  });
  return holds;
}

// A and no B for T: the last A is at least T ago, and no B came after it.
Truth and_no_holds(const Clause& clause, const View& view) {
  Time last_a{}, last_b{};
  for_each_state(clause.parts[0].signal, view,
                 [&](const SignalState& state) { last_a = std::max(last_a, state.seen.latest()); });
  for_each_state(clause.parts[1].signal, view,
                 [&](const SignalState& state) { last_b = std::max(last_b, state.seen.latest()); });
  return truth_of(last_a != Time{} && view.now - last_a >= clause.window.within && last_b < last_a);
}

bool in_window(Time at, const Window& window, const View& view) {
  switch (window.kind) {
    case Window::Kind::kDefault:
      return true;
    case Window::Kind::kThisVisit:
      return at >= visit_start(view);
    case Window::Kind::kWithin:
      return at >= view.now - window.within;
    case Window::Kind::kBeforeThisVisit:
      return at < visit_start(view);
  }
  return false;
}

template <typename Matches>
Truth bought(const Clause& clause, const View& view, std::string_view subject, Matches is_subject) {
  if (subject.empty()) return Truth::kUnknown;
  for (const Order& order : view.core().orders) {
    if (in_window(order.at, clause.window, view) &&
        std::any_of(order.products.begin(), order.products.end(), is_subject)) {
      return Truth::kTrue;
    }
  }
  return Truth::kFalse;
}

const Interest* viewed_interest(const Clause& clause, const View& view) {
  return view.core().find_interest(InterestKind::kCategory, clause.text == "this"
                                                                ? view.page_category()
                                                                : std::string_view(clause.text));
}

bool has_category(const std::vector<Product>& products, std::string_view wanted) {
  return std::any_of(products.begin(), products.end(), [&](const Product& product) {
    std::string_view rest = product.category;
    while (!rest.empty()) {
      const std::size_t slash = rest.find('/');
      if (rest.substr(0, slash) == wanted) return true;
      rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    }
    return false;
  });
}

std::int64_t cart_value(const Core& core) {
  std::int64_t total = 0;
  for (const Product& product : core.cart) {  // prices come from outside: no overflow
    std::int64_t price = 0;
    if (__builtin_mul_overflow(product.price_minor, product.quantity, &price) ||
        __builtin_add_overflow(total, price, &total)) {
      return std::numeric_limits<std::int64_t>::max();
    }
  }
  return total;
}

Truth returned(const Clause& clause, const View& view) {
  const Core& core = view.core();
  if (core.previous_visit_ended == Time{}) return Truth::kFalse;
  const Duration away = core.visit.started - core.previous_visit_ended;
  return truth_of(away >= clause.from && away <= clause.to);
}

Truth came_from(const Clause& clause, const View& view) {
  const Visit& visit = view.core().visit;
  const bool here = view.this_page_only() || visit.source == TrafficSource::kUnknown;
  const TrafficSource source = here ? view.where.source : visit.source;
  const Campaign& campaign = here ? view.where.campaign : visit.campaign;
  if (clause.source == TrafficSource::kCampaign) {
    return truth_of(clause.text.empty() ? !campaign.empty()
                                        : lower(campaign.name) == lower(clause.text));
  }
  return source == TrafficSource::kUnknown ? Truth::kUnknown : truth_of(source == clause.source);
}

Truth in_keyword_group(const Clause& clause, const View& view) {
  std::string words = " " + lower(view.where.campaign.term) + " ";
  if (!view.this_page_only()) {
    words +=
        lower(view.core().visit.campaign.term) + " " + lower(view.core().visit.entry_query) + " ";
  }
  for (const KeywordGroup& group : view.playbook.keyword_groups) {
    if (group.name != clause.text) continue;
    return truth_of(
        std::any_of(group.keywords.begin(), group.keywords.end(), [&](const std::string& keyword) {
          return words.find(" " + keyword + " ") != std::string::npos;
        }));
  }
  return Truth::kUnknown;
}

Truth in_daypart(const Clause& clause, const View& view) {
  if (view.where.local_minute_of_week == 0) return Truth::kUnknown;
  const int minute = (view.where.local_minute_of_week - 1) % kMinutesPerDay;
  for (const Daypart& part : view.playbook.dayparts) {
    if (part.name != clause.text) continue;
    return truth_of(part.from_minute <= part.to_minute
                        ? minute >= part.from_minute && minute < part.to_minute
                        : minute >= part.from_minute || minute < part.to_minute);
  }
  return Truth::kUnknown;
}

Truth weather_holds(const Clause& clause, const View& view) {
  if (view.weather.empty()) return Truth::kUnknown;
  if (!clause.text.empty())
    return truth_of(lower(view.weather).find(lower(clause.text)) != std::string::npos);
  int degrees = 0;
  const auto [end, error] =
      std::from_chars(view.weather.data(), view.weather.data() + view.weather.size(), degrees);
  if (error != std::errc{}) return Truth::kUnknown;
  const std::int64_t milli = std::int64_t{1000} * degrees;
  return truth_of(clause.below ? milli < clause.amount_milli : milli > clause.amount_milli);
}

Truth locale_holds(const Clause& clause, const View& view) {
  const std::string own = lower(view.where.locale);
  const std::string wanted = lower(clause.text);
  if (own.empty()) return Truth::kUnknown;
  return truth_of(own == wanted || own.starts_with(wanted + "-"));
}

Truth intent_holds(const Clause& clause, const IntentPicture* picture) {
  if (picture == nullptr) return Truth::kUnknown;
  const IntentScore& score = picture->scores[static_cast<std::size_t>(clause.intent)];
  return truth_of(score.applicable && score.p >= threshold(clause.level));
}

Truth any_of(const Clause& clause, const View& view, const IntentPicture* picture) {
  Truth result = Truth::kFalse;
  for (const Clause& part : clause.parts) {
    const Truth truth = evaluate(part, view, picture);
    if (truth == Truth::kTrue) return truth;
    if (truth == Truth::kUnknown) result = truth;
  }
  return result;
}

// Promised, under way, and not there in time. Whether one without a promise is late, nobody knows.
Truth order_late(const View& view) {
  Truth result = Truth::kFalse;
  for (const Order& order : view.core().orders) {
    if (!order.under_way()) continue;
    if (order.due == Time{}) {
      result = Truth::kUnknown;
    } else if (view.now > order.due) {
      return Truth::kTrue;
    }
  }
  return result;
}

template <typename Is>
Truth some_ticket(const View& view, Is is) {
  const auto& tickets = view.core().tickets;
  return truth_of(std::any_of(tickets.begin(), tickets.end(),
                              [&](const Ticket& ticket) { return is(ticket.state); }));
}

bool left_a_form(const Clause& clause, const View& view) {
  const auto& forms = view.core().forms;
  return std::any_of(forms.begin(), forms.end(), [&](const Form& form) {
    return form.is_left() && form.started < visit_start(view) &&
           view.now - form.started <= clause.window.within;
  });
}

// When the latest of it was; epoch = never.
Time latest_of(const Clause& clause, const Core& core) {
  Time latest{};
  for (const Order& order : core.orders) {
    if (clause.kind == Clause::Kind::kAfterOrder && order.state != OrderState::kCancelled)
      latest = std::max(latest, order.at);
    if (clause.kind == Clause::Kind::kAfterDelivery && order.state == OrderState::kDelivered)
      latest = std::max(latest, order.state_at);
  }
  for (const Ticket& ticket : core.tickets) {
    if (clause.kind == Clause::Kind::kAfterSolved && ticket.state == TicketState::kSolved)
      latest = std::max(latest, ticket.at);
  }
  return latest;
}

Truth evaluate_service(const Clause& clause, const View& view) {
  switch (clause.kind) {
    case Clause::Kind::kLeftForm:
      return truth_of(left_a_form(clause, view));
    case Clause::Kind::kAfterOrder:
    case Clause::Kind::kAfterDelivery:
    case Clause::Kind::kAfterSolved: {
      const Time latest = latest_of(clause, view.core());
      return truth_of(latest != Time{} && view.now - latest >= clause.from);
    }
    case Clause::Kind::kOrderLate:
      return order_late(view);
    case Clause::Kind::kTicketOpen:
      return some_ticket(view, [](TicketState state) { return state != TicketState::kSolved; });
    case Clause::Kind::kTicketReopened:
      return some_ticket(view, [](TicketState state) { return state == TicketState::kReopened; });
    default:
      return Truth::kUnknown;
  }
}

Truth evaluate_commerce(const Clause& clause, const View& view) {
  const Core& core = view.core();
  switch (clause.kind) {
    case Clause::Kind::kBoughtProduct:
      return bought(clause, view, view.product.id,
                    [&](const Product& p) { return p.id == view.product.id; });
    case Clause::Kind::kBoughtCategory: {
      const std::string_view category = view.page_category();
      return bought(clause, view, category,
                    [&](const Product& p) { return p.top_category() == category; });
    }
    case Clause::Kind::kViewedCategory:
      return truth_of(tally(clause, view).count >= clause.times);
    case Clause::Kind::kCartHas:
      return truth_of(has_category(core.cart, clause.text));
    case Clause::Kind::kCartLacks:
      return truth_of(!has_category(core.cart, clause.text));
    case Clause::Kind::kCartOver:
      return truth_of(cart_value(core) > clause.amount_minor);
    case Clause::Kind::kProductInCart:
      return truth_of(!view.product.id.empty() &&
                      std::any_of(core.cart.begin(), core.cart.end(),
                                  [&](const Product& p) { return p.id == view.product.id; }));
    case Clause::Kind::kLeftCart:
      return truth_of(!core.cart.empty() && core.cart_changed < visit_start(view) &&
                      view.now - core.cart_changed <= clause.window.within);
    default:
      return evaluate_service(clause, view);
  }
}

Truth evaluate_visit(const Clause& clause, const View& view, const IntentPicture* picture) {
  const Core& core = view.core();
  switch (clause.kind) {
    case Clause::Kind::kAnyOf:
      return any_of(clause, view, picture);
    case Clause::Kind::kIntent:
      return intent_holds(clause, picture);
    case Clause::Kind::kSignal:
      return signal_holds(clause, view);
    case Clause::Kind::kThen:
      return truth_of(followed(clause, view, Time::min()));
    case Clause::Kind::kAndNo:
      return and_no_holds(clause, view);
    case Clause::Kind::kFirstVisit:
      return truth_of(core.visit.number <= 1);
    case Clause::Kind::kFirstPage:
      return truth_of(core.visit.pages <= 1);
    case Clause::Kind::kReturned:
      return returned(clause, view);
    case Clause::Kind::kSignedIn:
      return truth_of(core.known);
    case Clause::Kind::kInSegment:
      return evaluate_segment(view.playbook.segments[static_cast<std::size_t>(clause.segment)],
                              view);
    case Clause::Kind::kConsentFor:
      if (clause.purpose == Purpose::kSensitive) return truth_of(core.allows_sensitive());
      return truth_of(consent_allows(core.consent, clause.purpose, view.consent));
    default:
      return evaluate_commerce(clause, view);
  }
}

}  // namespace

std::string_view to_string(Truth truth) {
  return truth == Truth::kTrue ? "true" : truth == Truth::kFalse ? "false" : "unknown";
}

bool is_contextual(const Clause& clause) {
  switch (clause.kind) {
    case Clause::Kind::kCameFrom:
    case Clause::Kind::kKeywordGroup:
    case Clause::Kind::kDaypart:
    case Clause::Kind::kWeekend:
    case Clause::Kind::kWeather:
    case Clause::Kind::kPageType:
    case Clause::Kind::kPagePath:
    case Clause::Kind::kLocale:
    case Clause::Kind::kDevice:
      return true;
    case Clause::Kind::kAnyOf:
      return std::all_of(clause.parts.begin(), clause.parts.end(), is_contextual);
    default:
      return false;
  }
}

namespace {

// Clicks, dismissals and answers follow a message.
bool takes_a_message(const Seen& seen) {
  switch (seen.kind) {
    case Seen::Kind::kAnswer:
      return true;
    case Seen::Kind::kBuiltin:
      return seen.builtin != Builtin::kQuickBack;
    case Seen::Kind::kTrack:
      return seen.name.starts_with("Message ") || seen.name == "Question Answered";
    case Seen::Kind::kPage:
      return false;
  }
  return false;
}

bool takes_a_message(int signal, const View& view) {
  return takes_a_message(view.playbook.signals[static_cast<std::size_t>(signal)].seen);
}

bool signal_in_this_visit(int index, const View& view) {
  if (takes_a_message(index, view)) return false;
  bool found = false;
  for_each_state(index, view, [&](const SignalState& state) {
    found = found || state.seen.latest() >= visit_start(view);
  });
  return found;
}

}  // namespace

bool is_of_this_visit(const Clause& clause, const View& view) {
  if (clause.window.kind == Window::Kind::kBeforeThisVisit) return false;
  switch (clause.kind) {
    case Clause::Kind::kAnyOf:
      return std::any_of(clause.parts.begin(), clause.parts.end(), [&](const Clause& part) {
        return evaluate(part, view, nullptr) == Truth::kTrue && is_of_this_visit(part, view);
      });
    case Clause::Kind::kSignal:
      return signal_in_this_visit(clause.signal, view);
    case Clause::Kind::kThen:
      return !takes_a_message(clause.parts[0].signal, view) &&
             !takes_a_message(clause.parts[1].signal, view) &&
             followed(clause, view, visit_start(view));
    case Clause::Kind::kAndNo:
      return signal_in_this_visit(clause.parts[0].signal, view);
    case Clause::Kind::kViewedCategory:
      return tally(clause, view).last >= visit_start(view);
    case Clause::Kind::kCartHas:
    case Clause::Kind::kCartOver:
    case Clause::Kind::kProductInCart:
      return view.core().cart_changed >= visit_start(view);
    case Clause::Kind::kPageType:
    case Clause::Kind::kPagePath:
    case Clause::Kind::kKeywordGroup:
    case Clause::Kind::kCameFrom:
      return true;
    default:
      return false;
  }
}

Tally tally(const Clause& clause, const View& view) {
  Tally result;
  if (clause.kind == Clause::Kind::kSignal) {
    for_each_state(clause.signal, view, [&](const SignalState& state) {
      Window window = clause.window;
      if (window.kind == Window::Kind::kDefault && state.seen.count_since(visit_start(view)) == 0) {
        window = {Window::Kind::kWithin, days(3650)};
      }
      result.count = std::max(result.count, count_in(state.seen, window, view));
      result.last = std::max(result.last, state.seen.latest());
    });
  } else if (clause.kind == Clause::Kind::kViewedCategory) {
    if (const Interest* interest = viewed_interest(clause, view)) {
      result.count = count_in(interest->viewed, clause.window, view);
      result.last = interest->viewed.latest();
    }
  }
  return result;
}

Truth evaluate(const Clause& clause, const View& view, const IntentPicture* picture) {
  switch (clause.kind) {
    case Clause::Kind::kCameFrom:
      return came_from(clause, view);
    case Clause::Kind::kKeywordGroup:
      return in_keyword_group(clause, view);
    case Clause::Kind::kDaypart:
      return in_daypart(clause, view);
    case Clause::Kind::kWeekend:
      return view.where.local_minute_of_week == 0
                 ? Truth::kUnknown
                 : truth_of((view.where.local_minute_of_week - 1) / kMinutesPerDay >= 5);
    case Clause::Kind::kWeather:
      return weather_holds(clause, view);
    case Clause::Kind::kPageType:
      return truth_of(view.where.page_type == clause.text);
    case Clause::Kind::kPagePath:
      return truth_of(glob_matches(clause.text, view.where.path));
    case Clause::Kind::kLocale:
      return locale_holds(clause, view);
    case Clause::Kind::kDevice:
      return view.where.device == Device::kUnknown ? Truth::kUnknown
                                                   : truth_of(view.where.device == clause.device);
    default:
      break;
  }
  if (view.anonymous_request && clause.kind != Clause::Kind::kAnyOf) return Truth::kUnknown;
  return evaluate_visit(clause, view, picture);
}

}  // namespace tact
