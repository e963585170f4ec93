#include "measure/internal/moment_sums.h"

#include <atomic>
#include <tuple>

#include "measure/internal/two_threads.h"

namespace tact::internal {
namespace {

constexpr std::size_t kOpen = std::tuple_size_v<Opened>;

}  // namespace

Plan without_open(const Plan& plan) {
  Plan closed = plan;
  closed.dimensions.resize(plan.dimensions.size() - kOpen);
  return closed;
}

Opened OpenScan::name(Naming how) const {
  Opened opened;
  for (std::size_t d = 0; d < opened.size(); ++d) {
    opened[d] = OpenSums::name(halves[0], halves[1], d, how);
  }
  return opened;
}

Sums OpenScan::finish(const Plan& plan, const Opened& opened) && {
  sums.extend(plan);
  for (const OpenSums& half : halves) {
    for (std::size_t d = 0; d < opened.size(); ++d) {
      half.put(d, opened[d], plan.dimensions.size() - kOpen + d, sums);
    }
  }
  return std::move(sums);
}

Result<std::optional<OpenScan>> scan_open(const UnitSource& source, const Plan& closed,
                                          const SumOptions& options, std::size_t most_bytes) {
  std::array<Sums, 2> sums = {Sums(closed, options), Sums(closed, options)};
  std::array<OpenSums, 2> open = {OpenSums(closed, kOpen, most_bytes),
                                  OpenSums(closed, kOpen, most_bytes)};
  std::atomic<bool> too_many = false;
  const auto work = [&](std::size_t which, std::size_t part) -> Status {
    if (too_many) return ok();
    Status problem = ok();
    TACT_TRY(source.scan(part, [&](const UnitFacts& facts) {
      if (Status added = sums[which].add(facts); !added.has_value()) {
        problem = std::move(added);
        return false;
      }
      if (facts.simulated && !options.include_simulated) return true;
      if (!open[which].add(facts)) too_many = true;
      return !too_many.load(std::memory_order_relaxed);
    }));
    return problem;
  };
  TACT_TRY(in_two_threads("measure-sums", source.parts(), work));
  if (too_many) return std::optional<OpenScan>();
  TACT_TRY(sums[0].merge(sums[1]));
  return std::optional<OpenScan>(OpenScan{std::move(sums[0]), std::move(open)});
}

}  // namespace tact::internal
