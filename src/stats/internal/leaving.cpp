#include "stats/internal/leaving.h"

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>

namespace tact::stats::internal {
namespace {

constexpr int kNodes = 30;
constexpr double kBelowRounding = 45.0;  // e^-45 of the whole

// What depends on a time y.
struct At {
  double log_a = 0.0;  // log(alpha + y)
  double log_b = 0.0;  // log(beta + y)
  double a = 0.0;      // alpha / (alpha + y)
  double b = 0.0;      // beta / (beta + y)
};

// Sums over the times of leaving, weighted. Derivatives are taken as differences from those of who
// is alive: variances of the differences do not cancel where k or s are large.
struct Gone {
  double weight = 0.0;
  Vector<4> slope{};
  Matrix<4> products{};  // of the slopes; upper triangle
  double a_rest = 0.0;   // a (1 - a)
  double b = 0.0;
  double b_rest = 0.0;  // b (1 - b)

  void add(double w, const Vector<4>& by, const At& at) {
    weight += w;
    a_rest += w * at.a * (1.0 - at.a);
    b += w * at.b;
    b_rest += w * at.b * (1.0 - at.b);
    for (std::size_t i = 0; i < 4; ++i) {
      slope[i] += w * by[i];
      for (std::size_t j = i; j < 4; ++j) products[i][j] += w * by[i] * by[j];
    }
  }
};

class Integral {
 public:
  Integral(const Vector<4>& p, double repeats, double last, double observed)
      : r_(p[0]), alpha_(p[1]), s_(p[2]), beta_(p[3]), k_(p[0] + repeats) {
    from_ = std::log(last + least());
    length_ = std::log((observed + least()) / (last + least()));
    // The integrand falls at least at this rate per unit of log(y + least).
    const double decay = alpha_ <= beta_ ? k_ - 1.0 : s_;
    if (decay > 0.0) length_ = std::min(length_, kBelowRounding / decay);
    end_ = {std::log(alpha_ + observed), std::log(beta_ + observed), alpha_ / (alpha_ + observed),
            beta_ / (beta_ + observed)};
    // Relative to the largest term, or e^700 would overflow.
    const double reference = -k_ * end_.log_a - s_ * end_.log_b;
    const double at_last = std::log(s_) + from_ - k_ * std::log(alpha_ + last) -
                           (s_ + 1.0) * std::log(beta_ + last) +
                           std::log(std::max(length_, 1e-300));
    shift_ = std::max(reference, at_last);
    alive_ = std::exp(reference - shift_);
  }

  Leaving solve() const {
    const Gone gone = sum();
    const double total = alive_ + gone.weight;
    const double alive = alive_ / total;
    Leaving found{shift_ + std::log(total), {}, {}, alive};
    found.slope = {-r_ * end_.log_a, -k_ * end_.a, -s_ * end_.log_b, -s_ * end_.b};
    for (std::size_t i = 0; i < 4; ++i) found.slope[i] += gone.slope[i] / total;
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = i; j < 4; ++j) {
        found.curvature[i][j] = found.curvature[j][i] =
            gone.products[i][j] / total - gone.slope[i] / total * (gone.slope[j] / total);
      }
    }
    add_own_curvature(gone, total, found);
    return found;
  }

 private:
  double least() const { return std::min(alpha_, beta_); }

  // Legendre's nodes lie in pairs around the middle, whose times need one exponential.
  Gone sum() const {
    using Rule = boost::math::quadrature::gauss<double, kNodes>;
    Gone gone;
    if (!(length_ > 0.0)) return gone;
    const double half = 0.5 * length_;
    const double middle = std::exp(from_ + half);
    for (std::size_t i = 0; i < kNodes / 2; ++i) {
      const double step = half * Rule::abscissa()[i];
      const double stretch = std::exp(step);
      const double weight = half * Rule::weights()[i] * s_;
      add(from_ + half + step, middle * stretch, weight, gone);
      add(from_ + half - step, middle / stretch, weight, gone);
    }
    return gone;
  }

  // At y + least = e^v.
  void add(double v, double later, double weight, Gone& gone) const {
    const double to_alpha = later + (alpha_ - least());
    const double to_beta = later + (beta_ - least());
    const At at{alpha_ <= beta_ ? v : std::log(to_alpha), beta_ <= alpha_ ? v : std::log(to_beta),
                alpha_ / to_alpha, beta_ / to_beta};
    const Vector<4> by{-r_ * (at.log_a - end_.log_a), -k_ * (at.a - end_.a),
                       1.0 - s_ * (at.log_b - end_.log_b), -s_ * (at.b - end_.b) - at.b};
    gone.add(weight * std::exp(v - k_ * at.log_a - (s_ + 1.0) * at.log_b - shift_), by, at);
  }

  // Means of the terms' own second derivatives; what is above is the variance of their first.
  void add_own_curvature(const Gone& gone, double total, Leaving& found) const {
    const double alive = alive_ / total;
    const double b = alive * end_.b + gone.b / total;
    const double a_rest = alive * end_.a * (1.0 - end_.a) + gone.a_rest / total;
    const double b_rest = alive * s_ * end_.b * (1.0 - end_.b) + (s_ + 1.0) * gone.b_rest / total;
    Matrix<4>& c = found.curvature;
    c[0][0] += found.slope[0];
    c[0][1] = c[1][0] = c[0][1] + found.slope[1] * (r_ / k_);
    c[1][1] -= k_ * a_rest;
    c[2][2] += found.slope[2] - gone.weight / total;
    c[2][3] = c[3][2] = c[2][3] - s_ * b;
    c[3][3] -= b_rest;
  }

  double r_, alpha_, s_, beta_, k_;
  double from_ = 0.0, length_ = 0.0;  // of log(y + least)
  At end_;
  double shift_ = 0.0;
  double alive_ = 0.0;  // its term, relative
};

}  // namespace

Leaving leaving(const Vector<4>& parameters, double repeats, double last, double observed) {
  return Integral(parameters, repeats, last, observed).solve();
}

}  // namespace tact::stats::internal
