// What one decision, one fold and one profile cost, on the demo shop with a typical visitor
// (3 visits, 40 events, 6 decisions). Run it from the repository's root. Medians:
//   decide_bench --benchmark_repetitions=9 --benchmark_report_aggregates_only=true
// BM_DecideQuantiles times every single call and reports p50 and p99 in microseconds.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "decide/decide.h"
#include "playbook/compile.h"
#include "profile/experiments.h"
#include "profile/fold.h"

namespace tact {
namespace {

const Time kStart = *parse_time("2026-11-02T10:00:00Z");
const VisitorId kVisitor{{9}};

const Playbook& shop() {
  static const Compilation compiled = compile_playbook_folder("playbooks/shop");
  if (!compiled.ok()) {
    std::fputs("playbooks/shop does not compile here; run from the repository's root\n", stderr);
    std::exit(1);
  }
  return *compiled.playbook;
}

const ExperimentBook& experiments() {
  static const ExperimentBook book = [] {
    ExperimentBook made;
    made.add(shop());
    return made;
  }();
  return book;
}

Event event_of(const char* name, const char* product) {
  Event event;
  event.type = name[0] == '\0' ? EventType::kPage : EventType::kTrack;
  event.anonymous_id = "a-1";
  event.name = name;
  event.where.path = "/demo/p/trail-shoe";
  event.where.page_type = "product";
  event.products = {{.id = product, .category = "shoes", .price_minor = 12'900}};
  event.properties = R"({"product_id":"p7","category":"shoes","price":129})";
  return event;
}

struct Visitor {
  Profile profile = start(shop());
  std::uint64_t offset = 0;
  Time now = kStart;

  void add(decltype(Record::body) body) {
    Record record;
    record.received_at = now += Duration{30'000};
    record.event_time = now;
    record.flags = record_flags::kBasisGranted;
    record.body = std::move(body);
    FoldEffects effects;
    fold(profile, kVisitor, Offset{++offset}, record, {shop(), experiments()}, effects);
  }
};

Visitor typical() {
  Visitor visitor;
  const char* const products[] = {"p1", "p2", "p7", "p8"};
  for (int visit = 0; visit < 3; ++visit) {
    visitor.now = kStart + days(2LL * visit);
    for (const char* product : products) {
      visitor.add(event_of("", product));
      visitor.add(event_of("Product Viewed", product));
    }
    visitor.add(event_of("Size Guide Opened", "p7"));
    visitor.add(event_of("Size Guide Opened", "p7"));
    visitor.add(event_of("Delivery Info Opened", "p7"));
    visitor.add(event_of("Product Compared", "p7"));
    for (const char* moment : {"fit-help", "compare-help"}) {
      DecisionRecord decision;
      decision.slot = "product.reassurance";
      decision.playbook = shop().hash;
      decision.moment = moment;
      decision.variant = "plain";
      decision.outcome = Outcome::kShown;
      visitor.add(std::move(decision));
    }
  }
  return visitor;
}

struct Question {
  Visitor visitor = typical();
  Surroundings where;
  Product product{.id = "p7", .category = "shoes", .price_minor = 12'900};
  Question() {
    where.path = "/demo/p/trail-shoe";
    where.page_type = "product";
    where.locale = "en-GB";
    where.device = Device::kMobile;
  }
  View view() const {
    return {.profile = visitor.profile,
            .playbook = shop(),
            .now = visitor.now,
            .where = where,
            .product = product,
            .consent = {.basis_granted = true, .now = visitor.now},
            .bucket_id = visitor.profile.core.bucket_id};
  }
};

void BM_Decide(benchmark::State& state) {
  const Question question;
  const View view = question.view();
  for (auto _ : state) benchmark::DoNotOptimize(decide(view, "product.reassurance"));
}
BENCHMARK(BM_Decide);

void BM_DecideQuantiles(benchmark::State& state) {
  using Clock = std::chrono::steady_clock;
  const Question question;
  const View view = question.view();
  std::vector<double> us;
  for (auto _ : state) {
    const auto from = Clock::now();
    benchmark::DoNotOptimize(decide(view, "product.reassurance"));
    us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - from).count());
  }
  std::sort(us.begin(), us.end());
  state.counters["p50_us"] = us[us.size() / 2];
  state.counters["p99_us"] = us[us.size() * 99 / 100];
}
BENCHMARK(BM_DecideQuantiles);

void BM_Infer(benchmark::State& state) {
  const Question question;
  const View view = question.view();
  for (auto _ : state) benchmark::DoNotOptimize(infer(view));
}
BENCHMARK(BM_Infer);

void BM_DigestAndExplain(benchmark::State& state) {
  const Question question;
  const View view = question.view();
  const Decision decision = decide(view, "product.reassurance");
  for (auto _ : state) {
    benchmark::DoNotOptimize(decision.digest());
    benchmark::DoNotOptimize(explain(decision, view));
  }
}
BENCHMARK(BM_DigestAndExplain);

void BM_FoldOneEvent(benchmark::State& state) {
  Visitor visitor = typical();
  const Event event = event_of("Size Guide Opened", "p7");
  for (auto _ : state) visitor.add(event);
}
BENCHMARK(BM_FoldOneEvent);

void BM_EncodeProfile(benchmark::State& state) {
  const Profile profile = typical().profile;
  for (auto _ : state) benchmark::DoNotOptimize(profile.encode());
  state.counters["bytes"] = static_cast<double>(profile.encode().size());
}
BENCHMARK(BM_EncodeProfile);

void BM_DecodeProfile(benchmark::State& state) {
  const std::string bytes = typical().profile.encode();
  for (auto _ : state) benchmark::DoNotOptimize(Profile::decode(bytes));
}
BENCHMARK(BM_DecodeProfile);

}  // namespace
}  // namespace tact
