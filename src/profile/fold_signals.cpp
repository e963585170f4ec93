// Signals: named behaviour with a decaying strength.
#include "base/hash.h"
#include "profile/internal/fold_parts.h"
#include "profile/match.h"

namespace tact::fold_parts {
namespace {

std::string_view subject_of(const Signal& signal, const Event& event) {
  switch (signal.about) {
    case Subject::kNothing:
      return {};
    case Subject::kProduct:
      return event.subject_product();
    case Subject::kCategory:
      return event.subject_category();
  }
  return {};
}

void note(Profile& profile, const Signal& signal, std::string_view subject, Time at) {
  SignalState& state = profile.derived.get_or_add(hash64(signal.id), subject);
  state.strength.add(at, signal.half_life);
  state.seen.add(at);
  const Visit& visit = profile.core.visit;
  if (at >= visit.started && state.last_visit != visit.number) {
    state.last_visit = visit.number;
    ++state.visits;
  }
}

}  // namespace

void signals(Profile& profile, const Event& event, Time at, const Playbook& playbook) {
  for (const Signal& signal : playbook.signals) {
    if (!matches(signal, event)) continue;
    const std::string_view subject = subject_of(signal, event);
    if (signal.about != Subject::kNothing && subject.empty()) continue;  // about no one knows what
    note(profile, signal, subject, at);
  }
}

void raise(Profile& profile, Builtin builtin, Time at, const Playbook& playbook) {
  for (const Signal& signal : playbook.signals) {
    if (signal.seen.kind == Seen::Kind::kBuiltin && signal.seen.builtin == builtin) {
      note(profile, signal, {}, at);
    }
  }
}

}  // namespace tact::fold_parts
