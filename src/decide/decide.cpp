#include "decide/decide.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "assign/assign.h"
#include "base/bytes.h"
#include "base/hash.h"
#include "decide/internal/experiments.h"
#include "decide/internal/guards.h"

namespace tact {
namespace {

NotShown plain_reason(int moment, NotShown::Kind kind) {
  NotShown reason;
  reason.moment = moment;
  reason.kind = kind;
  return reason;
}

NotShown not_met(int moment, const Clause& clause, bool negated, Truth truth,
                 const IntentPicture& picture) {
  NotShown reason;
  reason.moment = moment;
  reason.clause = &clause;
  reason.negated = negated;
  reason.unknown = truth == Truth::kUnknown;
  if (clause.kind == Clause::Kind::kIntent) {
    reason.p = picture.scores[static_cast<std::size_t>(clause.intent)].p;
  }
  return reason;
}

// `when` needs true; `unless` and `stop` treat unknown as no.
std::optional<NotShown> failed_condition(const Moment& moment, int index, const View& view,
                                         const IntentPicture& picture) {
  for (const Clause& clause : moment.when) {
    const Truth truth = evaluate(clause, view, &picture);
    if (truth == Truth::kUnknown) {
      if (auto stale = stale_block(clause, index, view)) return stale;
    }
    if (truth != Truth::kTrue) return not_met(index, clause, false, truth, picture);
  }
  for (const auto* clauses : {&moment.unless, &moment.stop}) {
    for (const Clause& clause : *clauses) {
      const Truth truth = evaluate(clause, view, &picture);
      if (truth == Truth::kTrue) return not_met(index, clause, true, truth, picture);
    }
  }
  return std::nullopt;
}

bool is_running(const Moment& moment, Time now) {
  if (moment.status != MomentStatus::kLive && moment.status != MomentStatus::kShadow) return false;
  return (!moment.from || now >= *moment.from) && (!moment.until || now < *moment.until);
}

std::string_view language_of(std::string_view locale) {
  return locale.substr(0, locale.find_first_of("-_"));
}

// The (message, variant) pairs in the visitor's language: exact ones where there are any, then
// those of every language, then those of the site's first locale. `arm` may be null.
std::vector<std::pair<int, int>> variants_for(const Moment& moment, const Arm* arm,
                                              const View& view) {
  const std::string_view own = language_of(view.where.locale);
  const std::string_view site = view.playbook.site.locales.empty()
                                    ? std::string_view{}
                                    : language_of(view.playbook.site.locales.front());
  for (const std::string_view wanted : {own, std::string_view{}, site}) {
    std::vector<std::pair<int, int>> found;
    for (const int message : moment.messages) {
      const auto& variants = view.playbook.messages[static_cast<std::size_t>(message)].variants;
      for (std::size_t v = 0; v < variants.size(); ++v) {
        if (language_of(variants[v].locale) == wanted &&
            (arm == nullptr || arm->allows(variants[v].id))) {
          found.emplace_back(message, static_cast<int>(v));
        }
      }
    }
    if (!found.empty()) return found;
  }
  return {};
}

// Service, then moments with `without_a_sale`, then selling; then priority; then a hash.
auto rank(const Moment& moment, const View& view) {
  const int kind = moment.service ? 0 : moment.selling() ? 2 : 1;
  ByteWriter tie;
  tie.u64_be(moment.key);
  tie.raw(view.bucket_id);
  return std::tuple(kind, -moment.priority, hash64(tie.str()));
}

void choose_variant(Decision& decision, const Moment& moment, const Arm* arm, const View& view) {
  const auto variants = variants_for(moment, arm, view);
  const int n = static_cast<int>(variants.size());
  // `what works` learns later; until then it splits evenly.
  const int chosen = moment.pick == Pick::kFirst || view.anonymous_request
                         ? 0
                         : split_evenly("variant:" + moment.id, view.bucket_id, n);
  decision.choice.by = moment.pick;
  for (const auto& [message, variant] : variants) {
    decision.choice.of.push_back(view.playbook.messages[static_cast<std::size_t>(message)]
                                     .variants[static_cast<std::size_t>(variant)]
                                     .id);
  }
  decision.choice.propensity_ppm =
      moment.pick == Pick::kFirst ? 1'000'000 : static_cast<std::uint32_t>(1'000'000 / n);
  std::tie(decision.message, decision.variant) = variants[static_cast<std::size_t>(chosen)];
}

bool holds_back_all(const View& view) {
  return held_out(kUniversalSeed, view.bucket_id, view.playbook.site.hold_back);
}

bool holds_back(const Moment& moment, const View& view) {
  return held_out("moment:" + moment.id, view.bucket_id, moment.hold_back);
}

void hold_back(Decision& decision, const Moment& moment, const View& view) {
  if (moment.service || view.anonymous_request) return;
  decision.held_out_universal = holds_back_all(view);
  decision.held_out_moment = holds_back(moment, view);
}

// The evidence of the intents the winner asks for, strongest first, then as written.
std::vector<EvidenceHit> evidence_for(const Moment& moment, const IntentPicture& picture) {
  std::vector<EvidenceHit> hits;
  for (const Clause& clause : moment.when) {
    if (clause.kind != Clause::Kind::kIntent) continue;
    for (const EvidenceHit& hit : picture.scores[static_cast<std::size_t>(clause.intent)].hits) {
      if (hit.in_favour) hits.push_back(hit);
    }
  }
  std::stable_sort(hits.begin(), hits.end(), [](const EvidenceHit& a, const EvidenceHit& b) {
    return a.evidence->points > b.evidence->points;
  });
  return hits;
}

// A moment that could be shown in this slot: in the visitor's arm, or only in another one.
struct Candidate {
  int moment = -1;
  Part part;
  bool elsewhere = false;
};

// Why this moment, in this arm (null: as written), is not to be shown; nullopt if it may be.
std::optional<NotShown> obstacle(const Moment& moment, const Arm* arm, int index, const View& view,
                                 const IntentPicture& picture) {
  std::optional<NotShown> reason;
  if (!view.this_page_only() || is_contextual(moment)) {
    reason = failed_condition(moment, index, view, picture);
  }
  if (!reason) reason = first_block(moment, index, view, picture);
  if (!reason && variants_for(moment, arm, view).empty()) {
    reason = plain_reason(index, NotShown::Kind::kNoLanguage);
  }
  return reason;
}

// Would another arm show it now? Then whoever is in the experiment enters it now, in every arm at
// the same kind of instant.
bool shows_elsewhere(const Part& part, int index, const View& view, const IntentPicture& picture) {
  if (part.arm == nullptr) return false;
  const ExperimentPlan& plan =
      view.playbook.experiments[static_cast<std::size_t>(part.in.experiment)];
  return plan.triggers_differ &&
         std::any_of(plan.arms.begin(), plan.arms.end(), [&](const Arm& arm) {
           return &arm != part.arm && !obstacle(arm.moment, &arm, index, view, picture);
         });
}

// The candidates of `slot`; every other moment of it goes to decision.not_shown.
std::vector<Candidate> find_candidates(Decision& decision, std::string_view slot,
                                       const View& view) {
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < view.playbook.moments.size(); ++i) {
    const Moment& moment = view.playbook.moments[i];
    const int index = static_cast<int>(i);
    if (moment.slot != slot || !is_running(moment, view.now)) continue;
    const Part part = part_in(moment, view);
    auto reason = obstacle(part.of(moment), part.arm, index, view, decision.picture);
    if (moment.status == MomentStatus::kShadow) {
      if (!reason) reason = plain_reason(index, NotShown::Kind::kShadow);
    } else if (!reason || shows_elsewhere(part, index, view, decision.picture)) {
      candidates.push_back({index, part, reason.has_value()});
    }
    if (reason) decision.not_shown.push_back(*reason);
  }
  return candidates;
}

// Past those that would win in another arm only: they are entered, and the next one is what the
// visitor's own arm gives.
auto enter_elsewhere(Decision& decision, const std::vector<Candidate>& ranked, const View& view) {
  auto winner = ranked.begin();
  for (; winner != ranked.end() && winner->elsewhere; ++winner) {
    const Moment& moment = view.playbook.moments[static_cast<std::size_t>(winner->moment)];
    if (holds_back_all(view) || holds_back(moment, view)) continue;
    if (decision.triggered.size() < kMaxAssignments) decision.triggered.push_back(winner->part.in);
  }
  return winner;
}

void settle(Decision& decision, std::vector<Candidate> candidates, const View& view) {
  const auto& moments = view.playbook.moments;
  std::sort(candidates.begin(), candidates.end(), [&](const Candidate& a, const Candidate& b) {
    return rank(moments[static_cast<std::size_t>(a.moment)], view) <
           rank(moments[static_cast<std::size_t>(b.moment)], view);
  });
  const auto first = enter_elsewhere(decision, candidates, view);
  if (first == candidates.end()) return;
  const Moment& winner = first->part.of(moments[static_cast<std::size_t>(first->moment)]);
  decision.moment = first->moment;
  decision.assignment = first->part.in;
  decision.selling = winner.selling();
  hold_back(decision, winner, view);
  const bool withheld =
      decision.held_out_universal || decision.held_out_moment || first->part.shows_nothing();
  decision.outcome = withheld ? Outcome::kWithheld : Outcome::kShown;
  choose_variant(decision, winner, first->part.arm, view);
  if (!view.is_delicate()) decision.because = evidence_for(winner, decision.picture);
  for (auto other = first + 1; other != candidates.end(); ++other) {
    if (other->elsewhere) continue;
    NotShown lost = plain_reason(other->moment, NotShown::Kind::kLost);
    lost.winner = decision.moment;
    decision.not_shown.push_back(lost);
  }
}

IntentLevel level_of(const IntentPicture& picture) {
  if (!picture.clear || picture.leading < 0) return IntentLevel::kUnclear;
  const std::string_view name =
      level_name(picture.scores[static_cast<std::size_t>(picture.leading)].p);
  for (const IntentLevel level : {IntentLevel::kMaybe, IntentLevel::kLikely, IntentLevel::kSure}) {
    if (to_string(level) == name) return level;
  }
  return IntentLevel::kUnclear;
}

}  // namespace

Decision decide(const View& view, std::string_view slot) {
  Decision decision;
  decision.recorded = !view.anonymous_request;
  decision.picture = infer(view);
  settle(decision, find_candidates(decision, slot, view), view);
  return decision;
}

namespace {

Assignment named(const InArm& in, const Playbook& playbook) {
  if (in.experiment < 0) return {};
  const ExperimentPlan& plan = playbook.experiments[static_cast<std::size_t>(in.experiment)];
  return {plan.id, plan.arms[static_cast<std::size_t>(in.arm)].id};
}

// Of a visit in which nothing new speaks for the intent it would only be left over from before.
bool has_new_evidence(const IntentScore& score, const View& view) {
  return std::any_of(score.hits.begin(), score.hits.end(), [&](const EvidenceHit& hit) {
    return hit.in_favour && is_of_this_visit(hit.evidence->clause, view);
  });
}

// What reports ask of a later visit: is the hesitation of an exposure there again?
Hesitation hesitation_of(const IntentPicture& picture, const View& view) {
  if (view.is_delicate()) return Hesitation::kUntold;
  const bool hesitates = level_of(picture) >= IntentLevel::kLikely;
  Hesitation found = Hesitation::kUntold;
  for (const Exposure& exposure : view.core().exposures) {
    if (!exposure.asks_again(view.now, view.core().visit.started)) continue;
    found = Hesitation::kNotAgain;
    if (!hesitates) continue;
    const auto leading = static_cast<std::size_t>(picture.leading);
    if (view.playbook.intents[leading].id == exposure.covariates.intent &&
        has_new_evidence(picture.scores[leading], view)) {
      return Hesitation::kAgain;
    }
  }
  return found;
}

}  // namespace

DecisionRecord record_of(const Decision& decision, const View& view, std::string_view slot) {
  const Playbook& playbook = view.playbook;
  DecisionRecord out;
  out.slot = slot;
  out.where = view.where;
  out.product = view.product;
  out.category = view.category;
  out.weather = view.weather;
  out.playbook = playbook.hash;
  out.outcome = decision.outcome;
  out.held_out_universal = decision.held_out_universal;
  out.held_out_moment = decision.held_out_moment;
  out.selling = decision.selling;
  out.propensity_ppm = decision.choice.propensity_ppm;
  out.why_digest = decision.digest();
  out.assignment = named(decision.assignment, playbook);
  for (const InArm& in : decision.triggered) out.triggered.push_back(named(in, playbook));
  out.hesitation = hesitation_of(decision.picture, view);
  const bool enters = decision.moment >= 0 || !decision.triggered.empty();  // some experiment
  if ((enters || out.hesitation == Hesitation::kAgain) && !view.is_delicate()) {
    out.intent_level = level_of(decision.picture);
    if (out.intent_level != IntentLevel::kUnclear)
      out.intent = playbook.intents[static_cast<std::size_t>(decision.picture.leading)].id;
  }
  if (decision.moment < 0) return out;
  const Message& message = playbook.messages[static_cast<std::size_t>(decision.message)];
  out.moment = playbook.moments[static_cast<std::size_t>(decision.moment)].id;
  out.message = message.id;
  out.variant = message.variants[static_cast<std::size_t>(decision.variant)].id;
  return out;
}

std::uint64_t Decision::digest() const {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(outcome));
  for (const int number : {moment, message, variant, picture.leading}) out.zigzag(number);
  out.u8(static_cast<std::uint8_t>((held_out_universal ? 1 : 0) | (held_out_moment ? 2 : 0) |
                                   (picture.clear ? 4 : 0) | (selling ? 8 : 0)));
  out.varint(choice.propensity_ppm);
  out.u8(static_cast<std::uint8_t>(choice.by));
  out.varint(choice.of.size());
  for (const std::string_view id : choice.of) out.bytes(id);
  for (const IntentScore& score : picture.scores) {
    out.zigzag(score.applicable ? score.p.ppm : -1);
    out.varint(score.hits.size());
    for (const EvidenceHit& hit : score.hits) {
      out.zigzag(hit.in_favour ? hit.evidence->points.milli : -hit.evidence->points.milli);
      out.bytes(hit.evidence->clause.written);
      out.zigzag(hit.tally.count);
      out.time(hit.tally.last);
    }
  }
  for (const NotShown& reason : not_shown) {
    out.zigzag(reason.moment);
    out.u8(static_cast<std::uint8_t>(reason.kind));
    out.u8(static_cast<std::uint8_t>(reason.guard));
    out.u8(static_cast<std::uint8_t>(reason.period));
    out.u8(static_cast<std::uint8_t>((reason.negated ? 1 : 0) | (reason.unknown ? 2 : 0) |
                                     (reason.over_all ? 4 : 0) | (reason.about_category ? 8 : 0) |
                                     (reason.dismissed ? 16 : 0)));
    for (const std::int64_t number :
         {std::int64_t{reason.have}, std::int64_t{reason.limit}, reason.ago.count(),
          reason.rest.count(), std::int64_t{reason.winner}, std::int64_t{reason.p.ppm},
          std::int64_t{reason.fact}}) {
      out.zigzag(number);
    }
    out.bytes(reason.clause == nullptr ? std::string_view{}
                                       : std::string_view(reason.clause->written));
  }
  // Nothing where there is nothing: decisions of before there were experiments keep their digest.
  if (assignment != InArm{} || !triggered.empty()) {
    out.zigzag(assignment.experiment);
    out.zigzag(assignment.arm);
    for (const InArm& in : triggered) {
      out.zigzag(in.experiment);
      out.zigzag(in.arm);
    }
  }
  return hash64(out.str());
}

}  // namespace tact
