// A unit as numbers for a model: nothing but what was known before its exposure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "measure/unit_facts.h"

namespace tact::internal {

// Columns: a unit's cells, spread over columns of 0 and 1, then covariates, then Plan::features.
// The plan must outlive it. Of UnitFacts it reads cells, features and MetricFacts::covariate alone:
// everything else came after the exposure, or with it.
class UnitColumns {
 public:
  explicit UnitColumns(const Plan& plan);
  std::size_t count() const { return count_; }    // columns
  std::size_t packed() const { return packed_; }  // numbers before cells are spread

  // Appends packed() numbers: few enough to keep for many units.
  void pack(const UnitFacts& facts, std::vector<float>& out) const;
  // Appends the count() columns of what pack() wrote.
  void spread(std::span<const float> packed, std::vector<float>& out) const;
  void append(const UnitFacts& facts, std::vector<float>& out) const;  // both

 private:
  template <typename CellOf>
  void append_cells(const CellOf& cell_of, std::vector<float>& out) const;
  void append_numbers(const UnitFacts& facts, std::vector<float>& out) const;
  const Plan& plan_;
  std::vector<std::size_t> covariates_;  // metrics that carry one, each covariate once
  std::size_t count_ = 0, packed_ = 0;
};

// The columns that tell anything among these rows.
std::vector<std::size_t> varying(const std::vector<float>& values, std::size_t columns);
// The same rows with the columns `keep` alone.
std::vector<float> kept(const std::vector<float>& values, std::size_t columns,
                        const std::vector<std::size_t>& keep);

}  // namespace tact::internal
