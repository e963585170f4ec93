#include "engine/replay.h"

namespace tact {
namespace {

constexpr int kMaxMergeDepth =
    64;  // chains of merges; a cycle in damaged data must not recurse for ever

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

Result<Replayed> replay_to(const Store& store, const VisitorId& visitor, Offset to,
                           const FoldContext& context, int depth) {
  Replayed out{.profile = start(context.playbook), .last = {}, .records = 0};
  FoldEffects effects;
  Status problem = ok();
  TACT_TRY(read_visitor(store, visitor, Offset{1}, to, [&](Offset offset, const Record& record) {
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
  }));
  TACT_TRY(problem);
  return out;
}

}  // namespace

Result<Replayed> replay(const Store& store, const VisitorId& visitor, Offset to,
                        const FoldContext& context) {
  return replay_to(store, visitor, to, context, 0);
}

Result<AbsorbRecord> under_current_definitions(const Store& store, AbsorbRecord absorb,
                                               const FoldContext& context) {
  return refold_loser(store, std::move(absorb), context, 0);
}

}  // namespace tact
