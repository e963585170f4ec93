// Decisions in words: for marketers (why), for visitors (visitor_sees), for pages (show).
#include <algorithm>

#include "decide/decide.h"
#include "decide/internal/experiments.h"

namespace tact {
namespace {

const Moment& moment_at(const Playbook& playbook, int index) {
  return playbook.moments[static_cast<std::size_t>(index)];
}
const Message& message_at(const Playbook& playbook, int index) {
  return playbook.messages[static_cast<std::size_t>(index)];
}
const Intent& intent_at(const Playbook& playbook, int index) {
  return playbook.intents[static_cast<std::size_t>(index)];
}

std::string percent(Probability p) { return std::to_string(p.percent()) + " %"; }
double points_of(const EvidenceHit& hit) { return hit.evidence->points.milli / 1000.0; }

json::object evidence_json(const EvidenceHit& hit, Time now) {
  json::object out{{"says", hit.evidence->clause.says}, {"points", points_of(hit)}};
  if (hit.tally.count > 0) {
    out["count"] = hit.tally.count;
    out["last"] = format_iso_duration(now - hit.tally.last);
  }
  return out;
}

std::string says_condition(const NotShown& reason, const Playbook& playbook) {
  const Clause& clause = *reason.clause;
  if (clause.kind == Clause::Kind::kIntent && !reason.negated) {
    return "“" + intent_at(playbook, clause.intent).means + "”: " + percent(reason.p) + ", needs " +
           percent(threshold(clause.level));
  }
  if (reason.negated) return "excluded: " + clause.says;
  return (reason.unknown ? "not known: " : "not the case: ") + clause.says;
}

std::string_view words_of(NotShown::Period period) {
  switch (period) {
    case NotShown::Period::kVisit:
      return "this visit";
    case NotShown::Period::kDay:
      return "today";
    case NotShown::Period::kWeek:
      return "this week";
    case NotShown::Period::kEver:
      return "in all";
  }
  return {};
}

std::string says_frequency(const NotShown& reason) {
  return (reason.over_all ? std::string("messages shown ") : std::string("shown ")) +
         std::to_string(reason.have) + " of " + std::to_string(reason.limit) + " times " +
         std::string(words_of(reason.period));
}

std::string says_unclear(const NotShown& reason, const Playbook& playbook) {
  const std::string intent =
      "“" + intent_at(playbook, reason.clause->intent).means + "” " + percent(reason.p);
  if (reason.limit > 0) {
    return "the evidence does not tell yet: " + intent + " rests on " +
           std::to_string(reason.have) + (reason.have == 1 ? " piece" : " pieces") +
           " of evidence seen once";
  }
  return "the evidence does not tell: " + intent + " is not ahead of the others by " +
         percent(playbook.guards.ahead_by);
}

std::string says_rest(const NotShown& reason) {
  const std::string how = reason.dismissed ? std::string("the visitor said no")
                                           : "ignored " + std::to_string(reason.have) + " times";
  return how + " " + say_duration(reason.ago) + " ago, rests for " + say_duration(reason.rest);
}

std::string says_guard(const NotShown& reason, const Playbook& playbook) {
  switch (reason.guard) {
    case Guard::kConsent:
      return "the visitor has not agreed to personalization";
    case Guard::kAudience:
      return "the visitor is not known to be an adult: only what asks for nothing but this page";
    case Guard::kSensitive:
      return "this page is about a sensitive topic, and the visitor has not allowed its use";
    case Guard::kPurchase:
      return std::string(reason.about_category ? "bought in this category "
                                               : "bought this product ") +
             say_duration(reason.ago) + " ago";
    case Guard::kStale:
      return "“" + playbook.facts[static_cast<std::size_t>(reason.fact)].says + "” was told " +
             say_duration(reason.ago) + " ago and is fresh for " + say_duration(reason.rest);
    case Guard::kUnclear:
      return says_unclear(reason, playbook);
    case Guard::kFrequency:
      return says_frequency(reason);
    case Guard::kRest:
      return says_rest(reason);
  }
  return {};
}

json::object not_shown_json(const NotShown& reason, const Playbook& playbook) {
  const Moment& moment = moment_at(playbook, reason.moment);
  json::object out;
  out["message"] = moment.messages.empty()
                       ? json::value(nullptr)
                       : json::value(message_at(playbook, moment.messages.front()).id);
  out["moment"] = moment.id;
  const std::string words = says(reason, playbook);
  switch (reason.kind) {
    case NotShown::Kind::kGuard:
      out["guard"] = to_string(reason.guard);
      break;
    case NotShown::Kind::kCondition:
      out["condition"] = reason.clause->written;
      break;
    case NotShown::Kind::kNoLanguage:
      out["condition"] = "language";
      break;
    case NotShown::Kind::kLost:
    case NotShown::Kind::kShadow:
      out["lost"] = words;
      break;
  }
  out["says"] = words;
  return out;
}

json::object choice_json(const Choice& choice) {
  json::array of;
  for (const std::string_view variant : choice.of) of.emplace_back(variant);
  json::object out{
      {"by", to_string(choice.by)}, {"propensity", choice.propensity_ppm / 1e6}, {"of", of}};
  if (choice.by == Pick::kWhatWorks) out["not_acted_on_yet"] = json::array{"what works"};
  return out;
}

json::object content_json(const Content& content) {
  json::object out;
  if (!content.title.empty()) out["title"] = content.title;
  if (!content.body.empty()) out["body"] = content.body;
  if (!content.link_text.empty())
    out["link"] = {{"text", content.link_text}, {"to", content.link_to}};
  if (!content.image_src.empty())
    out["image"] = {{"src", content.image_src}, {"alt", content.image_alt}};
  if (!content.items.empty()) out["items"] = json::value_from(content.items);
  if (!content.options.empty()) {
    json::array options;
    for (const auto& option : content.options) {
      options.push_back({{"value", option.value}, {"text", option.text}});
    }
    out["options"] = std::move(options);
  }
  return out;
}

// "opened the size guide repeatedly this visit" → the signal's own words, without counts or
// windows.
std::string_view plain_words(const Clause& clause, const Playbook& playbook) {
  if (clause.kind == Clause::Kind::kSignal) {
    return playbook.signals[static_cast<std::size_t>(clause.signal)].says;
  }
  return clause.says;
}

// What finishes "this visitor …" made to finish "you …".
std::string addressed(std::string_view words) {
  if (words.starts_with("is ")) return "are " + std::string(words.substr(3));
  if (words.starts_with("has ")) return "have " + std::string(words.substr(4));
  return std::string(words);
}

}  // namespace

std::string says(const NotShown& reason, const Playbook& playbook) {
  switch (reason.kind) {
    case NotShown::Kind::kCondition:
      return says_condition(reason, playbook);
    case NotShown::Kind::kGuard:
      return says_guard(reason, playbook);
    case NotShown::Kind::kLost:
      return "ranks after " + moment_at(playbook, reason.winner).id;
    case NotShown::Kind::kShadow:
      return "in shadow: decides, and shows nothing";
    case NotShown::Kind::kNoLanguage:
      return "no copy in the visitor's language";
  }
  return {};
}

std::string visitor_sees(const Decision& decision, const View& view) {
  if (decision.message < 0) return {};
  const Message& message = message_at(view.playbook, decision.message);
  if (view.is_delicate()) {
    return view.core().allows_sensitive() ? "Because of what you agreed to"
                                          : "Because of the page you are looking at";
  }
  if (!message.because.empty()) return message.because;
  if (decision.because.empty()) return "Because of the page you are looking at";
  const EvidenceHit& strongest = decision.because.front();
  const bool this_visit = strongest.tally.last >= view.core().visit.started;
  return "Because you " + addressed(plain_words(strongest.evidence->clause, view.playbook)) +
         (this_visit ? " on this visit" : "");
}

json::array intents_json(const IntentPicture& picture, const View& view, bool with_evidence) {
  std::vector<const IntentScore*> scores;
  for (const IntentScore& score : picture.scores) {
    if (score.applicable) scores.push_back(&score);
  }
  std::stable_sort(scores.begin(), scores.end(),
                   [](const auto* a, const auto* b) { return a->p > b->p; });
  json::array out;
  for (const IntentScore* score : scores) {
    const Intent& intent = intent_at(view.playbook, score->intent);
    json::object item{
        {"id", intent.id}, {"p", score->p.as_double()}, {"level", level_name(score->p)}};
    if (with_evidence) {
      item["means"] = intent.means;
      item["about"] = score->subject;
      item["usually"] = intent.usually.as_double();
      json::array in_favour, against;
      for (const EvidenceHit& hit : score->hits) {
        (hit.in_favour ? in_favour : against).push_back(evidence_json(hit, view.now));
      }
      item["for"] = std::move(in_favour);
      item["against"] = std::move(against);
    }
    out.push_back(std::move(item));
  }
  return out;
}

json::object explain(const Decision& decision, const View& view) {
  json::object out;
  if (decision.moment >= 0) {
    const Moment& moment = moment_at(view.playbook, decision.moment);
    out["moment"] = moment.id;
    out["need"] = moment.need;
  } else {
    out["moment"] = nullptr;
  }
  json::array because;
  for (const EvidenceHit& hit : decision.because) because.push_back(evidence_json(hit, view.now));
  out["because"] = std::move(because);
  out["intents"] = intents_json(decision.picture, view, false);
  out["clear"] = decision.picture.clear;
  out["holdout"] = {{"universal", decision.held_out_universal},
                    {"moment", decision.held_out_moment}};
  if (decision.moment >= 0) out["choice"] = choice_json(decision.choice);
  json::array experiments = experiments_json(decision, view);
  if (!experiments.empty()) out["experiments"] = std::move(experiments);
  json::array not_shown;
  for (const NotShown& reason : decision.not_shown) {
    not_shown.push_back(not_shown_json(reason, view.playbook));
  }
  out["not_shown"] = std::move(not_shown);
  if (decision.outcome == Outcome::kShown) out["visitor_sees"] = visitor_sees(decision, view);
  out["playbook"] = view.playbook.hash.to_text();
  return out;
}

json::value show(const Decision& decision, const View& view) {
  if (decision.outcome != Outcome::kShown) return nullptr;
  const Message& message = message_at(view.playbook, decision.message);
  const Variant& variant = message.variants[static_cast<std::size_t>(decision.variant)];
  return json::object{{"kind", to_string(message.kind)},
                      {"message", message.id},
                      {"variant", variant.id},
                      {"content", content_json(variant.content)},
                      {"because", visitor_sees(decision, view)}};
}

}  // namespace tact
