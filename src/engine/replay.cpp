#include "engine/replay.h"

#include <limits>
#include <map>
#include <utility>

namespace tact {
namespace {

constexpr int kMaxMergeDepth =
    1'000;  // chains of merges; a cycle in damaged data must not recurse for ever

Result<Replayed> replay_to(const Store& store, const VisitorId& visitor, Offset to,
                           const FoldContext& context, int depth);

Offset before(Offset offset) { return Offset{offset.value - 1}; }

Status check_depth(int depth) {
  return depth < kMaxMergeDepth
             ? ok()
             : Status(make_error(ErrorCode::kCorrupt, "a chain of merges does not end"));
}

// Is this derived state of the playbook in use?
Result<bool> is_current(const std::string& derived, const FoldContext& context) {
  TACT_ASSIGN(const Derived stored, Derived::decode(derived));
  return stored.definitions == context.playbook.derived_hash;
}

// What `loser` was before its link record.
Result<std::string> derived_before(const Store& store, const VisitorId& loser, Offset link,
                                   const FoldContext& context, int depth) {
  TACT_TRY(check_depth(depth));
  TACT_ASSIGN(const Replayed replayed, replay_to(store, loser, before(link), context, depth + 1));
  return replayed.profile.derived.encode();
}

Result<AbsorbRecord> refold(const Store& store, AbsorbRecord absorb, const FoldContext& context,
                            int depth) {
  TACT_ASSIGN(const bool current, is_current(absorb.derived, context));
  if (!current) {
    TACT_ASSIGN(absorb.derived,
                derived_before(store, absorb.loser, absorb.loser_offset, context, depth));
  }
  return absorb;
}

Result<UnlinkRecord> refold(const Store& store, const VisitorId& loser, UnlinkRecord unlink,
                            const FoldContext& context, int depth) {
  TACT_ASSIGN(const bool current, is_current(unlink.derived, context));
  if (!current) {
    TACT_ASSIGN(unlink.derived, derived_before(store, loser, unlink.link, context, depth));
  }
  return unlink;
}

// --- as if some links had never been ------------------------------------------------------------

// Of each visitor, how far its history has been looked through: ids that were linked and unlinked
// again and again absorb each other's absorbing, and would be read once for each way to them.
using ReadTo = std::map<VisitorId, Offset>;

Status add_detached(const Store& store, const VisitorId& visitor, Offset to, int depth,
                    ReadTo& read_to, DetachedLinks& links) {
  TACT_TRY(check_depth(depth));
  Offset& end = read_to[visitor];
  if (end >= to) return ok();
  const Offset from{end.value + 1};
  end = to;
  Status inner = ok();
  TACT_TRY(read_visitor(store, visitor, from, to, [&](Offset, const Record& record) {
    if (const auto* detach = std::get_if<DetachRecord>(&record.body))
      links.emplace(detach->loser, detach->loser_offset);
    if (const auto* absorb = std::get_if<AbsorbRecord>(&record.body))
      inner = add_detached(store, absorb->loser, absorb->loser_offset, depth + 1, read_to, links);
    return inner.has_value();
  }));
  return inner;
}

// What visitors were before a link of theirs, by the link: each is folded once.
struct Before {
  std::string core, derived;
};
using BeforeLinks = std::map<std::pair<VisitorId, Offset>, Before>;

Result<Replayed> replay_without(const Store& store, const VisitorId& visitor, Offset to,
                                const FoldContext& context, const DetachedLinks& without, int depth,
                                BeforeLinks& known);

Result<Before> before_link(const Store& store, const AbsorbRecord& absorb,
                           const FoldContext& context, const DetachedLinks& without, int depth,
                           BeforeLinks& known) {
  const std::pair link{absorb.loser, absorb.loser_offset};
  if (const auto found = known.find(link); found != known.end()) return found->second;
  TACT_ASSIGN(const Replayed loser, replay_without(store, absorb.loser, before(absorb.loser_offset),
                                                   context, without, depth, known));
  const bool ended = loser.profile.core.merged_into != VisitorId{};  // handed over before
  Before was{ended ? Core{}.encode() : loser.profile.core.encode(), loser.profile.derived.encode()};
  return known.emplace(link, std::move(was)).first->second;
}

Result<Replayed> replay_without(const Store& store, const VisitorId& visitor, Offset to,
                                const FoldContext& context, const DetachedLinks& without, int depth,
                                BeforeLinks& known) {
  TACT_TRY(check_depth(depth));
  Replayed out = begin_replay(context);
  FoldEffects effects;
  Status problem = ok();
  const auto fold_one = [&](Offset offset, Record record) -> Status {
    if (auto* absorb = std::get_if<AbsorbRecord>(&record.body)) {
      if (without.contains({absorb->loser, absorb->loser_offset})) return ok();
      TACT_ASSIGN(const Before was,
                  before_link(store, *absorb, context, without, depth + 1, known));
      absorb->core = was.core;
      absorb->derived = was.derived;
    } else if (auto* unlink = std::get_if<UnlinkRecord>(&record.body)) {
      TACT_ASSIGN(*unlink, refold(store, visitor, std::move(*unlink), context, depth));
    } else if (std::holds_alternative<DetachRecord>(record.body)) {
      return ok();  // its link is left out already
    }
    fold(out.profile, visitor, offset, record, context, effects);
    return ok();
  };
  TACT_TRY(read_visitor(store, visitor, Offset{1}, to, [&](Offset offset, const Record& record) {
    problem = fold_one(offset, record);
    return problem.has_value();
  }));
  TACT_TRY(problem);
  return out;
}

Result<Replayed> without_detached(const Store& store, const VisitorId& winner, Offset to,
                                  const DetachRecord& detach, const FoldContext& context,
                                  int depth) {
  DetachedLinks links;
  ReadTo read_to;
  TACT_TRY(add_detached(store, winner, to, depth, read_to, links));
  links.emplace(detach.loser, detach.loser_offset);
  BeforeLinks known;
  return replay_without(store, winner, to, context, links, depth, known);
}

// --- one after the other ------------------------------------------------------------------------

// The record as it is to be folded under the playbook in use.
Result<Record> under_playbook(const Store& store, const VisitorId& visitor, Offset offset,
                              const Record& record, const FoldContext& context, int depth) {
  Record out = record;
  if (const auto* absorb = std::get_if<AbsorbRecord>(&record.body)) {
    TACT_ASSIGN(out.body, refold(store, *absorb, context, depth));
  } else if (const auto* unlink = std::get_if<UnlinkRecord>(&record.body)) {
    TACT_ASSIGN(out.body, refold(store, visitor, *unlink, context, depth));
  } else if (auto* detach = std::get_if<DetachRecord>(&out.body)) {
    TACT_ASSIGN(const bool current, is_current(detach->derived, context));
    if (current) return out;
    TACT_ASSIGN(const Replayed alone,
                without_detached(store, visitor, before(offset), *detach, context, depth));
    detach->derived = alone.profile.derived.encode();
  }
  return out;
}

bool holds_another_state(const Record& record) {
  return record.kind() == RecordKind::kAbsorb || record.kind() == RecordKind::kUnlink ||
         record.kind() == RecordKind::kDetach;
}

struct Range {
  Offset to;
  std::size_t most = std::numeric_limits<std::size_t>::max();  // records
};

// Goes on after out.last; true once there are no more records up to range.to.
Result<bool> fold_range(const Store& store, const VisitorId& visitor, Range range,
                        const FoldContext& context, int depth, Replayed& out) {
  FoldEffects effects;
  Status problem = ok();
  std::size_t left = range.most;
  const auto fold_one = [&](Offset offset, const Record& record) {
    if (left == 0) return false;
    --left;
    effects.changed_experiments.clear();
    if (holds_another_state(record)) {
      const auto current = under_playbook(store, visitor, offset, record, context, depth);
      if (!current.has_value()) {
        problem = current.error();
        return false;
      }
      fold(out.profile, visitor, offset, *current, context, effects);
    } else {
      fold(out.profile, visitor, offset, record, context, effects);
    }
    out.last = offset;
    ++out.records;
    return true;
  };
  TACT_TRY(read_visitor(store, visitor, Offset{out.last.value + 1}, range.to, fold_one));
  TACT_TRY(problem);
  return left > 0;
}

Result<Replayed> replay_to(const Store& store, const VisitorId& visitor, Offset to,
                           const FoldContext& context, int depth) {
  Replayed out = begin_replay(context);
  TACT_ASSIGN([[maybe_unused]] const bool ended,
              fold_range(store, visitor, {.to = to}, context, depth, out));
  return out;
}

}  // namespace

Replayed begin_replay(const FoldContext& context) {
  return {.profile = start(context.playbook), .last = {}, .records = 0};
}

Result<bool> continue_replay(const Store& store, const VisitorId& visitor, std::size_t most,
                             const FoldContext& context, Replayed& replayed) {
  return fold_range(store, visitor, {.to = kToTheEnd, .most = most}, context, 0, replayed);
}

Result<Replayed> replay(const Store& store, const VisitorId& visitor, Offset to,
                        const FoldContext& context) {
  return replay_to(store, visitor, to, context, 0);
}

Result<DetachedLinks> detached_links(const Store& store, const VisitorId& visitor, Offset to) {
  DetachedLinks links;
  ReadTo read_to;
  TACT_TRY(add_detached(store, visitor, to, 0, read_to, links));
  return links;
}

Result<AbsorbRecord> under_current_definitions(const Store& store, AbsorbRecord absorb,
                                               const FoldContext& context) {
  return refold(store, std::move(absorb), context, 0);
}

Result<UnlinkRecord> under_current_definitions(const Store& store, const VisitorId& loser,
                                               UnlinkRecord unlink, const FoldContext& context) {
  return refold(store, loser, std::move(unlink), context, 0);
}

Result<DetachRecord> without_link(const Store& store, const VisitorId& winner, Offset to,
                                  DetachRecord detach, const FoldContext& context) {
  TACT_ASSIGN(const Replayed alone, without_detached(store, winner, to, detach, context, 0));
  detach.core = alone.profile.core.encode();
  detach.derived = alone.profile.derived.encode();
  return detach;
}

}  // namespace tact
