#include "playbook/playbook.h"

#include <algorithm>

namespace tact {
namespace {

template <typename T>
const T* find_by_id(const std::vector<T>& all, std::string_view id) {
  const auto it = std::find_if(all.begin(), all.end(), [id](const T& one) { return one.id == id; });
  return it == all.end() ? nullptr : &*it;
}

template <typename T>
int index_by_id(const std::vector<T>& all, std::string_view id) {
  const T* found = find_by_id(all, id);
  return found == nullptr ? -1 : static_cast<int>(found - all.data());
}

int strictness(Basis basis) {
  return basis == Basis::kNever ? 2 : basis == Basis::kConsent ? 1 : 0;
}

bool about_intent(const Clause& clause) {
  return clause.kind == Clause::Kind::kIntent ||
         std::any_of(clause.parts.begin(), clause.parts.end(), about_intent);
}

}  // namespace

std::string_view to_string(Subject subject) {
  switch (subject) {
    case Subject::kNothing:
      return "nothing";
    case Subject::kProduct:
      return "product";
    case Subject::kCategory:
      return "category";
  }
  return "nothing";
}

Basis PurposeBasis::in(std::string_view region) const {
  const std::string_view country = region.substr(0, region.find('-'));
  const bool is_part = country.size() < region.size();
  Basis found = basis;
  for (const std::string_view wanted : {country, region}) {
    for (const Exception& exception : exceptions) {
      if (exception.region == wanted) found = exception.basis;
    }
  }
  if (is_part) return found;
  for (const Exception& exception : exceptions) {  // that may be meant too
    const bool within = exception.region.starts_with(std::string(country) + "-");
    const bool may_be = region.empty() || within;
    if (may_be && strictness(exception.basis) > strictness(found)) found = exception.basis;
  }
  return found;
}

Bases Guards::bases_in(std::string_view region) const {
  Bases bases{};
  for (std::size_t i = 0; i < kPurposes; ++i) bases[i] = purposes[i].in(region);
  return bases;
}

std::string_view to_string(Level level) {
  switch (level) {
    case Level::kMaybe:
      return "maybe";
    case Level::kLikely:
      return "likely";
    case Level::kSure:
      return "sure";
  }
  return "likely";
}

std::string_view to_string(MessageKind kind) {
  switch (kind) {
    case MessageKind::kMessage:
      return "message";
    case MessageKind::kCta:
      return "cta";
    case MessageKind::kOffer:
      return "offer";
    case MessageKind::kReassurance:
      return "reassurance";
    case MessageKind::kRecommendation:
      return "recommendation";
    case MessageKind::kNavigation:
      return "navigation";
    case MessageKind::kForm:
      return "form";
    case MessageKind::kQuestion:
      return "question";
    case MessageKind::kSurvey:
      return "survey";
  }
  return "message";
}

std::string_view to_string(Reveals reveals) {
  switch (reveals) {
    case Reveals::kNothing:
      return "nothing";
    case Reveals::kPage:
      return "page";
    case Reveals::kVisit:
      return "visit";
    case Reveals::kHistory:
      return "history";
    case Reveals::kPersonal:
      return "personal";
  }
  return "visit";
}

std::string_view to_string(Pick pick) {
  switch (pick) {
    case Pick::kFirst:
      return "first";
    case Pick::kSplitEvenly:
      return "split evenly";
    case Pick::kWhatWorks:
      return "what works";
  }
  return "first";
}

std::string_view to_string(Tier tier) {
  switch (tier) {
    case Tier::kNone:
      return "";
    case Tier::kBroad:
      return "broad";
    case Tier::kCategory:
      return "category";
    case Tier::kConversion:
      return "conversion";
  }
  return "";
}

std::string_view to_string(MomentStatus status) {
  switch (status) {
    case MomentStatus::kIdea:
      return "idea";
    case MomentStatus::kShadow:
      return "shadow";
    case MomentStatus::kDraft:
      return "draft";
    case MomentStatus::kLive:
      return "live";
  }
  return "live";
}

std::string_view to_string(ExperimentStatus status) {
  switch (status) {
    case ExperimentStatus::kDraft:
      return "draft";
    case ExperimentStatus::kLive:
      return "live";
    case ExperimentStatus::kEnded:
      return "ended";
  }
  return "live";
}

bool Arm::allows(std::string_view variant) const {
  return variants.empty() || std::find(variants.begin(), variants.end(), variant) != variants.end();
}

bool Moment::names_intent() const { return std::any_of(when.begin(), when.end(), about_intent); }

std::string_view Expression::customer_fact() const {
  const std::string_view written = field;
  return written.starts_with(kCustomer) ? written.substr(kCustomer.size()) : std::string_view();
}

const Moment* Playbook::find_moment(std::string_view id) const { return find_by_id(moments, id); }
const Message* Playbook::find_message(std::string_view id) const {
  return find_by_id(messages, id);
}
const ExperimentPlan* Playbook::find_experiment(std::string_view id) const {
  return find_by_id(experiments, id);
}
const Fact* Playbook::find_fact(std::string_view id) const {
  const auto found =
      std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.id == id; });
  return found == facts.end() ? nullptr : &*found;
}

int Playbook::find_intent(std::string_view id) const { return index_by_id(intents, id); }
int Playbook::find_signal(std::string_view id) const { return index_by_id(signals, id); }

bool glob_matches(std::string_view glob, std::string_view text) {
  // Greedy with one point of return: a later star makes earlier ones final. O(|glob| · |text|).
  std::size_t g = 0, t = 0;
  std::size_t star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      star_text = t;
    } else if (g < glob.size() && glob[g] == text[t]) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

}  // namespace tact
