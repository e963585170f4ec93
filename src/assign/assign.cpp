#include "assign/assign.h"

#include <string>

#include "base/hash.h"

namespace tact {

std::uint32_t bucket_of(std::string_view seed, std::string_view id) {
  const std::uint32_t first = fnv1a32_utf16(std::string(seed) + std::string(id));
  return fnv1a32_utf16(std::to_string(first)) % 10'000;
}

bool held_out(std::string_view seed, std::string_view id, Probability hold_back) {
  return bucket_of(seed, id) < static_cast<std::uint32_t>(hold_back.ppm) / 100;
}

int split_evenly(std::string_view seed, std::string_view id, int n) {
  if (n <= 1) return 0;
  return static_cast<int>(bucket_of(seed, id) * static_cast<std::uint32_t>(n) / 10'000);
}

int arm_of(const ExperimentPlan& plan, std::string_view id) {
  const std::string part = plan.layer.empty() ? "traffic:" + plan.id : "layer:" + plan.layer;
  const std::uint32_t place = bucket_of(part, id) * 100;  // in millionths, as shares are
  if (place < static_cast<std::uint32_t>(plan.from.ppm) ||
      place >= static_cast<std::uint32_t>(plan.to.ppm)) {
    return -1;
  }
  const auto drawn = static_cast<std::int32_t>(bucket_of("experiment:" + plan.id, id) * 100);
  std::int32_t end = 0;
  for (std::size_t arm = 0; arm < plan.arms.size(); ++arm) {
    end += plan.arms[arm].weight.ppm;
    if (drawn < end) return static_cast<int>(arm);
  }
  return -1;
}

}  // namespace tact
