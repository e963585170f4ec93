// Several arms, outcomes or segments at once: adjusted p-values. On log10 p throughout, so that
// nothing underflows; the adjusted value is compared with the threshold as a plain one would be.
#pragma once

#include <span>
#include <vector>

#include "base/result.h"

namespace tact::stats {

// Each takes log10 p-values (<= 0, -inf allowed) and returns the adjusted log10 p-values in the
// same order. kInvalid for NaN or a value above 0. O(m log m).

// Family-wise error, any dependence: min(1, m p).
Result<std::vector<double>> bonferroni(std::span<const double> log10_p);

// Family-wise error, any dependence, never weaker than Bonferroni (Holm 1979).
Result<std::vector<double>> holm(std::span<const double> log10_p);

// False discovery rate under independence or positive dependence (Benjamini & Hochberg 1995).
Result<std::vector<double>> benjamini_hochberg(std::span<const double> log10_p);

}  // namespace tact::stats
