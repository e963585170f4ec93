#include "collect/request.h"

#include <algorithm>
#include <exception>

#include "collect/internal/address.h"
#include "collect/internal/consent_of.h"
#include "collect/internal/fields.h"
#include "collect/internal/local_time.h"
#include "collect/internal/money.h"
#include "collect/internal/sensitive.h"
#include "collect/internal/text.h"
#include "collect/internal/traffic.h"
#include "collect/internal/url.h"
#include "collect/internal/user_agent.h"

namespace tact {
namespace {

using internal::cut;
using internal::lower;

Error invalid(std::string message, std::string where) {
  return make_error(ErrorCode::kInvalid, std::move(message), std::move(where));
}

// --- surroundings -----------------------------------------------------------------------------

const json::object& empty_object() {
  static const json::object kEmpty;
  return kEmpty;
}

const json::object& object_or_empty(const json::object& object, std::string_view key) {
  const json::object* member = object_at(object, key);
  return member == nullptr ? empty_object() : *member;
}

std::string_view first_string(std::string_view key, const json::object& first,
                              const json::object& second) {
  const std::string_view text = string_at(first, key);
  return text.empty() ? string_at(second, key) : text;
}

// Newsletters put the address they went to into a link's campaign.
std::string unless_personal(std::string_view text) {
  return internal::looks_personal(text) ? std::string() : cut(text, kMaxTextBytes);
}

std::string campaign_text(const json::object& campaign, std::string_view key) {
  return unless_personal(string_at(campaign, key));
}

std::string query_text(std::string_view query, std::string_view name) {
  return unless_personal(internal::query_value(query, name).value_or(std::string()));
}

Campaign campaign_of(const json::object& context, std::string_view query) {
  const json::object& given = object_or_empty(context, "campaign");
  Campaign campaign = {campaign_text(given, "source"), campaign_text(given, "medium"),
                       campaign_text(given, "name"), campaign_text(given, "term"),
                       campaign_text(given, "content")};
  if (!campaign.empty() || query.empty()) return campaign;
  return {query_text(query, "utm_source"), query_text(query, "utm_medium"),
          query_text(query, "utm_campaign"), query_text(query, "utm_term"),
          query_text(query, "utm_content")};
}

Device device_by_type(std::string_view type) {
  const std::string folded = lower(type);
  if (folded == "mobile" || folded == "ios" || folded == "android" || folded == "phone" ||
      folded == "smartphone") {
    return Device::kMobile;
  }
  if (folded == "tablet" || folded == "ipad") return Device::kTablet;
  return folded == "desktop" || folded == "laptop" ? Device::kDesktop : Device::kUnknown;
}

// Low-entropy client hints. A tablet says mobile: false, so only Android's tell it from a desktop.
Device device_by_hints(const json::object& hints) {
  const json::value* mobile = find_member(hints, "mobile");
  if (mobile == nullptr || !mobile->is_bool()) return Device::kUnknown;
  if (mobile->get_bool()) return Device::kMobile;
  const std::string platform = lower(string_at(hints, "platform"));
  if (platform.empty()) return Device::kUnknown;
  return platform == "android" ? Device::kTablet : Device::kDesktop;
}

Device device_by_screen(const json::object& screen) {
  const auto side = [&screen](std::string_view key) {
    const auto value = internal::read_amount(find_member(screen, key), 0, {}, key);
    return value.has_value() ? value->value_or(0) : 0;
  };
  const std::int64_t shorter = std::min(side("width"), side("height"));  // CSS pixels
  if (shorter <= 0) return Device::kUnknown;
  if (shorter < 600) return Device::kMobile;
  return shorter < 720 ? Device::kTablet : Device::kDesktop;
}

Device device_of(const json::object& context, const RequestInfo& info) {
  Device device = device_by_type(string_at(object_or_empty(context, "device"), "type"));
  if (device != Device::kUnknown) return device;
  device = device_by_hints(object_or_empty(context, "userAgentData"));
  if (device != Device::kUnknown) return device;
  std::string_view agent = string_at(context, "userAgent");
  // A server's own user agent is not the visitor's.
  const bool from_visitor = info.source == nullptr || info.source->kind == KeyKind::kWrite;
  if (agent.empty() && from_visitor) agent = info.user_agent;
  device = internal::parse_user_agent(agent).device;
  if (device != Device::kUnknown) return device;
  return device_by_screen(object_or_empty(context, "screen"));
}

// "de_DE" → "de-DE"; anything that is no language tag is left out.
std::string locale_of(std::string_view text) {
  if (text.size() < 2 || text.size() > 35) return {};
  std::string locale(text);
  std::replace(locale.begin(), locale.end(), '_', '-');
  const bool plain = std::all_of(locale.begin(), locale.end(), [](char c) {
    return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return plain ? locale : std::string();
}

std::string path_of(std::string_view path, std::string_view url) {
  if (path.empty()) {
    const internal::UrlParts parts = internal::split_url(url);
    path = parts.path.empty() && !parts.host.empty() ? std::string_view("/") : parts.path;
  } else {
    path = internal::split_url(path).path;
  }
  return cut(internal::minimised_path(path), kMaxPathBytes);
}

std::string page_type_of(std::string_view given, std::string_view path, const Playbook& playbook) {
  if (!given.empty()) return cut(given, kMaxTextBytes);
  for (const PageRule& rule : playbook.pages) {
    if (!rule.type.empty() && glob_matches(rule.glob, path)) return rule.type;
  }
  return {};
}

std::string topic_of(std::string_view path, const Playbook& playbook) {
  for (const PageRule& rule : playbook.pages) {
    if (!rule.topic.empty() && glob_matches(rule.glob, path)) return cut(rule.topic, kMaxTextBytes);
  }
  return {};
}

// "DE" and "BY", or "DE-BY" → "DE-BY"; names ("Germany", "Bavaria") are not guessed at.
std::string told_region(const json::object& location) {
  const std::string_view country = string_at(location, "country");
  std::string_view region = string_at(location, "region");
  if (region.starts_with(country) && region.substr(country.size()).starts_with('-')) {
    region.remove_prefix(country.size() + 1);
  }
  return region_code(country, region);
}

std::string region_of(const json::object& context, const RequestInfo& info) {
  if (internal::is_trusted(info)) {
    std::string told = told_region(object_or_empty(context, "location"));
    if (!told.empty()) return told;
  }
  if (info.regions == nullptr) return {};
  const auto address = internal::address_of(context, info);
  return address ? info.regions->region_of(*address) : std::string();
}

// --- the decide body ----------------------------------------------------------------------------

Status read_text(const json::object& object, std::string_view key, std::string_view where,
                 std::size_t limit, std::string& out) {
  const json::value* value = find_member(object, key);
  if (value == nullptr || value->is_null()) return ok();
  std::optional<std::string> text = internal::text_or_integer(*value);
  if (!text) return invalid("must be text", internal::member_path(where, key));
  if (text->size() > limit) {
    return invalid("must not be over " + std::to_string(limit) + " bytes",
                   internal::member_path(where, key));
  }
  out = *std::move(text);
  return ok();
}

// Moves it out.
Status read_object(json::object& object, std::string_view key, json::object& out) {
  json::value* value = find_member(object, key);
  if (value == nullptr || value->is_null()) return ok();
  if (!value->is_object()) return invalid("must be an object", std::string(key));
  out = std::move(value->get_object());
  return ok();
}

bool is_slot(std::string_view slot) {
  return !slot.empty() && slot.size() <= kMaxSlotChars &&
         std::all_of(slot.begin(), slot.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-';
         });
}

Status read_slots(const json::object& members, std::vector<std::string>& slots) {
  const json::array* list = array_at(members, "slots");
  if (list == nullptr || list->empty()) return invalid("must name at least one slot", "slots");
  if (list->size() > kMaxSlots) {
    return invalid("must not be over " + std::to_string(kMaxSlots), "slots");
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const json::value& item = (*list)[i];
    if (!item.is_string() || !is_slot(item.get_string())) {
      return invalid("must be 1 to 64 characters of a-z 0-9 . _ -",
                     "slots[" + std::to_string(i) + "]");
    }
    std::string slot(item.get_string());
    if (std::find(slots.begin(), slots.end(), slot) == slots.end()) {
      slots.push_back(std::move(slot));
    }
  }
  return ok();
}

Status read_page(const Site& site, DecideBody& body) {
  if (const json::value* category = find_member(body.page, "category")) {
    body.category = cut(internal::category_of(*category), kMaxTextBytes);
  }
  if (const json::object* product = object_at(body.page, "product")) {
    TACT_ASSIGN(body.product,
                internal::read_product(*product, true, "page.product", site.minor_digits));
    TACT_TRY(read_text(*product, "name", "page.product", kMaxEventBytes, body.product_name));
    if (body.category.empty()) body.category = body.product.category;
  } else {
    TACT_TRY(read_text(body.page, "product", "page", kMaxIdBytes, body.product.id));
  }
  if (body.product.category.empty() && !body.product.id.empty()) {
    body.product.category = body.category;
  }
  return ok();
}

Status read_context(DecideBody& body) {
  // What a device reports about itself never refuses a decision.
  body.time_zone = cut(string_at(body.context, "timezone"), 64);
  body.locale = locale_of(string_at(body.context, "locale"));
  if (const json::value* weather = find_member(body.context, "weather")) {
    body.weather = cut(internal::text_or_integer(*weather).value_or(std::string()), kMaxSlotChars);
  }
  body.consent = consent_of(body.context);
  return ok();
}

Status read_members(json::object& members, const Site& site, DecideBody& body) {
  TACT_TRY(read_text(members, "writeKey", "", kMaxIdBytes, body.write_key));
  TACT_TRY(read_text(members, "requestId", "", kMaxIdBytes, body.request_id));
  if (const json::value* explain = find_member(members, "explain");
      explain && !explain->is_null()) {
    if (!explain->is_bool()) return invalid("must be true or false", "explain");
    body.explain = explain->get_bool();
  }
  json::object visitor(members.storage());
  TACT_TRY(read_object(members, "visitor", visitor));
  TACT_TRY(read_text(visitor, "anonymousId", "visitor", kMaxIdBytes, body.anonymous_id));
  TACT_TRY(read_text(visitor, "userId", "visitor", kMaxIdBytes, body.user_id));
  TACT_TRY(read_text(visitor, "token", "visitor", kMaxTokenBytes, body.token));
  TACT_TRY(read_object(members, "page", body.page));
  TACT_TRY(read_object(members, "context", body.context));
  body.sent_at = parse_time(string_at(members, "sentAt"));
  TACT_TRY(read_page(site, body));
  TACT_TRY(read_context(body));
  return read_slots(members, body.slots);
}

// body: an empty one.
Status fill(DecideBody& body, std::string_view text, const Site& site,
            const json::storage_ptr& memory) {
  TACT_ASSIGN(ParsedRequest request, parse_request(text, "events", memory));
  TACT_TRY(read_members(request.members, site, body));
  body.events = std::move(request.events);
  body.rejected = std::move(request.rejected);
  for (RawEvent& event : body.events) {
    if (!event.anonymous_id.empty() || !event.user_id.empty()) continue;
    event.anonymous_id = body.anonymous_id;
    event.user_id = body.user_id;
  }
  return ok();
}

}  // namespace

Result<DecideBody> parse_decide_body(std::string_view body, const Site& site,
                                     const json::storage_ptr& memory) {
  Result<DecideBody> parsed{
      DecideBody{.page = json::object(memory), .context = json::object(memory)}};
  try {
    const Status filled = fill(*parsed, body, site, memory);
    if (!filled.has_value()) parsed = filled.error();
  } catch (const std::exception& e) {  // Boost.JSON, memory
    parsed = make_error(ErrorCode::kUnavailable, e.what());
  }
  return parsed;
}

Surroundings surroundings_of(const json::object& page, const json::object& context, Time at,
                             const RequestInfo& info, const Playbook& playbook) {
  const json::object& context_page = object_or_empty(context, "page");
  std::string_view path = string_at(page, "path");
  std::string_view url = string_at(page, "url");
  if (path.empty() && url.empty()) {
    path = string_at(context_page, "path");
    url = string_at(context_page, "url");
  }
  const internal::UrlParts parts = internal::split_url(url.empty() ? path : url);
  const std::string_view referrer = first_string("referrer", page, context_page);

  Surroundings where;
  where.path = path_of(path, url);
  where.page_type = page_type_of(string_at(page, "type"), where.path, playbook);
  where.topic = topic_of(where.path, playbook);
  where.referrer_host = cut(lower(internal::split_url(referrer).host), kMaxTextBytes);
  where.locale = locale_of(string_at(context, "locale"));
  where.campaign = campaign_of(context, parts.query);
  where.device = device_of(context, info);
  where.source = internal::classify_traffic(where.campaign, parts.query, lower(parts.host),
                                            where.referrer_host, !where.path.empty());
  where.region = region_of(context, info);
  where.local_minute_of_week = internal::local_minute_of_week(at, playbook.site.time_zone);
  return where;
}

void mark_sensitive(Surroundings& where, Product& product, std::string_view category,
                    std::string_view url, const Playbook& playbook) {
  internal::mark_sensitive(where, product, category, internal::searched_for(url),
                           playbook.guards.sensitive_words);
}

ConsentSignal consent_of(const json::object& context) { return internal::consent_of(context); }

}  // namespace tact
