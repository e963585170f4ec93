#include "collect/internal/address.h"

namespace tact::internal {

bool is_trusted(const RequestInfo& info) {
  return info.imported || (info.source != nullptr && info.source->kind == KeyKind::kSecret);
}

std::optional<IpAddress> address_of(const json::object& context, const RequestInfo& info) {
  return parse_ip_address(is_trusted(info) ? string_at(context, "ip")
                                           : std::string_view(info.remote_address));
}

}  // namespace tact::internal
