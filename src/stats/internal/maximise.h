// Maximum of a smooth function of few variables: Newton's method with the step damped until the
// Hessian is negative definite and the function rises (Levenberg 1944, Marquardt 1963).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace tact::stats::internal {

template <std::size_t N>
using Vector = std::array<double, N>;
template <std::size_t N>
using Matrix = std::array<std::array<double, N>, N>;

// Lower Cholesky factor in place; false unless positive definite.
template <std::size_t N>
bool cholesky(Matrix<N>& a) {
  for (std::size_t j = 0; j < N; ++j) {
    for (std::size_t i = j; i < N; ++i) {
      double sum = a[i][j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[i][k] * a[j][k];
      if (i == j) {
        if (!(sum > 0.0) || !std::isfinite(sum)) return false;
        a[j][j] = std::sqrt(sum);
      } else {
        a[i][j] = sum / a[j][j];
      }
    }
  }
  return true;
}

template <std::size_t N>
Vector<N> solve_cholesky(const Matrix<N>& l, Vector<N> b) {
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= l[i][k] * b[k];
    b[i] /= l[i][i];
  }
  for (std::size_t i = N; i-- > 0;) {
    for (std::size_t k = i + 1; k < N; ++k) b[i] -= l[k][i] * b[k];
    b[i] /= l[i][i];
  }
  return b;
}

template <std::size_t N>
struct Point {
  double value = 0.0;
  Vector<N> gradient{};
};

// Of a function whose second derivatives are known, too.
template <std::size_t N>
struct Curved : Point<N> {
  Matrix<N> hessian{};
};

template <std::size_t N>
struct Maximum {
  Vector<N> at{};
  double value = 0.0;
  Matrix<N> covariance{};  // inverse of the negative Hessian
  bool converged = false;
  int iterations = 0;
};

// The negative Hessian from differences of the gradient: forward ones are good enough to step by.
template <std::size_t N, typename Function>
Matrix<N> negative_hessian(const Function& function, const Vector<N>& at, const Point<N>& here,
                           bool central) {
  constexpr double kStep = 1e-5;
  Matrix<N> h{};
  for (std::size_t i = 0; i < N; ++i) {
    Vector<N> up = at;
    Vector<N> down = at;
    up[i] += kStep;
    down[i] -= kStep;
    const Vector<N> a = function(up).gradient;
    const Vector<N> b = central ? function(down).gradient : here.gradient;
    for (std::size_t j = 0; j < N; ++j) h[i][j] = (b[j] - a[j]) / (central ? 2.0 * kStep : kStep);
  }
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j < i; ++j) h[i][j] = h[j][i] = 0.5 * (h[i][j] + h[j][i]);
  }
  return h;
}

// The same of a point that knows it.
template <std::size_t N, typename Function>
Matrix<N> negative_hessian(const Function&, const Vector<N>&, const Curved<N>& here, bool) {
  Matrix<N> h = here.hessian;
  for (Vector<N>& row : h) {
    for (double& of : row) of = -of;
  }
  return h;
}

// One damped step uphill; false when no step short enough rises.
template <std::size_t N, typename Function, typename Here>
bool step_up(const Function& function, const Matrix<N>& h, Vector<N>& at, Here& here,
             double& damping) {
  constexpr double kLongestStep = 1.5;
  double scale = 1e-12;
  for (std::size_t i = 0; i < N; ++i) scale = std::max(scale, std::fabs(h[i][i]));
  for (int tries = 0; tries < 60; ++tries) {
    Matrix<N> damped = h;
    for (std::size_t i = 0; i < N; ++i) damped[i][i] += damping * scale;
    if (cholesky(damped)) {
      const Vector<N> step = solve_cholesky(damped, here.gradient);
      double longest = 0.0;
      for (const double s : step) longest = std::max(longest, std::fabs(s));
      Vector<N> next = at;
      for (std::size_t i = 0; i < N; ++i) {
        next[i] += longest > kLongestStep ? step[i] * (kLongestStep / longest) : step[i];
      }
      const Here there = function(next);
      if (std::isfinite(there.value) && there.value > here.value) {
        here = there;
        at = next;
        damping = std::max(damping * 0.1, 1e-12);
        return true;
      }
    }
    damping *= 8.0;
  }
  return false;
}

// `function(at)` gives a Point, or a Curved one; not finite means "not here". Stops when a whole
// Newton step promises less than 1e-9 of rise, or after 200 steps, or where |at[i]| > limit: there
// is no peak then.
template <std::size_t N, typename Function>
Maximum<N> maximise(const Function& function, const Vector<N>& start, double limit) {
  constexpr int kMostSteps = 200;
  constexpr double kEnough = 1e-9;    // of rise that a Newton step promises
  constexpr double kAsGoodAs = 1e-6;  // where rounding hides any rise
  Maximum<N> result{start, 0.0, {}, false, 0};
  auto here = function(start);
  double damping = 1e-4;
  for (; result.iterations < kMostSteps; ++result.iterations) {
    Matrix<N> h = negative_hessian(function, result.at, here, false);
    Matrix<N> factor = h;
    double promise = std::numeric_limits<double>::infinity();
    if (cholesky(factor)) {
      const Vector<N> newton = solve_cholesky(factor, here.gradient);
      promise = 0.0;
      for (std::size_t i = 0; i < N; ++i) promise += 0.5 * newton[i] * here.gradient[i];
    }
    bool outside = false;
    for (const double a : result.at) outside = outside || std::fabs(a) > limit;
    if (outside) break;
    if (promise >= kEnough && step_up(function, h, result.at, here, damping)) continue;
    if (!(promise < kAsGoodAs)) break;
    factor = negative_hessian(function, result.at, here, true);
    result.converged = cholesky(factor);
    for (std::size_t i = 0; i < N && result.converged; ++i) {
      Vector<N> unit{};
      unit[i] = 1.0;
      result.covariance[i] = solve_cholesky(factor, unit);
    }
    break;
  }
  result.value = here.value;
  return result;
}

}  // namespace tact::stats::internal
