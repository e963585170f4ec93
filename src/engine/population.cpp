#include "engine/population.h"

#include "store/keys.h"

namespace tact {
namespace {

constexpr auto kInterval = std::chrono::seconds(1);

Result<ResponseSums> parsed(std::string_view bytes) {
  const auto sums = ResponseSums::decode(bytes);
  if (!sums)
    return make_error(ErrorCode::kCorrupt, "sums of answers are damaged; run `tact rebuild`");
  return *sums;
}

}  // namespace

Result<ResponseSums> read_responses(const Store& store, Partition partition) {
  TACT_ASSIGN(const auto row, store.get(Family::kMeta, keys::responses(partition)));
  if (!row) return ResponseSums{};
  return parsed(*row);
}

Result<ResponseSums> Population::read(const Store& store) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (at_ != std::chrono::steady_clock::time_point{} && now - at_ < kInterval) return sums_;
  ResponseSums merged;
  Status parses = ok();
  TACT_TRY(store.scan(Family::kMeta, keys::responses_prefix(), {},
                      [&](std::string_view, std::string_view value) {
                        const auto one = parsed(value);
                        if (one.has_value()) {
                          merged.merge(*one);
                        } else {
                          parses = one.error();
                        }
                        return parses.has_value();
                      }));
  TACT_TRY(std::move(parses));
  sums_ = merged;
  at_ = now;
  return sums_;
}

}  // namespace tact
