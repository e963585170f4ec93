#include "engine/freshness.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "base/stop.h"
#include "profile/derived.h"
#include "profile/facts.h"
#include "store/keys.h"

namespace tact {
namespace {

constexpr std::size_t kMostDays = 4'000;  // older counts as this old

std::size_t days_of(Duration age) {
  const auto whole = std::max<std::int64_t>(age / days(1), 0);
  return std::min(static_cast<std::size_t>(whole), kMostDays - 1);
}

struct Ages {
  std::array<std::uint32_t, kMostDays> by_day{};
  std::uint64_t visitors = 0, stale = 0;

  Duration median() const {
    std::uint64_t below = 0;
    for (std::size_t day = 0; day < kMostDays; ++day) {
      below += by_day[day];
      if (2 * below >= visitors) return days(static_cast<std::int64_t>(day));
    }
    return {};
  }
  Duration oldest() const {
    for (std::size_t day = kMostDays; day-- > 0;) {
      if (by_day[day] > 0) return days(static_cast<std::int64_t>(day));
    }
    return {};
  }
};

bool asks(const Expression& where, const Fact& fact) {
  if (!where.field.empty()) return where.customer_fact() == fact.id;
  return std::any_of(where.children.begin(), where.children.end(),
                     [&](const Expression& child) { return asks(child, fact); });
}

bool asks(const Clause& clause, const Fact& fact, const Playbook& playbook) {
  if (clause.kind == Clause::Kind::kInSegment)
    return asks(playbook.segments[static_cast<std::size_t>(clause.segment)].where, fact);
  const auto part_asks = [&](const Clause& part) { return asks(part, fact, playbook); };
  if (clause.kind != Clause::Kind::kIntent)
    return std::any_of(clause.parts.begin(), clause.parts.end(), part_asks);
  const Intent& intent = playbook.intents[static_cast<std::size_t>(clause.intent)];
  const auto line_asks = [&](const Evidence& line) { return part_asks(line.clause); };
  return std::any_of(intent.in_favour.begin(), intent.in_favour.end(), line_asks) ||
         std::any_of(intent.against.begin(), intent.against.end(), line_asks);
}

std::vector<std::string> moments_with(const Fact& fact, const Playbook& playbook) {
  std::vector<std::string> out;
  for (const Moment& moment : playbook.moments) {
    if (moment.status != MomentStatus::kLive && moment.status != MomentStatus::kShadow) continue;
    for (const auto* clauses : {&moment.when, &moment.unless, &moment.stop}) {
      if (std::none_of(clauses->begin(), clauses->end(),
                       [&](const Clause& clause) { return asks(clause, fact, playbook); }))
        continue;
      out.push_back(moment.id);
      break;
    }
  }
  return out;
}

bool is_believed(const Fact& fact, const Fact::Origin& origin) {
  if (fact.from.empty()) return !origin.enriched;
  return std::find(fact.from.begin(), fact.from.end(), origin) != fact.from.end();
}

// Collects one fact over all visitors.
class Audit {
 public:
  Audit(const Fact& fact, const Playbook& playbook) {
    out_.fact = &fact;
    out_.moments = moments_with(fact, playbook);
  }

  void add(const Core& core, Time now) {
    const Fact& fact = *out_.fact;
    for (const KnownFact& known : core.facts) {
      if (known.name != fact.id) continue;
      Ages& ages = ages_[{known.origin, known.enriched}];
      ++ages.visitors;
      ages.stale += is_stale(fact, known, now) ? 1 : 0;
      ++ages.by_day[days_of(now - known.at)];
    }
    if (const KnownFact* known = believed(fact, core, now)) {
      ++out_.visitors;
      out_.stale += is_stale(fact, *known, now) ? 1 : 0;
    }
  }

  FactFreshness take() {
    for (const auto& [origin, ages] : ages_) {
      out_.sources.push_back({.name = origin.first,
                              .enriched = origin.second,
                              .believed = is_believed(*out_.fact, {origin.first, origin.second}),
                              .visitors = ages.visitors,
                              .stale = ages.stale,
                              .median_age = ages.median(),
                              .oldest = ages.oldest()});
    }
    return std::move(out_);
  }

 private:
  FactFreshness out_;
  std::map<std::pair<std::string, bool>, Ages> ages_;
};

std::string share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "–" : std::to_string(100 * part / whole) + " %";
}

std::string finding_of(const FactFreshness& fact) {
  std::string moments;
  for (const std::string& id : fact.moments) moments += (moments.empty() ? "" : ", ") + id;
  return moments + (fact.moments.size() == 1 ? " asks" : " ask") + " for it, and " +
         (fact.visitors == 0
              ? "nobody told it"
              : "it is stale for " + share(fact.stale, fact.visitors) + " of those who have it");
}

std::string row(const FactFreshness::Source& source) {
  std::string name = source.enriched ? "enriched " + source.name : source.name;
  if (!source.believed) name += " (not believed)";
  char text[160];
  std::snprintf(text, sizeof text, "  %-34s %9llu %9s %14s %14s\n", name.c_str(),
                static_cast<unsigned long long>(source.visitors),
                share(source.stale, source.visitors).c_str(),
                say_duration(source.median_age).c_str(), say_duration(source.oldest).c_str());
  return text;
}

}  // namespace

Result<Freshness> freshness(const Store& store, const Playbook& playbook, Time now,
                            const std::stop_token& stop) {
  std::vector<Audit> audits;
  audits.reserve(playbook.facts.size());
  for (const Fact& fact : playbook.facts) audits.emplace_back(fact, playbook);
  Freshness out{.at = now, .visitors = 0, .facts = {}};
  Status problem = ok();
  TACT_TRY(store.scan(Family::kProfile, {}, {}, [&](std::string_view, std::string_view bytes) {
    problem = check_not_stopped(stop);
    if (!problem.has_value()) return false;
    const auto profile = Profile::decode(bytes);
    if (!profile.has_value()) {
      problem = profile.error();
      return false;
    }
    if (profile->core.merged_into != VisitorId{}) return true;
    ++out.visitors;
    for (Audit& audit : audits) audit.add(profile->core, now);
    return true;
  }));
  TACT_TRY(problem);
  for (Audit& audit : audits) out.facts.push_back(audit.take());
  return out;
}

json::object to_json(const Freshness& freshness) {
  json::array facts;
  for (const FactFreshness& one : freshness.facts) {
    json::array sources, moments;
    for (const auto& source : one.sources) {
      sources.push_back({{"source", source.name},
                         {"enriched", source.enriched},
                         {"believed", source.believed},
                         {"visitors", source.visitors},
                         {"stale", source.stale},
                         {"median_age", format_iso_duration(source.median_age)},
                         {"oldest", format_iso_duration(source.oldest)}});
    }
    for (const std::string& id : one.moments) moments.emplace_back(id);
    json::object item{{"fact", one.fact->id},
                      {"says", one.fact->says},
                      {"fresh_for", format_iso_duration(one.fact->fresh_for)},
                      {"visitors", one.visitors},
                      {"stale", one.stale},
                      {"sources", std::move(sources)},
                      {"moments", std::move(moments)}};
    item["finding"] = one.is_finding() ? json::value(finding_of(one)) : json::value(nullptr);
    facts.push_back(std::move(item));
  }
  return {{"at", format_time(freshness.at)},
          {"visitors", freshness.visitors},
          {"facts", std::move(facts)}};
}

std::string to_text(const Freshness& freshness) {
  if (freshness.facts.empty()) return "The playbook declares no facts (facts.yaml).\n";
  std::string out = "Facts of " + std::to_string(freshness.visitors) +
                    (freshness.visitors == 1 ? " visitor\n" : " visitors\n");
  for (const FactFreshness& one : freshness.facts) {
    out += "\n" + one.fact->id + ": known of " + std::to_string(one.visitors) + " (" +
           share(one.visitors, freshness.visitors) + "), fresh for " +
           say_duration(one.fact->fresh_for) + "; stale: " + share(one.stale, one.visitors) + "\n";
    if (!one.sources.empty())
      out +=
          "  told by                             visitors     stale     median age         "
          "oldest\n";
    for (const auto& source : one.sources) out += row(source);
    if (one.is_finding()) {
      out += "  ! " + finding_of(one) + "\n";
    } else if (one.moments.empty()) {
      out += "  no moment asks for it\n";
    }
  }
  return out;
}

}  // namespace tact
