// What a synced commit costs on this disk. TACT_BENCH_DIR chooses where; default: the working
// directory.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "store/store.h"

namespace tact {
namespace {

std::string directory() {
  const char* const chosen = std::getenv("TACT_BENCH_DIR");
  return std::string(chosen != nullptr ? chosen : ".") + "/tact_store_bench";
}

// Argument: records per commit, each as the engine writes it: history, order and profile rows.
void commit(benchmark::State& state) {
  std::filesystem::remove_all(directory());
  auto store = Store::open(directory());
  if (!store) return state.SkipWithError(store.error().to_text().c_str());
  const std::string record(400, 'r'), profile(1500, 'p');
  std::uint64_t next = 0;
  std::vector<double> latencies_us;
  for (auto _ : state) {
    Batch batch;
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      const std::string number = std::to_string(10'000'000'000'000'000 + next++ * 7919 % 100'000);
      batch.put(Family::kHistory, number + std::to_string(10'000'000 + next), record);
      batch.put(Family::kOrder, std::to_string(100'000'000 + next), number);
      batch.put(Family::kProfile, number, profile);
    }
    const auto start = std::chrono::steady_clock::now();
    if (const Status status = (*store)->commit(batch); !status) {
      return state.SkipWithError(status.error().to_text().c_str());
    }
    latencies_us.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
            .count());
  }
  std::sort(latencies_us.begin(), latencies_us.end());
  const auto at = [&](double share) {
    return latencies_us[static_cast<std::size_t>(share *
                                                 static_cast<double>(latencies_us.size() - 1))];
  };
  state.counters["p50_us"] = at(0.5);
  state.counters["p99_us"] = at(0.99);
  state.counters["records/s"] = benchmark::Counter(
      static_cast<double>(state.iterations() * state.range(0)), benchmark::Counter::kIsRate);
  store->reset();
  std::filesystem::remove_all(directory());
}
BENCHMARK(commit)->Arg(1)->Arg(10)->Arg(100)->UseRealTime()->MinTime(3);

}  // namespace
}  // namespace tact
