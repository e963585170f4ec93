// What the fold of one record costs a visitor who is in experiments. The argument is the number of
// exposures. Run it anywhere; medians:
//   profile_bench --benchmark_repetitions=9 --benchmark_report_aggregates_only=true
// decide_bench measures the fold of the demo shop, signals and all.
#include <benchmark/benchmark.h>

#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "profile/bounds.h"
#include "profile/experiments.h"
#include "profile/fold.h"

namespace tact {
namespace {

const Time kStart = *parse_time("2026-11-02T10:00:00Z");
const VisitorId kVisitor{{9}};
constexpr int kMostMoments = 32;

Playbook make_playbook() {
  Playbook playbook;
  playbook.hash = content_hash("a benchmark's playbook");
  playbook.derived_hash = 77;
  Goal orders;
  orders.id = "orders";
  orders.seen.name = "Order Completed";
  orders.value_from_total = true;
  orders.within = days(14);
  playbook.goals = {orders};
  for (int i = 0; i < kMostMoments; ++i) {
    Moment moment;
    moment.id = "moment-" + std::to_string(i);
    moment.key = hash64(moment.id);
    moment.expect.goal = 0;
    playbook.moments.push_back(moment);
  }
  return playbook;
}

const Playbook& playbook() {
  static const Playbook made = make_playbook();
  return made;
}

const FoldContext& context() {
  static const ExperimentBook book = [] {
    ExperimentBook made;
    made.add(playbook());
    return made;
  }();
  static const FoldContext made{playbook(), book};
  return made;
}

Record at(Time time, decltype(Record::body) body) {
  Record record;
  record.received_at = record.event_time = time;
  record.flags = record_flags::kBasisGranted;
  record.body = std::move(body);
  return record;
}

Record page_at(Time time) {
  Event event;
  event.type = EventType::kPage;
  event.anonymous_id = "a-1";
  event.where.path = "/p/trail-shoe";
  event.where.page_type = "product";
  event.products = {{.id = "p7", .category = "shoes", .price_minor = 12'900}};
  return at(time, std::move(event));
}

Record order_at(Time time) {
  Event event;
  event.name = "Order Completed";
  event.anonymous_id = "a-1";
  event.value_minor = 12'900;
  event.has_margin = true;
  event.margin_minor = 2'500;
  event.price = OrderPrice::kFull;
  return at(time, std::move(event));
}

struct Visitor {
  Profile profile = start(playbook());
  std::uint64_t offset = 0;
  FoldEffects effects;

  // Has seen so many messages, the universal exposure among the exposures, and has ordered once.
  explicit Visitor(std::int64_t exposures) {
    add(page_at(kStart));
    for (std::int64_t i = 1; i < exposures; ++i) {
      DecisionRecord decision;
      decision.playbook = playbook().hash;
      decision.moment = playbook().moments[static_cast<std::size_t>(i)].id;
      decision.variant = "plain";
      decision.outcome = Outcome::kShown;
      decision.intent = "unsure_about_fit";
      decision.where.locale = "en-GB";
      decision.where.page_type = "product";
      add(at(kStart, std::move(decision)));
    }
    if (exposures > 0) add(order_at(kStart));
  }
  void add(const Record& record) {
    effects.changed_experiments.clear();
    fold(profile, kVisitor, Offset{++offset}, record, context(), effects);
  }
};

// As somebody reads who is no program: half a minute for each, in one visit of a day.
constexpr int kInVisit = 1'000;

void fold_visit(benchmark::State& state, Record (*made_at)(Time)) {
  const Visitor before(state.range(0));
  std::vector<Record> records;
  for (int i = 1; i <= kInVisit; ++i) records.push_back(made_at(kStart + i * Duration{30'000}));
  while (state.KeepRunningBatch(kInVisit)) {
    Visitor visitor = before;
    for (const Record& record : records) visitor.add(record);
    if (visitor.profile.core.visit.events < kInVisit) state.SkipWithError("they are nobody's");
  }
}

void BM_FoldPageView(benchmark::State& state) { fold_visit(state, page_at); }
BENCHMARK(BM_FoldPageView)->Arg(0)->Arg(4)->Arg(32);

// Without an id none is a repetition.
void BM_FoldOrder(benchmark::State& state) { fold_visit(state, order_at); }
BENCHMARK(BM_FoldOrder)->Arg(0)->Arg(4)->Arg(32);

void BM_MostBytes(benchmark::State& state) {
  const Visitor visitor(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(most_bytes(visitor.profile));
}
BENCHMARK(BM_MostBytes)->Arg(0)->Arg(4)->Arg(32);

}  // namespace
}  // namespace tact
