#include "engine/replay.h"

#include <limits>

namespace tact {
namespace {

constexpr int kMaxMergeDepth =
    1'000;  // chains of merges; a cycle in damaged data must not recurse for ever

Result<Replayed> replay_to(const Store& store, const VisitorId& visitor, Offset to,
                           const FoldContext& context, int depth);

Result<AbsorbRecord> refold_loser(const Store& store, AbsorbRecord absorb,
                                  const FoldContext& context, int depth) {
  TACT_ASSIGN(const Derived stored, Derived::decode(absorb.derived));
  if (stored.definitions == context.playbook.derived_hash) return absorb;
  if (depth >= kMaxMergeDepth)
    return make_error(ErrorCode::kCorrupt, "a chain of merges does not end");
  TACT_ASSIGN(
      const Replayed loser,
      replay_to(store, absorb.loser, Offset{absorb.loser_offset.value - 1}, context, depth + 1));
  absorb.derived = loser.profile.derived.encode();
  return absorb;
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
    if (const auto* absorb = std::get_if<AbsorbRecord>(&record.body)) {
      auto current = refold_loser(store, *absorb, context, depth);
      if (!current.has_value()) {
        problem = current.error();
        return false;
      }
      Record patched = record;
      patched.body = std::move(*current);
      fold(out.profile, visitor, offset, patched, context, effects);
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

Result<AbsorbRecord> under_current_definitions(const Store& store, AbsorbRecord absorb,
                                               const FoldContext& context) {
  return refold_loser(store, std::move(absorb), context, 0);
}

}  // namespace tact
