// calibrate: the table of docs/calibration.md, from simulation.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "known.h"
#include "table.h"
#include "worlds.h"

namespace tact::calibration {

std::vector<World> all_worlds() {
  std::vector<World> worlds;
  add_one_look(worlds);
  add_all_looks(worlds);
  add_adjusted(worlds);
  add_policies(worlds);
  add_uplift(worlds);
  add_value(worlds);
  add_people(worlds);
  add_splits(worlds);
  add_many_tests(worlds);
  add_groups(worlds);
  add_money(worlds);
  add_over_time(worlds);
  add_lifetime(worlds);
  return worlds;
}

namespace {

constexpr const char* kUsage =
    "calibrate [--reduced] [--seed N] [--threads N] [--only TEXT] [--data | --no-data]\n"
    "          [--document docs/calibration.md] [--progress]\n"
    "--only: worlds whose name contains it. --data, --no-data: only worlds of real customers, or "
    "none.\n"
    "--document: the rows there must be these rows. Exit status: 0 what is missed is known to be, "
    "and "
    "every row is there; 1 not; 2 wrong use; 77 the data are missing\n";

struct Given {
  Options options;
  std::string only, document;
  bool with_data = true, with_made_up = true;
};

bool read(int argc, char** argv, Given& given) {
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    const bool more = i + 1 < argc;
    if (flag == "--reduced") {
      given.options.reduced = true;
    } else if (flag == "--progress") {
      given.options.progress = true;
    } else if (flag == "--data") {
      given.with_made_up = false;
    } else if (flag == "--no-data") {
      given.with_data = false;
    } else if (flag == "--seed" && more) {
      given.options.seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (flag == "--threads" && more) {
      given.options.threads = std::atoi(argv[++i]);
    } else if (flag == "--only" && more) {
      given.only = argv[++i];
    } else if (flag == "--document" && more) {
      given.document = argv[++i];
    } else {
      return false;
    }
  }
  return given.options.threads > 0;
}

// Missed, and it is not known why; or not missed, though it is said to be. In the reduced form
// chance may hide a known miss.
bool as_expected(const Row& row, bool reduced) {
  if (row.passed == row.known.empty() || (reduced && !row.known.empty())) return true;
  std::fprintf(stderr, "%s: %s, %s: %.2f %% of %lld, target %s\n",
               row.passed ? "met, though known.cpp says not" : "missed", row.world.c_str(),
               row.method.c_str(), 100 * row.share, static_cast<long long>(row.runs),
               row.target.words.c_str());
  return false;
}

int calibrate(const Given& given) {
  const std::vector<World> every = all_worlds();
  std::vector<World> worlds = every;
  std::erase_if(worlds, [&given](const World& world) {
    return world.name.find(given.only) == std::string::npos ||
           !(world.needs_data ? given.with_data : given.with_made_up);
  });
  const bool needs_data =
      std::any_of(worlds.begin(), worlds.end(), [](const World& w) { return w.needs_data; });
  if (needs_data && !data_is_there()) {
    std::printf(
        "calibrate: Skipped\nhillstrom/ and cdnow/ are absent; set TACT_DATA to the folder "
        "that holds them\n[  SKIPPED ]\n");
    return 77;
  }
  std::vector<Row> rows = run_worlds(worlds, given.options);
  for (Row& row : rows) row.known = why_missed(row.world, row.method);
  std::fputs(to_markdown(rows).c_str(), stdout);
  bool fine = true;
  for (const Row& row : rows) fine = as_expected(row, given.options.reduced) && fine;
  if (!given.document.empty()) fine = same_rows(every, given.document) && fine;
  return fine ? 0 : 1;
}

}  // namespace
}  // namespace tact::calibration

int main(int argc, char** argv) {
  tact::calibration::Given given;
  if (!tact::calibration::read(argc, argv, given)) {
    std::fputs(tact::calibration::kUsage, stderr);
    return 2;
  }
  return tact::calibration::calibrate(given);
}
