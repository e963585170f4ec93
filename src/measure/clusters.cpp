#include "measure/clusters.h"

#include <map>

namespace tact {
namespace {

class Gatherer {
 public:
  Gatherer(const Plan& plan, const Cut& cut, Time now)
      : plan_(plan), cut_(cut), now_(now), metrics_(plan.metrics.size()) {
    out_.metrics.assign(metrics_, std::vector<stats::ClusterSums>(plan.arms.size() - 1));
  }

  void add(const UnitFacts& facts) {
    const Block* block = block_of(day_of(facts.at));
    if (block == nullptr) return;
    std::vector<stats::ClusterArm>* cluster = nullptr;
    if (facts.cluster != 0) {
      cluster = &clusters_[facts.cluster];
      cluster->resize(metrics_ * plan_.arms.size());
    }
    for (std::size_t m = 0; m < metrics_; ++m) {
      const Metric& metric = plan_.metrics[m];
      if (metric.kind == MetricKind::kRatio || !facts.metrics[m].observed ||
          !is_closed(*block, metric, now_))
        continue;
      const stats::ClusterArm one{1, static_cast<double>(facts.metrics[m].value)};
      if (cluster != nullptr) {
        (*cluster)[m * plan_.arms.size() + facts.arm] += one;
      } else {
        add_cluster(m, facts.arm, one);
      }
    }
  }

  // In the order of keys, so that rounding beyond 2^53 is the same every time.
  ClusteredSums finish() {
    for (const auto& [key, cluster] : clusters_) {
      for (std::size_t m = 0; m < metrics_; ++m) {
        const stats::ClusterArm* arms = &cluster[m * plan_.arms.size()];
        for (std::size_t arm = 1; arm < plan_.arms.size(); ++arm) {
          out_.metrics[m][arm - 1].add(arms[arm], arms[0]);
        }
      }
    }
    return std::move(out_);
  }

 private:
  const Block* block_of(Day day) const {
    for (const Block& block : cut_.everybody) {
      if (day < block.end) return day >= block.begin ? &block : nullptr;
    }
    return nullptr;
  }
  void add_cluster(std::size_t metric, std::uint32_t arm, const stats::ClusterArm& one) {
    if (arm > 0) {
      out_.metrics[metric][arm - 1].add(one, {});
      return;
    }
    for (stats::ClusterSums& sums : out_.metrics[metric]) sums.add({}, one);
  }

  const Plan& plan_;
  const Cut& cut_;
  Time now_;
  std::size_t metrics_;
  ClusteredSums out_;
  std::map<std::uint64_t, std::vector<stats::ClusterArm>> clusters_;
};

}  // namespace

Result<ClusteredSums> sum_clusters(const UnitSource& source, const Plan& plan, const Cut& cut,
                                   Time now, bool include_simulated) {
  Gatherer gatherer(plan, cut, now);
  for (std::size_t part = 0; part < source.parts(); ++part) {
    TACT_TRY(source.scan(part, [&](const UnitFacts& facts) {
      if (include_simulated || !facts.simulated) gatherer.add(facts);
      return true;
    }));
  }
  return gatherer.finish();
}

}  // namespace tact
