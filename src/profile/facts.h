// What may be used of what is known: a fact of the playbook, of one visitor, now.
#pragma once

#include <optional>

#include "profile/view.h"

namespace tact {

enum class FactUse : std::uint8_t {
  kUsable,
  kUnknown,     // nobody who is believed told it
  kStale,       // told longer ago than the playbook trusts it
  kNotAllowed,  // no consent for its purpose, or it is sensitive and that was not agreed to
};
std::string_view to_string(FactUse use);

struct FactReading {
  FactUse use = FactUse::kUnknown;
  const KnownFact* known = nullptr;  // null where kUnknown; points into the view's profile
};

// The first source of `fact.from` whose value is fresh; where none is named, whichever told last.
// What was bought or guessed counts only where it is named.
FactReading read_fact(const Fact& fact, const View& view);

// Is what this source told the value the playbook believes at `now`, consent aside?
const KnownFact* believed(const Fact& fact, const Core& core, Time now);
bool is_stale(const Fact& fact, const KnownFact& known, Time now);

// A property of the customer for segments: a declared fact, "orders" or "visits".
struct CustomerValue {
  FactUse use = FactUse::kUnknown;
  std::optional<Literal> value;  // where kUsable
  const Fact* fact = nullptr;    // null for what Tact counts
  const KnownFact* known = nullptr;
};
CustomerValue customer_value(std::string_view name, const View& view);

}  // namespace tact
