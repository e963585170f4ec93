#include "collect/internal/further_ids.h"

#include <algorithm>

#include "collect/internal/text.h"
#include "event/named_id.h"

namespace tact::internal {
namespace {

constexpr std::string_view kMember = "externalIds";

std::string kind_of(std::string_view type) {
  std::string kind = lower(type);
  std::replace_if(
      kind.begin(), kind.end(), [](char c) { return c == '-' || c == ' ' || c == '.'; }, '_');
  return kind == "email_address" ? std::string(kEmailKind) : kind;
}

}  // namespace

std::vector<FurtherId> take_further_ids(json::object& context, const RequestInfo& info) {
  std::vector<FurtherId> out;
  const json::array* list = array_at(context, kMember);
  const bool believed = info.source != nullptr && info.source->kind == KeyKind::kSecret;
  if (list != nullptr && believed && info.key != nullptr) {
    for (const json::value& item : *list) {
      const json::object* object = item.if_object();
      const json::value* value = object == nullptr ? nullptr : find_member(*object, "id");
      const std::string id =
          value == nullptr ? std::string() : text_or_integer(*value).value_or(std::string());
      const std::string kind = object == nullptr ? "" : kind_of(string_at(*object, "type"));
      if (id.empty() || id.size() > kMaxIdBytes || !is_further_kind(kind)) continue;
      const FurtherId further{kind, visitor_named(*info.key, kind, id)};
      if (out.size() < kMaxFurtherIds && std::find(out.begin(), out.end(), further) == out.end())
        out.push_back(further);
    }
  }
  context.stable_erase(kMember);
  return out;
}

}  // namespace tact::internal
