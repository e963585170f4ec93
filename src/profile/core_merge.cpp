// Joining two visitors: the winner absorbs the loser's core.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "profile/affinity.h"
#include "profile/core.h"
#include "profile/internal/fold_parts.h"

namespace tact {
namespace {

template <typename T>
void keep_latest(std::vector<T>& list, std::size_t most) {
  std::stable_sort(list.begin(), list.end(), [](const T& a, const T& b) { return a.at < b.at; });
  if (list.size() > most) list.erase(list.begin(), list.end() - static_cast<std::ptrdiff_t>(most));
}

Time earlier(Time a, Time b) { return a == Time{} ? b : b == Time{} ? a : std::min(a, b); }

// Which of the two knew of an order, and which of its state, does not matter.
void merge_early(Core& mine, const std::vector<EarlyOrderState>& theirs) {
  for (EarlyOrderState& told : std::exchange(mine.early, {})) mine.note(std::move(told));
  for (const EarlyOrderState& told : theirs) mine.note(told);
}

void merge_totals(Core& core, const std::vector<MomentTotals>& theirs) {
  for (const MomentTotals& other : theirs) {
    MomentTotals& own = core.totals_of(other.moment);
    own.ever += other.ever;
    own.ignored_run = std::max(own.ignored_run, other.ignored_run);
    own.last_ignored = std::max(own.last_ignored, other.last_ignored);
    if (other.dismissed_at > own.dismissed_at) {
      own.dismissed_at = other.dismissed_at;
      own.not_me = other.not_me;
    }
  }
}

void merge_tallies(std::vector<GoalTally>& mine, const std::vector<GoalTally>& theirs) {
  for (const GoalTally& other : theirs) {
    const auto same = std::find_if(mine.begin(), mine.end(),
                                   [&](const auto& own) { return own.goal == other.goal; });
    if (same == mine.end()) {
      if (mine.size() < fold_parts::kMaxGoals) mine.push_back(other);
    } else {
      same->count += other.count;
      same->value_minor = fold_parts::add_saturated(same->value_minor, other.value_minor);
      same->attributed += other.attributed;
      same->linear += other.linear;
      same->position += other.position;
      same->told_minor = fold_parts::add_saturated(same->told_minor, other.told_minor);
      same->margin_minor = fold_parts::add_saturated(same->margin_minor, other.margin_minor);
    }
  }
}

// The arm of the earliest exposure counts; another arm later is a crossover (intention to treat).
std::vector<std::uint64_t> merge_exposures(std::vector<Exposure>& mine,
                                           const std::vector<Exposure>& theirs) {
  std::vector<std::uint64_t> changed;
  for (const Exposure& other : theirs) {
    changed.push_back(other.experiment);
    const auto same = std::find_if(mine.begin(), mine.end(), [&](const auto& own) {
      return own.experiment == other.experiment;
    });
    if (same == mine.end()) {
      if (mine.size() < Core::kMaxExposures) mine.push_back(other);
      continue;
    }
    const bool theirs_first = other.at < same->at;
    const Exposure& late = theirs_first ? *same : other;
    Exposure joined = theirs_first ? other : *same;
    joined.goals = same->goals;
    merge_tallies(joined.goals, other.goals);
    FollowUp later = late.follow_up;
    const Covariates& before = joined.covariates;
    if (!before.hesitates() || before.intent != late.covariates.intent) later.again_day = 0;
    joined.follow_up.merge(later, late.at - joined.at);
    joined.crossover = same->crossover || other.crossover || !same->same_arm(other);
    *same = std::move(joined);
  }
  std::sort(mine.begin(), mine.end(),
            [](const auto& a, const auto& b) { return a.experiment < b.experiment; });
  return changed;
}

}  // namespace

std::vector<std::uint64_t> Core::absorb(const Core& loser) {
  if (bucket_id.empty()) bucket_id = loser.bucket_id;
  for (const ExternalId& id : loser.ids) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end() && ids.size() < kMaxIds)
      ids.push_back(id);
  }
  consent.merge(loser.consent);
  pace.merge(loser.pace);
  // Who is said to be a child on one device is none the less one on another.
  if (adult == Adult::kUnknown || loser.adult == Adult::kNo) adult = loser.adult;
  holds_sensitive = holds_sensitive || loser.holds_sensitive;
  first_seen = earlier(first_seen, loser.first_seen);
  events += loser.events;
  pages += loser.pages;
  const std::uint32_t visits = visit.number + loser.visit.number;
  const Time ends[] = {previous_visit_ended, loser.previous_visit_ended,
                       std::min(visit.last_event, loser.visit.last_event)};
  // Two devices used within the gap are one visit.
  const bool overlap = visit.number > 0 && loser.visit.number > 0 &&
                       visit.started <= loser.visit.last_event + kVisitGap &&
                       loser.visit.started <= visit.last_event + kVisitGap;
  const Time began = overlap ? std::min(visit.started, loser.visit.started) : Time{};
  if (loser.visit.last_event > visit.last_event) visit = loser.visit;
  if (overlap) visit.started = began;
  visit.number = visits;
  previous_visit_ended = Time{};  // the last end before this visit began, whoever's it was
  for (const Time end : ends) {
    if (end < visit.started) previous_visit_ended = std::max(previous_visit_ended, end);
  }
  last_seen = std::max(last_seen, loser.last_seen);
  merge_interests(interests, loser.interests);
  for (const Form& form : loser.forms) note(form);
  responses.merge(loser.responses);
  for (const Delivery& delivery : loser.deliveries) note(delivery);
  if (loser.cart_changed > cart_changed || cart.empty()) {
    cart_changed = std::max(cart_changed, loser.cart_changed);
    cart = loser.cart;
  }
  orders_total += loser.orders_total;
  value_total_minor = fold_parts::add_saturated(value_total_minor, loser.value_total_minor);
  orders.insert(orders.end(), loser.orders.begin(), loser.orders.end());
  keep_latest(orders, kMaxOrders);
  merge_early(*this, loser.early);
  contacts.insert(contacts.end(), loser.contacts.begin(), loser.contacts.end());
  keep_latest(contacts, kMaxContacts);
  for (const KnownFact& fact : loser.facts) learn(fact);
  for (const Ticket& ticket : loser.tickets) note(ticket);
  if (std::tie(loser.account_at, loser.account) > std::tie(account_at, account)) {
    account = loser.account;
    account_at = loser.account_at;
    account_key = loser.account_key;
  }
  merge_totals(*this, loser.moments);
  ignored_run = std::max(ignored_run, loser.ignored_run);
  last_ignored = std::max(last_ignored, loser.last_ignored);
  std::vector<std::uint64_t> changed = merge_exposures(exposures, loser.exposures);
  for (const Exposure& exposure : exposures) {
    if (exposure.account != account_key) changed.push_back(exposure.experiment);
  }
  account_of_exposures();
  return changed;
}

void Core::account_of_exposures() {
  for (Exposure& exposure : exposures) exposure.account = account_key;
}

}  // namespace tact
