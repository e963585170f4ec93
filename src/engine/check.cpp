#include "engine/check.h"

#include <algorithm>
#include <optional>

#include "base/hash.h"
#include "engine/population.h"
#include "engine/replay.h"
#include "store/keys.h"

namespace tact {
namespace {

constexpr std::size_t kMaxProblems = 100;

void note(CheckReport& report, std::string problem) {
  if (report.problems.size() < kMaxProblems) report.problems.push_back(std::move(problem));
  ++report.problems_total;
}

// The visitors that have history in a partition, ascending.
Result<std::vector<VisitorId>> visitors_of(const Store& store, Partition partition) {
  std::vector<VisitorId> visitors;
  TACT_TRY(store.scan(Family::kHistory, std::string(1, static_cast<char>(partition.value)), {},
                      [&](std::string_view key, std::string_view) {
                        const auto parsed = keys::parse_history(key);
                        if (parsed && (visitors.empty() || visitors.back() != parsed->visitor)) {
                          visitors.push_back(parsed->visitor);
                        }
                        return true;
                      }));
  return visitors;
}

std::string row_of(const Exposure& exposure) {
  ByteWriter out;
  exposure.encode(out);
  return out.take();
}

class Verification {
 public:
  Verification(const Store& store, const PlaybookState& state)
      : store_(store), context_{*state.playbook, state.experiments} {}

  Status check_partition_log(Partition partition) {
    const auto check = check_partition(store_, partition);
    const std::string name = "partition " + std::to_string(partition.value);
    if (!check.has_value()) {
      note(report, name + ": " + check.error().message);
      return ok();
    }
    report.records += check->records;
    if (!check->agrees) {
      note(report, name + ": its log does not add up: " + std::to_string(check->records) +
                       " records found, " + std::to_string(check->stored.records) +
                       " written, or their bytes differ");
    }
    return ok();
  }

  void check_visitor(const VisitorId& visitor) {
    ++report.visitors;
    const auto expected = replay(store_, visitor, kToTheEnd, context_);
    if (!expected.has_value())
      return note(report, visitor.to_text() + ": " + expected.error().message);
    responses_.add(expected->profile.core.responses);
    check_profile(visitor, expected->profile);
    check_facts(visitor, expected->profile.core);
  }

  // After all its visitors.
  void check_responses(Partition partition) {
    const auto stored = read_responses(store_, partition);
    if (!stored.has_value() || *stored != responses_) {
      note(report, "partition " + std::to_string(partition.value) +
                       ": the sums of answers are not those of its visitors");
    }
    responses_ = {};
  }

  Status check_totals() {
    std::uint64_t rows = 0;
    TACT_TRY(store_.scan(Family::kFacts, {}, {}, [&](std::string_view, std::string_view) {
      ++rows;
      return true;
    }));
    if (rows != report.facts) {
      note(report, "facts: " + std::to_string(rows) + " rows stored, " +
                       std::to_string(report.facts) + " follow from the log");
    }
    return ok();
  }

  CheckReport report;

 private:
  void check_profile(const VisitorId& visitor, const Profile& expected) {
    const auto bytes = store_.get(Family::kProfile, keys::profile(visitor));
    if (!bytes.has_value()) return note(report, visitor.to_text() + ": " + bytes.error().message);
    if (!*bytes) return note(report, visitor.to_text() + ": has a history and no profile");
    const auto stored = Profile::decode(**bytes);
    if (!stored.has_value()) return note(report, visitor.to_text() + ": " + stored.error().message);
    if (stored->core != expected.core) {
      return note(report, visitor.to_text() + ": the profile is not what its history gives");
    }
    if (stored->derived.definitions != expected.derived.definitions) {
      ++report.refold_later;
    } else if (stored->derived != expected.derived) {
      note(report, visitor.to_text() + ": the signals are not what the history gives");
    }
  }

  void check_facts(const VisitorId& visitor, const Core& core) {
    for (const Exposure& exposure : core.exposures) {
      ++report.facts;
      const auto row = store_.get(Family::kFacts, keys::facts(exposure.experiment, visitor));
      if (!row.has_value() || !*row || **row != row_of(exposure)) {
        note(report, visitor.to_text() + ": a row of facts is missing or differs");
      }
    }
  }

  const Store& store_;
  FoldContext context_;
  ResponseSums responses_;  // of the partition being checked
};

Status erase_all(Store& store, Family family) {
  Batch batch;
  TACT_TRY(store.scan(family, {}, {}, [&](std::string_view key, std::string_view) {
    batch.erase(family, std::string(key));
    return true;
  }));
  return batch.empty() ? ok() : store.commit(batch);
}

void stage_visitor(const VisitorId& visitor, const Profile& profile, Batch& batch) {
  batch.put(Family::kProfile, keys::profile(visitor), profile.encode());
  for (const Exposure& exposure : profile.core.exposures) {
    batch.put(Family::kFacts, keys::facts(exposure.experiment, visitor), row_of(exposure));
  }
}

}  // namespace

Result<CheckReport> verify(const Store& store, const Playbooks& playbooks,
                           const CheckProgress& progress) {
  const auto state = playbooks.current();
  Verification verification(store, *state);
  if (const Status files = store.verify_files(); !files.has_value()) {
    note(verification.report, files.error().to_text());
  }
  for (int p = 0; p < kPartitions; ++p) {
    const Partition partition{static_cast<std::uint8_t>(p)};
    TACT_TRY(verification.check_partition_log(partition));
    TACT_ASSIGN(const auto visitors, visitors_of(store, partition));
    for (const VisitorId& visitor : visitors) verification.check_visitor(visitor);
    verification.check_responses(partition);
    if (progress) progress(p + 1);
  }
  TACT_TRY(verification.check_totals());
  return std::move(verification.report);
}

Result<CheckReport> rebuild(Store& store, const Playbooks& playbooks,
                            const CheckProgress& progress) {
  const auto state = playbooks.current();
  const FoldContext context{*state->playbook, state->experiments};
  CheckReport report;
  for (int p = 0; p < kPartitions; ++p) {
    TACT_ASSIGN(const PartitionCheck check,
                check_partition(store, Partition{static_cast<std::uint8_t>(p)}));
    if (!check.agrees) {
      return make_error(ErrorCode::kCorrupt,
                        "the log itself is damaged; restore a backup, then verify",
                        "partition " + std::to_string(p));
    }
    report.records += check.records;
  }
  for (const Family family : {Family::kFacts, Family::kProfile}) TACT_TRY(erase_all(store, family));
  for (int p = 0; p < kPartitions; ++p) {
    TACT_ASSIGN(const auto visitors, visitors_of(store, Partition{static_cast<std::uint8_t>(p)}));
    Batch batch;
    ResponseSums responses;
    for (const VisitorId& visitor : visitors) {
      TACT_ASSIGN(const Replayed expected, replay(store, visitor, kToTheEnd, context));
      responses.add(expected.profile.core.responses);
      stage_visitor(visitor, expected.profile, batch);
      report.facts += expected.profile.core.exposures.size();
      ++report.visitors;
      if (batch.size() < 10'000) continue;
      TACT_TRY(store.commit(batch));
      batch.clear();
    }
    const std::string row = keys::responses(Partition{static_cast<std::uint8_t>(p)});
    if (responses.empty()) {
      batch.erase(Family::kMeta, row);
    } else {
      batch.put(Family::kMeta, row, responses.encode());
    }
    TACT_TRY(store.commit(batch));
    if (progress) progress(p + 1);
  }
  return report;
}

}  // namespace tact
