// Undoing a link (`tact visitor unlink`), by two records in two partitions, as it was made. The
// loser is held (a pending row, Shard::is_unlinking) so that it changes no hands meanwhile. The
// winner goes first: it becomes what it would be had the link never been, and the loser takes the
// winner's answers about consent along, so that a withdrawal given meanwhile still holds.
#include "base/bytes.h"
#include "engine/internal/job.h"
#include "engine/replay.h"
#include "store/keys.h"

namespace tact {
namespace {

struct Undoing {
  VisitorId loser;
  Offset link;
  VisitorId winner;  // where it was handed over to; its chain is walked to the end
  std::string reason;
  UnlinkDone done;  // null after a crash
};

void detach(Shard& shard, Undoing task);
void revive(Shard& shard, Undoing task, const ConsentLedger& consent);

template <typename Run>
void send(Shared& shared, const VisitorId& to, Run run) {
  shared.shard_of(to).post(std::move(run));
}

void end(const Undoing& task, Result<VisitorId> result) {
  if (task.done) task.done(std::move(result));
}

Record record_at(Shard& shard, const VisitorId& visitor, decltype(Record::body) body) {
  Record record;
  record.received_at = shard.log_of(visitor).receive_time(shard.shared().now());
  record.event_time = record.received_at;
  record.body = std::move(body);
  return record;
}

// Everything of the visitor must be readable from the store. False: `again` is called once it is.
bool is_readable(Shard& shard, const Visitor& visitor, std::function<void(Shard&)> again) {
  if (shard.is_durable(visitor)) return true;
  shard.when_durable([&shared = shard.shared(), id = visitor.id,
                      again = std::move(again)](const Status&) { send(shared, id, again); });
  return false;
}

struct LastLink {
  Offset offset;
  LinkOutRecord record;
};

Result<LastLink> last_link(const Store& store, const VisitorId& visitor) {
  std::optional<LastLink> last;
  TACT_TRY(
      read_visitor(store, visitor, Offset{1}, kToTheEnd, [&](Offset offset, const Record& record) {
        if (const auto* link = std::get_if<LinkOutRecord>(&record.body))
          last = LastLink{offset, *link};
        return true;
      }));
  if (!last) return make_error(ErrorCode::kCorrupt, "a visitor ended without a link record");
  return *std::move(last);
}

// Is its second half still on the way? Then undoing it has to wait.
Result<bool> is_under_way(const Store& store, const Undoing& task) {
  TACT_ASSIGN(const auto row, store.get(Family::kMeta, keys::pending_link(task.loser, task.link)));
  return row.has_value();
}

// First, at the loser: which link is it?
void begin(Shard& shard, const VisitorId& id, const std::string& reason, const UnlinkDone& done) {
  Undoing task{.loser = id, .link = {}, .winner = {}, .reason = reason, .done = done};
  if (!shard.accepts())
    return end(task, make_error(ErrorCode::kUnavailable, "the store is not ready; retry"));
  auto found = shard.visitor(id);
  if (!found.has_value()) return end(task, found.error());
  const Visitor& visitor = **found;
  if (visitor.profile.core.merged_into == VisitorId{})
    return end(task, make_error(ErrorCode::kNotFound, "this id is linked to no other"));
  if (!is_readable(shard, visitor, [=](Shard& here) { begin(here, id, reason, done); })) return;
  auto link = last_link(shard.shared().store, id);
  if (!link.has_value()) return end(task, link.error());
  task.link = link->offset;
  task.winner = link->record.winner;
  const auto waits = is_under_way(shard.shared().store, task);
  if (!waits.has_value()) return end(task, waits.error());
  if (*waits || shard.is_unlinking(id))
    return end(task, make_error(ErrorCode::kUnavailable, "this id is being linked; retry"));
  shard.set_unlinking(id, true);
  std::string row(task.winner.bytes.begin(), task.winner.bytes.end());
  shard.batch().put(Family::kMeta, keys::pending_unlink(id, task.link), row + reason);
  shard.when_durable([&shared = shard.shared(), task](const Status& status) {
    if (!status.has_value()) return end(task, status.error());  // the shard recovers
    send(shared, task.winner, [task](Shard& there) { detach(there, task); });
  });
}

Result<bool> is_detached(const Store& store, const VisitorId& winner, const Undoing& task) {
  TACT_ASSIGN(const DetachedLinks links, detached_links(store, winner, kToTheEnd));
  return links.contains({task.loser, task.link});
}

// At the end of the winner's chain.
void detach(Shard& shard, Undoing task) {
  const auto fail = [&](const Error& error) { end(task, error); };
  if (!shard.accepts())
    return fail(make_error(ErrorCode::kUnavailable, "the store is not ready; retry"));
  auto found = shard.visitor(task.winner);
  if (!found.has_value()) return fail(found.error());
  Visitor& visitor = **found;
  if (!is_readable(shard, visitor, [task](Shard& here) { detach(here, task); })) return;
  if (const VisitorId next = visitor.profile.core.merged_into; next != VisitorId{}) {
    task.winner = next;
    return send(shard.shared(), next, [task](Shard& there) { detach(there, task); });
  }
  const Store& store = shard.shared().store;
  const auto done_before = is_detached(store, visitor.id, task);
  if (!done_before.has_value()) return fail(done_before.error());
  const ConsentLedger consent = visitor.profile.core.consent;
  if (!*done_before) {
    DetachRecord body{.loser = task.loser,
                      .loser_offset = task.link,
                      .core = {},
                      .derived = {},
                      .reason = task.reason};
    auto without =
        without_link(store, visitor.id, kToTheEnd, std::move(body), shard.fold_context());
    if (!without.has_value()) return fail(without.error());
    shard.append(visitor, record_at(shard, visitor.id, *std::move(without)));
  }
  shard.when_durable([&shared = shard.shared(), task, consent](const Status& status) {
    if (!status.has_value()) return end(task, status.error());
    send(shared, task.loser, [task, consent](Shard& there) { revive(there, task, consent); });
  });
}

// At the loser again: it goes on from where it was when it was linked.
void revive(Shard& shard, Undoing task, const ConsentLedger& consent) {
  const auto fail = [&](const Error& error) { end(task, error); };
  if (!shard.accepts())
    return fail(make_error(ErrorCode::kUnavailable, "the store is not ready; retry"));
  auto found = shard.visitor(task.loser);
  if (!found.has_value()) return fail(found.error());
  Visitor& visitor = **found;
  if (!is_readable(shard, visitor, [task, consent](Shard& here) { revive(here, task, consent); }))
    return;
  const Store& store = shard.shared().store;
  const auto due = store.get(Family::kMeta, keys::pending_unlink(task.loser, task.link));
  if (!due.has_value()) return fail(due.error());
  const auto last = last_link(store, task.loser);
  if (!last.has_value()) return fail(last.error());
  if (*due && visitor.profile.core.merged_into != VisitorId{}) {
    auto core = Core::decode(last->record.core);
    if (!core.has_value()) return fail(core.error());
    core->consent.merge(consent);
    UnlinkRecord body{.link = task.link,
                      .core = core->encode(),
                      .derived = last->record.derived,
                      .reason = task.reason};
    auto current =
        under_current_definitions(store, visitor.id, std::move(body), shard.fold_context());
    if (!current.has_value()) return fail(current.error());
    shard.append(visitor, record_at(shard, visitor.id, *std::move(current)));
    shard.batch().erase(Family::kAlias, keys::alias(visitor.id));
  }
  if (*due) shard.batch().erase(Family::kMeta, keys::pending_unlink(task.loser, task.link));
  shard.set_unlinking(task.loser, false);
  shard.when_durable([task](const Status& status) {
    end(task, status.has_value() ? Result<VisitorId>(task.loser) : status.error());
  });
}

}  // namespace

void unlink(Shared& shared, const VisitorId& visitor, std::string reason, UnlinkDone done) {
  send(shared, visitor,
       [visitor, reason = std::move(reason), done = std::move(done)](Shard& there) {
         begin(there, visitor, reason, done);
       });
}

Status resend_unlinks(Shared& shared, Shard* owner) {
  constexpr std::size_t kId = sizeof(VisitorId::bytes);
  std::vector<Undoing> tasks;
  TACT_TRY(shared.store.scan(Family::kMeta, keys::pending_unlink_prefix(), {},
                             [&](std::string_view key, std::string_view value) {
                               const auto link = keys::parse_pending_unlink(key);
                               const auto winner = keys::parse_visitor(value.substr(0, kId));
                               if (link && winner &&
                                   (owner == nullptr || &shared.shard_of(link->visitor) == owner)) {
                                 tasks.push_back({link->visitor, link->offset, *winner,
                                                  std::string(value.substr(kId)), nullptr});
                               }
                               return true;
                             }));
  for (const Undoing& task : tasks) {
    const auto go_on = [task](Shard& shard) {
      shard.set_unlinking(task.loser, true);
      send(shard.shared(), task.winner, [task](Shard& there) { detach(there, task); });
    };
    if (owner == nullptr) {
      send(shared, task.loser, go_on);
    } else {
      go_on(*owner);
    }
  }
  return ok();
}

}  // namespace tact
