// The second pass: a surveyed table's rows as units.
#pragma once

#include <string>

#include "cli/experiment/survey.h"
#include "measure/unit_facts.h"

namespace tact::cli::experiment {

class TableSource final : public UnitSource {
 public:
  TableSource(const Options& options, const Survey& survey, OnProgress progress)
      : options_(options), survey_(survey), progress_(std::move(progress)) {}
  std::size_t parts() const override { return 1; }
  // kConflict: the file changed since it was surveyed.
  Status scan(std::size_t part, const Visit& visit) const override;
  std::string data_hash() const { return hash_; }  // of the rows, once scanned

 private:
  const Options& options_;
  const Survey& survey_;
  OnProgress progress_;
  mutable std::string hash_;
};

}  // namespace tact::cli::experiment
