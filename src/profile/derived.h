// The part of a profile that follows from the playbook's signals.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "profile/core.h"
#include "profile/decayed_sum.h"

namespace tact {

struct SignalState {
  std::uint64_t signal = 0;  // hash64(signal id): stays when signals are added or reordered
  std::string subject;       // product id, category, or empty
  DecayedSum strength;
  Occurrences seen;
  std::uint32_t visits = 0;      // in how many visits
  std::uint32_t last_visit = 0;  // number of the last of them
  bool operator==(const SignalState&) const = default;
};

struct Derived {
  std::uint64_t definitions = 0;  // Playbook::derived_hash these signals were folded under
  std::vector<SignalState>
      signals;  // by (signal, subject); ≤ kMaxSignals, the least recent goes first
  bool operator==(const Derived&) const = default;

  static constexpr std::size_t kMaxSignals = 48;

  const SignalState* find(std::uint64_t signal, std::string_view subject) const;
  SignalState& get_or_add(std::uint64_t signal, std::string_view subject);
  void absorb(const Derived& loser);

  std::string encode() const;
  static Result<Derived> decode(std::string_view bytes);
};

struct Profile {
  Core core;
  Derived derived;
  bool operator==(const Profile&) const = default;

  std::string encode() const;                             // with a checksum at the end
  static Result<Profile> decode(std::string_view bytes);  // kCorrupt
  // Derived::definitions of an encoded profile, without decoding it; 0 if it is damaged.
  static std::uint64_t definitions_of(std::string_view bytes);
};

}  // namespace tact
