#include "cli/experiment/table_source.h"

#include <algorithm>
#include <fstream>
#include <unordered_map>

#include "base/bytes.h"
#include "base/hash.h"
#include "measure/row_hash.h"

namespace tact::cli::experiment {
namespace {

using Indexes = std::unordered_map<std::string, std::int32_t>;

class Reader {
 public:
  explicit Reader(const Survey& survey) : plan_(survey.plan), columns_(survey.columns) {
    for (std::size_t arm = 0; arm < plan_.arms.size(); ++arm) {
      arms_[plan_.arms[arm].name] = static_cast<std::int32_t>(arm);
    }
    for (const Dimension& dimension : plan_.dimensions) {
      Indexes cells;
      for (std::size_t cell = 0; cell < dimension.cells.size(); ++cell) {
        cells[dimension.cells[cell]] = static_cast<std::int32_t>(cell);
      }
      cells_.push_back(std::move(cells));
    }
    facts_.resize_for(plan_);
  }

  // Null: a row that the survey cannot have seen.
  const UnitFacts* read(const TableRows& rows) {
    const auto arm = arms_.find(rows.cell(columns_.arm));
    if (arm == arms_.end()) return nullptr;
    facts_.arm = static_cast<std::uint32_t>(arm->second);
    facts_.key = hash64(columns_.unit ? rows.cell(*columns_.unit) : std::to_string(++row_));
    bool good = true;
    const auto whole = [&](std::size_t column, int digits) {
      const auto value = rows.number(column);
      good = good && value.has_value();
      return value.has_value() ? scaled(*value, digits) : 0;
    };
    for (std::size_t m = 0; m < plan_.metrics.size(); ++m) {
      const Metric& metric = plan_.metrics[m];
      MetricFacts& facts = facts_.metrics[m];
      facts.value = whole(columns_.metrics[m].value, metric.digits);
      if (columns_.metrics[m].denominator) {
        facts.second = whole(*columns_.metrics[m].denominator, metric.second_digits);
      }
      if (columns_.covariate) facts.covariate = whole(*columns_.covariate, metric.covariate_digits);
    }
    for (std::size_t s = 0; s < cells_.size(); ++s) {
      const auto cell = cells_[s].find(rows.cell(columns_.segments[s]));
      facts_.cells[s] = cell == cells_[s].end() ? -1 : cell->second;
    }
    if (columns_.cluster) {
      facts_.cluster = std::max<std::uint64_t>(1, hash64(rows.cell(*columns_.cluster)));
    }
    if (columns_.at) {
      const auto time = parse_time(rows.cell(*columns_.at));
      good = good && time.has_value();
      facts_.at = time.value_or(Time{});
    }
    return good ? &facts_ : nullptr;
  }

 private:
  const Plan& plan_;
  const Columns& columns_;
  Indexes arms_;
  std::vector<Indexes> cells_;
  UnitFacts facts_;
  std::uint64_t row_ = 0;  // so far; names units that have no name
};

}  // namespace

Status TableSource::scan(std::size_t, const Visit& visit) const {
  const auto changed = [&] {
    return make_error(ErrorCode::kConflict, "the table changed while it was read", options_.csv);
  };
  std::ifstream in(options_.csv, std::ios::binary);
  if (!in) return changed();
  auto rows = TableRows::open(in);
  if (!rows.has_value()) return changed();
  RowHash hash;
  hash.add(rows->text(), {});
  Reader reader(survey_);
  std::uint64_t bytes = 0, count = 0;
  while (true) {
    const auto any = rows->next();
    if (!any.has_value()) return changed();
    if (!*any) break;
    const UnitFacts* facts = reader.read(*rows);
    if (facts == nullptr) return changed();
    hash.add(rows->text(), {});
    bytes += rows->text().size() + 1;
    if (++count % 4096 == 0) progress_(bytes);
    if (!visit(*facts)) return ok();
  }
  if (count != survey_.rows) return changed();
  hash_ = hash.finish();
  return ok();
}

}  // namespace tact::cli::experiment
