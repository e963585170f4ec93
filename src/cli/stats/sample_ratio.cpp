// tact stats srm: did the visitors split as planned?
#include "stats/sample_ratio.h"

#include <cmath>

#include "cli/stats/calculators.h"
#include "cli/stats/contract.h"

namespace tact::cli {
namespace {

// Shares that add up to 1, percentages that add up to 100, or whole parts. Anything else is a slip
// that would change what is tested.
Status check_weights(const std::vector<double>& weights, const Members& given) {
  double sum = 0.0;
  bool parts = true;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::string key = "weights[" + std::to_string(i) + "]";
    if (weights[i] < 0.0) return given.wrong(key, "a weight is negative");
    sum += weights[i];
    parts = parts && std::trunc(weights[i]) == weights[i];
  }
  const bool adds_up = std::fabs(sum - 1.0) <= 1e-6 || std::fabs(sum - 100.0) <= 1e-4;
  if (adds_up || (parts && std::isfinite(sum))) return ok();
  return given.wrong(
      "weights", "must add up to 1 (or 100), or be whole parts such as 9 and 1; they add up to " +
                     std::to_string(sum));
}

Result<stats::SequentialRatio> look_by_look(const json::array& looks,
                                            const std::vector<std::int64_t>& counts,
                                            const std::vector<double>& weights,
                                            double concentration) {
  std::vector<std::int64_t> so_far(counts.size(), 0);
  stats::SequentialRatio ratio;
  for (std::size_t look = 0; look < looks.size(); ++look) {
    const std::string where = "sequence[" + std::to_string(look) + "]";
    const json::array* row = looks[look].if_array();
    if (row == nullptr || row->size() != counts.size()) {
      return make_error(ErrorCode::kInvalid, "must be as many new counts as there are arms", where);
    }
    TACT_ASSIGN(const auto news, counts_of(*row, where));
    for (std::size_t i = 0; i < counts.size(); ++i) {
      so_far[i] += news[i];
      if (so_far[i] > counts[i]) {
        return make_error(ErrorCode::kInvalid, "the looks add up to more than counts", where);
      }
    }
    TACT_ASSIGN(ratio,
                stats::sequential_sample_ratio(so_far, weights, ratio.p.log10_p, concentration));
  }
  if (so_far != counts) {
    return make_error(ErrorCode::kInvalid, "the looks do not add up to counts", "sequence");
  }
  return ratio;
}

Result<json::object> run_sample_ratio() {
  TACT_ASSIGN(const json::object object, read_object());
  const Members given(object, "");
  TACT_TRY(given.only({"counts", "weights", "sequence", "concentration"}));
  TACT_ASSIGN(const auto counts, given.counts("counts"));
  TACT_ASSIGN(const auto weights, given.numbers("weights"));
  if (counts.size() != weights.size()) {
    return given.wrong("weights", "as many weights as counts are needed");
  }
  TACT_TRY(check_weights(weights, given));
  TACT_ASSIGN(const double concentration,
              given.number_or("concentration", stats::kSampleRatioConcentration));
  if (!(concentration > 0.0)) return given.wrong("concentration", "must be positive");
  auto fixed = stats::chi_squared_sample_ratio(counts, weights);
  if (!fixed.has_value()) return at_field(std::move(fixed).error(), "weights");
  stats::SequentialRatio sequence;
  if (given.has("sequence")) {
    const json::array* looks = given.array("sequence");
    if (looks == nullptr) return given.wrong("sequence", "must be a list of looks, or null");
    TACT_ASSIGN(sequence, look_by_look(*looks, counts, weights, concentration));
  } else {
    TACT_ASSIGN(sequence, stats::sequential_sample_ratio(counts, weights, 0.0, concentration));
  }
  json::object out{{"chi_squared", number(fixed->statistic)}, {"df", fixed->df}};
  put(out, fixed->p);
  out["sequential_p"] = number(sequence.p.p);
  out["sequential_log10_p"] = number(sequence.p.log10_p);
  out["visitors_in_zero_weight_arms"] = fixed->visitors_in_zero_weight_arms;
  return out;
}

}  // namespace

void add_sample_ratio(CLI::App& stats, Run& run) {
  CLI::App* command =
      stats.add_subcommand("srm", "Sample ratio: did the visitors split as the weights say?");
  command->footer(
      "Standard input: {\"counts\": [...], \"weights\": [...], \"sequence\": [[...], ...]|null, "
      "\"concentration\": 10000}\nsequence: the new counts of each look, adding up to counts; see "
      "docs/stats.md");
  command->callback([&run] { run = [] { return answer(run_sample_ratio()); }; });
}

}  // namespace tact::cli
