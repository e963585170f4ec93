// Decisions as contacts and exposures, and what the visitor did with them.
#include <algorithm>

#include "base/hash.h"
#include "profile/internal/fold_parts.h"

namespace tact::fold_parts {
namespace {

// What a visitor enters an experiment as.
struct Entry {
  const Experiment* experiment = nullptr;
  bool treated = false;
  std::string_view variant;  // what was chosen; of an A/B experiment the arm
  bool has_slot = true;      // there is a decision about a slot, that the page may report on
};

void note_exposure(Core& core, const Entry& entry, const Record& record, FoldEffects& effects) {
  const Experiment* experiment = entry.experiment;
  if (experiment == nullptr) return;
  Exposure exposure;
  exposure.experiment = experiment->id;
  exposure.treated = entry.treated;
  exposure.variant = entry.variant;
  exposure.is_arm = experiment->is_ab();
  const auto place =
      std::lower_bound(core.exposures.begin(), core.exposures.end(), experiment->id,
                       [](const Exposure& e, std::uint64_t id) { return e.experiment < id; });
  if (place != core.exposures.end() && place->experiment == experiment->id) {
    if (!place->same_arm(exposure) && !place->crossover) {
      place->crossover = true;
      effects.changed_experiments.push_back(experiment->id);
    }
    return;
  }
  if (core.exposures.size() >= Core::kMaxExposures) return;
  exposure.at = record.event_time;
  exposure.simulated = record.has(record_flags::kSimulated);
  exposure.device = core.visit.device;
  exposure.visit_number = core.visit.number;
  exposure.prior_orders = core.orders_total;
  exposure.prior_value_minor = core.value_total_minor;
  exposure.covariates = covariates_of(core, record);
  exposure.account = core.account_key;
  exposure.slot = entry.has_slot ? SlotSeen::kUntold : SlotSeen::kNotFollowed;
  core.exposures.insert(place, std::move(exposure));
  effects.changed_experiments.push_back(experiment->id);
}

// Into an A/B experiment, in its arm. An arm this version of the experiment does not have is none.
void note_arm(Core& core, const Assignment& assignment, const Record& record,
              const DecisionRecord& decided, bool has_slot, const FoldContext& context,
              FoldEffects& effects) {
  const Experiment* experiment =
      context.experiments.of_experiment(decided.playbook, assignment.experiment);
  if (experiment == nullptr || experiment->find_arm(assignment.arm) == nullptr) return;
  const bool control = experiment->arms.front().id == assignment.arm;
  note_exposure(core, {experiment, !control, assignment.arm, has_slot}, record, effects);
}

// Is the visitor in an arm that shows nothing? Then the moment's own report is not about them,
// whether they are held back or not.
bool in_empty_arm(const DecisionRecord& decided, const ExperimentBook& book) {
  const Experiment* experiment =
      book.of_experiment(decided.playbook, decided.assignment.experiment);
  const PlannedArm* arm =
      experiment == nullptr ? nullptr : experiment->find_arm(decided.assignment.arm);
  return arm != nullptr && arm->kind == Arm::Kind::kDefault;
}

void note_request(Core& core, Offset offset, const Record& record, const DecisionRecord& decided) {
  if (decided.request == 0) return;
  if (!core.requests.empty() && core.requests.back().request == decided.request) {
    ++core.requests.back().count;
    return;
  }
  core.requests.push_back(
      {.request = decided.request, .first = offset, .count = 1, .at = record.received_at});
  if (core.requests.size() > Core::kMaxRequests) core.requests.erase(core.requests.begin());
}

// Asked again on the same page, it is the same contact, and the newer decision's id is its name.
void add_contact(Core& core, const Contact& contact) {
  if (const Contact* same = core.contact_on_this_page(contact.moment);
      same != nullptr && same->counts()) {
    Contact& before = core.contacts[static_cast<std::size_t>(same - core.contacts.data())];
    // Of another partition (before a merge): its ids were reported where they were given.
    if (before.partition != contact.partition)
      before.earlier.clear();
    else
      before.earlier.push_back(before.offset.value);
    if (before.earlier.size() > Contact::kMaxEarlier) before.earlier.erase(before.earlier.begin());
    before.partition = contact.partition;
    before.offset = contact.offset;
    return;
  }
  core.contacts.push_back(contact);
  if (core.contacts.size() > Core::kMaxContacts) core.contacts.erase(core.contacts.begin());
  ++core.totals_of(contact.moment).ever;
}

// The decision ids a reaction names belong to this visitor only if one of the contacts has them.
Contact* find_contact(Core& core, const DecisionId& id) {
  const auto found =
      std::find_if(core.contacts.begin(), core.contacts.end(), [&](const Contact& contact) {
        const auto& earlier = contact.earlier;
        return contact.partition == id.partition &&
               (contact.offset == id.offset ||
                std::find(earlier.begin(), earlier.end(), id.offset.value) != earlier.end());
      });
  return found == core.contacts.end() ? nullptr : &*found;
}

// What is told of the contact's slot is told of the exposures that its first decision was: other
// experiments' exposures of the same instant are of other slots, but for the universal one, which
// is of the first of them that is seen.
void note_slot(Core& core, const Contact& contact, SlotSeen told, const FoldContext& context,
               FoldEffects& effects) {
  for (Exposure& exposure : core.exposures) {
    if (exposure.at != contact.at || exposure.slot == SlotSeen::kNotFollowed) continue;
    const Experiment* experiment = context.experiments.find(exposure.experiment);
    if (experiment == nullptr || exposure.slot >= told) continue;
    if (experiment->moment_key != 0 && experiment->moment_key != contact.moment) continue;
    exposure.slot = told;
    effects.changed_experiments.push_back(exposure.experiment);
  }
}

// Only of the latest decision of the contact: what replaced an earlier one may well be seen.
void not_seen(Core& core, Partition partition, Offset offset, const FoldContext& context,
              FoldEffects& effects) {
  for (Contact& contact : core.contacts) {
    if (contact.partition != partition || contact.offset != offset) continue;
    if (contact.not_seen || contact.seen) return;
    contact.not_seen = true;
    note_slot(core, contact, SlotSeen::kNotSeen, context, effects);
    MomentTotals& totals = core.totals_of(contact.moment);
    if (totals.ever > 0) --totals.ever;
    return;
  }
}

// The answer to this request came too late for the page, so it cannot name its decisions.
void not_seen_by_request(Core& core, Partition partition, std::string_view request_id,
                         const FoldContext& context, FoldEffects& effects) {
  const std::uint64_t wanted = hash64(request_id);
  for (const RecentRequest& request : core.requests) {
    if (request.request != wanted) continue;
    for (std::uint32_t i = 0; i < request.count; ++i) {
      not_seen(core, partition, Offset{request.first.value + i}, context, effects);
    }
  }
}

}  // namespace

void decision(Core& core, const VisitorId& visitor, Offset offset, const Record& record,
              const DecisionRecord& decided, const FoldContext& context, FoldEffects& effects) {
  note_request(core, offset, record, decided);
  note_again(core, decided, record.event_time, effects);
  for (const Assignment& triggered : decided.triggered)
    note_arm(core, triggered, record, decided, false, context, effects);
  if (decided.moment.empty()) return;
  const Experiment* experiment = context.experiments.of_moment(decided.playbook, decided.moment);
  if (experiment == nullptr) return;  // service: exempt from hold-backs and limits
  Contact contact;
  contact.partition = visitor.partition();
  contact.offset = offset;
  contact.at = record.received_at;
  contact.moment = experiment->moment_key;
  contact.withheld = decided.outcome == Outcome::kWithheld;
  contact.selling = decided.selling;
  contact.page = core.visit.pages;
  contact.hour = hour_of(decided.where);
  add_contact(core, contact);

  const Experiment* universal = context.experiments.universal_of(decided.playbook);
  note_exposure(core, {universal, !decided.held_out_universal, decided.variant}, record, effects);
  if (decided.held_out_universal) return;
  if (!in_empty_arm(decided, context.experiments)) {
    note_exposure(core, {experiment, !decided.held_out_moment, decided.variant}, record, effects);
  }
  if (!decided.held_out_moment)
    note_arm(core, decided.assignment, record, decided, true, context, effects);
}

void reaction(Profile& profile, const VisitorId& visitor, const Record& record, const Event& event,
              const FoldContext& context, FoldEffects& effects) {
  if (event.type != EventType::kTrack || event.decision.empty()) return;
  if (event.decision.starts_with(kOfRequest)) {
    if (event.name != "Message Not Seen") return;
    const std::string_view request = std::string_view(event.decision).substr(kOfRequest.size());
    return not_seen_by_request(profile.core, visitor.partition(), request, context, effects);
  }
  const auto id = DecisionId::parse(event.decision);
  Contact* contact = id ? find_contact(profile.core, *id) : nullptr;
  if (contact == nullptr) return;
  MomentTotals& totals = profile.core.totals_of(contact->moment);
  if (event.name == "Message Not Seen") {
    not_seen(profile.core, id->partition, id->offset, context, effects);
    return;
  }
  const bool dismissed = event.name == "Message Dismissed";
  const bool used = event.name == "Message Clicked" || event.name == "Question Answered";
  if (!used && !dismissed && event.name != "Message Seen") return;
  saw(profile.core, *contact);
  note_slot(profile.core, *contact, SlotSeen::kSeen, context, effects);
  if (used) {
    acted(profile.core, *contact);
    totals.ignored_run = 0;
    profile.core.ignored_run = 0;
    raise(profile, Builtin::kClickedMessage, record.event_time, context.playbook);
  } else if (dismissed) {
    if (!contact->dismissed && !contact->withheld)
      count_after(profile.core, record.event_time, &FollowUp::dismissed, &effects);
    contact->dismissed = true;
    totals.dismissed_at = std::max(totals.dismissed_at, record.received_at);
    totals.not_me = event.answer == "not_me";
    raise(profile, Builtin::kDismissedMessage, record.event_time, context.playbook);
  }
}

int settle_contacts(Core& core, Time visit_end) {
  int ignored = 0;
  for (Contact& contact : core.contacts) {
    if (!contact.seen || contact.acted || contact.dismissed || contact.ignored) continue;
    contact.ignored = true;
    if (!contact.withheld) count_after(core, visit_end, &FollowUp::ignored, nullptr);
    MomentTotals& totals = core.totals_of(contact.moment);
    ++totals.ignored_run;
    totals.last_ignored = std::max(totals.last_ignored, visit_end);
    ++core.ignored_run;
    core.last_ignored = std::max(core.last_ignored, visit_end);
    ++ignored;
  }
  return ignored;
}

}  // namespace tact::fold_parts
