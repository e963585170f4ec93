#include "stats/internal/leaving.h"

#include <gtest/gtest.h>

#include <boost/math/quadrature/tanh_sinh.hpp>
#include <cmath>
#include <random>

namespace tact::stats::internal {
namespace {

struct Case {
  Vector<4> logs{};  // of r, alpha, s, beta
  double repeats = 0.0, last = 0.0, observed = 0.0;

  Leaving at(const Vector<4>& logs_at) const {
    Vector<4> p{};
    for (std::size_t i = 0; i < 4; ++i) p[i] = std::exp(logs_at[i]);
    return leaving(p, repeats, last, observed);
  }
};

Case drawn(std::mt19937_64& random) {
  std::uniform_real_distribution<double> logs(-3.0, 4.0);
  std::uniform_real_distribution<double> share(0.0, 1.0);
  Case of;
  for (double& log : of.logs) log = logs(random);
  of.repeats = static_cast<double>(random() % 30);
  of.observed = std::exp(logs(random));
  of.last = of.repeats > 0 ? of.observed * share(random) : 0.0;
  return of;
}

// Plainly: over y, and not over its logarithm.
double plain_log_total(const Case& of) {
  Vector<4> p{};
  for (std::size_t i = 0; i < 4; ++i) p[i] = std::exp(of.logs[i]);
  const auto [r, alpha, s, beta] = p;
  const double k = r + of.repeats;
  const double at_last = -k * std::log(alpha + of.last) - s * std::log(beta + of.last);
  const auto density = [&](double y) {
    return std::exp(-k * std::log(alpha + y) - (s + 1.0) * std::log(beta + y) - at_last);
  };
  boost::math::quadrature::tanh_sinh<double> rule;
  const double gone =
      of.last < of.observed ? s * rule.integrate(density, of.last, of.observed) : 0.0;
  const double alive =
      std::exp(-k * std::log(alpha + of.observed) - s * std::log(beta + of.observed) - at_last);
  return at_last + std::log(alive + gone);
}

TEST(Leaving, IntegralAsByPlainIntegration) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 300; ++round) {
    const Case of = drawn(random);
    EXPECT_NEAR(of.at(of.logs).log_total, plain_log_total(of), 1e-8) << round;
  }
}

TEST(Leaving, DerivativesAreThoseOfDifferences) {
  std::mt19937_64 random(12);
  constexpr double kStep = 1e-4;
  for (int round = 0; round < 300; ++round) {
    const Case of = drawn(random);
    const Leaving here = of.at(of.logs);
    for (std::size_t i = 0; i < 4; ++i) {
      Vector<4> up = of.logs;
      Vector<4> down = of.logs;
      up[i] += kStep;
      down[i] -= kStep;
      const Leaving above = of.at(up);
      const Leaving below = of.at(down);
      const double size = 1.0 + std::fabs(here.slope[i]);
      EXPECT_NEAR(here.slope[i], (above.log_total - below.log_total) / (2.0 * kStep), 1e-6 * size)
          << round << " by " << i;
      for (std::size_t j = 0; j < 4; ++j) {
        EXPECT_NEAR(here.curvature[i][j], (above.slope[j] - below.slope[j]) / (2.0 * kStep),
                    1e-6 * (size + std::fabs(here.slope[j])))
            << round << " by " << i << " and " << j;
        EXPECT_EQ(here.curvature[i][j], here.curvature[j][i]);
      }
    }
  }
}

// Where all buy, or leave, at nearly one rate the slopes are large and their variances small.
TEST(Leaving, FiniteFarOut) {
  for (const double far : {-12.0, 12.0}) {
    for (std::size_t i = 0; i < 4; ++i) {
      Case of{{0.1, 0.2, 0.3, 0.4}, 3.0, 0.4, 1.0};
      of.logs[i] = far;
      const Leaving found = of.at(of.logs);
      EXPECT_TRUE(std::isfinite(found.log_total));
      EXPECT_GE(found.alive, 0.0);
      EXPECT_LE(found.alive, 1.0);
      for (const Vector<4>& row : found.curvature) {
        for (const double each : row) EXPECT_TRUE(std::isfinite(each));
      }
    }
  }
}

TEST(Leaving, NobodyIsGoneWhoBoughtAtTheEnd) {
  const Case of{{0.1, 0.2, 0.3, 0.4}, 2.0, 1.0, 1.0};
  EXPECT_EQ(of.at(of.logs).alive, 1.0);
}

}  // namespace
}  // namespace tact::stats::internal
