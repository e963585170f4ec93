#include "decide/decide.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "assign/assign.h"
#include "base/bytes.h"
#include "base/hash.h"
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
// those of every language, then those of the site's first locale.
std::vector<std::pair<int, int>> variants_for(const Moment& moment, const View& view) {
  const std::string_view own = language_of(view.where.locale);
  const std::string_view site = view.playbook.site.locales.empty()
                                    ? std::string_view{}
                                    : language_of(view.playbook.site.locales.front());
  for (const std::string_view wanted : {own, std::string_view{}, site}) {
    std::vector<std::pair<int, int>> found;
    for (const int message : moment.messages) {
      const auto& variants = view.playbook.messages[static_cast<std::size_t>(message)].variants;
      for (std::size_t v = 0; v < variants.size(); ++v) {
        if (language_of(variants[v].locale) == wanted)
          found.emplace_back(message, static_cast<int>(v));
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

void choose_variant(Decision& decision, const Moment& moment, const View& view) {
  const auto variants = variants_for(moment, view);
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

void hold_back(Decision& decision, const Moment& moment, const View& view) {
  decision.outcome = Outcome::kShown;
  if (moment.service || view.anonymous_request) return;
  decision.held_out_universal =
      held_out(kUniversalSeed, view.bucket_id, view.playbook.site.hold_back);
  decision.held_out_moment = held_out("moment:" + moment.id, view.bucket_id, moment.hold_back);
  if (decision.held_out_universal || decision.held_out_moment)
    decision.outcome = Outcome::kWithheld;
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

void settle(Decision& decision, std::vector<int> candidates, const View& view) {
  if (candidates.empty()) return;
  std::sort(candidates.begin(), candidates.end(), [&](int a, int b) {
    const auto& moments = view.playbook.moments;
    return rank(moments[static_cast<std::size_t>(a)], view) <
           rank(moments[static_cast<std::size_t>(b)], view);
  });
  decision.moment = candidates.front();
  const Moment& winner = view.playbook.moments[static_cast<std::size_t>(decision.moment)];
  decision.selling = winner.selling();
  hold_back(decision, winner, view);
  choose_variant(decision, winner, view);
  if (!view.is_delicate()) decision.because = evidence_for(winner, decision.picture);
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    NotShown lost = plain_reason(candidates[i], NotShown::Kind::kLost);
    lost.winner = decision.moment;
    decision.not_shown.push_back(lost);
  }
}

IntentLevel level_of(const IntentPicture& picture) {
  if (!picture.clear || picture.leading < 0) return IntentLevel::kUnclear;
  const std::string_view name = level_name(picture.scores[static_cast<std::size_t>(picture.leading)].p);
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
  std::vector<int> candidates;
  for (std::size_t i = 0; i < view.playbook.moments.size(); ++i) {
    const Moment& moment = view.playbook.moments[i];
    const int index = static_cast<int>(i);
    if (moment.slot != slot || !is_running(moment, view.now)) continue;
    std::optional<NotShown> reason;
    if (view.this_page_only() && !is_contextual(moment)) {
      reason = first_block(moment, index, view, decision.picture);
    } else {
      reason = failed_condition(moment, index, view, decision.picture);
      if (!reason) reason = first_block(moment, index, view, decision.picture);
    }
    if (!reason && variants_for(moment, view).empty()) {
      reason = plain_reason(index, NotShown::Kind::kNoLanguage);
    }
    if (!reason && moment.status == MomentStatus::kShadow) {
      reason = plain_reason(index, NotShown::Kind::kShadow);
    }
    if (reason) {
      decision.not_shown.push_back(*reason);
    } else {
      candidates.push_back(index);
    }
  }
  settle(decision, std::move(candidates), view);
  return decision;
}

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
  if (decision.moment < 0) return out;
  if (!view.is_delicate()) {
    out.intent_level = level_of(decision.picture);
    if (out.intent_level != IntentLevel::kUnclear)
      out.intent = playbook.intents[static_cast<std::size_t>(decision.picture.leading)].id;
  }
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
  return hash64(out.str());
}

}  // namespace tact
