#include "collect/internal/facts.h"

namespace tact::internal {
namespace {

// "company_size" → "companySize", as many clients write it.
std::string camel_case(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool joins = name[i] == '_' && i + 1 < name.size();
    if (joins) ++i;
    const char c = name[i];
    out += joins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

const json::value* at_path(const json::object& traits, std::string_view path) {
  const json::object* object = &traits;
  for (;;) {
    const std::size_t dot = path.find('.');
    const json::value* value = find_member(*object, path.substr(0, dot));
    if (value == nullptr || dot == std::string_view::npos) return value;
    object = value->if_object();
    if (object == nullptr) return nullptr;
    path.remove_prefix(dot + 1);
  }
}

}  // namespace

void read_facts(const json::object& traits, const RequestInfo& info,
                const std::vector<Fact>& declared, Event& event) {
  if (traits.empty()) return;
  for (const Fact& fact : declared) {
    const json::value* value = at_path(traits, fact.trait);
    if (value == nullptr) value = at_path(traits, camel_case(fact.trait));
    if (value == nullptr || !(value->is_string() || value->is_number() || value->is_bool()))
      continue;
    std::string text = json::serialize(*value);
    if (text.size() <= kMaxFactBytes) event.facts.push_back({fact.id, std::move(text)});
  }
  if (event.facts.empty()) return;
  const bool told_by_visitor = info.source == nullptr || info.source->kind == KeyKind::kWrite;
  event.origin = told_by_visitor ? std::string(kVisitorOrigin) : info.source->name;
  event.enriched = !told_by_visitor && info.source->enriched;
}

}  // namespace tact::internal
