#include "stats/segments.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "stats/chi_squared.h"
#include "stats/internal/mixing.h"
#include "stats/internal/possible.h"
#include "stats/normal.h"

namespace tact::stats {
namespace {

// What a segment says before any distribution enters.
struct Measured {
  Difference difference;
  double visitors = 0.0;  // or clusters
};
using AllMeasured = std::vector<std::optional<Measured>>;

Error invalid(const char* message, std::size_t segment) {
  return make_error(ErrorCode::kInvalid, message, std::to_string(segment));
}

Result<std::vector<std::optional<Measured>>> measure(std::span<const SegmentArms> segments) {
  if (segments.empty()) return make_error(ErrorCode::kInvalid, "there is no segment");
  std::vector<std::optional<Measured>> all(segments.size());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto& [treatment, control] = segments[i];
    if (!internal::is_possible(treatment) || !internal::is_possible(control)) {
      return invalid("a count, mean or variance is negative or not finite", i);
    }
    const auto difference = difference_of_means(treatment, control);
    if (!difference) continue;  // too few visitors, or none that vary
    all[i] =
        Measured{*difference, static_cast<double>(treatment.n) + static_cast<double>(control.n)};
  }
  return all;
}

Result<AllMeasured> measure(std::span<const ClusterSums> segments) {
  if (segments.empty()) return make_error(ErrorCode::kInvalid, "there is no segment");
  AllMeasured all(segments.size());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto means = clustered_means(segments[i]);
    if (!means.has_value()) continue;
    const auto difference = clustered_contrast(*means, 1.0);
    if (difference.has_value()) all[i] = Measured{*difference, means->clusters};
  }
  return all;
}

Result<double> family_size(std::size_t segments, std::size_t family) {
  if (family != 0 && family < segments) {
    return make_error(ErrorCode::kInvalid, "the family is smaller than the number of segments");
  }
  return static_cast<double>(std::max(segments, family));
}

// Cochran's Q and the total weight, with the effects' variances multiplied by `widening`.
struct Spread {
  double q = 0.0;
  double log_weight = 0.0;  // of the sum of 1 / variance
  int count = 0;
};

template <typename Widening>
Spread spread_of(std::span<const std::optional<Measured>> all, const Widening& widening) {
  double least = 0.0;  // the smallest standard error: weights are relative to it, none overflows
  for (const auto& one : all) {
    if (!one) continue;
    const double se = one->difference.standard_error;
    least = least == 0.0 ? se : std::min(least, se);
  }
  Spread spread;
  double weights = 0.0;
  double sum = 0.0;
  const auto weight_of = [&](const Measured& one) {
    const double relative = least / one.difference.standard_error;
    return relative * relative / widening(one);
  };
  for (const auto& one : all) {
    if (!one) continue;
    weights += weight_of(*one);
    sum += weight_of(*one) * (one->difference.estimate / least);
    spread.count += 1;
  }
  for (const auto& one : all) {
    if (!one) continue;
    const double off = one->difference.estimate / least - sum / weights;
    spread.q += weight_of(*one) * off * off;
  }
  spread.log_weight = std::log(weights) - 2.0 * std::log(least);
  return spread;
}

// With exactly two effects: their difference in standard errors.
std::optional<double> z_of(std::span<const std::optional<Measured>> all) {
  std::vector<const Difference*> effects;
  for (const auto& one : all) {
    if (one) effects.push_back(&one->difference);
  }
  if (effects.size() != 2) return std::nullopt;
  return (effects[1]->estimate - effects[0]->estimate) /
         std::hypot(effects[0]->standard_error, effects[1]->standard_error);
}

std::optional<Interaction> interaction_of(std::span<const std::optional<Measured>> all) {
  const Spread spread = spread_of(all, [](const Measured&) { return 1.0; });
  if (spread.count < 2 || !std::isfinite(spread.q)) return std::nullopt;
  Interaction result;
  result.df = spread.count - 1;
  result.z = z_of(all);
  result.q = result.z ? *result.z * *result.z : spread.q;
  result.p = result.z ? normal_p_value(*result.z) : chi_squared_p_value(result.q, result.df);
  return result;
}

// log of the Bayes factor: effects N(common, v_i + tau_i^2) against N(common, v_i), the common one
// flat in both, tau_i^2 = rho^2 N_i v_i as sequential.h mixes a single one.
double log_bayes_factor(std::span<const std::optional<Measured>> all, double rho_squared) {
  const auto widening = [&](const Measured& one) { return 1.0 + one.visitors * rho_squared; };
  const Spread equal = spread_of(all, [](const Measured&) { return 1.0; });
  const Spread apart = spread_of(all, widening);
  double log_widening = 0.0;
  for (const auto& one : all) {
    if (one) log_widening += std::log(widening(*one));
  }
  return 0.5 * ((equal.q - apart.q) + (equal.log_weight - apart.log_weight) - log_widening);
}

// 1 - (1 - p)^family, in logarithms.
PValue sidak(const PValue& p, double family) {
  const double log_p = p.log10_p * std::numbers::ln10;
  if (family == 1.0) return p;
  if (log_p < -600.0) return p_from_log(log_p + std::log(family));
  return p_from_log(std::log(-std::expm1(family * std::log1p(-std::exp(log_p)))));
}

Result<SequentialSegments> in_sequence(const AllMeasured& all, bool shared,
                                       const SequenceOptions& options, std::size_t family) {
  TACT_ASSIGN(const double size, family_size(all.size(), family));
  SequentialSegments result;
  result.alpha_per_segment = options.alpha / size;
  if (!shared) result.interaction = interaction_of(all);
  if (result.interaction) {
    SequenceOptions two_sided = options;
    two_sided.alternative = Alternative::kTwoSided;
    result.interaction->p =
        p_from_log(-log_bayes_factor(all, internal::mixing_variance(two_sided)));
  }
  SequenceOptions each = options;
  each.alpha = result.alpha_per_segment;
  result.effects.resize(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i]) continue;
    const Difference& difference = all[i]->difference;
    TACT_ASSIGN(result.effects[i], sequence_around(difference.estimate, difference.standard_error,
                                                   all[i]->visitors, each));
    PValue& p = result.effects[i]->p;
    p = p_from_log(p.log10_p * std::numbers::ln10 + std::log(size));
  }
  return result;
}

double share_of(double alpha, double size) {
  return size == 1.0 ? alpha : -std::expm1(std::log1p(-alpha) / size);
}

}  // namespace

Result<SegmentEffects> segment_effects(std::span<const SegmentArms> segments, double alpha,
                                       std::size_t family, Alternative alternative) {
  TACT_TRY(check_alpha(alpha));
  TACT_ASSIGN(const auto all, measure(segments));
  TACT_ASSIGN(const double size, family_size(segments.size(), family));
  SegmentEffects result;
  result.alpha_per_segment = share_of(alpha, size);
  result.interaction = interaction_of(all);
  result.effects.resize(segments.size());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (!all[i]) continue;
    TACT_ASSIGN(result.effects[i], welch_difference(segments[i].treatment, segments[i].control,
                                                    result.alpha_per_segment, alternative));
    result.effects[i]->p = sidak(result.effects[i]->p, size);
  }
  return result;
}

Result<SequentialSegments> sequential_segments(std::span<const SegmentArms> segments,
                                               const SequenceOptions& options, std::size_t family) {
  TACT_TRY(internal::check_sequence(options));
  TACT_ASSIGN(const auto all, measure(segments));
  return in_sequence(all, false, options, family);
}

Result<SegmentEffects> clustered_segment_effects(std::span<const ClusterSums> segments, bool shared,
                                                 double alpha, std::size_t family) {
  TACT_TRY(check_alpha(alpha));
  TACT_ASSIGN(const auto all, measure(segments));
  TACT_ASSIGN(const double size, family_size(segments.size(), family));
  SegmentEffects result;
  result.alpha_per_segment = share_of(alpha, size);
  if (!shared) result.interaction = interaction_of(all);
  result.effects.resize(segments.size());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (!all[i]) continue;
    TACT_ASSIGN(const auto found, clustered_difference(segments[i], result.alpha_per_segment));
    result.effects[i] = found.difference;
    result.effects[i]->p = sidak(found.difference.p, size);
  }
  return result;
}

Result<SequentialSegments> sequential_clustered_segments(std::span<const ClusterSums> segments,
                                                         bool shared,
                                                         const SequenceOptions& options,
                                                         std::size_t family) {
  TACT_TRY(internal::check_sequence(options));
  TACT_ASSIGN(const auto all, measure(segments));
  return in_sequence(all, shared, options, family);
}

}  // namespace tact::stats
