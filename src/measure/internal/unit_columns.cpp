#include "measure/internal/unit_columns.h"

#include <cmath>
#include <set>
#include <string_view>

namespace tact::internal {
namespace {

bool same(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

UnitColumns::UnitColumns(const Plan& plan) : plan_(plan) {
  std::set<std::string_view> names;
  for (std::size_t m = 0; m < plan.metrics.size(); ++m) {
    const Metric& metric = plan.metrics[m];
    if (metric.covariate && names.insert(metric.covariate_name).second) covariates_.push_back(m);
  }
  const std::size_t numbers = covariates_.size() + plan.features.size();
  packed_ = plan.dimensions.size() + numbers;
  count_ = numbers;
  for (const Dimension& dimension : plan.dimensions) count_ += dimension.cells.size();
}

void UnitColumns::pack(const UnitFacts& facts, std::vector<float>& out) const {
  for (std::size_t d = 0; d < plan_.dimensions.size(); ++d) {
    out.push_back(static_cast<float>(facts.cells[d]));
  }
  append_numbers(facts, out);
}

void UnitColumns::append_numbers(const UnitFacts& facts, std::vector<float>& out) const {
  for (const std::size_t m : covariates_) {
    out.push_back(static_cast<float>(static_cast<double>(facts.metrics[m].covariate) /
                                     std::pow(10.0, plan_.metrics[m].covariate_digits)));
  }
  out.insert(out.end(), facts.features.begin(), facts.features.end());
}

// cell_of(d): a unit's cell of that dimension.
template <typename CellOf>
void UnitColumns::append_cells(const CellOf& cell_of, std::vector<float>& out) const {
  for (std::size_t d = 0; d < plan_.dimensions.size(); ++d) {
    const auto of_unit = static_cast<std::int32_t>(cell_of(d));
    const auto cells = static_cast<std::int32_t>(plan_.dimensions[d].cells.size());
    for (std::int32_t cell = 0; cell < cells; ++cell) out.push_back(cell == of_unit ? 1.0F : 0.0F);
  }
}

void UnitColumns::spread(std::span<const float> packed, std::vector<float>& out) const {
  append_cells([&](std::size_t d) { return packed[d]; }, out);
  const std::span<const float> numbers = packed.subspan(plan_.dimensions.size());
  out.insert(out.end(), numbers.begin(), numbers.end());
}

void UnitColumns::append(const UnitFacts& facts, std::vector<float>& out) const {
  append_cells([&](std::size_t d) { return facts.cells[d]; }, out);
  append_numbers(facts, out);
}

std::vector<std::size_t> varying(const std::vector<float>& values, std::size_t columns) {
  std::vector<std::size_t> out;
  for (std::size_t column = 0; column < columns; ++column) {
    for (std::size_t at = column; at < values.size(); at += columns) {
      if (same(values[at], values[column])) continue;
      out.push_back(column);
      break;
    }
  }
  return out;
}

std::vector<float> kept(const std::vector<float>& values, std::size_t columns,
                        const std::vector<std::size_t>& keep) {
  std::vector<float> out;
  out.reserve(values.size() / columns * keep.size());
  for (std::size_t row = 0; row < values.size(); row += columns) {
    for (const std::size_t column : keep) out.push_back(values[row + column]);
  }
  return out;
}

}  // namespace tact::internal
