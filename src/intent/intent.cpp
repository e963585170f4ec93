#include "intent/intent.h"

#include <algorithm>
#include <set>

namespace tact {
namespace {

void collect(const std::vector<Evidence>& lines, bool in_favour, const View& view,
             IntentScore& score, std::int32_t& log_odds_milli) {
  for (const Evidence& line : lines) {
    if (evaluate(line.clause, view, nullptr) != Truth::kTrue) continue;
    log_odds_milli += in_favour ? line.points.milli : -line.points.milli;
    score.hits.push_back({&line, in_favour, tally(line.clause, view)});
  }
}

bool came_repeatedly(const Clause& clause) {
  return clause.times >= 2 || clause.kind == Clause::Kind::kThen;
}

bool has_enough(const IntentScore& score) {
  int pieces = 0;
  std::set<int> signals;  // the same signal in two lines is one piece
  for (const EvidenceHit& hit : score.hits) {
    if (!hit.in_favour) continue;
    const Clause& clause = hit.evidence->clause;
    if (hit.evidence->decisive || came_repeatedly(clause)) return true;
    if (clause.kind != Clause::Kind::kSignal || signals.insert(clause.signal).second) ++pieces;
  }
  return pieces >= 2;
}

IntentScore score_of(int index, const View& view) {
  const Intent& intent = view.playbook.intents[static_cast<std::size_t>(index)];
  IntentScore score;
  score.intent = index;
  score.subject = view.subject(intent.about);
  score.applicable =
      !view.this_page_only() && (intent.about == Subject::kNothing || !score.subject.empty());
  if (!score.applicable) return score;
  std::int32_t milli = intent.usually_points.milli;
  collect(intent.in_favour, true, view, score, milli);
  collect(intent.against, false, view, score, milli);
  score.p = score.hits.empty() ? intent.usually : logistic({milli});
  score.enough_evidence = has_enough(score);
  return score;
}

}  // namespace

IntentPicture infer(const View& view) {
  IntentPicture picture;
  std::int32_t best = -1, next = 0;
  for (std::size_t i = 0; i < view.playbook.intents.size(); ++i) {
    picture.scores.push_back(score_of(static_cast<int>(i), view));
    const IntentScore& score = picture.scores.back();
    if (!score.applicable) continue;
    if (score.p.ppm > best) {
      next = std::max(best, next);
      best = score.p.ppm;
      picture.leading = static_cast<int>(i);
    } else {
      next = std::max(next, score.p.ppm);
    }
  }
  picture.clear = picture.leading >= 0 &&
                  picture.scores[static_cast<std::size_t>(picture.leading)].enough_evidence &&
                  best - next >= view.playbook.guards.ahead_by.ppm;
  return picture;
}

std::string_view level_name(Probability p) {
  if (p >= kSureAt) return "sure";
  if (p >= kLikelyAt) return "likely";
  if (p >= kMaybeAt) return "maybe";
  return {};
}

}  // namespace tact
