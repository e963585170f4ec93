#include "profile/fold.h"

#include <algorithm>
#include <tuple>

#include "profile/bounds.h"
#include "profile/internal/fold_parts.h"

namespace tact {
namespace {

void begin_visit(Core& core, Time at) {
  if (core.visit.number > 0) core.previous_visit_ended = core.visit.last_event;
  Visit next;
  next.number = core.visit.number + 1;
  next.started = at;
  next.last_event = at;
  core.visit = std::move(next);
}

// Takes what only the first event of a visit can tell, then where the visitor is now. `usable`: of
// a sensitive page only that there was one is known, unless the visitor allowed more.
void note_surroundings(Core& core, const Surroundings& where, Time at, bool usable) {
  Visit& visit = core.visit;
  if (visit.entry_path.empty() && usable) visit.entry_path = where.path;
  const bool knows_source =
      where.source != TrafficSource::kUnknown && where.source != TrafficSource::kInternal;
  if (visit.source == TrafficSource::kUnknown && knows_source) {
    visit.source = where.source;
    if (usable) visit.campaign = where.campaign;
    if (where.source == TrafficSource::kEmail) fold_parts::answered(core, Channel::kEmail, at);
  }
  if (where.device != Device::kUnknown) visit.device = where.device;
}

void add_id(Core& core, IdKind kind, const std::string& id) {
  if (id.empty()) return;
  if (core.bucket_id.empty()) core.bucket_id = id;
  const ExternalId external{kind, id};
  if (std::find(core.ids.begin(), core.ids.end(), external) == core.ids.end() &&
      core.ids.size() < Core::kMaxIds) {
    core.ids.push_back(external);
  }
}

void note_identity(Core& core, const Event& event, bool trusted) {
  add_id(core, IdKind::kAnonymous, event.anonymous_id);
  if (trusted && !event.user_id.empty()) {
    add_id(core, IdKind::kUser, event.user_id);
    core.known = true;
  }
  for (const FurtherId& id : event.further_ids)
    add_id(core, IdKind::kFurther, id.kind + ":" + id.visitor.to_text());
}

void changed_all(const Core& core, FoldEffects& effects) {
  for (const Exposure& exposure : core.exposures)
    effects.changed_experiments.push_back(exposure.experiment);
}

// What was ignored is known when the visit is over: advance() counts it, and may have been called
// before the record that the next visit begins with.
void write_settled(const Core& core, FoldEffects& effects) {
  if (core.visit.events != 0) return;
  const bool any = std::any_of(core.contacts.begin(), core.contacts.end(),
                               [](const Contact& c) { return c.ignored && !c.withheld; });
  if (any) changed_all(core, effects);
}

// Of two told for the same instant the greater id stays, so that their order does not matter.
void note_account(Core& core, const Event& event, const Record& record, FoldEffects& effects) {
  const bool told = event.type == EventType::kGroup && !event.group_id.empty() &&
                    record.has(record_flags::kTrustedIdentity);
  if (!told ||
      std::tie(record.event_time, event.group_id) < std::tie(core.account_at, core.account))
    return;
  core.account = event.group_id;
  core.account_at = record.event_time;
  if (core.account_key == event.account) return;
  core.account_key = event.account;
  core.account_of_exposures();
  changed_all(core, effects);
}

bool within_visit(const Core& core, Time at) { return at >= core.visit.started; }

// The page looked at now; of one that may not be known, that it is another one.
void note_page(Visit& visit, const Event& event, bool usable) {
  ++visit.pages;
  visit.path = usable ? event.where.path : std::string();
  visit.page_type = usable ? event.where.page_type : std::string();
  visit.product = usable ? event.subject_product() : std::string_view();
  visit.category = usable ? event.subject_category() : std::string_view();
}

bool is_usable(const Core& core, const Surroundings& where) {
  return !where.sensitive || core.allows_sensitive();
}

// What was learned from sensitive events is mixed with the rest, so that all of it goes with the
// permission: interests, signals, the visit's pages, what was bought or is in the cart. Counts,
// contacts and exposures say nothing of it and stay.
void forget_sensitive(Profile& profile) {
  Core& core = profile.core;
  if (!core.holds_sensitive || core.allows_sensitive()) return;
  Visit& visit = core.visit;
  for (std::string* text : {&visit.entry_path, &visit.entry_query, &visit.path, &visit.page_type,
                            &visit.product, &visit.category}) {
    text->clear();
  }
  visit.campaign = {};
  core.interests.clear();
  core.forms.clear();
  core.cart.clear();
  for (Order& order : core.orders) order.products.clear();
  std::erase_if(core.facts, [](const KnownFact& fact) { return fact.origin == kVisitorOrigin; });
  profile.derived.signals.clear();
  core.holds_sensitive = false;
}

void fold_event(Profile& profile, const VisitorId& visitor, const Record& record,
                const Event& event, const FoldContext& context, FoldEffects& effects) {
  Core& core = profile.core;
  const Time at = record.event_time;
  ++core.seen_next;
  if (record.has(record_flags::kGpc)) core.consent.note_gpc(record.received_at);
  core.consent.apply(event, record.received_at);
  fold_parts::note_withdrawal(core, effects);
  forget_sensitive(profile);
  note_identity(core, event, record.has(record_flags::kTrustedIdentity));
  note_account(core, event, record, effects);
  if (event.adult != Adult::kUnknown) core.adult = event.adult;
  if (event.name == kConsentEvent || record.has(record_flags::kNobody)) return;
  const bool is_page = event.type == EventType::kPage || event.type == EventType::kScreen;
  core.pace.note(at, is_page);
  if (core.pace.is_broken(at)) return;
  const bool report_only = record.has(record_flags::kReportOnly);
  if (!report_only && fold_parts::delivery(core, event, at)) {
    if (is_usable(core, event.where)) fold_parts::signals(profile, event, at, context.playbook);
    return;
  }
  advance(profile, at, context);
  write_settled(core, effects);
  fold_parts::outcomes(core, record, event, context, effects);
  if (report_only) return;

  core.first_seen = core.first_seen == Time{} ? at : std::min(core.first_seen, at);
  core.last_seen = std::max(core.last_seen, at);
  ++core.events;
  const bool usable = is_usable(core, event.where);
  core.holds_sensitive = core.holds_sensitive || (usable && event.where.sensitive);
  if (is_page) ++core.pages;
  if (within_visit(core, at)) {
    Visit& visit = core.visit;
    visit.last_event = std::max(visit.last_event, at);
    ++visit.events;
    if (is_page) note_page(visit, event, usable);
    note_surroundings(core, event.where, at, usable);
    if (usable && visit.pages <= 1 && visit.entry_query.empty()) visit.entry_query = event.query;
  }
  if (usable) fold_parts::facts(core, event, at);
  fold_parts::commerce(core, event, at, usable);
  fold_parts::reaction(profile, visitor, record, event, context, effects);
  if (usable) fold_parts::signals(profile, event, at, context.playbook);
}

void fold_absorb(Profile& profile, const AbsorbRecord& absorb, FoldEffects& effects) {
  const auto core = Core::decode(absorb.core);
  const auto derived = Derived::decode(absorb.derived);
  // Both were encoded by this program and are covered by the record's checksum.
  CHECK(core.has_value() && derived.has_value());
  const auto changed = profile.core.absorb(*core);
  effects.changed_experiments.insert(effects.changed_experiments.end(), changed.begin(),
                                     changed.end());
  fold_parts::note_withdrawal(profile.core, effects);
  profile.derived.absorb(*derived);
  forget_sensitive(profile);  // one of the two may have allowed what the other refused since
  // Visits are numbered anew: what was seen in the one that goes on was seen in its number.
  const Visit& visit = profile.core.visit;
  for (SignalState& state : profile.derived.signals) {
    state.last_visit = within_visit(profile.core, state.seen.latest()) ? visit.number : 0;
  }
}

// This visitor's state becomes what the record holds; which messages came here stays.
void fold_restored(Profile& profile, const std::string& core, const std::string& derived,
                   FoldEffects& effects) {
  auto restored = Core::decode(core);
  auto signals = Derived::decode(derived);
  // Both were encoded by this program and are covered by the record's checksum.
  CHECK(restored.has_value() && signals.has_value());
  for (const auto* exposures : {&profile.core.exposures, &restored->exposures}) {
    for (const Exposure& exposure : *exposures)
      effects.changed_experiments.push_back(exposure.experiment);
  }
  restored->seen_next = profile.core.seen_next;
  restored->logins = std::move(profile.core.logins);
  profile.core = std::move(*restored);
  profile.derived = std::move(*signals);
  forget_sensitive(profile);  // the consent of today may be less than that of then
}

}  // namespace

Profile start(const Playbook& playbook) {
  Profile profile;
  profile.derived.definitions = playbook.derived_hash;
  return profile;
}

void advance(Profile& profile, Time at, const FoldContext& context) {
  Core& core = profile.core;
  if (core.visit.number > 0 && at <= core.visit.last_event + kVisitGap) return;
  if (core.visit.number > 0) {
    const int ignored = fold_parts::settle_contacts(core, core.visit.last_event);
    for (int i = 0; i < ignored; ++i) {
      fold_parts::raise(profile, Builtin::kIgnoredMessage, core.visit.last_event, context.playbook);
    }
  }
  begin_visit(core, at);
}

void fold(Profile& profile, const VisitorId& visitor, Offset offset, const Record& record,
          const FoldContext& context, FoldEffects& effects) {
  CHECK(profile.derived.definitions == context.playbook.derived_hash);
  if (const auto* event = std::get_if<Event>(&record.body)) {
    fold_event(profile, visitor, record, *event, context, effects);
  } else if (const auto* decided = std::get_if<DecisionRecord>(&record.body)) {
    add_id(profile.core, IdKind::kAnonymous, decided->anonymous_id);
    advance(profile, record.event_time, context);
    write_settled(profile.core, effects);
    profile.core.visit.last_event = std::max(profile.core.visit.last_event, record.event_time);
    note_surroundings(profile.core, decided->where, record.event_time,
                      is_usable(profile.core, decided->where));
    fold_parts::decision(profile.core, visitor, offset, record, *decided, context, effects);
  } else if (const auto* link = std::get_if<LinkOutRecord>(&record.body)) {
    changed_all(profile.core, effects);
    Core rest;  // what a forwarding address still needs: whereto, consent, and which messages came
                // here
    rest.merged_into = link->winner;
    rest.earlier_owners = std::move(profile.core.earlier_owners);
    if (profile.core.merged_into != VisitorId{})
      rest.earlier_owners.push_back({record.event_time, profile.core.merged_into});
    if (rest.earlier_owners.size() > Core::kMaxOwners)
      rest.earlier_owners.erase(rest.earlier_owners.begin());
    rest.logins = std::move(profile.core.logins);
    if (link->login != 0) rest.logins.push_back(link->login);
    if (rest.logins.size() > Core::kMaxOwners) rest.logins.erase(rest.logins.begin());
    rest.last_seen = record.event_time;  // an earlier login that arrives later changes nothing
    rest.consent = profile.core.consent;
    rest.seen_next = profile.core.seen_next;
    profile.core = std::move(rest);
    profile.derived = start(context.playbook).derived;
  } else if (const auto* absorb = std::get_if<AbsorbRecord>(&record.body)) {
    fold_absorb(profile, *absorb, effects);
  } else if (const auto* detach = std::get_if<DetachRecord>(&record.body)) {
    fold_restored(profile, detach->core, detach->derived, effects);
  } else if (const auto* unlink = std::get_if<UnlinkRecord>(&record.body)) {
    // Retries of what came while it was linked are asked for there.
    auto owners = std::move(profile.core.earlier_owners);
    owners.push_back({record.event_time, profile.core.merged_into});
    if (owners.size() > Core::kMaxOwners) owners.erase(owners.begin());
    fold_restored(profile, unlink->core, unlink->derived, effects);
    profile.core.earlier_owners = std::move(owners);
  }
  keep_in_bounds(profile);
}

}  // namespace tact
