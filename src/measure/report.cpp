#include "measure/report.h"

#include "base/hash.h"
#include "measure/internal/facts.h"
#include "measure/internal/judge.h"
#include "measure/internal/words.h"
#include "stats/inference.h"

namespace tact {
namespace {

// Experiment::goals holds the primary one first, then the others in the playbook's order; an
// Expectation holds the index in the playbook.
std::size_t place_of(const Experiment& experiment, int playbook_goal) {
  const int primary = experiment.expect ? experiment.expect.goal : 0;
  if (playbook_goal == primary) return 0;
  return static_cast<std::size_t>(playbook_goal < primary ? playbook_goal + 1 : playbook_goal);
}

void add(Reports& reports, MomentReport report, std::string& hashes) {
  reports.simulated = reports.simulated || report.simulated();
  hashes += report.data_hash;
  if (report.moment.empty()) {
    reports.universal = std::move(report);
  } else if (report.visitors() == 0) {
    reports.unmet.push_back(report.moment);
  } else {
    reports.moments.push_back(std::move(report));
  }
}

Reports frame(const Playbook& current, const ReportOptions& options) {
  Reports reports;
  reports.site = current.site.name;
  reports.time_zone = current.site.time_zone;
  reports.currency = current.site.currency;
  reports.minor_digits = current.site.minor_digits;
  reports.as_of = options.now;
  reports.alpha = options.alpha;
  return reports;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHelps:
      return "helps";
    case Verdict::kHurts:
      return "hurts";
    case Verdict::kNoEffect:
      return "no effect";
    case Verdict::kNotClear:
      return "not clear";
    case Verdict::kNotEnoughData:
      return "not enough data";
    case Verdict::kCannotBeJudged:
      return "cannot be judged";
  }
  return "";
}

double ArmCounts::rate() const {
  return visitors == 0 ? 0.0 : static_cast<double>(outcomes) / static_cast<double>(visitors);
}

std::int64_t MomentReport::visitors() const {
  return goals.empty() ? 0 : goals.front().shown.exposed + goals.front().held_back.exposed;
}

Result<MomentReport> report_moment(const Store& store, const Experiment& experiment,
                                   Probability hold_back, const ReportOptions& options) {
  TACT_TRY(stats::check_alpha(options.alpha));
  TACT_ASSIGN(const internal::FactSums sums, internal::sum_facts(store, experiment, options));
  MomentReport report;
  report.moment = experiment.moment;
  report.need = experiment.need;
  report.because = experiment.because;
  report.first_exposure = sums.first;
  report.last_exposure = sums.last;
  report.crossovers_shown = sums.crossovers_shown;
  report.crossovers_held_back = sums.crossovers_held_back;
  report.simulated_visitors = sums.simulated;
  report.left_out_simulated = sums.left_out_simulated;
  report.data_hash = sums.data_hash;
  report.ratio = internal::check_ratio(sums.shown, sums.held_back, hold_back);
  for (std::size_t i = 0; i < experiment.goals.size(); ++i) {
    TACT_ASSIGN(GoalReport goal, internal::measure_goal(experiment.goals[i], sums.goals[i],
                                                        sums.first, report.ratio.failed, options));
    report.goals.push_back(std::move(goal));
  }
  report.hypothesis.stated = static_cast<bool>(experiment.expect);
  if (experiment.expect) report.hypothesis.more = experiment.expect.more;
  if (!experiment.goals.empty()) report.hypothesis.goal = experiment.goals.front().goal.id;
  if (experiment.not_at_the_cost_of) {
    const std::size_t place = place_of(experiment, experiment.not_at_the_cost_of.goal);
    if (place < report.goals.size()) {
      report.cost = CostWatch{experiment.not_at_the_cost_of.more, place};
    }
  }
  internal::judge(report);
  internal::put_into_words(report, options.now);
  return report;
}

Result<MomentReport> report_universal(const Store& store, const ExperimentBook& book,
                                      const Playbook& current, const ReportOptions& options) {
  const Experiment* universal = book.universal_of(current.hash);
  if (universal == nullptr) {
    return make_error(ErrorCode::kNotFound, "no experiment is known of this playbook",
                      current.hash.to_text());
  }
  return report_moment(store, *universal, current.site.hold_back, options);
}

Result<Reports> report_all(const Store& store, const ExperimentBook& book, const Playbook& current,
                           const ReportOptions& options) {
  Reports reports = frame(current, options);
  std::string hashes;
  for (const Moment& moment : current.moments) {
    const Experiment* experiment = book.of_moment(current.hash, moment.id);
    if (experiment == nullptr) continue;
    TACT_ASSIGN(MomentReport report, report_moment(store, *experiment, moment.hold_back, options));
    if (report.visitors() == 0 && moment.status != MomentStatus::kLive) continue;
    add(reports, std::move(report), hashes);
  }
  TACT_ASSIGN(MomentReport universal, report_universal(store, book, current, options));
  add(reports, std::move(universal), hashes);
  reports.data_hash = content_hash(hashes).to_text();
  return reports;
}

Result<Reports> report_one(const Store& store, const ExperimentBook& book, const Playbook& current,
                           std::string_view moment, const ReportOptions& options) {
  Reports reports = frame(current, options);
  std::string hashes;
  if (moment.empty()) {
    TACT_ASSIGN(MomentReport universal, report_universal(store, book, current, options));
    add(reports, std::move(universal), hashes);
  } else {
    const Moment* found = current.find_moment(moment);
    const Experiment* experiment =
        found == nullptr ? nullptr : book.of_moment(current.hash, moment);
    if (experiment == nullptr) {
      return make_error(ErrorCode::kNotFound,
                        found == nullptr
                            ? "the playbook in use has no moment of this name"
                            : "services and ideas are not held back, so they have no report",
                        std::string(moment));
    }
    TACT_ASSIGN(MomentReport report, report_moment(store, *experiment, found->hold_back, options));
    add(reports, std::move(report), hashes);
  }
  reports.data_hash = content_hash(hashes).to_text();
  return reports;
}

}  // namespace tact
