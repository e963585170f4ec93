// What the learners and the baseline cost, on a randomised table of 8 features where a fifth of the
// visitors can be persuaded. One thread; medians:
//   predict_bench --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <map>

#include "predict/baseline.h"
#include "predict/test_support.h"

namespace tact::predict {
namespace {

const testing::World& world(int rows) {
  static std::map<int, testing::World> made;
  const auto at = made.find(rows);
  if (at != made.end()) return at->second;
  return made
      .emplace(rows, testing::binary_world(
                         1, rows, 8, 0.5, [](const auto& x) { return 0.05 + 0.2 * x[1]; },
                         [](const auto& x) { return x[0] > 0.8 ? 0.1 : 0.0; }))
      .first->second;
}

// The value of a result, or the end of the benchmark.
template <typename T>
T required(Result<T> result) {
  if (result) return std::move(result).value();
  std::fprintf(stderr, "%s\n", result.error().to_text().c_str());
  std::exit(1);
}

// What the first model costs once: the library is loaded by it. Registered first.
void BM_FirstModel(benchmark::State& state) {
  const testing::World& table = world(200);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        required(predict_effects(table.table(), {.learner = Learner::kT, .folds = 2})));
  }
}
BENCHMARK(BM_FirstModel)->Iterations(1)->Unit(benchmark::kMillisecond);

// Five folds of a learner over all rows. Arguments: rows, learner (0 T, 1 X, 2 DR).
void BM_Effects(benchmark::State& state) {
  const testing::World& table = world(static_cast<int>(state.range(0)));
  const LearnerOptions options{.learner = static_cast<Learner>(state.range(1))};
  for (auto _ : state) {
    benchmark::DoNotOptimize(required(predict_effects(table.table(), options)));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Effects)->ArgsProduct({{2'000, 64'000}, {0, 1, 2}})->Unit(benchmark::kMillisecond);

// The verdict: ranks within folds, a bootstrap of 1,000 curves.
void BM_Ranking(benchmark::State& state) {
  const testing::World& table = world(static_cast<int>(state.range(0)));
  const LearnerOptions options{.learner = Learner::kT};
  const auto effects = required(predict_effects(table.table(), options));
  for (auto _ : state) {
    benchmark::DoNotOptimize(required(judge_ranking(table.table(), effects[0])));
  }
}
BENCHMARK(BM_Ranking)->Arg(64'000)->Unit(benchmark::kMillisecond);

// Four repetitions of five folds, and effects by tertile.
void BM_Baseline(benchmark::State& state) {
  const testing::World& table = world(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    const Baseline baseline = required(predict_baseline(table.table()));
    benchmark::DoNotOptimize(required(effects_by_baseline(table.table(), baseline)));
  }
}
BENCHMARK(BM_Baseline)->Arg(2'000)->Arg(64'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tact::predict
