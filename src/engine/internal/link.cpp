// Joining two visitors by two records in two partitions.
#include <algorithm>

#include "engine/internal/job.h"
#include "engine/replay.h"
#include "store/keys.h"

namespace tact {
namespace {

std::string bytes_of(const VisitorId& visitor) {
  return {visitor.bytes.begin(), visitor.bytes.end()};
}

// Whether a second half is still to be done: it may have been sent twice.
Result<bool> is_due(const Shard& shard, const Visitor& winner, const AbsorbRecord& body) {
  const auto& absorbed = winner.absorbed;
  const std::pair link(body.loser, body.loser_offset);
  if (std::find(absorbed.begin(), absorbed.end(), link) != absorbed.end()) return false;
  TACT_ASSIGN(
      const auto row,
      shard.shared().store.get(Family::kMeta, keys::pending_link(body.loser, body.loser_offset)));
  return row.has_value();
}

struct Absorb {
  VisitorId winner;
  AbsorbRecord body;
  Time at{};
  JobPtr job;  // goes on at the winner afterwards; may be null
};
void absorb(Shard& shard, Absorb task);

void send(Shared& shared, Absorb task) {
  Shard& shard = shared.shard_of(task.winner);
  shard.post([task = std::move(task)](Shard& there) { absorb(there, task); });
}

void fail(Shard& shard, const JobPtr& job, const Error& error) {
  if (job != nullptr) shard.when_durable([job, error](const Status&) { job->done(error, *job); });
}

// The winner has ended itself meanwhile: its own winner takes over, once that is durable.
void pass_on(Shard& shard, const Visitor& ended, Absorb task) {
  task.winner = ended.profile.core.merged_into;
  if (task.job != nullptr) task.job->visitor = task.winner;
  if (shard.is_durable(ended)) return send(shard.shared(), std::move(task));
  shard.when_durable([&shared = shard.shared(), task = std::move(task)](const Status& status) {
    if (status.has_value()) {
      send(shared, task);
    } else if (task.job != nullptr) {
      task.job->done(status, *task.job);
    }
  });
}

// Second half: the winner takes over what the link record holds, once.
void absorb(Shard& shard, Absorb task) {
  const JobPtr job = task.job;
  if (!shard.accepts())
    return fail(shard, job, make_error(ErrorCode::kUnavailable, "the store is not ready; retry"));
  auto found = shard.visitor(task.winner);
  if (!found.has_value()) return fail(shard, job, found.error());
  Visitor& visitor = **found;
  if (visitor.profile.core.merged_into != VisitorId{})
    return pass_on(shard, visitor, std::move(task));
  const auto due = is_due(shard, visitor, task.body);
  if (!due.has_value()) return fail(shard, job, due.error());
  if (!*due) {
    if (job != nullptr) run_job(shard, job);
    return;
  }
  auto current =
      under_current_definitions(shard.shared().store, std::move(task.body), shard.fold_context());
  if (!current.has_value()) return fail(shard, job, current.error());
  const std::pair link(current->loser, current->loser_offset);
  Record record;
  record.received_at = shard.log_of(visitor.id).receive_time(task.at);
  record.event_time = record.received_at;
  record.body = std::move(*current);
  shard.append(visitor, record);
  visitor.absorbed.push_back(link);
  shard.batch().erase(Family::kMeta, keys::pending_link(link.first, link.second));
  if (job != nullptr) run_job(shard, job);
}

}  // namespace

void link_out(Shard& shard, Visitor& visitor, const VisitorId& winner, const Login& said_by,
              JobPtr job) {
  // One that has ended already hands nothing over: that went to the winner before.
  const bool ended = visitor.profile.core.merged_into != VisitorId{};
  LinkOutRecord link{.winner = winner,
                     .core = ended ? Core{}.encode() : visitor.profile.core.encode(),
                     .derived = visitor.as_stored().derived.encode(),
                     .login = said_by.message};
  Record record;
  record.received_at = shard.log_of(visitor.id).receive_time(shard.shared().now());
  record.event_time = said_by.at;
  record.body = link;
  const VisitorId loser = visitor.id;
  const Offset offset = shard.append(visitor, record);
  shard.batch().put(Family::kAlias, keys::alias(loser), bytes_of(winner));
  shard.batch().put(Family::kMeta, keys::pending_link(loser, offset), bytes_of(winner));
  if (job != nullptr) job->visitor = winner;
  Absorb task{.winner = winner,
              .body = {.loser = loser,
                       .loser_offset = offset,
                       .core = std::move(link.core),
                       .derived = std::move(link.derived)},
              .at = record.received_at,
              .job = std::move(job)};
  shard.when_durable([&shared = shard.shared(), task = std::move(task)](const Status& status) {
    if (status.has_value()) {
      send(shared, task);
    } else if (task.job != nullptr) {
      task.job->done(status, *task.job);
    }
  });
}

Status resend_absorbs(Shared& shared, const Shard* owner) {
  std::vector<keys::HistoryKey> links;
  TACT_TRY(shared.store.scan(
      Family::kMeta, keys::pending_link_prefix(), {}, [&](std::string_view key, std::string_view) {
        const auto link = keys::parse_pending_link(key);
        if (link && (owner == nullptr || &shared.shard_of(link->visitor) == owner))
          links.push_back(*link);
        return true;
      }));
  for (const auto& [loser, offset] : links) {
    TACT_ASSIGN(const Record record, read_record(shared.store, loser, offset));
    const auto* link = std::get_if<LinkOutRecord>(&record.body);
    if (link == nullptr) return make_error(ErrorCode::kCorrupt, "a pending merge names no link");
    send(shared, {.winner = link->winner,
                  .body = {.loser = loser,
                           .loser_offset = offset,
                           .core = link->core,
                           .derived = link->derived},
                  .at = record.received_at,
                  .job = nullptr});
  }
  return ok();
}

}  // namespace tact
