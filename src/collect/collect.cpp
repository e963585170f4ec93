#include "collect/collect.h"

#include <algorithm>
#include <exception>

#include "base/hash.h"
#include "collect/internal/address.h"
#include "collect/internal/bots.h"
#include "collect/internal/consent_of.h"
#include "collect/internal/drop.h"
#include "collect/internal/facts.h"
#include "collect/internal/fields.h"
#include "collect/internal/further_ids.h"
#include "collect/internal/local_time.h"
#include "collect/internal/minimise.h"
#include "collect/internal/personal_data.h"
#include "collect/internal/sensitive.h"
#include "collect/internal/text.h"
#include "collect/internal/url.h"
#include "collect/request.h"

namespace tact {
namespace {

constexpr std::string_view kTokenMember = "token";

Error too_long(std::size_t limit, std::string where) {
  return make_error(ErrorCode::kInvalid, "must not be over " + std::to_string(limit) + " bytes",
                    std::move(where));
}

Status check_ids(const RawEvent& raw) {
  for (const auto& [id, name] :
       {std::pair(&raw.anonymous_id, "anonymousId"), std::pair(&raw.user_id, "userId"),
        std::pair(&raw.previous_id, "previousId"), std::pair(&raw.group_id, "groupId")}) {
    if (id->find('\0') != std::string::npos) {
      return make_error(ErrorCode::kInvalid, "must not hold a NUL character", name);
    }
  }
  if (raw.anonymous_id.size() > kMaxIdBytes) return too_long(kMaxIdBytes, "anonymousId");
  if (raw.user_id.size() > kMaxIdBytes) return too_long(kMaxIdBytes, "userId");
  if (raw.previous_id.size() > kMaxIdBytes) return too_long(kMaxIdBytes, "previousId");
  if (raw.group_id.size() > kMaxIdBytes) return too_long(kMaxIdBytes, "groupId");
  if (raw.name.size() > kMaxNameBytes) {
    return too_long(kMaxNameBytes, raw.type == EventType::kTrack ? "event" : "name");
  }
  return ok();
}

// What the Segment spec requires of these calls: without it they mean nothing. Libraries for
// servers always send it; analytics-next leaves it out of `group(traits)` and `alias(userId)`, and
// from a browser nothing is joined by either of them.
Status check_server_call(const RawEvent& raw) {
  const auto needed = [](std::string what, std::string where) {
    return make_error(ErrorCode::kInvalid, std::move(what), std::move(where));
  };
  if (raw.type == EventType::kGroup && raw.group_id.empty()) {
    return needed("a group call needs the group's id", "groupId");
  }
  if (raw.type != EventType::kAlias) return ok();
  if (raw.previous_id.empty()) return needed("an alias call needs the id until now", "previousId");
  if (raw.user_id.empty()) return needed("an alias call needs the id from now on", "userId");
  return ok();
}

// Members in order of their keys: a client that retries may order them otherwise.
void add_canonical(const json::value& value, std::string& out) {
  if (const auto* object = value.if_object()) {
    std::vector<std::string_view> keys;
    for (const auto& [key, member] : *object) keys.push_back(key);
    std::sort(keys.begin(), keys.end());
    out += '{';
    for (const std::string_view key : keys) {
      out += json::serialize(json::string(key)) + ":";
      add_canonical(object->at(key), out);
      out += ',';
    }
    out += '}';
  } else if (const auto* array = value.if_array()) {
    out += '[';
    for (const json::value& item : *array) {
      add_canonical(item, out);
      out += ',';
    }
    out += ']';
  } else {
    out += json::serialize(value);
  }
}

// What was sent says the same when it is sent again; the time of sending does not.
std::string content_id(const RawEvent& raw) {
  json::array content = {to_string(raw.type), raw.anonymous_id, raw.user_id,
                         raw.previous_id,     raw.group_id,     raw.name};
  for (const std::optional<Time>& time : {raw.timestamp, raw.original_timestamp}) {
    content.push_back(time ? json::value(to_ms(*time)) : json::value(nullptr));
  }
  for (const json::object* object : {&raw.properties, &raw.traits, &raw.context}) {
    content.push_back(*object);
  }
  std::string canonical;
  add_canonical(content, canonical);
  constexpr std::string_view kHex = "0123456789abcdef";
  const std::uint64_t hash = hash64(canonical);
  std::string id = "c_";
  for (int shift = 60; shift >= 0; shift -= 4) id += kHex[hash >> shift & 15];
  return id;
}

// Segment's correction: what the client's clock is off shows in sentAt, and cancels out.
Time event_time_of(const RawEvent& raw, const RequestInfo& info) {
  const std::optional<Time> stamp = raw.timestamp ? raw.timestamp : raw.original_timestamp;
  if (!stamp) return info.now;
  if (info.imported) return *stamp;
  const std::optional<Time> sent = info.sent_at ? info.sent_at : raw.sent_at;
  const Time corrected = sent ? info.now - (*sent - *stamp) : *stamp;
  return std::clamp(corrected, info.now - kMaxEventAge, info.now);
}

std::uint8_t flags_of(const RequestInfo& info) {
  std::uint8_t flags = 0;
  if (info.simulated) flags |= record_flags::kSimulated;
  if (info.imported) flags |= record_flags::kImported;
  if (info.gpc) flags |= record_flags::kGpc;
  if (info.source == nullptr) return flags;
  if (!info.source->consent_required) flags |= record_flags::kBasisGranted;
  if (info.source->kind == KeyKind::kSecret) flags |= record_flags::kTrustedIdentity;
  return flags;
}

// Which page an event tells of. A page call and Page Left name it in their properties (context may
// already be the next page's); in other events `url` and `path` may be anything, so context goes
// first.
json::object page_of(const RawEvent& raw) {
  const bool in_properties =
      raw.type == EventType::kPage || raw.type == EventType::kScreen || raw.name == "Page Left";
  json::object page(raw.context.storage());
  const json::object* context_page = object_at(raw.context, "page");
  if (!in_properties && context_page != nullptr) page = *context_page;
  for (const std::string_view key : {"url", "path", "type", "referrer"}) {
    if (page.contains(key) || (!in_properties && (key == "type" || key == "referrer"))) continue;
    if (!in_properties && (page.contains("url") || page.contains("path"))) continue;
    if (const json::value* value = find_member(raw.properties, key)) page.emplace(key, *value);
  }
  return page;
}

// traits.adult, true or false. A browser's word is none: whoever is not asked would say true.
Adult adult_of(const RawEvent& raw, const RequestInfo& info) {
  if (!internal::is_trusted(info)) return Adult::kUnknown;
  const json::value* adult = find_member(raw.traits, "adult");
  const json::object* traits = object_at(raw.context, "traits");  // where RudderStack puts them
  if (adult == nullptr && traits != nullptr) adult = find_member(*traits, "adult");
  if (adult == nullptr || !adult->is_bool()) return Adult::kUnknown;
  return adult->get_bool() ? Adult::kYes : Adult::kNo;
}

// A page's name may be its title, and a title anything. The name of a track call is the site's own.
std::string kept_name(const RawEvent& raw, CollectNotes& notes) {
  if (raw.type == EventType::kTrack) return raw.name;
  const auto found = internal::personal_data_in(raw.name);
  if (found) ++notes.dropped[static_cast<std::size_t>(*found)];
  return found ? std::string() : raw.name;
}

std::string compact(const json::object& object) {
  return object.empty() ? std::string() : json::serialize(object);
}

// May what a browser says of its user be believed?
bool is_proven(const json::object& context, std::string_view user_id, const RequestInfo& info) {
  if (user_id.empty() || info.source == nullptr) return false;
  std::string_view token = string_at(context, kTokenMember);
  if (token.empty()) token = info.identity_token;
  return !token.empty() &&
         verify_identity_token(token, user_id, info.source->identity, info.now).has_value();
}

// Tells firms apart without naming them. No further id is of this kind: it has a space.
std::uint64_t account_key(const InstallKey& key, std::string_view group_id) {
  const VisitorId hashed = key.visitor_id("group id", group_id);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | hashed.bytes[i];
  return number;
}

// record: an empty one.
Status fill(Record& record, RawEvent raw, const RequestInfo& info, const Playbook& playbook,
            CollectNotes& notes) {
  TACT_TRY(check_ids(raw));
  if (info.source != nullptr && info.source->kind == KeyKind::kSecret) {
    TACT_TRY(check_server_call(raw));
  }
  record.received_at = info.now;
  record.event_time = event_time_of(raw, info);
  record.source = info.source == nullptr ? std::uint16_t{0} : info.source->id;
  record.flags = flags_of(info) | nobody_flags(raw.context, info, playbook.site.traffic);

  Event& event = record.body.emplace<Event>();
  event.type = raw.type;
  event.message_id = raw.message_id.empty() ? content_id(raw) : std::move(raw.message_id);
  event.anonymous_id = std::move(raw.anonymous_id);
  event.user_id = std::move(raw.user_id);
  if (is_proven(raw.context, event.user_id, info)) record.flags |= record_flags::kTrustedIdentity;
  event.previous_id = std::move(raw.previous_id);
  event.group_id = std::move(raw.group_id);
  if (!event.group_id.empty() && info.key != nullptr)
    event.account = account_key(*info.key, event.group_id);
  event.name = kept_name(raw, notes);
  const json::object page = page_of(raw);
  event.where = surroundings_of(page, raw.context, record.event_time, info, playbook);
  const ConsentSignal consent = consent_of(raw.context);
  event.consent = consent.choices;
  if (event.name == kConsentEvent) internal::spread_objection(event.consent);
  if (names_any(consent.choices)) event.consent_text = consent.text;
  if (consent.gpc) record.flags |= record_flags::kGpc;
  event.adult = adult_of(raw, info);

  // What is left out is left out of the typed fields too. Surroundings and consent take single
  // values out of the whole, each minimised on its own.
  internal::minimise_page(raw.properties);
  raw.context.stable_erase(kTokenMember);  // a credential
  event.further_ids = internal::take_further_ids(raw.context, info);
  if (event.anonymous_id.empty() && event.user_id.empty() && event.further_ids.empty()) {
    return make_error(ErrorCode::kInvalid, "an event needs an anonymousId or a userId",
                      "anonymousId");
  }
  internal::minimise_context(raw.context);
  internal::drop_members(raw, playbook.site.privacy, notes);
  TACT_TRY(internal::read_fields(raw.properties, playbook.site, event));
  if (event.query.empty() && event.type == EventType::kPage) {
    event.query = internal::searched_for(string_at(page, "url"));
  }
  internal::mark_sensitive(event, playbook.guards.sensitive_words);
  internal::read_facts(raw.traits, info, playbook.facts, event);
  event.properties = compact(raw.properties);
  event.traits = compact(raw.traits);
  event.context = compact(raw.context);
  return ok();
}

}  // namespace

std::string_view to_string(Dropped kind) {
  switch (kind) {
    case Dropped::kEmail:
      return "email";
    case Dropped::kCard:
      return "card";
    case Dropped::kIban:
      return "iban";
    case Dropped::kNationalId:
      return "national_id";
    case Dropped::kFormValue:
      return "form_value";
    case Dropped::kLeftOut:
      return "left_out";
  }
  return "left_out";
}

void prepare_time_zone(std::string_view zone) { internal::prepare_zone(zone); }
bool knows_time_zone(std::string_view zone) { return internal::knows_zone(zone); }

std::uint8_t nobody_flags(const json::object& context, const RequestInfo& info,
                          const Traffic& traffic) {
  const bool from_visitor = info.source == nullptr || info.source->kind == KeyKind::kWrite;
  std::uint8_t flags = 0;
  std::string_view agent = string_at(context, "userAgent");
  // A program that names its Segment library is a server telling of its visitors.
  const bool from_library = object_at(context, "library") != nullptr;
  if (internal::is_known_bot(agent)) flags |= record_flags::kBot;
  if (agent.empty() && from_visitor && !info.imported) {
    agent = info.user_agent;
    if (internal::is_known_bot(agent)) flags |= record_flags::kBot;
    if (!from_library && internal::is_http_library(agent)) flags |= record_flags::kBot;
  }
  if (traffic.staff.empty() && traffic.bots.empty()) return flags;
  const auto address = internal::address_of(context, info);
  if (!address) return flags;
  const auto in = [&address](const Network& network) { return network.contains(*address); };
  if (std::any_of(traffic.bots.begin(), traffic.bots.end(), in)) flags |= record_flags::kBot;
  if (std::any_of(traffic.staff.begin(), traffic.staff.end(), in)) flags |= record_flags::kStaff;
  return flags;
}

Result<Record> collect_event(RawEvent raw, const RequestInfo& info, const Playbook& playbook,
                             CollectNotes* notes) {
  CollectNotes unused;
  Result<Record> record{Record{}};  // filled where it is: it has about thirty texts to be moved
  try {
    const Status filled =
        fill(*record, std::move(raw), info, playbook, notes == nullptr ? unused : *notes);
    if (!filled.has_value()) record = filled.error();
  } catch (const std::exception& e) {  // Boost.JSON, memory
    record = make_error(ErrorCode::kUnavailable, e.what());
  }
  return record;
}

}  // namespace tact
