#include "profile/fold.h"

#include <algorithm>

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

// Takes what only the first event of a visit can tell, then where the visitor is now.
void note_surroundings(Visit& visit, const Surroundings& where) {
  if (visit.entry_path.empty()) visit.entry_path = where.path;
  const bool knows_source =
      where.source != TrafficSource::kUnknown && where.source != TrafficSource::kInternal;
  if (visit.source == TrafficSource::kUnknown && knows_source) {
    visit.source = where.source;
    visit.campaign = where.campaign;
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
}

bool within_visit(const Core& core, Time at) { return at >= core.visit.started; }

void fold_event(Profile& profile, const VisitorId& visitor, const Record& record,
                const Event& event, const FoldContext& context, FoldEffects& effects) {
  Core& core = profile.core;
  const Time at = record.event_time;
  ++core.seen_next;
  if (record.has(record_flags::kGpc)) core.consent.note_gpc(record.received_at);
  core.consent.apply(event, record.received_at);
  note_identity(core, event, record.has(record_flags::kTrustedIdentity));
  if (event.name == kConsentEvent || record.has(record_flags::kNobody)) return;
  advance(profile, at, context);
  fold_parts::outcomes(core, record, event, context, effects);
  if (record.has(record_flags::kReportOnly)) return;

  core.first_seen = core.first_seen == Time{} ? at : std::min(core.first_seen, at);
  core.last_seen = std::max(core.last_seen, at);
  ++core.events;
  const bool is_page = event.type == EventType::kPage || event.type == EventType::kScreen;
  if (is_page) ++core.pages;
  if (within_visit(core, at)) {
    Visit& visit = core.visit;
    visit.last_event = std::max(visit.last_event, at);
    ++visit.events;
    if (is_page) {
      ++visit.pages;
      visit.path = event.where.path;
      visit.page_type = event.where.page_type;
      visit.product = event.subject_product();
      visit.category = event.subject_category();
    }
    note_surroundings(visit, event.where);
    if (visit.pages <= 1 && visit.entry_query.empty()) visit.entry_query = event.query;
  }
  fold_parts::commerce(core, event, at);
  fold_parts::reaction(profile, visitor, record, event, context);
  fold_parts::signals(profile, event, at, context.playbook);
}

void fold_absorb(Profile& profile, const AbsorbRecord& absorb, FoldEffects& effects) {
  const auto core = Core::decode(absorb.core);
  const auto derived = Derived::decode(absorb.derived);
  // Both were encoded by this program and are covered by the record's checksum.
  CHECK(core.has_value() && derived.has_value());
  const auto changed = profile.core.absorb(*core);
  effects.changed_experiments.insert(effects.changed_experiments.end(), changed.begin(),
                                     changed.end());
  profile.derived.absorb(*derived);
  // Visits are numbered anew: what was seen in the one that goes on was seen in its number.
  const Visit& visit = profile.core.visit;
  for (SignalState& state : profile.derived.signals) {
    state.last_visit = within_visit(profile.core, state.seen.latest()) ? visit.number : 0;
  }
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
    profile.core.visit.last_event = std::max(profile.core.visit.last_event, record.event_time);
    note_surroundings(profile.core.visit, decided->where);
    fold_parts::decision(profile.core, visitor, offset, record, *decided, context, effects);
  } else if (const auto* link = std::get_if<LinkOutRecord>(&record.body)) {
    for (const Exposure& exposure : profile.core.exposures) {
      effects.changed_experiments.push_back(exposure.experiment);
    }
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
  }
}

bool looks_like_email(std::string_view id) {
  const std::size_t at = id.find('@');
  return at != std::string_view::npos && at > 0 && id.find('.', at) != std::string_view::npos;
}

}  // namespace tact
