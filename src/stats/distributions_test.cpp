// Reference values: mpmath 1.3.0 with 40-60 digits. Tails of t twice, by hyp2f1 and by quadrature
// of the density, agreeing in 20 digits; normal by erfc; chi-squared by gammainc; critical values
// by root finding on those.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "stats/chi_squared.h"
#include "stats/normal.h"
#include "stats/t_distribution.h"

namespace tact::stats {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void expect_relative(double actual, double expected, double tolerance, double input) {
  EXPECT_NEAR(actual / expected, 1.0, tolerance) << "at " << input << ", got " << actual;
}

TEST(Normal, CriticalValues) {
  expect_relative(normal_critical(0.025), 1.95996398454005424, 1e-15, 0.025);
  expect_relative(normal_critical(0.05), 1.64485362695147271, 1e-15, 0.05);
  expect_relative(normal_critical(0.0005), 3.29052673149189479, 1e-15, 0.0005);
  expect_relative(normal_critical(1e-10), 6.3613409024040562, 1e-15, 1e-10);
  expect_relative(normal_critical(1e-100), 21.2734535609653243, 1e-15, 1e-100);
  EXPECT_EQ(normal_critical(0.5), 0.0);
  EXPECT_NEAR(normal_critical(0.975), -normal_critical(0.025), 1e-15);
  EXPECT_EQ(normal_critical(0.0), kInfinity);
  EXPECT_EQ(normal_critical(1.0), -kInfinity);
  EXPECT_TRUE(std::isnan(normal_critical(-0.1)));
  EXPECT_TRUE(std::isnan(normal_critical(1.1)));
}

TEST(Normal, LogTailsFromTheMiddleToOneMillion) {
  const struct {
    double z, log_tail;
  } cases[] = {{0, -0.69314718055994530942},     {1, -1.8410216450092635058},
               {5, -15.064998393988725736},      {22.6, -259.41883681437386296},
               {29.999, -454.29121119612386549}, {30.001, -454.35127771545875721},
               {37.5, -707.66898931750719107},   {40, -804.60844201375378817},
               {500, -125007.13355063158687},    {1e6, -500000000014.73444909}};
  for (const auto& c : cases) {
    expect_relative(normal_log_upper_tail(c.z), c.log_tail, 2e-15, c.z);
  }
  EXPECT_TRUE(std::isfinite(normal_log_upper_tail(1e150)));
  EXPECT_NEAR(normal_log_upper_tail(-1.0), std::log1p(-std::exp(-1.8410216450092635058)), 1e-15);
}

TEST(Normal, PValuesAreNeverPrintedAsZero) {
  const PValue p = normal_p_value(22.6);
  expect_relative(p.log10_p, (std::numbers::ln2 - 259.41883681437386296) / std::numbers::ln10,
                  1e-14, 22.6);
  expect_relative(p.p, 4.33371817521e-113, 1e-10, 22.6);
  EXPECT_EQ(normal_p_value(500).p, 0.0);  // a double cannot hold it …
  expect_relative(normal_p_value(500).log10_p, -54289.6072695865, 1e-13,
                  500);  // … its logarithm can
  EXPECT_EQ(normal_p_value(0).p, 1.0);
  EXPECT_EQ(normal_p_value(0).log10_p, 0.0);
}

TEST(Normal, SidesMirrorBitForBit) {
  for (const double z : {-40.0, -2.5, -0.1, 0.0, 0.3, 1.96, 22.6}) {
    EXPECT_EQ(normal_p_value(z, Alternative::kGreater).log10_p,
              normal_p_value(-z, Alternative::kLess).log10_p);
    EXPECT_EQ(normal_p_value(z).log10_p, normal_p_value(-z).log10_p);
    EXPECT_NEAR(
        normal_p_value(z, Alternative::kGreater).p + normal_p_value(z, Alternative::kLess).p, 1.0,
        1e-15);
  }
}

TEST(StudentsT, CriticalValues) {
  const struct {
    double tail, df, t;
  } cases[] = {{0.025, 1, 12.7062047361747046},     {0.025, 10, 2.22813885198627475},
               {0.025, 49.5, 2.0090619185113161},   {0.05, 3, 2.35336343480182388},
               {0.0005, 7.25, 5.30299201380060464}, {0.025, 100000, 1.95998770753460964},
               {1e-9, 20, 10.275301852168067}};
  for (const auto& c : cases) expect_relative(t_critical(c.tail, c.df), c.t, 1e-13, c.df);
  EXPECT_EQ(t_critical(0, 5), kInfinity);
  EXPECT_EQ(t_critical(1, 5), -kInfinity);
  EXPECT_TRUE(std::isnan(t_critical(0.5, 0)));
  EXPECT_TRUE(std::isnan(t_critical(2, 5)));
  EXPECT_NEAR(t_critical(0.025, 1e12), 1.95996398454005424, 1e-11);
}

TEST(StudentsT, LogTails) {
  const struct {
    double t, df, log_tail;
  } cases[] = {{0.5, 3, -1.1217049359318676374},        {2, 10, -3.3051415512324532025},
               {7, 2, -4.6150214921345141203},          {4.9, 7.5, -7.2374144545890178047},
               {5, 1, -2.7672755312468292584},          {5.1, 7.5, -7.4751669041023075194},
               {5.5, 1e9, -17.779376108931853428},      {12, 30, -28.907531385111042389},
               {22.6, 42611.5, -257.89445868366546663}, {22.6, 1e6, -259.35338500029686957},
               {40, 199.25, -222.74068354101446237},    {500, 99, -391.02619690977169636},
               {500, 1e7, -123470.18415620779595},      {500, 1e9, -124991.51102932594231},
               {1e5, 1.5, -18.244672205340549488},      {1e20, 2, -92.79655090032177267},
               {1e200, 3, -1381.4533323573828104}};
  for (const auto& c : cases) {
    expect_relative(t_log_upper_tail(c.t, c.df), c.log_tail, 1e-13, c.t);
  }
  EXPECT_TRUE(std::isnan(t_log_upper_tail(1, -1)));
  EXPECT_EQ(t_log_upper_tail(kInfinity, 3), -kInfinity);
}

TEST(StudentsT, OwnTailMeetsBoostsAtTheSeam) {
  for (const double df : {1.0, 2.5, 49.0, 399.5, 1e4, 1e6, 1e8}) {
    const double below = t_log_upper_tail(std::nextafter(5.0, 0.0), df);
    const double above = t_log_upper_tail(5.0, df);
    EXPECT_NEAR(below, above, 1e-11) << df;
  }
}

TEST(StudentsT, TailFallsWithTAndApproachesTheNormal) {
  for (const double df : {1.0, 3.3, 60.0, 1e5, 1e9}) {
    double before = 0.0;
    for (double t = 0.0; t < 1000.0; t = t * 1.1 + 0.05) {
      const double tail = t_log_upper_tail(t, df);
      EXPECT_LT(tail, before) << t << " " << df;
      EXPECT_GE(tail, normal_log_upper_tail(t) * (1 + 1e-10)) << "lighter than normal, " << t;
      before = tail;
    }
  }
  EXPECT_NEAR(t_log_upper_tail(8.0, 1e13), normal_log_upper_tail(8.0), 1e-9);
}

TEST(StudentsT, CriticalValueInvertsTheTail) {
  for (const double df : {1.0, 4.7, 49.0, 1e3, 1e7}) {
    for (const double tail : {0.2, 0.025, 1e-4, 1e-12}) {
      EXPECT_NEAR(t_log_upper_tail(t_critical(tail, df), df), std::log(tail), 1e-11)
          << df << " " << tail;
    }
  }
}

TEST(ChiSquared, LogTails) {
  const struct {
    double x, df, log_tail;
  } cases[] = {{3.841458820694124, 1, -2.9957322735539898255},
               {0.2, 2, -0.1},
               {20, 5, -6.684827300476975387},
               {900, 1, -453.6280967757832518},
               {930, 3, -461.80712551969730956},
               {5000, 2, -2500.0},
               {5000, 80, -2301.4782493107930742},
               {1e6, 7, -499968.39506015883375}};
  for (const auto& c : cases) {
    expect_relative(chi_squared_log_upper_tail(c.x, c.df), c.log_tail, 1e-13, c.x);
  }
  EXPECT_EQ(chi_squared_p_value(0, 3).p, 1.0);
  EXPECT_TRUE(std::isnan(chi_squared_log_upper_tail(-1, 3)));
  EXPECT_TRUE(std::isnan(chi_squared_log_upper_tail(1, 0)));
}

TEST(ChiSquared, OneDegreeIsTheSquareOfANormal) {
  for (const double z : {0.5, 1.96, 8.0, 25.0, 31.0, 60.0, 400.0}) {
    EXPECT_NEAR(chi_squared_p_value(z * z, 1).log10_p / normal_p_value(z).log10_p, 1.0, 1e-12);
  }
}

}  // namespace
}  // namespace tact::stats
