#include "measure/report.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/bytes.h"
#include "base/hash.h"
#include "measure/internal/additivity.h"
#include "measure/internal/gone.h"
#include "measure/internal/moment.h"
#include "measure/internal/tiers.h"
#include "store/keys.h"

namespace tact {
namespace {

void note_data(Reports& reports, const Findings& report, std::string& hashes) {
  reports.simulated = reports.simulated || report.simulated();
  hashes += report.data_hash;
}

void add(Reports& reports, Findings report, std::string& hashes) {
  note_data(reports, report, hashes);
  if (report.plan.name.empty()) {
    reports.universal = std::move(report);
  } else if (!report.anybody()) {
    reports.unmet.push_back(report.plan.name);
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

ReportOptions of_site(const Playbook& current, ReportOptions options) {
  options.currency = current.site.currency;
  options.minor_digits = current.site.minor_digits;
  options.margin = current.site.margin;
  return options;
}

Result<WithoutConsent> count_without_consent(const Store& store) {
  std::map<std::string, std::int64_t, std::less<>> by_moment;
  WithoutConsent out;
  std::optional<std::uint64_t> since;  // the first day of which both are known
  TACT_TRY(store.scan(Family::kMeta, keys::consented_prefix(), {},
                      [&](std::string_view key, std::string_view value) {
                        const auto day = keys::parse_consented(key);
                        ByteReader in(value);
                        const auto answers = static_cast<std::int64_t>(in.varint());
                        if (!day || in.failed()) return true;
                        since = std::min(since.value_or(*day), *day);
                        out.all += answers;
                        return true;
                      }));
  TACT_TRY(store.scan(Family::kMeta, keys::unconsented_prefix(), {},
                      [&](std::string_view key, std::string_view value) {
                        const auto parsed = keys::parse_unconsented(key);
                        ByteReader in(value);
                        const auto answers = static_cast<std::int64_t>(in.varint());
                        if (!parsed || in.failed()) return true;
                        by_moment[std::string(parsed->moment)] += answers;
                        if (since && parsed->day >= *since) out.without += answers;
                        return true;
                      }));
  out.all += out.without;
  for (const auto& [moment, answers] : by_moment) {
    out.answers += answers;
    if (!moment.empty()) out.shown.push_back({moment, answers});
  }
  return out;
}

Result<LeftOut> count_left_out(const Store& store) {
  LeftOut out;
  TACT_TRY(store.scan(Family::kMeta, keys::left_out_prefix(), {},
                      [&](std::string_view key, std::string_view value) {
                        const auto parsed = keys::parse_left_out(key);
                        ByteReader in(value);
                        const auto events = static_cast<std::int64_t>(in.varint());
                        if (!parsed || in.failed()) return true;
                        if (parsed->who == keys::kBots) out.bots += events;
                        if (parsed->who == keys::kStaff) out.staff += events;
                        if (parsed->who == keys::kPace) out.pace += events;
                        return true;
                      }));
  return out;
}

// Of every moment of the playbook that has an experiment, met or not.
Result<std::vector<Findings>> measure_moments(const Store& store, const ExperimentBook& book,
                                              const Playbook& current,
                                              const ReportOptions& options) {
  std::vector<Findings> out;
  for (const Moment& moment : current.moments) {
    const Experiment* experiment = book.of_moment(current.hash, moment.id);
    if (experiment == nullptr) continue;
    TACT_ASSIGN(Findings report, report_moment(store, *experiment, moment.hold_back, options));
    out.push_back(std::move(report));
  }
  return out;
}

// The universal holdout with the sum of these moments beside it, and by tier.
Result<Findings> measure_whole(const Store& store, const ExperimentBook& book,
                               const Playbook& current, const std::vector<Findings>& moments,
                               const ReportOptions& options) {
  TACT_ASSIGN(Findings universal, report_universal(store, book, current, options));
  TACT_ASSIGN(const auto gone, internal::moments_gone(store, book, current));
  TACT_ASSIGN(universal.additivity, internal::add_up(universal, moments, gone, options.alpha));
  if (universal.additivity && !universal.additivity->moments.empty()) {
    universal.method.push_back(internal::say_how_added());
  }
  TACT_ASSIGN(universal.tiers, internal::by_tier(universal, moments, current, options.alpha));
  if (universal.tiers) universal.method.push_back(internal::say_how_by_tier());
  return universal;
}

}  // namespace

Result<Findings> report_moment(const Store& store, const Experiment& experiment,
                               Probability hold_back, const ReportOptions& options) {
  return internal::analyse_moment(store, experiment, hold_back, options);
}

Result<Findings> report_experiment(const Store& store, const Experiment& experiment,
                                   const ReportOptions& options) {
  return internal::analyse_moment(store, experiment, {}, options);
}

Result<Findings> report_universal(const Store& store, const ExperimentBook& book,
                                  const Playbook& current, const ReportOptions& options) {
  const Experiment* universal = book.universal_of(current.hash);
  if (universal == nullptr) {
    return make_error(ErrorCode::kNotFound, "no experiment is known of this playbook",
                      current.hash.to_text());
  }
  return report_moment(store, *universal, current.site.hold_back, of_site(current, options));
}

Result<Reports> report_all(const Store& store, const ExperimentBook& book, const Playbook& current,
                           const ReportOptions& options) {
  Reports reports = frame(current, options);
  std::string hashes;
  TACT_ASSIGN(std::vector<Findings> moments,
              measure_moments(store, book, current, of_site(current, options)));
  TACT_ASSIGN(Findings universal, measure_whole(store, book, current, moments, options));
  for (Findings& report : moments) {
    const Moment* moment = current.find_moment(report.plan.name);
    if (!report.anybody() && moment->status != MomentStatus::kLive) continue;
    add(reports, std::move(report), hashes);
  }
  for (const ExperimentPlan& plan : current.experiments) {
    const Experiment* experiment = book.of_experiment(current.hash, plan.id);
    if (experiment == nullptr) continue;
    TACT_ASSIGN(Findings report, report_experiment(store, *experiment, of_site(current, options)));
    if (!report.anybody()) continue;
    note_data(reports, report, hashes);
    reports.experiments.push_back(std::move(report));
  }
  add(reports, std::move(universal), hashes);
  TACT_ASSIGN(reports.without_consent, count_without_consent(store));
  TACT_ASSIGN(reports.left_out, count_left_out(store));
  reports.data_hash = content_hash(hashes).to_text();
  return reports;
}

Result<Reports> report_one(const Store& store, const ExperimentBook& book, const Playbook& current,
                           std::string_view moment, const ReportOptions& given) {
  ReportOptions options = given;
  options.by_likelihood = true;
  Reports reports = frame(current, options);
  std::string hashes;
  if (moment.empty()) {
    ReportOptions plain = of_site(current, given);
    plain.uplift = false;
    TACT_ASSIGN(const auto moments, measure_moments(store, book, current, plain));
    TACT_ASSIGN(Findings universal, measure_whole(store, book, current, moments, options));
    for (const Findings& report : moments) note_data(reports, report, hashes);
    add(reports, std::move(universal), hashes);
  } else {
    const Moment* found = current.find_moment(moment);
    const Experiment* ab = found == nullptr ? book.of_experiment(current.hash, moment) : nullptr;
    if (ab != nullptr) {
      TACT_ASSIGN(Findings report, report_experiment(store, *ab, of_site(current, options)));
      note_data(reports, report, hashes);
      reports.experiments.push_back(std::move(report));
      reports.data_hash = content_hash(hashes).to_text();
      return reports;
    }
    const Experiment* experiment =
        found == nullptr ? nullptr : book.of_moment(current.hash, moment);
    if (experiment == nullptr) {
      return make_error(ErrorCode::kNotFound,
                        found == nullptr
                            ? "the playbook in use has no moment of this name, and no experiment"
                            : "services and ideas are not held back, so they have no report",
                        std::string(moment));
    }
    TACT_ASSIGN(Findings report,
                report_moment(store, *experiment, found->hold_back, of_site(current, options)));
    add(reports, std::move(report), hashes);
  }
  reports.data_hash = content_hash(hashes).to_text();
  return reports;
}

}  // namespace tact
