// What a report costs over many visitors' facts in a real store. TACT_BENCH_FACTS
// chooses how many (10 million if not set), TACT_BENCH_DIR where; the working directory if not set.
// With TACT_BENCH_KEEP set a store that an earlier run left there is read again, as it is.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include "base/bytes.h"
#include "measure/internal/moment.h"
#include "store/keys.h"

namespace tact {
namespace {

constexpr Time kNow = time_from_ms(1'764'000'000'000);
constexpr int kDays = 120;

Experiment experiment() {
  Experiment experiment;
  experiment.id = 7;
  experiment.moment = "fit-help";
  experiment.expect = {true, 0};
  experiment.not_at_the_cost_of = {true, 1};
  experiment.goals.resize(2);
  experiment.goals[0].key = 1;
  experiment.goals[0].goal.id = "orders";
  experiment.goals[0].goal.within = days(14);
  experiment.goals[0].goal.value_from_total = true;
  experiment.goals[1].key = 2;
  experiment.goals[1].goal.id = "returns";
  experiment.goals[1].goal.within = days(20);
  return experiment;
}

bool one_in(std::mt19937_64& random, unsigned n) { return random() % n == 0; }

// What was known before, as of a shop in one country: all rows tell most of it.
void put_covariates(std::mt19937_64& random, Exposure& exposure) {
  constexpr std::array<const char*, 6> kPages = {"home",   "category", "product",
                                                 "search", "cart",     "article"};
  constexpr std::array<const char*, 4> kIntents = {"compare", "reorder", "gift", "fit"};
  Covariates& before = exposure.covariates;
  before.intent_level = static_cast<IntentLevel>(1 + random() % 4);
  if (!one_in(random, 3)) before.intent = kIntents[random() % kIntents.size()];
  before.language = one_in(random, 8) ? "en" : "de";
  before.region =
      one_in(random, 10) ? "AT" : "DE-" + std::string(1, "ABCDEFGHIJKLMNOP"[random() % 16]);
  before.page_type = kPages[random() % kPages.size()];
  before.source = static_cast<TrafficSource>(1 + random() % 6);
  before.hour_of_week = static_cast<std::uint8_t>(1 + random() % (7 * 24));
  if (exposure.prior_orders > 0) before.days_since_order = static_cast<int>(random() % 400);
  exposure.slot = one_in(random, 4) ? SlotSeen::kNotSeen : SlotSeen::kSeen;
}

// Of three visitors one comes back; one of twenty has bought.
void put_follow_up(std::mt19937_64& random, Exposure& exposure) {
  FollowUp& after = exposure.follow_up;
  after.visit_days.add(0);
  for (int visits = one_in(random, 3) ? 2 : 0; visits > 0; --visits) {
    after.visit_days.add(random() % 60);
  }
  for (const GoalTally& bought : exposure.goals) {
    const std::size_t day = random() % 14;
    after.order_days.add(day);
    after.orders = 1;
    after.value_minor[0] = bought.value_minor;
    after.next_order = exposure.at + days(static_cast<int>(day));
    after.keep_full_price(day);
  }
}

std::string row(std::mt19937_64& random) {
  Exposure exposure;
  exposure.experiment = 7;
  exposure.at = kNow - days(1 + static_cast<int>(random() % kDays));
  exposure.treated = random() % 10 != 0;
  exposure.device = static_cast<Device>(1 + random() % 3);
  exposure.visit_number = static_cast<std::uint32_t>(1 + random() % 4);
  exposure.prior_orders = static_cast<std::uint32_t>(random() % 4);
  exposure.prior_value_minor = exposure.prior_orders * std::int64_t{5'000};
  if (random() % 20 == 0) {
    GoalTally tally;
    tally.goal = 1;
    tally.count = 1;
    tally.value_minor = static_cast<std::int64_t>(
        std::exp(7.0 + 3.0 * static_cast<double>(random() % 1'000) / 1e3));
    exposure.goals.push_back(tally);
  }
  put_covariates(random, exposure);
  put_follow_up(random, exposure);
  ByteWriter out;
  exposure.encode(out);
  return out.take();
}

bool fill_store(Store& store) {
  const char* const many = std::getenv("TACT_BENCH_FACTS");
  const long facts = many != nullptr ? std::atol(many) : 10'000'000;
  std::mt19937_64 random(1);
  for (long i = 0; i < facts;) {
    Batch batch;
    for (long end = std::min(facts, i + 50'000); i < end; ++i) {
      VisitorId visitor;
      for (auto& byte : visitor.bytes) byte = static_cast<std::uint8_t>(random());
      batch.put(Family::kFacts, keys::facts(7, visitor), row(random));
    }
    if (!store.commit(batch).has_value()) return false;
  }
  return true;
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Ten million rows in ten seconds leave merging that a store in use does bit by bit.
void wait_until_merged() {
  constexpr std::chrono::milliseconds kLook{500};
  for (double before = -1.0; processor_seconds() - before > 0.01;) {
    before = processor_seconds();
    std::this_thread::sleep_for(kLook);
  }
}

std::unique_ptr<Store> open_store() {
  const char* const chosen = std::getenv("TACT_BENCH_DIR");
  const std::filesystem::path folder =
      chosen != nullptr ? std::filesystem::path(chosen) : std::filesystem::temp_directory_path();
  const std::string directory = folder / "tact_measure_bench";
  const bool kept = std::getenv("TACT_BENCH_KEEP") != nullptr && std::filesystem::exists(directory);
  if (!kept) std::filesystem::remove_all(directory);
  auto store = Store::open(directory);
  if (!store.has_value() || !(kept || fill_store(**store))) return nullptr;
  wait_until_merged();
  return std::move(*store);
}

// Never closed: RocksDB's own static objects end before one of ours would.
const Store* filled() {
  static const Store* const store = open_store().release();
  return store;
}

// The yardstick: the same rows read from the store in two threads, and nothing done with them.
Status read_rows(const Store& store, int from, int to, std::atomic<std::int64_t>& rows) {
  const std::string prefix = keys::facts_prefix(7);
  std::int64_t seen = 0;
  const Status status = store.scan(Family::kFacts, prefix, prefix + static_cast<char>(from),
                                   [&](std::string_view key, std::string_view value) {
                                     if (static_cast<std::uint8_t>(key[prefix.size()]) >= to)
                                       return false;
                                     benchmark::DoNotOptimize(value.data());
                                     ++seen;
                                     return true;
                                   });
  rows += seen;
  return status;
}

void rows_only(benchmark::State& state) {
  const Store* store = filled();
  if (store == nullptr) return state.SkipWithError("no store");
  for (auto _ : state) {
    std::atomic<std::int64_t> rows{0};
    bool read = true;
    std::thread half([&] { read = read_rows(*store, 128, 256, rows).has_value(); });
    const bool mine = read_rows(*store, 0, 128, rows).has_value();
    half.join();
    if (!mine || !read || rows == 0) return state.SkipWithError("no rows");
    state.counters["facts"] = static_cast<double>(rows);
  }
}
BENCHMARK(rows_only)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Iterations(3);

void note_peak(benchmark::State& state) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_mb"] = static_cast<double>(usage.ru_maxrss) / 1024.0;
}

std::size_t segments_of(const Plan& plan) {
  std::size_t all = 0;
  for (const Dimension& dimension : plan.dimensions) all += dimension.cells.size();
  return all;
}

// Sums of the segments of the moment's own dimensions whose values are known before.
// Arguments: whether amounts are winsorised, too; how many of the six dimensions.
void report(benchmark::State& state) {
  const Store* store = filled();
  if (store == nullptr) return state.SkipWithError("no store");
  const Experiment of = experiment();
  Plan plan = internal::plan_of(of, {100'000}, {});
  plan.curves.clear();
  plan.dimensions.resize(static_cast<std::size_t>(state.range(1)));
  state.counters["segments"] = static_cast<double>(segments_of(plan));
  AnalyseOptions options;
  options.now = kNow;
  for (auto _ : state) {
    const internal::FactSource source(*store, of, plan, kNow, true);
    const auto findings = analyse(plan, source, options, {state.range(0) != 0, true});
    if (!findings.has_value() || findings->units() == 0) return state.SkipWithError("no report");
    state.counters["facts"] = static_cast<double>(findings->units());
  }
  note_peak(state);
}
BENCHMARK(report)
    ->Args({0, 5})
    ->Args({0, 6})
    ->Args({1, 6})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Iterations(3);

// A whole report, open dimensions, curves and winsorised amounts with it.
void whole(benchmark::State& state, const Experiment& of, const ReportOptions& options) {
  const Store* store = filled();
  if (store == nullptr) return state.SkipWithError("no store");
  for (auto _ : state) {
    const auto findings = internal::analyse_moment(*store, of, {100'000}, options);
    if (!findings.has_value() || findings->units() == 0) return state.SkipWithError("no report");
    state.counters["facts"] = static_cast<double>(findings->units());
  }
  note_peak(state);
}

ReportOptions today() {
  ReportOptions options;
  options.now = kNow;
  return options;
}

// Argument: 0 as among the reports of all moments; as `tact report MOMENT` makes it, 1 by
// likelihood, 2 with --uplift, too.
void moment(benchmark::State& state) {
  ReportOptions options = today();
  options.by_likelihood = state.range(0) >= 1;
  options.uplift = state.range(0) >= 2;
  whole(state, experiment(), options);
}
BENCHMARK(moment)
    ->Arg(0)
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Iterations(3);

void universal(benchmark::State& state) {
  Experiment of = experiment();
  of.moment.clear();
  of.expect = of.not_at_the_cost_of = {};
  whole(state, of, today());
}
BENCHMARK(universal)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Iterations(3);

}  // namespace
}  // namespace tact
