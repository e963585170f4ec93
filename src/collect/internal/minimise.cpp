#include "collect/internal/minimise.h"

#include <array>

#include "collect/internal/url.h"
#include "collect/internal/user_agent.h"

namespace tact::internal {
namespace {

// As shallow as the parser's depth limit (kMaxJsonDepth).
void drop_ip(json::value& value) {
  if (auto* object = value.if_object()) {
    object->stable_erase("ip");
    for (auto& [key, member] : *object) drop_ip(member);
  } else if (auto* array = value.if_array()) {
    for (json::value& item : *array) drop_ip(item);
  }
}

void minimise_url_member(json::object& object, std::string_view key) {
  json::value* value = find_member(object, key);
  if (value != nullptr && value->is_string()) {
    value->as_string() = minimised_url(value->get_string());
  }
}

// navigator.userAgentData, also with high-entropy hints: keeps brands' majors, mobile, platform.
void minimise_hints(json::object& hints) {
  json::object kept(hints.storage());
  for (const std::string_view key : {"brands", "mobile", "platform"}) {
    if (json::value* value = find_member(hints, key)) kept.emplace(key, std::move(*value));
  }
  if (json::value* brands = find_member(kept, "brands"); brands != nullptr && brands->is_array()) {
    for (json::value& brand : brands->get_array()) {
      json::object* object = brand.if_object();
      json::value* version = object == nullptr ? nullptr : find_member(*object, "version");
      if (version == nullptr || !version->is_string()) continue;
      const std::string_view text = version->get_string();
      version->as_string() = std::string(text.substr(0, text.find('.')));
    }
  }
  hints = std::move(kept);
}

}  // namespace

void minimise_page(json::object& page) {
  for (const std::string_view key : {"url", "path", "referrer"}) minimise_url_member(page, key);
  json::value* search = find_member(page, "search");
  if (search == nullptr || !search->is_string()) return;
  const std::string_view text = search->get_string();
  if (!text.starts_with('?')) return;
  const std::string kept = minimised_query(text.substr(1));
  search->as_string() = kept.empty() ? std::string() : "?" + kept;
}

void minimise_context(json::object& context) {
  context.stable_erase("ip");
  for (auto& [key, member] : context) drop_ip(member);
  if (json::value* agent = find_member(context, "userAgent");
      agent != nullptr && agent->is_string()) {
    agent->as_string() = parse_user_agent(agent->get_string()).reduced();
  }
  if (json::value* hints = find_member(context, "userAgentData")) {
    if (hints->is_object()) minimise_hints(hints->get_object());
  }
  if (json::value* page = find_member(context, "page"); page != nullptr && page->is_object()) {
    minimise_page(page->get_object());
  }
  if (json::value* consent = find_member(context, "consent"); consent && consent->is_object()) {
    consent->get_object().stable_erase("text");  // its hash is kept
  }
  if (json::value* referrer = find_member(context, "referrer")) {
    if (referrer->is_object()) {
      minimise_url_member(referrer->get_object(), "url");
      minimise_url_member(referrer->get_object(), "link");
    } else {
      minimise_url_member(context, "referrer");
    }
  }
}

}  // namespace tact::internal
