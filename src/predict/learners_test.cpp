// The arithmetic without XGBoost, against slow and plain counting.
#include "predict/internal/learners.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "predict/internal/folds.h"
#include "predict/internal/places.h"
#include "predict/test_support.h"

namespace tact::predict {
namespace {

using Rows = std::vector<std::size_t>;
using Numbers = std::vector<double>;

// A model that anybody can compute: the mean target of the rows of the same group.
struct Groups {
  std::vector<int> group;

  double mean(const Rows& rows, const Numbers& target, int of) const {
    double sum = 0.0;
    double all = 0.0;
    double n = 0.0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      all += target[i] / static_cast<double>(rows.size());
      if (group[rows[i]] != of) continue;
      sum += target[i];
      n += 1.0;
    }
    return n > 0.0 ? sum / n : all;
  }

  Fit fit() const {
    return [this](std::span<const std::size_t> rows, std::span<const double> target,
                  Goal) -> Result<Model> {
      const Rows kept(rows.begin(), rows.end());
      const Numbers values(target.begin(), target.end());
      return Model([this, kept, values](std::span<const std::size_t> asked) {
        Numbers out;
        for (const std::size_t row : asked) out.push_back(mean(kept, values, group[row]));
        return Result<Numbers>(out);
      });
    };
  }
};

struct Example {
  Groups groups;
  std::vector<int> treated;
  Numbers outcome;
  Rows train;
  Rows asked;
};

Example draw(std::uint64_t seed) {
  Rng random(seed);
  Example out;
  for (std::size_t i = 0; i < 120; ++i) {
    out.groups.group.push_back(static_cast<int>(random.below(4)));
    out.treated.push_back(random.chance(0.4) ? 1 : 0);
    out.outcome.push_back(testing::normal(random) * 3.0 + static_cast<double>(random.below(5)));
    (random.chance(0.75) ? out.train : out.asked).push_back(i);
  }
  return out;
}

// The mean outcome of the group in one arm of the rows.
double arm_mean(const Example& example, const Rows& rows, int arm, int group) {
  Rows members;
  Numbers outcome;
  for (const std::size_t row : rows) {
    if (example.treated[row] != arm) continue;
    members.push_back(row);
    outcome.push_back(example.outcome[row]);
  }
  return example.groups.mean(members, outcome, group);
}

double plain_t(const Example& example, int group) {
  return arm_mean(example, example.train, 1, group) - arm_mean(example, example.train, 0, group);
}

double plain_x(const Example& example, int group, double e) {
  Rows rows[2];
  Numbers imputed[2];
  for (const std::size_t row : example.train) {
    const int arm = example.treated[row];
    const double other = arm_mean(example, example.train, 1 - arm, example.groups.group[row]);
    const double own = example.outcome[row];
    rows[arm].push_back(row);
    imputed[arm].push_back(arm == 1 ? own - other : other - own);
  }
  return e * example.groups.mean(rows[0], imputed[0], group) +
         (1.0 - e) * example.groups.mean(rows[1], imputed[1], group);
}

double plain_dr(const Example& example, int group, double e, std::uint64_t seed) {
  std::vector<int> treated;
  for (const std::size_t row : example.train) treated.push_back(example.treated[row]);
  const std::vector<int> half = deal_groups(treated, 2, seed);
  double sum = 0.0;
  for (const int nuisance : {0, 1}) {
    Rows first;
    Rows second;
    for (std::size_t i = 0; i < half.size(); ++i) {
      (half[i] == nuisance ? first : second).push_back(example.train[i]);
    }
    Numbers pseudo;
    for (const std::size_t row : second) {
      const double mu0 = arm_mean(example, first, 0, example.groups.group[row]);
      const double mu1 = arm_mean(example, first, 1, example.groups.group[row]);
      const double a = example.treated[row];
      const double mu = a > 0.5 ? mu1 : mu0;
      pseudo.push_back((a - e) / (e * (1.0 - e)) * (example.outcome[row] - mu) + mu1 - mu0);
    }
    sum += example.groups.mean(second, pseudo, group);
  }
  return sum / 2.0;
}

TEST(LearnerArithmetic, AsComputedPlainly) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Example example = draw(seed);
    const double e = 0.3 + 0.01 * static_cast<double>(seed);
    const Study study{
        example.treated,     example.outcome, Goal::kRevenue, {Assignment::kKnown, e}, seed,
        example.groups.fit()};
    const auto t = learn(Learner::kT, study, example.train, example.asked).value();
    const auto x = learn(Learner::kX, study, example.train, example.asked).value();
    const auto dr = learn(Learner::kDr, study, example.train, example.asked).value();
    for (std::size_t i = 0; i < example.asked.size(); ++i) {
      const int group = example.groups.group[example.asked[i]];
      EXPECT_NEAR(t[i], plain_t(example, group), 1e-9);
      EXPECT_NEAR(x[i], plain_x(example, group, e), 1e-9);
      EXPECT_NEAR(dr[i], plain_dr(example, group, e, seed), 1e-9);
    }
  }
}

// The share of the treated in the rows learned from; the fitted one is the group's, with its floor.
TEST(LearnerArithmetic, Propensities) {
  Example example = draw(3);
  for (std::size_t i = 0; i < example.treated.size(); ++i) {
    if (example.groups.group[i] == 0) example.treated[i] = i < 3 ? 0 : 1;  // hardly any control
  }
  double treated = 0.0;
  std::map<int, double> n;
  std::map<int, double> of_group;
  for (const std::size_t row : example.train) {
    treated += example.treated[row];
    n[example.groups.group[row]] += 1.0;
    of_group[example.groups.group[row]] += example.treated[row];
  }
  const double share = treated / static_cast<double>(example.train.size());
  for (const Assignment assignment : {Assignment::kShare, Assignment::kEstimated}) {
    const Study study{
        example.treated,     example.outcome, Goal::kRevenue, {assignment, 0.5, 0.2}, 1,
        example.groups.fit()};
    const auto x = learn(Learner::kX, study, example.train, example.asked).value();
    for (std::size_t i = 0; i < example.asked.size(); ++i) {
      const int group = example.groups.group[example.asked[i]];
      const double fitted = std::min(0.8, std::max(0.2, of_group[group] / n[group]));
      const double e = assignment == Assignment::kShare ? share : fitted;
      EXPECT_NEAR(x[i], plain_x(example, group, e), 1e-9);
    }
  }
}

// Kennedy (2020): the mean is the effect if the outcomes are right and e is wrong, and the reverse.
TEST(LearnerArithmetic, PseudoOutcomesAreDoublyRobust) {
  const double mu0 = 1.0;
  const double mu1 = 4.0;
  const double truth = 0.3;  // probability of treatment
  const auto mean = [&](double e, double m0, double m1) {
    return truth * pseudo_outcome(mu1, true, e, m0, m1) +
           (1.0 - truth) * pseudo_outcome(mu0, false, e, m0, m1);
  };
  EXPECT_NEAR(mean(0.8, mu0, mu1), 3.0, 1e-12);
  EXPECT_NEAR(mean(truth, -7.0, 11.0), 3.0, 1e-12);
  EXPECT_GT(std::fabs(mean(0.8, -7.0, 11.0) - 3.0), 1.0);
}

TEST(Folds, EveryPartHasItsShareOfEveryGroup) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Rng random(seed);
    std::vector<int> group;
    std::map<int, int> size;
    for (int i = 0; i < 157; ++i) size[group.emplace_back(static_cast<int>(random.below(3)))] += 1;
    const int parts = 2 + static_cast<int>(seed % 6);
    const std::vector<int> part = deal_groups(group, parts, seed);
    std::map<std::pair<int, int>, int> count;
    for (std::size_t i = 0; i < group.size(); ++i) count[{group[i], part[i]}] += 1;
    for (int g = 0; g < 3; ++g) {
      for (int p = 0; p < parts; ++p) {
        EXPECT_GE((count[{g, p}]), size[g] / parts);
        EXPECT_LE((count[{g, p}]), size[g] / parts + 1);
      }
    }
    EXPECT_EQ(part, deal_groups(group, parts, seed));
    EXPECT_NE(part, deal_groups(group, parts, seed + 1));
  }
}

// Every row is as often in the first of five parts as any other.
TEST(Folds, AreDrawnEvenly) {
  std::vector<int> first(10);
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    const std::vector<int> part = deal(10, 5, seed);
    for (std::size_t i = 0; i < 10; ++i) first[i] += part[i] == 0 ? 1 : 0;
  }
  for (const int count : first) EXPECT_NEAR(count, 1000, 4 * std::sqrt(5000 * 0.2 * 0.8));
}

TEST(Places, AsCountedPlainly) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Rng random(seed);
    Numbers value;
    std::vector<int> fold;
    for (int i = 0; i < 90; ++i) {
      value.push_back(seed % 2 == 0 ? random.uniform() : static_cast<double>(random.below(6)));
      fold.push_back(static_cast<int>(random.below(4)));
    }
    const Numbers place = places_within_folds(value, fold);
    const auto part = parts_within_folds(value, fold, 3);
    for (std::size_t i = 0; i < value.size(); ++i) {
      double below = 0.0;
      double n = 0.0;
      for (std::size_t j = 0; j < value.size(); ++j) {
        if (fold[j] != fold[i]) continue;
        n += 1.0;
        below += value[j] < value[i] ? 1.0 : value[j] == value[i] ? 0.5 : 0.0;
      }
      EXPECT_NEAR(place[i], below / n, 1e-12);
      EXPECT_EQ(part[i], static_cast<std::size_t>(place[i] * 3.0));
    }
  }
}

}  // namespace
}  // namespace tact::predict
