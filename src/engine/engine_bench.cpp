// What joining two people and reading one costs, on a real store. Run from the repository's root.
//   BM_Join            a login of a device with N events as a user with N events, until durable
//   BM_ReadProfile     10,000 reads a second at fixed times (latency counts from when one was due)
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <thread>

#include "engine/engine.h"

namespace tact {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

double microseconds(SteadyClock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

// An engine in a directory of its own, which goes with it.
class Scene {
 public:
  Scene() {
    directory_ = fs::temp_directory_path() / ("tact_engine_bench_" + std::to_string(::getpid()));
    fs::remove_all(directory_);
    auto files = read_playbook_folder("playbooks/shop");
    EngineOptions options;
    options.data_directory = directory_.string();
    auto opened = files.has_value()
                      ? Engine::open(options, *InstallKey::from_hex(std::string(64, '7')), *files)
                      : Result<std::unique_ptr<Engine>>(files.error());
    if (!opened.has_value()) {
      std::fprintf(stderr, "%s; run from the repository's root\n",
                   opened.error().to_text().c_str());
      std::exit(1);
    }
    engine = std::move(*opened);
  }
  ~Scene() {
    engine.reset();
    fs::remove_all(directory_);
  }

  Record event(EventType type, const std::string& device, const std::string& user) {
    Event body;
    body.type = type;
    body.message_id = "m-" + std::to_string(++messages_);
    body.anonymous_id = device;
    body.user_id = user;
    body.name = "Size Guide Opened";
    body.products = {{.id = "p" + std::to_string(messages_ % 30), .category = "shoes"}};
    Record record;
    record.received_at = record.event_time = engine->now();
    record.flags = record_flags::kBasisGranted | record_flags::kTrustedIdentity;
    record.body = std::move(body);
    return record;
  }
  void track(std::vector<Record> events) {
    std::promise<void> done;
    engine->track(std::move(events), [&](const Result<TrackCounts>& counts) {
      if (!counts.has_value()) std::abort();
      done.set_value();
    });
    done.get_future().get();
  }
  void behave(const std::string& device, const std::string& user, int events) {
    std::vector<Record> all;
    for (int i = 0; i < events; ++i) all.push_back(event(EventType::kTrack, device, user));
    track(std::move(all));
  }

  std::unique_ptr<Engine> engine;

 private:
  fs::path directory_;
  int messages_ = 0;
};

void BM_Join(benchmark::State& state) {
  Scene scene;
  const int events = static_cast<int>(state.range(0));
  int pair = 0;
  for (auto _ : state) {
    const std::string device = "d-" + std::to_string(++pair), user = "u-" + std::to_string(pair);
    scene.behave(device, "", events);
    scene.behave("", user, events);
    const auto began = SteadyClock::now();
    scene.track({scene.event(EventType::kIdentify, device, user)});
    state.SetIterationTime(microseconds(SteadyClock::now() - began) / 1e6);
  }
}
BENCHMARK(BM_Join)->Arg(10)->Arg(1'000)->UseManualTime()->Iterations(60)->Unit(
    benchmark::kMillisecond);

void BM_ReadProfile(benchmark::State& state) {
  constexpr int kVisitors = 2'000, kReads = 20'000;
  Scene scene;
  for (int i = 0; i < kVisitors; ++i) scene.behave("d-" + std::to_string(i), "", 40);
  const auto interval = std::chrono::microseconds(100);
  std::vector<double> latencies;
  for (auto _ : state) {
    auto due = SteadyClock::now();
    for (int i = 0; i < kReads; ++i, due += interval) {
      while (SteadyClock::now() < due) std::this_thread::yield();
      const auto shown =
          scene.engine->show_visitor({"anonymous", "d-" + std::to_string(i * 7919 % kVisitors)});
      if (!shown.has_value()) std::abort();
      latencies.push_back(microseconds(SteadyClock::now() - due));
    }
  }
  std::sort(latencies.begin(), latencies.end());
  state.counters["p50_us"] = latencies[latencies.size() / 2];
  state.counters["p99_us"] = latencies[latencies.size() * 99 / 100];
}
BENCHMARK(BM_ReadProfile)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace tact

BENCHMARK_MAIN();
