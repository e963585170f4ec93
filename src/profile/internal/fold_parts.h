// The parts of fold(), each looking at one thing. Private to profile.
#pragma once

#include <cstdint>
#include <limits>

#include "profile/fold.h"

namespace tact::fold_parts {

inline constexpr std::size_t kMaxGoals = 64;     // of one exposure; Core::decode refuses more
inline constexpr std::size_t kMaxTallies = 128;  // of all exposures, primary goals aside
std::size_t tallies_in(const Core& core);

// Sums of amounts that came from outside; amounts are never negative.
inline std::int64_t add_saturated(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

// Interests, cart and orders; without `usable` none of what was sensitive in them.
void commerce(Core& core, const Event& event, Time at, bool usable);
void facts(Core& core, const Event& event, Time at);
void order_state(Core& core, const Event& event, Time at);
void ticket(Core& core, const Event& event, Time at);
void form(Core& core, const Event& event, Time at);
// Is it about something sent to the visitor? Then it is noted, and nothing they did here.
bool delivery(Core& core, const Event& event, Time at);
void answered(Core& core, Channel channel, Time at);  // the latest delivery, once
// Of a contact: what is known only now. Each counts once among the responses.
void saw(Core& core, Contact& contact);
void acted(Core& core, Contact& contact);
void decision(Core& core, const VisitorId& visitor, Offset offset, const Record& record,
              const DecisionRecord& decided, const FoldContext& context, FoldEffects& effects);
void reaction(Profile& profile, const VisitorId& visitor, const Record& record, const Event& event,
              const FoldContext& context, FoldEffects& effects);
void outcomes(Core& core, const Record& record, const Event& event, const FoldContext& context,
              FoldEffects& effects);
Covariates covariates_of(const Core& core, const Record& record);  // of a decision
// Notes in every exposure that still follows the visitor what the event says of what came after it.
void follow(Core& core, const Event& event, Time at, FoldEffects& effects);
// Notes in every exposure that asks for it that a decision found its hesitation again.
void note_again(Core& core, const DecisionRecord& decided, Time at, FoldEffects& effects);
// Is personalization refused or objected to, since the exposure? Then each that still followed the
// visitor says so.
void note_withdrawal(Core& core, FoldEffects& effects);
// One more in each of them. Without `effects` the rows are to be written later.
void count_after(Core& core, Time at, std::uint32_t FollowUp::* what, FoldEffects* effects);
void signals(Profile& profile, const Event& event, Time at, const Playbook& playbook);
void raise(Profile& profile, Builtin builtin, Time at, const Playbook& playbook);
// Seen, not acted on, and the visit is over: ignored; the rows are written with the first record of
// the next visit. Returns how many became so.
int settle_contacts(Core& core, Time visit_end);

}  // namespace tact::fold_parts
