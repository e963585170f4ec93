#include <algorithm>
#include <span>

#include "decide/internal/guards.h"
#include "intent/segment.h"

namespace tact {
namespace {

NotShown blocked(int moment, Guard guard) {
  NotShown reason;
  reason.moment = moment;
  reason.kind = NotShown::Kind::kGuard;
  reason.guard = guard;
  return reason;
}

using Block = std::optional<NotShown>;

Block consent_guard(const Moment& moment, int index, const View& view) {
  if (is_contextual(moment)) return std::nullopt;
  if (!view.anonymous_request &&
      consent_allows(view.core().consent, Purpose::kPersonalization, view.consent)) {
    return std::nullopt;
  }
  return blocked(index, Guard::kConsent);
}

Block audience_guard(const Moment& moment, int index, const View& view) {
  if (!view.may_be_child() || is_contextual(moment)) return std::nullopt;
  return blocked(index, Guard::kAudience);
}

// Where the page is about it, so is what is shown there; services (safety, privacy, an order) are
// what the visitor came for.
Block sensitive_guard(const Moment& moment, int index, const View& view) {
  if (moment.service || !view.is_out_of_bounds()) return std::nullopt;
  return blocked(index, Guard::kSensitive);
}

bool is_durable(const Playbook& playbook, std::string_view category) {
  const auto& durable = playbook.guards.durable_categories;
  return std::find(durable.begin(), durable.end(), category) != durable.end();
}

// Does the moment talk about the page's product? Its message does, or a signal or intent it asks
// for does.
bool asks_about_product(const std::vector<Clause>& clauses, const Playbook& playbook) {
  return std::any_of(clauses.begin(), clauses.end(), [&](const Clause& clause) {
    if (clause.kind == Clause::Kind::kIntent) {
      return playbook.intents[static_cast<std::size_t>(clause.intent)].about == Subject::kProduct;
    }
    if (clause.kind == Clause::Kind::kSignal) {
      return playbook.signals[static_cast<std::size_t>(clause.signal)].about == Subject::kProduct;
    }
    return asks_about_product(clause.parts, playbook);
  });
}

bool is_about_product(const Moment& moment, const Playbook& playbook) {
  return asks_about_product(moment.when, playbook) ||
         std::any_of(moment.messages.begin(), moment.messages.end(), [&](int message) {
           return playbook.messages[static_cast<std::size_t>(message)].about == Subject::kProduct;
         });
}

// Silence about what was bought: the product for every moment about it, a durable category for
// selling.
Block purchase_guard(const Moment& moment, int index, const View& view) {
  if (moment.service) return std::nullopt;
  const Guards& guards = view.playbook.guards;
  const std::string_view category = view.page_category();
  const bool about_product = is_about_product(moment, view.playbook) || moment.selling();
  for (auto order = view.core().orders.rbegin(); order != view.core().orders.rend(); ++order) {
    const Duration ago = view.now - order->at;
    const bool same_product =
        !view.product.id.empty() &&
        std::any_of(order->products.begin(), order->products.end(),
                    [&](const Product& p) { return p.id == view.product.id; });
    const bool same_category =
        moment.selling() && !category.empty() && is_durable(view.playbook, category) &&
        std::any_of(order->products.begin(), order->products.end(),
                    [&](const Product& p) { return p.top_category() == category; });
    const bool stop_product = same_product && about_product && ago < guards.suppress_product;
    if (!stop_product && !(same_category && ago < guards.suppress_category)) continue;
    NotShown reason = blocked(index, Guard::kPurchase);
    reason.ago = ago;
    reason.about_category = !stop_product;
    return reason;
  }
  return std::nullopt;
}

Block unclear_in(std::span<const Clause> clauses, int index, const View& view,
                 const IntentPicture& picture);

// A true part that is clear, or needs no intent, carries the whole; else the first true one tells
// why not.
Block unclear_any_of(const Clause& any, int index, const View& view, const IntentPicture& picture) {
  Block first;
  for (const Clause& part : any.parts) {
    if (evaluate(part, view, &picture) != Truth::kTrue) continue;
    Block block = unclear_in({&part, 1}, index, view, picture);
    if (!block) return std::nullopt;
    if (!first) first = block;
  }
  return first;
}

Block unclear_in(std::span<const Clause> clauses, int index, const View& view,
                 const IntentPicture& picture) {
  for (const Clause& clause : clauses) {
    if (clause.kind == Clause::Kind::kAnyOf) {
      if (auto block = unclear_any_of(clause, index, view, picture)) return block;
    } else if (clause.kind == Clause::Kind::kIntent && !picture.acts_on(clause.intent)) {
      const IntentScore& score = picture.scores[static_cast<std::size_t>(clause.intent)];
      NotShown reason = blocked(index, Guard::kUnclear);
      reason.clause = &clause;
      reason.p = score.p;
      reason.have =
          static_cast<int>(std::count_if(score.hits.begin(), score.hits.end(),
                                         [](const EvidenceHit& hit) { return hit.in_favour; }));
      reason.limit = score.enough_evidence ? 0 : 2;
      return reason;
    }
  }
  return std::nullopt;
}

// `unless` and `stop` take unknown for no: what is known no longer must not count as that.
Block stale_guard(const Moment& moment, int index, const View& view) {
  for (const auto* clauses : {&moment.unless, &moment.stop}) {
    for (const Clause& clause : *clauses) {
      if (auto block = stale_block(clause, index, view)) return block;
    }
  }
  return std::nullopt;
}

struct Limit {
  std::optional<int> most;
  NotShown::Period period;
};

// One frequency over the contacts that `counts` picks; `ever` comes from the totals.
template <typename Counts>
Block frequency_over(const Frequency& frequency, int index, bool over_all, int ever,
                     const View& view, Counts counts) {
  const Time visit = view.core().visit.started;
  const std::pair<Limit, Time> limits[] = {
      {{frequency.per_visit, NotShown::Period::kVisit}, visit},
      {{frequency.per_day, NotShown::Period::kDay}, view.now - days(1)},
      {{frequency.per_week, NotShown::Period::kWeek}, view.now - days(7)}};
  const auto stop = [&](int have, int most, NotShown::Period period) {
    NotShown reason = blocked(index, Guard::kFrequency);
    reason.have = have;
    reason.limit = most;
    reason.period = period;
    reason.over_all = over_all;
    return reason;
  };
  for (const auto& [limit, since] : limits) {
    if (!limit.most) continue;
    int have = 0;
    for (const Contact& contact : view.core().contacts) {
      have += contact.counts() && contact.at >= since && counts(contact);
    }
    if (have >= *limit.most) return stop(have, *limit.most, limit.period);
  }
  if (frequency.ever && ever >= *frequency.ever)
    return stop(ever, *frequency.ever, NotShown::Period::kEver);
  return std::nullopt;
}

// Messages ever shown, over the moments that `counts` picks. A moment the playbook no longer has
// counts as helpful.
template <typename Counts>
int shown_ever(const View& view, Counts counts) {
  int ever = 0;
  for (const MomentTotals& totals : view.core().moments) {
    if (counts(totals.moment)) ever += static_cast<int>(totals.ever);
  }
  return ever;
}

bool sells(const Playbook& playbook, std::uint64_t key) {
  return std::any_of(playbook.moments.begin(), playbook.moments.end(),
                     [&](const Moment& m) { return m.key == key && m.selling(); });
}

Block frequency_guard(const Moment& moment, int index, const View& view) {
  if (moment.service) return std::nullopt;
  const Guards& guards = view.playbook.guards;
  const Contact* here = view.core().contact_on_this_page(moment.key);
  if (here != nullptr && here->counts()) return std::nullopt;  // it is there already
  const MomentTotals* totals = view.core().find_totals(moment.key);
  const int ever = totals == nullptr ? 0 : static_cast<int>(totals->ever);
  if (auto block = frequency_over(moment.at_most, index, false, ever, view,
                                  [&](const Contact& c) { return c.moment == moment.key; })) {
    return block;
  }
  if (auto block = frequency_over(guards.all, index, true,
                                  shown_ever(view, [](std::uint64_t) { return true; }), view,
                                  [](const Contact&) { return true; })) {
    return block;
  }
  if (!moment.selling()) return std::nullopt;
  const auto selling = [&](std::uint64_t key) { return sells(view.playbook, key); };
  return frequency_over(guards.selling, index, true, shown_ever(view, selling), view,
                        [](const Contact& c) { return c.selling; });
}

Block resting(int index, Duration ago, Duration length, int ignored, bool over_all) {
  NotShown reason = blocked(index, Guard::kRest);
  reason.ago = ago;
  reason.rest = length;
  reason.have = ignored;
  reason.dismissed = ignored == 0;
  reason.over_all = over_all;
  return reason;
}

Block rest_guard(const Moment& moment, int index, const View& view) {
  if (moment.service) return std::nullopt;
  const Guards& guards = view.playbook.guards;
  const Core& core = view.core();
  if (const MomentTotals* totals = core.find_totals(moment.key)) {
    const Duration length = guards.after_dismissal * (totals->not_me ? 2 : 1);
    if (totals->dismissed_at != Time{} && view.now - totals->dismissed_at < length) {
      return resting(index, view.now - totals->dismissed_at, length, 0, false);
    }
    const int ignored = static_cast<int>(totals->ignored_run);
    if (moment.rest.after_ignored > 0 && ignored >= moment.rest.after_ignored &&
        view.now - totals->last_ignored < moment.rest.length) {
      return resting(index, view.now - totals->last_ignored, moment.rest.length, ignored, false);
    }
  }
  const int ignored = static_cast<int>(core.ignored_run);
  if (guards.rest.after_ignored > 0 && ignored >= guards.rest.after_ignored &&
      view.now - core.last_ignored < guards.rest.length) {
    return resting(index, view.now - core.last_ignored, guards.rest.length, ignored, true);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Guard guard) {
  switch (guard) {
    case Guard::kConsent:
      return "consent";
    case Guard::kAudience:
      return "audience";
    case Guard::kSensitive:
      return "sensitive";
    case Guard::kPurchase:
      return "purchase suppression";
    case Guard::kStale:
      return "stale facts";
    case Guard::kUnclear:
      return "unclear";
    case Guard::kFrequency:
      return "frequency";
    case Guard::kRest:
      return "rest";
  }
  return "";
}

std::optional<NotShown> stale_block(const Clause& clause, int index, const View& view) {
  const CustomerValue got = stale_fact(clause, view);
  if (got.fact == nullptr) return std::nullopt;
  NotShown reason = blocked(index, Guard::kStale);
  reason.clause = &clause;
  reason.fact = static_cast<int>(got.fact - view.playbook.facts.data());
  reason.ago = view.now - got.known->at;
  reason.rest = got.fact->fresh_for;
  return reason;
}

bool is_contextual(const Moment& moment) {
  const auto all_contextual = [](const std::vector<Clause>& clauses) {
    return std::all_of(clauses.begin(), clauses.end(),
                       [](const Clause& c) { return is_contextual(c); });
  };
  return all_contextual(moment.when) && all_contextual(moment.unless) &&
         all_contextual(moment.stop);
}

std::optional<NotShown> first_block(const Moment& moment, int index, const View& view,
                                    const IntentPicture& picture) {
  if (auto block = consent_guard(moment, index, view)) return block;
  if (auto block = audience_guard(moment, index, view)) return block;
  if (auto block = sensitive_guard(moment, index, view)) return block;
  if (view.anonymous_request)
    return std::nullopt;  // nothing is known that another guard could ask for
  if (auto block = purchase_guard(moment, index, view)) return block;
  if (auto block = stale_guard(moment, index, view)) return block;
  if (auto block = unclear_in(moment.when, index, view, picture)) return block;
  if (auto block = frequency_guard(moment, index, view)) return block;
  return rest_guard(moment, index, view);
}

}  // namespace tact
