// What joining two people and reading one costs, on a real store. Run from the repository's root.
//   BM_Join            a login of a device with N events as a user with N events, until durable
//   BM_Return          an event of a visitor with N events who is not in memory, until durable
//   BM_ReadProfile     10,000 reads a second at fixed times (latency counts from when one was due)
//                      beside a thread that does nothing at these times
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <time.h>

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
    open();
  }
  ~Scene() {
    engine.reset();
    fs::remove_all(directory_);
  }

  // Again: nobody is in memory then.
  void open() {
    engine.reset();
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

void BM_Return(benchmark::State& state) {
  constexpr int kVisitors = 60;
  Scene scene;
  const auto device = [](int number) { return "d-" + std::to_string(number); };
  for (int i = 0; i < kVisitors; ++i) {
    scene.behave(device(i), "", static_cast<int>(state.range(0)));
  }
  scene.open();
  int visitor = 0;
  for (auto _ : state) {
    const auto began = SteadyClock::now();
    scene.track({scene.event(EventType::kTrack, device(visitor++), "")});
    state.SetIterationTime(microseconds(SteadyClock::now() - began) / 1e6);
  }
}
BENCHMARK(BM_Return)->Arg(10)->Arg(100)->Arg(1'000)->UseManualTime()->Iterations(60)->Unit(
    benchmark::kMillisecond);

double cpu_microseconds() {  // of this thread
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

long waits() {  // of this thread, so far: for a lock, the disk, another thread
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nvcsw;
}

double at_percent(std::vector<double>& values, std::size_t percent) {
  std::sort(values.begin(), values.end());
  return values[values.size() * percent / 100];
}

// Calls `work` every 100 us, `count` times; adds how long after each was due it had ended.
template <typename Work>
void at_fixed_times(int count, std::vector<double>& latencies, Work work) {
  auto due = SteadyClock::now();
  for (int i = 0; i < count; ++i, due += std::chrono::microseconds(100)) {
    while (SteadyClock::now() < due) std::this_thread::yield();
    work();
    latencies.push_back(microseconds(SteadyClock::now() - due));
  }
}

// Second by second in turn with a thread that does nothing at the same times: what the machine
// takes away from both. `cpu_*` is what a read takes by itself.
void BM_ReadProfile(benchmark::State& state) {
  constexpr int kVisitors = 2'000, kRounds = 10, kReads = 5'000;
  Scene scene;
  for (int i = 0; i < kVisitors; ++i) scene.behave("d-" + std::to_string(i), "", 40);
  std::vector<double> reads, nothing, cpu;
  int number = 0, waiting = 0;
  for (auto _ : state) {
    for (int round = 0; round < kRounds; ++round) {
      at_fixed_times(kReads, nothing, [] {});
      at_fixed_times(kReads, reads, [&] {
        const double began = cpu_microseconds();
        const long waited = waits();
        const auto shown = scene.engine->show_visitor(
            {"anonymous", "d-" + std::to_string(++number * 7919 % kVisitors)});
        if (!shown.has_value()) std::abort();
        waiting += waits() != waited;
        cpu.push_back(cpu_microseconds() - began);
      });
    }
  }
  state.counters["reads_that_waited"] = waiting;
  for (const std::size_t percent : {50, 99}) {
    const std::string p = "p" + std::to_string(percent) + "_us";
    state.counters[p] = at_percent(reads, percent);
    state.counters["nothing_" + p] = at_percent(nothing, percent);
    state.counters["cpu_" + p] = at_percent(cpu, percent);
  }
}
BENCHMARK(BM_ReadProfile)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace tact

BENCHMARK_MAIN();
