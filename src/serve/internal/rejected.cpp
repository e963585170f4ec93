#include "serve/internal/rejected.h"

#include <algorithm>

namespace tact::routes {
namespace {

json::object rejection(const RejectedEvent& rejected) {
  json::object out{{"index", rejected.index},
                   {"code", to_string(rejected.error.code)},
                   {"message", rejected.error.message}};
  if (!rejected.message_id.empty()) out["messageId"] = rejected.message_id;
  if (!rejected.error.where.empty()) out["where"] = rejected.error.where;
  return out;
}

}  // namespace

void list_rejected(std::vector<RejectedEvent> rejected, json::object& answer) {
  if (rejected.empty()) return;
  std::sort(rejected.begin(), rejected.end(),
            [](const RejectedEvent& a, const RejectedEvent& b) { return a.index < b.index; });
  json::array list;
  list.reserve(rejected.size());
  for (const RejectedEvent& event : rejected) list.push_back(rejection(event));
  answer["rejected"] = std::move(list);
}

}  // namespace tact::routes
