#include "profile/affinity.h"

#include <algorithm>
#include <tuple>

namespace tact {
namespace {

auto key_of(const Interest& interest) {
  return std::pair(interest.kind, std::string_view(interest.name));
}

auto place_of(auto& interests, InterestKind kind, std::string_view name) {
  return std::lower_bound(
      interests.begin(), interests.end(), std::pair(kind, name),
      [](const Interest& interest, const auto& wanted) { return key_of(interest) < wanted; });
}

// As if they had come in any order: what goes is the least recent, be it the newcomer.
void keep_most_recent(std::vector<Interest>& interests, InterestKind kind) {
  const auto of_kind = [kind](const Interest& interest) { return interest.kind == kind; };
  const auto first = std::find_if(interests.begin(), interests.end(), of_kind);
  auto last = std::find_if_not(first, interests.end(), of_kind);
  while (last - first > static_cast<std::ptrdiff_t>(Core::kMaxInterests)) {
    interests.erase(std::min_element(first, last, [](const Interest& a, const Interest& b) {
      return std::tuple(a.viewed.latest(), key_of(a)) < std::tuple(b.viewed.latest(), key_of(b));
    }));
    --last;
  }
}

}  // namespace

const Interest* Core::find_interest(InterestKind kind, std::string_view name) const {
  const auto place = place_of(interests, kind, name);
  return place != interests.end() && key_of(*place) == std::pair(kind, name) ? &*place : nullptr;
}

void Core::note_interest(InterestKind kind, std::string_view name, Time at) {
  if (name.empty()) return;
  auto place = place_of(interests, kind, name);
  if (place == interests.end() || key_of(*place) != std::pair(kind, name)) {
    Interest interest;
    interest.kind = kind;
    interest.name = name;
    place = interests.insert(place, std::move(interest));
  }
  place->strength.add(at, kAffinityHalfLife);
  place->viewed.add(at);
  keep_most_recent(interests, kind);
}

void merge_interests(std::vector<Interest>& mine, const std::vector<Interest>& theirs) {
  for (const Interest& other : theirs) {
    const auto place = place_of(mine, other.kind, other.name);
    if (place == mine.end() || key_of(*place) != key_of(other)) {
      mine.insert(place, other);
    } else {
      place->strength.merge(other.strength);
      place->viewed.merge(other.viewed);
    }
  }
  for (std::size_t kind = 0; kind < kInterestKinds; ++kind)
    keep_most_recent(mine, static_cast<InterestKind>(kind));
}

std::int64_t affinity_milli(const Core& core, InterestKind kind, std::string_view name, Time now) {
  std::int64_t own = 0, all = kElsewhereMilli;
  for (const Interest& interest : core.interests) {
    if (interest.kind != kind) continue;
    const std::int64_t strength = interest.strength.strength_milli(now, kAffinityHalfLife);
    all += strength;
    if (interest.name == name) own = strength;
  }
  return (own * 1'000 + all / 2) / all;
}

}  // namespace tact
