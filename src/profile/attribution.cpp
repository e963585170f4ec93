#include "profile/attribution.h"

namespace tact {
namespace {

std::uint32_t part(std::uint32_t whole, std::size_t i, std::size_t n) {
  const auto parts = static_cast<std::uint32_t>(n);
  return whole / parts + (i < whole % parts ? 1 : 0);
}

}  // namespace

std::uint32_t linear_share(std::size_t i, std::size_t n) { return part(kWholeOutcome, i, n); }

std::uint32_t position_share(std::size_t i, std::size_t n) {
  if (n <= 2) return part(kWholeOutcome, i, n);
  constexpr std::uint32_t kEnd = kWholeOutcome / 5 * 2;
  if (i == 0 || i == n - 1) return kEnd;
  return part(kWholeOutcome - 2 * kEnd, i - 1, n - 2);
}

}  // namespace tact
