// Does the effect differ between the segments of one dimension (new against returning, say)? The
// test of that first, then every segment's effect with intervals that hold for all segments at
// once and agree with the decision: an interval excludes 0 exactly when its adjusted p < alpha.
//
// Sources: Cochran (1954) for Q; Sidak (1967), exact for segments without a visitor in common;
// for looking every day sequential.h, and for the interaction the Bayes factor of effects that
// scatter against equal ones with the flat prior on the common effect (Lindon, Ham, Tingley &
// Bojinov, arXiv 2210.08589: invariant, hence a martingale whatever the common effect is).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "stats/clustered.h"
#include "stats/sequential.h"
#include "stats/welch.h"

namespace tact::stats {

// An arm with n < 2 is not an error here: the segment cannot be measured yet.
struct SegmentArms {
  ArmSummary treatment;
  ArmSummary control;
};

struct Interaction {
  double q = 0.0;  // Cochran's Q of the effects about their precision-weighted mean
  int df = 0;      // measurable segments - 1
  // Two segments: (second - first) / standard error, q = z^2; absent for any other number.
  std::optional<double> z;
  PValue p;  // of "the effect is the same in every segment"
};

// `interval` is simultaneous, `p` adjusted for all segments; both as of Difference.
struct SegmentEffects {
  std::optional<Interaction> interaction;          // absent with fewer than two measurable segments
  std::vector<std::optional<Difference>> effects;  // in the order given; absent: not measurable
  double alpha_per_segment = 0.0;                  // 1 - (1 - alpha)^(1 / family)
};

// At one fixed time. `family`: among how many segments alpha is shared, at least the number given;
// 0 means that number. Segments must have no visitor in common, and have passed the gate (gate.h)
// where the result is to be shown. Q takes the standard errors as known, as for 50 buyers and more.
// Swapping the arms flips estimates, z and intervals bit for bit and leaves q and p.
// kInvalid: no segment, a family smaller than that, alpha outside (0, 0.5), or a mean or variance
// that is not finite. O(segments).
Result<SegmentEffects> segment_effects(std::span<const SegmentArms> segments, double alpha = 0.05,
                                       std::size_t family = 0,
                                       Alternative alternative = Alternative::kTwoSided);

struct SequentialSegments {
  // p: of the interaction, valid at every look. Keep the running minimum, as for every sequence.
  std::optional<Interaction> interaction;
  std::vector<std::optional<SequentialDifference>> effects;  // simultaneous over segments and looks
  double alpha_per_segment = 0.0;                            // alpha / family
};

// The same for looking every day. `options` are of the whole: alpha is split over the family, and
// tuning_visitors (N*) is of one segment. The family is to be fixed before the first look: how many
// segments there can be, with those that nobody has been seen in yet. Errors as above.
Result<SequentialSegments> sequential_segments(std::span<const SegmentArms> segments,
                                               const SequenceOptions& options = {},
                                               std::size_t family = 0);

// Where visitors belong to clusters: one ClusterSums a segment, variances and time as of
// clustered.h; a segment with fewer than kFewestClusters effective clusters in an arm is not
// measurable. Sidak's and Bonferroni's shares hold also where one cluster has visitors in several
// segments; the test of the interaction does not, so with `shared` there is none. Else as above.
Result<SegmentEffects> clustered_segment_effects(std::span<const ClusterSums> segments, bool shared,
                                                 double alpha = 0.05, std::size_t family = 0);
Result<SequentialSegments> sequential_clustered_segments(std::span<const ClusterSums> segments,
                                                         bool shared,
                                                         const SequenceOptions& options = {},
                                                         std::size_t family = 0);

}  // namespace tact::stats
