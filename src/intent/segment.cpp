#include "intent/segment.h"

#include "profile/affinity.h"
#include "profile/match.h"

namespace tact {
namespace {

Truth affinity_holds(const Expression& where, const View& view) {
  if (view.anonymous_request) return Truth::kUnknown;
  const std::int64_t milli = affinity_milli(view.core(), *where.affinity, where.about, view.now);
  return truth_of(compare(where.op, static_cast<double>(milli) / 1'000, where.literal));
}

// Kleene: `decisive` (true for or, false for and) wins over unknown, unknown over the rest.
Truth combine(const Expression& where, Truth decisive, const View& view);

Truth evaluate(const Expression& where, const View& view) {
  switch (where.op) {
    case Expression::Op::kAnd:
      return combine(where, Truth::kFalse, view);
    case Expression::Op::kOr:
      return combine(where, Truth::kTrue, view);
    case Expression::Op::kNot: {
      const Truth inner = evaluate(where.children.at(0), view);
      return inner == Truth::kUnknown ? inner : truth_of(inner == Truth::kFalse);
    }
    default: {
      if (where.affinity) return affinity_holds(where, view);
      const CustomerValue got = customer_value(where.customer_fact(), view);
      return got.value ? truth_of(compare(where.op, *got.value, where.literal)) : Truth::kUnknown;
    }
  }
}

Truth combine(const Expression& where, Truth decisive, const View& view) {
  Truth result = truth_of(decisive == Truth::kFalse);
  for (const Expression& child : where.children) {
    const Truth truth = evaluate(child, view);
    if (truth == decisive) return truth;
    if (truth == Truth::kUnknown) result = truth;
  }
  return result;
}

CustomerValue stale_in(const Expression& where, const View& view) {
  if (!where.field.empty()) {
    CustomerValue got = customer_value(where.customer_fact(), view);
    return got.use == FactUse::kStale ? got : CustomerValue{};
  }
  for (const Expression& child : where.children) {
    if (CustomerValue got = stale_in(child, view); got.fact != nullptr) return got;
  }
  return {};
}

}  // namespace

Truth evaluate_segment(const Segment& segment, const View& view) {
  return evaluate(segment.where, view);
}

CustomerValue stale_fact(const Clause& clause, const View& view) {
  for (const Clause& part : clause.parts) {
    if (CustomerValue got = stale_fact(part, view); got.fact != nullptr) return got;
  }
  if (clause.kind != Clause::Kind::kInSegment) return {};
  return stale_in(view.playbook.segments[static_cast<std::size_t>(clause.segment)].where, view);
}

}  // namespace tact
