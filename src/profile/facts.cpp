#include "profile/facts.h"

#include <algorithm>

#include "profile/match.h"

namespace tact {
namespace {

const KnownFact* from_source(const Core& core, std::string_view name, const Fact::Origin& origin) {
  const auto found =
      std::find_if(core.facts.begin(), core.facts.end(), [&](const KnownFact& known) {
        return known.name == name && known.origin == origin.name &&
               known.enriched == origin.enriched;
      });
  return found == core.facts.end() ? nullptr : &*found;
}

const KnownFact* latest(const Core& core, std::string_view name) {
  const KnownFact* best = nullptr;
  for (const KnownFact& known : core.facts) {
    if (known.name != name || known.enriched) continue;
    if (best == nullptr || known.at > best->at) best = &known;
  }
  return best;
}

}  // namespace

std::string_view to_string(FactUse use) {
  switch (use) {
    case FactUse::kUsable:
      return "used";
    case FactUse::kUnknown:
      return "unknown";
    case FactUse::kStale:
      return "stale";
    case FactUse::kNotAllowed:
      return "not allowed";
  }
  return "";
}

bool is_stale(const Fact& fact, const KnownFact& known, Time now) {
  return now - known.at > fact.fresh_for;
}

const KnownFact* believed(const Fact& fact, const Core& core, Time now) {
  if (fact.from.empty()) return latest(core, fact.id);
  const KnownFact* first = nullptr;
  for (const Fact::Origin& origin : fact.from) {
    const KnownFact* known = from_source(core, fact.id, origin);
    if (known == nullptr) continue;
    if (!is_stale(fact, *known, now)) return known;
    if (first == nullptr) first = known;
  }
  return first;
}

FactReading read_fact(const Fact& fact, const View& view) {
  if (view.anonymous_request) return {};
  const KnownFact* known = believed(fact, view.core(), view.now);
  if (known == nullptr) return {};
  const ConsentLedger& ledger = view.core().consent;
  const bool allowed =
      consent_allows(ledger, fact.purpose, view.consent) &&
      (!fact.sensitive || consent_allows(ledger, Purpose::kSensitive, view.consent));
  if (!allowed) return {FactUse::kNotAllowed, known};
  return {is_stale(fact, *known, view.now) ? FactUse::kStale : FactUse::kUsable, known};
}

CustomerValue customer_value(std::string_view name, const View& view) {
  const Core& core = view.core();
  if (view.anonymous_request) return {};
  if (name == "orders") return {FactUse::kUsable, Literal{static_cast<double>(core.orders_total)}};
  if (name == "visits") return {FactUse::kUsable, Literal{static_cast<double>(core.visit.number)}};
  const Fact* fact = view.playbook.find_fact(name);
  if (fact == nullptr) return {};
  const FactReading reading = read_fact(*fact, view);
  CustomerValue out{.use = reading.use, .value = {}, .fact = fact, .known = reading.known};
  if (reading.use == FactUse::kUsable) out.value = literal_of(reading.known->value);
  return out;
}

}  // namespace tact
