#include "intent/segment.h"

#include "profile/match.h"

namespace tact {
namespace {

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
      const CustomerValue got = customer_value(where.field.substr(kCustomer.size()), view);
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
    CustomerValue got = customer_value(where.field.substr(kCustomer.size()), view);
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
