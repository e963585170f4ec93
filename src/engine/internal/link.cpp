// Who an event belongs to, and joining two visitors by two records in two partitions.
#include <algorithm>

#include "engine/internal/job.h"
#include "engine/replay.h"
#include "store/keys.h"

namespace tact {
namespace {

constexpr std::string_view kAnonymousKind = "anonymous";
constexpr std::string_view kUserKind = "user";
constexpr std::string_view kClaimedKind =
    "claimed-user";  // by a browser, unsigned: nobody's but its own

std::string pending_value(const VisitorId& winner, Offset offset) {
  ByteWriter out;
  out.raw(
      std::string_view(reinterpret_cast<const char*>(winner.bytes.data()), winner.bytes.size()));
  out.u64_be(offset.value);
  return out.take();
}

// Whether a second half is still to be done: it may have been sent twice.
Result<bool> is_due(const Shard& shard, const Visitor& winner, const VisitorId& loser) {
  const auto& absorbed = winner.absorbed;
  if (std::find(absorbed.begin(), absorbed.end(), loser) != absorbed.end()) return false;
  TACT_ASSIGN(const auto row, shard.shared().store.get(Family::kMeta, keys::pending_link(loser)));
  return row.has_value();
}

// Second half: the winner takes over what the link record holds, once.
void absorb(Shard& shard, const VisitorId& winner, AbsorbRecord body, Time now, const JobPtr& job) {
  const auto fail = [&](const Error& error) {
    if (job != nullptr) shard.when_durable([job, error](const Status&) { job->done(error, *job); });
  };
  if (!shard.accepts())
    return fail(make_error(ErrorCode::kUnavailable, "the store is not ready; retry"));
  auto found = shard.visitor(winner);
  if (!found.has_value()) return fail(found.error());
  Visitor& visitor = **found;
  const auto due = is_due(shard, visitor, body.loser);
  if (!due.has_value()) return fail(due.error());
  if (!*due) {
    if (job != nullptr) run_job(shard, job);
    return;
  }
  auto current =
      under_current_definitions(shard.shared().store, std::move(body), shard.fold_context());
  if (!current.has_value()) return fail(current.error());
  Record record;
  record.received_at = shard.log_of(winner).receive_time(now);
  record.event_time = record.received_at;
  const VisitorId loser = current->loser;
  record.body = std::move(*current);
  shard.append(visitor, record);
  visitor.absorbed.push_back(loser);
  shard.batch().erase(Family::kMeta, keys::pending_link(loser));
  if (job != nullptr) run_job(shard, job);
}

}  // namespace

VisitorId first_visitor(const InstallKey& key, const Event& event, bool trusted) {
  const bool can_join = event.type == EventType::kIdentify && !event.anonymous_id.empty();
  if (trusted && !event.user_id.empty() && !can_join)
    return key.visitor_id(kUserKind, event.user_id);
  if (!event.anonymous_id.empty()) return key.visitor_id(kAnonymousKind, event.anonymous_id);
  return key.visitor_id(trusted ? kUserKind : kClaimedKind, event.user_id);
}

std::optional<VisitorId> joins(const InstallKey& key, const Visitor& visitor,
                               const Record& record) {
  const auto& event = std::get<Event>(record.body);
  if (event.type != EventType::kIdentify || event.user_id.empty() || event.anonymous_id.empty() ||
      !record.has(record_flags::kTrustedIdentity)) {
    return std::nullopt;
  }
  const VisitorId known = key.visitor_id(kUserKind, event.user_id);
  if (known == visitor.id || visitor.id != key.visitor_id(kAnonymousKind, event.anonymous_id)) {
    return std::nullopt;
  }
  return known;
}

void link_out(Shard& shard, Visitor& visitor, const VisitorId& winner, JobPtr job) {
  LinkOutRecord link{.winner = winner,
                     .core = visitor.profile.core.encode(),
                     .derived = visitor.as_stored().derived.encode()};
  Record record;
  record.received_at = shard.log_of(visitor.id).receive_time(shard.shared().now());
  record.event_time = record.received_at;
  record.body = link;
  const VisitorId loser = visitor.id;
  const Offset offset = shard.append(visitor, record);
  shard.batch().put(Family::kAlias, keys::alias(loser),
                    std::string(winner.bytes.begin(), winner.bytes.end()));
  shard.batch().put(Family::kMeta, keys::pending_link(loser), pending_value(winner, offset));
  AbsorbRecord body{
      .loser = loser, .loser_offset = offset, .core = link.core, .derived = link.derived};
  const Time now = record.received_at;
  if (job != nullptr) job->visitor = winner;
  shard.when_durable([&shared = shard.shared(), winner, now, body = std::move(body),
                      job = std::move(job)](const Status& status) {
    if (!status.has_value()) {
      if (job != nullptr) job->done(status, *job);
      return;
    }
    shared.shard_of(winner).post(
        [winner, now, body, job](Shard& other) { absorb(other, winner, body, now, job); });
  });
}

Status resend_absorbs(Shared& shared, const Shard* owner) {
  std::vector<VisitorId> losers;
  TACT_TRY(shared.store.scan(Family::kMeta, "l", {}, [&](std::string_view key, std::string_view) {
    const auto loser = keys::parse_pending_link(key);
    if (loser && (owner == nullptr || &shared.shard_of(*loser) == owner)) losers.push_back(*loser);
    return true;
  }));
  for (const VisitorId& loser : losers) {
    TACT_ASSIGN(const auto value, shared.store.get(Family::kMeta, keys::pending_link(loser)));
    if (!value) continue;
    ByteReader in(*value);
    const auto winner = keys::parse_visitor(in.raw(16));
    const Offset offset{in.u64_be()};
    if (!winner || in.failed())
      return make_error(ErrorCode::kCorrupt, "a pending merge does not parse");
    TACT_ASSIGN(const Record record, read_record(shared.store, loser, offset));
    const auto* link = std::get_if<LinkOutRecord>(&record.body);
    if (link == nullptr) return make_error(ErrorCode::kCorrupt, "a pending merge names no link");
    AbsorbRecord body{
        .loser = loser, .loser_offset = offset, .core = link->core, .derived = link->derived};
    shared.shard_of(*winner).post([id = *winner, at = record.received_at, body](Shard& shard) {
      absorb(shard, id, body, at, nullptr);
    });
  }
  return ok();
}

}  // namespace tact
