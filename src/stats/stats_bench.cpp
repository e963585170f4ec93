// What the estimators cost, at the sizes the reports promise: 200 sequential looks in 5 ms, BG/NBD
// on CDNOW's 23,570 customers in 100 ms, 10,000 bootstrap Qini curves of 64,000
// visitors in 10 s, ten million outcomes winsorised in 15 s. `tools/bench` runs it, too.
//   stats_bench --benchmark_repetitions=5 --benchmark_report_aggregates_only=true
#include <benchmark/benchmark.h>

#include <chrono>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "stats/compare.h"
#include "stats/segments.h"
#include "stats/test_support.h"
#include "stats/uplift.h"
#include "stats/value/forecast.h"
#include "stats/winsor.h"

namespace tact::stats {
namespace {

const ArmSummary kControl{21'306, 0.6528, 134.9};
const ArmSummary kTreatment{21'307, 1.4226, 314.5};

void BM_Compare(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(compare(kTreatment, kControl).value());
}
BENCHMARK(BM_Compare)->Unit(benchmark::kMicrosecond);

void BM_SequentialLooks200(benchmark::State& state) {
  for (auto _ : state) {
    for (std::int64_t look = 1; look <= 200; ++look) {
      const ArmSummary control{100 * look, 0.6528, 134.9};
      const ArmSummary treatment{100 * look, 1.4226, 314.5};
      benchmark::DoNotOptimize(sequential_difference(treatment, control).value());
      benchmark::DoNotOptimize(sequential_lift(treatment, control).value());
    }
  }
}
BENCHMARK(BM_SequentialLooks200)->Unit(benchmark::kMicrosecond);

void BM_Segments20(benchmark::State& state) {
  const std::vector<SegmentArms> segments(20, SegmentArms{kTreatment, kControl});
  for (auto _ : state) {
    benchmark::DoNotOptimize(segment_effects(segments).value());
    benchmark::DoNotOptimize(sequential_segments(segments).value());
  }
}
BENCHMARK(BM_Segments20)->Unit(benchmark::kMicrosecond);

double week_of(int date) {  // YYYYMMDD
  const std::chrono::year_month_day day{std::chrono::year(date / 10000),
                                        std::chrono::month(static_cast<unsigned>(date / 100 % 100)),
                                        std::chrono::day(static_cast<unsigned>(date % 100))};
  return static_cast<double>(std::chrono::sys_days(day).time_since_epoch().count()) / 7.0;
}

// CDNOW's customers over all 78 weeks; none where the file is absent.
std::vector<PurchaseHistory> customers() {
  std::map<std::string, std::set<int>> days;  // by customer
  std::ifstream file(testing::data_file("cdnow/CDNOW_master.txt"));
  for (std::string line, id; std::getline(file, line);) {
    std::istringstream fields(line);
    int date = 0;
    if (fields >> id >> date) days[id].insert(date);
  }
  std::vector<PurchaseHistory> all;
  for (const auto& [id, dates] : days) {
    const double first = week_of(*dates.begin());
    all.push_back({.repeats = static_cast<double>(dates.size() - 1),
                   .last = week_of(*dates.rbegin()) - first,
                   .observed = week_of(19980630) - first});
  }
  return all;
}

void BM_BgNbdCdnowMaster(benchmark::State& state) {
  const std::vector<PurchaseHistory> all = customers();
  if (all.empty()) return state.SkipWithError("cdnow/CDNOW_master.txt is absent; set TACT_DATA");
  bool converged = true;
  for (auto _ : state) converged = fit_bg_nbd(all)->converged && converged;
  state.counters["converged"] = converged ? 1 : 0;
}
BENCHMARK(BM_BgNbdCdnowMaster)->Unit(benchmark::kMillisecond);

void BM_QiniBootstrap(benchmark::State& state) {
  testing::Random random(2);
  std::uniform_real_distribution<double> score;
  std::vector<ScoredOutcome> rows;
  for (int i = 0; i < 64'000; ++i) {
    const bool treated = i % 2 == 0;
    const double s = score(random);
    const double rate = 0.1 + (treated ? 0.1 * s : 0.0);
    rows.push_back({s, treated, std::bernoulli_distribution(rate)(random) ? 1.0 : 0.0});
  }
  UpliftOptions options;
  options.resamples = 10'000;
  for (auto _ : state) benchmark::DoNotOptimize(evaluate_uplift(rows, options).value());
}
BENCHMARK(BM_QiniBootstrap)->Unit(benchmark::kSecond)->Iterations(1);

// 20 segments of two arms: every outcome goes into its cell and into the total.
void BM_WinsoriseTenMillion(benchmark::State& state) {
  testing::Random random(3);
  std::lognormal_distribution<double> order(8.4, 1.5);
  std::vector<double> outcomes(65'536);
  for (double& x : outcomes) x = random() % 10 == 0 ? std::round(order(random)) : 0.0;
  std::size_t bytes = 0;
  for (auto _ : state) {
    std::vector<std::array<TailSums, 2>> cells(21);
    for (std::size_t i = 0; i < 10'000'000; ++i) {
      const double x = outcomes[i * 40'503 % outcomes.size()];
      cells[i / 2 % 20][i % 2].add(x);
      cells[20][i % 2].add(x);
    }
    bytes = 0;
    for (const auto& arms : cells) {
      benchmark::DoNotOptimize(winsorise(arms).value());
      bytes += arms[0].memory_bytes() + arms[1].memory_bytes();
    }
  }
  state.counters["kilobytes"] = static_cast<double>(bytes) / 1024.0;
}
BENCHMARK(BM_WinsoriseTenMillion)->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
}  // namespace tact::stats
