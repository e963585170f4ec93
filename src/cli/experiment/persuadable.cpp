#include "cli/experiment/persuadable.h"

#include <cmath>
#include <vector>

#include "predict/uplift.h"

namespace tact::cli::experiment {
namespace {

// Owns what predict::UpliftTable refers to.
struct Learnt {
  std::vector<float> features;
  std::vector<int> arm;
  std::vector<double> outcome;
  std::size_t columns = 0;
};

Result<Learnt> gather(const Plan& plan, const UnitSource& source, std::size_t arm) {
  const Metric& metric = plan.metrics.front();
  const double unit = std::pow(10.0, metric.digits);
  const double before = std::pow(10.0, metric.covariate_digits);
  Learnt out;
  for (const Dimension& dimension : plan.dimensions) out.columns += dimension.cells.size();
  out.columns += metric.covariate ? 1 : 0;
  for (std::size_t part = 0; part < source.parts(); ++part) {
    TACT_TRY(source.scan(part, [&](const UnitFacts& facts) {
      if (facts.arm != 0 && facts.arm != arm) return true;
      out.arm.push_back(facts.arm == 0 ? 0 : 1);
      out.outcome.push_back(static_cast<double>(facts.metrics[0].value) / unit);
      for (std::size_t d = 0; d < plan.dimensions.size(); ++d) {
        for (std::size_t cell = 0; cell < plan.dimensions[d].cells.size(); ++cell) {
          out.features.push_back(facts.cells[d] == static_cast<std::int32_t>(cell) ? 1.0F : 0.0F);
        }
      }
      if (metric.covariate) {
        out.features.push_back(
            static_cast<float>(static_cast<double>(facts.metrics[0].covariate) / before));
      }
      return out.arm.size() <= kMostLearnt;
    }));
  }
  if (out.arm.size() > kMostLearnt) {
    return make_error(ErrorCode::kTooLarge,
                      "more than " + std::to_string(kMostLearnt) +
                          " units of the two arms: learn from a random part of the table",
                      "--uplift");
  }
  return out;
}

}  // namespace

Result<UpliftFinding> find_persuadable(const Plan& plan, const UnitSource& source,
                                       std::size_t arm) {
  const Metric& metric = plan.metrics.front();
  const auto wrong = [](const char* message) {
    return make_error(ErrorCode::kInvalid, message, "--uplift");
  };
  if (metric.kind == MetricKind::kRatio) return wrong("the primary metric is a ratio");
  TACT_ASSIGN(const Learnt learnt, gather(plan, source, arm));
  if (learnt.columns == 0) {
    return wrong("name columns from before the treatment: --segments or --covariate");
  }
  const predict::UpliftTable table{
      {learnt.features, learnt.columns},
      learnt.arm,
      learnt.outcome,
      metric.kind == MetricKind::kProportion ? predict::Goal::kBinary : predict::Goal::kRevenue};
  TACT_ASSIGN(const auto effects, predict::predict_effects(table));
  TACT_ASSIGN(const auto judged, predict::judge_ranking(table, effects.front()));
  UpliftFinding out;
  out.arm = arm;
  out.metric = 0;
  out.learner = "DR";
  out.report = judged.report;
  out.says = predict::sentence(judged, plan.arms[arm].name);
  return out;
}

}  // namespace tact::cli::experiment
