// Can figures of two partitions of the same people be subtracted to tell of a few? Atoms of one
// that lie within atoms of the other leave a rest of these, and nobody else takes part in it.
//
// That is all there is to know. Let a sum of atoms, with any factors, count each person of a set
// once and nobody else. At a level t > 0 take the outer atoms with a factor of at least t and the
// inner ones with one of at most -t: these lie within those, and the rest lies in the set. So with
// the roles exchanged. Somebody of the set is in such a rest at some level: the set is no smaller
// than the smallest rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
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

// Atoms from these on are new. Without them there was no rest of a few, so one has a new atom.
struct NewAtoms {
  int inner = 0, outer = 0;
};

// Rests, if there is any; of each new atom at most one, and at most so many. Each pair of atoms is
// at most once in `people`, each atom has `least` people or more. A rest is a cut of a graph: from
// outer atoms to the inner ones they share people with, which must not be cut the other way round.
// O((new atoms + outer atoms) * overlaps * least) at worst, mostly O(new atoms * overlaps).
std::vector<Rest> find_rests(std::span<const Overlap> people, std::int64_t least,
                             NewAtoms new_from = {},
                             std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace tact::internal
