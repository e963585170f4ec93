#include "harness.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace tact::calibration {
namespace {

// Pieces of a world that threads take one by one; each has its own stream of chance.
constexpr int kBlocks = 20;
constexpr std::int64_t kAttemptsPerReport = 200;

std::uint64_t hash(std::string_view text) {  // FNV-1a
  std::uint64_t h = 14'695'981'039'346'656'037U;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
  return h;
}

Random stream(std::uint64_t seed, std::string_view world, int block) {
  const std::uint64_t h = hash(world);
  std::seed_seq parts{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                      static_cast<std::uint32_t>(h), static_cast<std::uint32_t>(h >> 32),
                      static_cast<std::uint32_t>(block)};
  return Random(parts);
}

Tally run_block(const World& world, const Run& run, int runs, Random random) {
  Tally tally(world.methods.size());
  while (tally.passed < runs) {
    ++tally.attempts;
    if (run(random, tally)) ++tally.passed;
    if (tally.attempts < kAttemptsPerReport * runs || tally.passed > 0) continue;
    std::fprintf(stderr, "calibrate: no report of \"%s\" passes the gate\n", world.name.c_str());
    std::exit(1);
  }
  return tally;
}

struct Block {
  std::size_t world = 0;
  int number = 0, runs = 0;
};

std::vector<Block> blocks_of(const std::vector<World>& worlds, bool reduced) {
  std::vector<Block> blocks;
  for (std::size_t w = 0; w < worlds.size(); ++w) {
    const int runs = reduced ? worlds[w].runs_short : worlds[w].runs;
    for (int b = 0; b < kBlocks; ++b) {
      const int mine = runs * (b + 1) / kBlocks - runs * b / kBlocks;
      if (mine > 0) blocks.push_back({w, b, mine});
    }
  }
  return blocks;
}

void append_rows(const World& world, const Tally& tally, bool reduced, std::vector<Row>& rows) {
  for (std::size_t m = 0; m < world.methods.size(); ++m) {
    const Tally::Sums& sums = tally.of(m);
    const auto n = static_cast<double>(sums.runs);
    Row row{world.name, world.methods[m].name};
    row.runs = sums.runs;
    row.gate = static_cast<double>(tally.passed) / static_cast<double>(tally.attempts);
    row.share = sums.sum / n;
    row.error = std::sqrt(std::max(0.0, sums.sum_squares / n - row.share * row.share) / n);
    row.target = world.methods[m].target;
    row.passed = judge(row, reduced);
    rows.push_back(std::move(row));
  }
}

// A line on standard error when a world is through, with how long the rest will take.
class Progress {
 public:
  Progress(const std::vector<World>& worlds, const std::vector<Block>& blocks, bool on)
      : worlds_(worlds), all_(blocks.size()), left_(worlds.size()), on_(on) {
    for (const Block& block : blocks) ++left_[block.world];
  }
  void done(std::size_t world) {
    const std::lock_guard lock(mutex_);
    ++done_;
    if (--left_[world] > 0 || !on_) return;
    const double took =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    std::fprintf(stderr, "%5.0f s, %zu of %zu blocks: %s\n", took, done_, all_,
                 worlds_[world].name.c_str());
  }

 private:
  const std::vector<World>& worlds_;
  std::size_t all_, done_ = 0;
  std::vector<int> left_;
  bool on_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace

Target covers_95() { return {0.935, 0.965, "93.5–96.5 %"}; }
Target always_covers() { return {0.95, 1.0, "≥ 95 %"}; }
Target about_5() { return {0.035, 0.065, "3.5–6.5 %"}; }
Target for_comparison() { return {0.0, 1.0, "none, for comparison", false}; }
Target at_most(double share) {
  char words[32];
  std::snprintf(words, sizeof words, "≤ %g %%", 100 * share);
  return {0.0, share, words};
}

void Tally::count(std::size_t method, double share) {
  Sums& sums = sums_[method];
  ++sums.runs;
  sums.sum += share;
  sums.sum_squares += share * share;
}

Tally& Tally::operator+=(const Tally& other) {
  attempts += other.attempts;
  passed += other.passed;
  for (std::size_t m = 0; m < sums_.size(); ++m) {
    sums_[m].runs += other.sums_[m].runs;
    sums_[m].sum += other.sums_[m].sum;
    sums_[m].sum_squares += other.sums_[m].sum_squares;
  }
  return *this;
}

bool judge(const Row& row, bool reduced) {
  if (!row.target.judged) return true;
  const auto slack = [&row, reduced](double edge) {
    if (!reduced) return 0.0;
    return 3.3 * std::sqrt(edge * (1 - edge) / static_cast<double>(row.runs));
  };
  return row.share >= row.target.low - slack(row.target.low) &&
         row.share <= row.target.high + slack(row.target.high);
}

std::vector<Row> run_worlds(const std::vector<World>& worlds, const Options& options) {
  std::vector<Run> runs;
  for (const World& world : worlds) runs.push_back(world.prepare());
  const std::vector<Block> blocks = blocks_of(worlds, options.reduced);
  std::vector<Tally> tallies(blocks.size(), Tally(0));
  Progress progress(worlds, blocks, options.progress);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < blocks.size(); i = next++) {
      const Block& block = blocks[i];
      const World& world = worlds[block.world];
      tallies[i] = run_block(world, runs[block.world], block.runs,
                             stream(options.seed, world.name, block.number));
      progress.done(block.world);
    }
  };
  std::vector<std::thread> threads;
  for (int t = 1; t < options.threads; ++t) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  std::vector<Row> rows;
  for (std::size_t w = 0, i = 0; w < worlds.size(); ++w) {
    Tally all(worlds[w].methods.size());
    for (; i < blocks.size() && blocks[i].world == w; ++i) all += tallies[i];
    append_rows(worlds[w], all, options.reduced, rows);
  }
  return rows;
}

}  // namespace tact::calibration
