// Whether two partitions leave a rest of a few, against trying every union of atoms.
#include "measure/internal/apart.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace tact::internal {
namespace {

constexpr std::int64_t kLeast = 5;

using Pairs = std::map<std::pair<int, int>, std::int64_t>;  // (inner, outer) -> people

std::vector<Overlap> listed(const Pairs& pairs) {
  std::vector<Overlap> list;
  for (const auto& [atoms, people] : pairs) list.push_back({atoms.first, atoms.second, people});
  return list;
}

// As it was before the new atoms.
Pairs before(const Pairs& pairs, NewAtoms from) {
  Pairs old;
  for (const auto& [atoms, people] : pairs) {
    const int inner = atoms.first < from.inner ? atoms.first : kNoAtom;
    const int outer = atoms.second < from.outer ? atoms.second : kNoAtom;
    if (inner != kNoAtom || outer != kNoAtom) old[{inner, outer}] += people;
  }
  return old;
}

// People of these outer atoms who are in no inner atom that lies within them.
std::int64_t rest(const Pairs& pairs, const std::set<int>& outer) {
  std::set<int> leaves;
  for (const auto& [atoms, people] : pairs) {
    if (people > 0 && outer.count(atoms.second) == 0) leaves.insert(atoms.first);
  }
  std::int64_t sum = 0;
  for (const auto& [atoms, people] : pairs) {
    const bool off = atoms.first != kNoAtom && leaves.count(atoms.first) == 0;
    if (outer.count(atoms.second) > 0 && !off) sum += people;
  }
  return sum;
}

bool few_by_trying_all(const Pairs& pairs, int outer) {
  for (unsigned which = 1; which < 1U << outer; ++which) {
    std::set<int> atoms;
    for (int atom = 0; atom < outer; ++atom) {
      if ((which >> atom & 1U) != 0) atoms.insert(atom);
    }
    const std::int64_t people = rest(pairs, atoms);
    if (people > 0 && people < kLeast) return true;
  }
  return false;
}

// Atoms of at least kLeast each, that mostly lie within one another.
std::optional<Pairs> draw(std::mt19937_64& random, int inner, int outer) {
  Pairs pairs;
  const auto some = [&](std::uint64_t most) { return static_cast<std::int64_t>(random() % most); };
  const std::uint64_t strays = 1 + random() % 6;
  for (int a = kNoAtom; a < inner; ++a) {
    const auto home = static_cast<int>(random() % static_cast<std::uint64_t>(outer + 1)) - 1;
    for (int b = kNoAtom; b < outer; ++b) {
      if (a == kNoAtom && b == kNoAtom) continue;
      std::int64_t people = random() % 4 == 0 ? some(strays) : 0;
      if (b == home && random() % 4 != 0) people += some(12);
      if (people > 0) pairs[{a, b}] = people;
    }
  }
  std::map<int, std::int64_t> of_inner, of_outer;
  for (const auto& [atoms, people] : pairs) {
    of_inner[atoms.first] += people;
    of_outer[atoms.second] += people;
  }
  for (const auto& sums : {of_inner, of_outer}) {
    for (const auto& [atom, people] : sums) {
      if (atom != kNoAtom && people < kLeast) return std::nullopt;
    }
  }
  return pairs;
}

TEST(Apart, FindsAFewWhereverTryingAllDoes) {
  std::mt19937_64 random(7);
  int few = 0, none = 0;
  for (int round = 0; round < 60'000; ++round) {
    const int inner = 1 + static_cast<int>(random() % 5),
              outer = 1 + static_cast<int>(random() % 5);
    const auto pairs = draw(random, inner, outer);
    if (!pairs) continue;
    NewAtoms from;
    if (round % 2 == 0) {
      from = {static_cast<int>(random() % static_cast<std::uint64_t>(inner + 1)),
              static_cast<int>(random() % static_cast<std::uint64_t>(outer + 1))};
      if (few_by_trying_all(before(*pairs, from), from.outer)) continue;
    }
    const auto found = find_rests(listed(*pairs), kLeast, from);
    ASSERT_EQ(!found.empty(), few_by_trying_all(*pairs, outer)) << round;
    ++(found.empty() ? none : few);
    for (const Rest& each : found) {
      const std::int64_t people = rest(*pairs, {each.outer.begin(), each.outer.end()});
      ASSERT_TRUE(people > 0 && people < kLeast) << round << ": " << people;
    }
  }
  EXPECT_GT(few, 1'000);
  EXPECT_GT(none, 1'000);
}

// 60 of the country speak its language, and 3 more do.
TEST(Apart, TellsWhichAtoms) {
  const Pairs pairs = {{{0, 0}, 60}, {{1, 0}, 3}, {{1, 1}, 200}};
  const auto found = find_rests(listed(pairs), 50);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].inner, (std::vector<int>{0}));
  EXPECT_EQ(found[0].outer, (std::vector<int>{0}));
}

// Two that differ by a few on both sides cannot be subtracted: of either some do not take part.
TEST(Apart, ThoseThatOverlapAreNoRest) {
  const Pairs pairs = {{{0, 0}, 60}, {{1, 0}, 3}, {{0, 1}, 4}, {{1, 1}, 200}};
  EXPECT_TRUE(find_rests(listed(pairs), 50).empty());
}

}  // namespace
}  // namespace tact::internal
