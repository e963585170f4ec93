// Does it help? From the `facts` rows of an experiment to a verdict in words, with the numbers and
// the intervals behind it. One scan per experiment, no history, no clock: the same rows and options
// give the same report, byte for byte.
//
// The gate and the rule of small cells hold by construction: what they withhold is not in Findings,
// so a renderer has nothing to leak. Words, method and JSON: README.md.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/fixed.h"
#include "base/result.h"
#include "base/time.h"
#include "measure/findings.h"
#include "playbook/playbook.h"
#include "profile/experiments.h"
#include "store/store.h"

namespace tact {

struct ReportOptions {
  Time now{};           // who was exposed a goal's window ago or earlier enters its comparison
  double alpha = 0.05;  // in (0, 0.5)
  bool include_simulated = true;  // false: as if their rows were not there
  bool small_cells = false;       // lift the rule of small cells; obeyed for simulated data alone
  // Strata by a model of what would have come anyway: two more scans, and its fit (likelihood.h).
  // report_one does so, report_all does not.
  bool by_likelihood = false;
  // Who can be persuaded: one more scan and its fits (persuadable.h). Of one report.
  bool uplift = false;
  std::string currency = "EUR";  // report_all and report_one take the site's,
  int minor_digits = 2;
  std::optional<Probability> margin;  // Site::margin; absent: no returns
  std::stop_token stop;               // looked at row by row, and between the steps of a fit
  Time present = Time::max();         // as AnalyseOptions::present
};

// Answers to people who allowed nothing, made from the page request alone: one per slot asked for.
// Nobody is held back there, so they say nothing about an effect.
struct WithoutConsent {
  struct Shown {
    std::string moment;
    std::int64_t answers = 0;
  };
  std::int64_t answers = 0;
  std::vector<Shown> shown;  // by moment; the rest of the answers was the default
  // Of the days since answers with consent are counted, too: those without, and all.
  std::int64_t without = 0, all = 0;
};

// Events that no person made, or the site's own people did: in no profile and no outcome.
struct LeftOut {
  std::int64_t bots = 0, staff = 0;
  std::int64_t pace = 0;  // of programs told by their pace
  bool operator==(const LeftOut&) const = default;
};

struct Reports {
  std::string site, time_zone = "UTC", currency = "EUR";
  int minor_digits = 2;
  Time as_of{};
  bool dated = true;  // false: a table without times
  double alpha = 0.05;
  std::vector<Findings> moments;      // met by at least one visitor, in the playbook's order
  std::vector<std::string> unmet;     // the other live moments
  std::vector<Findings> experiments;  // A/B experiments that a visitor has met
  std::optional<Findings> universal;
  WithoutConsent without_consent;  // report_all only
  LeftOut left_out;                // report_all only
  bool simulated = false;
  std::string data_hash;  // of the reports' hashes
};

// `hold_back`: the share planned, for the sample ratio. kInvalid: alpha; kCorrupt: a row that
// cannot be read; kUnavailable once asked to stop; errors of the scan. O(rows of the experiment),
// memory O(days × segments × goals).
Result<Findings> report_moment(const Store& store, const Experiment& experiment,
                               Probability hold_back, const ReportOptions& options);
// An A/B experiment of the playbook. Errors as above.
Result<Findings> report_experiment(const Store& store, const Experiment& experiment,
                                   const ReportOptions& options);
// The same for the universal holdout. kNotFound if the book does not know the playbook.
Result<Findings> report_universal(const Store& store, const ExperimentBook& book,
                                  const Playbook& current, const ReportOptions& options);
// All moments of `current` (services and ideas have no experiment), its A/B experiments, and the
// universal holdout.
Result<Reports> report_all(const Store& store, const ExperimentBook& book, const Playbook& current,
                           const ReportOptions& options);
// The same frame around one moment, or else the A/B experiment of that name; around the universal
// holdout for an empty name. kNotFound.
Result<Reports> report_one(const Store& store, const ExperimentBook& book, const Playbook& current,
                           std::string_view moment, const ReportOptions& options);

}  // namespace tact
