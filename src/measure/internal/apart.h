// Can figures of two partitions of the same people be subtracted to tell of a few? Atoms of one
// that lie within atoms of the other leave a rest of these, and nobody else takes part in it.
//
// That is all there is to know. Let a sum of atoms, with any factors, count each person of a set
// once and nobody else. At a level t > 0 take the outer atoms with a factor of at least t and the
// inner ones with one of at most -t: these lie within those, and the rest lies in the set. So with
// the roles exchanged. Somebody of the set is in such a rest at some level: the set is no smaller
// than the smallest rest.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace tact::internal {

inline constexpr int kNoAtom = -1;

// How many people of one arm are in an atom of each of two partitions. Atoms are numbered from 0.
struct Overlap {
  int inner = kNoAtom, outer = kNoAtom;
  std::int64_t people = 0;
};

// Atoms of the outer partition, and those of the inner one that lie within these: fewer than
// `least` people, and more than none, are in the former alone.
struct Rest {
  std::vector<int> outer, inner;
};

// The first that is found, if any; each pair of atoms at most once in `people`. An atom alone is no
// rest. The people in the rest of a union are the cut of a graph whose least is sought: from outer
// atoms to the inner ones they share people with, which must not be cut the other way round.
// O(atoms * least * overlaps), mostly O(atoms * overlaps).
std::optional<Rest> find_rest(std::span<const Overlap> people, std::int64_t least);

}  // namespace tact::internal
