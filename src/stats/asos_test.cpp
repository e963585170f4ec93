// ASOS: 78 real online experiments, looked at again and again. Absent data is reported as skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "stats/sequential.h"
#include "stats/test_support.h"
#include "stats/welch.h"

namespace tact::stats {
namespace {

struct Checkpoint {
  double time = 0.0;
  ArmSummary control, treatment;
};

std::map<std::string, std::vector<Checkpoint>> load(const std::filesystem::path& path) {
  std::map<std::string, std::vector<Checkpoint>> series;  // experiment × variant × metric
  const auto rows = testing::read_csv(path);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto& row = rows[i];
    const std::string key = row[0] + "/" + row[1] + "/" + row[2];
    std::vector<Checkpoint>& points = series[key];
    const bool missing = std::any_of(row.begin() + 3, row.end(), [](const std::string& field) {
      return field.empty() || field == "nan" || field == "NaN";
    });
    if (missing) continue;
    const auto number = [&](std::size_t column) { return std::stod(row[column]); };
    points.push_back({number(3),
                      {static_cast<std::int64_t>(number(4)), number(6), number(8)},
                      {static_cast<std::int64_t>(number(5)), number(7), number(9)}});
  }
  return series;
}

TEST(Asos, PeekingWinsTwiceAsOftenAsTheEndAllowsAndTheSequenceDoesNot) {
  const auto path = testing::data_file("asos/asos_digital_experiments_dataset.csv");
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << path << " is absent; set TACT_DATA to the folder that holds asos/";
  }
  auto all = load(path);
  EXPECT_EQ(all.size(), 396u);
  int used = 0;
  int peeking = 0;
  int at_the_end = 0;
  int sequence = 0;
  for (auto& [key, points] : all) {
    std::sort(points.begin(), points.end(),
              [](const Checkpoint& a, const Checkpoint& b) { return a.time < b.time; });
    bool any_look = false;
    bool peeked = false;
    bool last = false;
    bool excluded = false;
    for (const Checkpoint& point : points) {
      const bool skip = point.control.n < 2 || point.treatment.n < 2 ||
                        !(point.control.variance > 0.0) || !(point.treatment.variance > 0.0);
      if (skip) continue;
      any_look = true;
      last = welch_difference(point.treatment, point.control)->p.p < 0.05;
      peeked = peeked || last;
      const auto look = sequential_difference(point.treatment, point.control);
      excluded = excluded || !look->interval.contains(0.0);
    }
    used += any_look ? 1 : 0;
    peeking += peeked ? 1 : 0;
    at_the_end += last ? 1 : 0;
    sequence += excluded ? 1 : 0;
  }
  EXPECT_EQ(used, 381);
  EXPECT_NEAR(peeking, 225, 3);
  EXPECT_EQ(at_the_end, 105);
  EXPECT_EQ(sequence, 71);
}

}  // namespace
}  // namespace tact::stats
