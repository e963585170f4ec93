#include "profile/derived.h"

#include <algorithm>
#include <tuple>

#include "base/hash.h"

namespace tact {
namespace {

constexpr std::uint8_t kVersion = 1;

auto place_of(auto& signals, std::uint64_t signal, std::string_view subject) {
  return std::lower_bound(signals.begin(), signals.end(), std::tie(signal, subject),
                          [](const SignalState& state, const auto& wanted) {
                            const std::string_view own = state.subject;
                            return std::tie(state.signal, own) < wanted;
                          });
}

}  // namespace

const SignalState* Derived::find(std::uint64_t signal, std::string_view subject) const {
  const auto place = place_of(signals, signal, subject);
  return place != signals.end() && place->signal == signal && place->subject == subject ? &*place
                                                                                        : nullptr;
}

SignalState& Derived::get_or_add(std::uint64_t signal, std::string_view subject) {
  auto place = place_of(signals, signal, subject);
  if (place != signals.end() && place->signal == signal && place->subject == subject) return *place;
  if (signals.size() >= kMaxSignals) {
    signals.erase(
        std::min_element(signals.begin(), signals.end(), [](const auto& a, const auto& b) {
          return std::tuple(a.seen.latest(), a.signal, a.subject) <
                 std::tuple(b.seen.latest(), b.signal, b.subject);
        }));
    place = place_of(signals, signal, subject);
  }
  SignalState state;
  state.signal = signal;
  state.subject = subject;
  return *signals.insert(place, std::move(state));
}

void Derived::absorb(const Derived& loser) {
  if (loser.definitions != definitions) return;
  for (const SignalState& theirs : loser.signals) {
    SignalState& mine = get_or_add(theirs.signal, theirs.subject);
    mine.strength.merge(theirs.strength);
    mine.seen.merge(theirs.seen);
    mine.visits += theirs.visits;
  }
}

std::string Derived::encode() const {
  ByteWriter out;
  out.u8(kVersion);
  out.u64_be(definitions);
  out.varint(signals.size());
  for (const SignalState& state : signals) {
    out.u64_be(state.signal);
    out.bytes(state.subject);
    state.strength.encode(out);
    state.seen.encode(out);
    out.varint(state.visits);
    out.varint(state.last_visit);
  }
  return out.take();
}

Result<Derived> Derived::decode(std::string_view bytes) {
  ByteReader in(bytes);
  Derived derived;
  if (in.u8() != kVersion)
    return make_error(ErrorCode::kCorrupt, "unknown version of derived state");
  derived.definitions = in.u64_be();
  const std::uint64_t count = in.varint();
  if (count > kMaxSignals) in.fail();
  for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
    SignalState state;
    state.signal = in.u64_be();
    state.subject = in.bytes();
    state.strength = DecayedSum::decode(in);
    state.seen = Occurrences::decode(in);
    state.visits = static_cast<std::uint32_t>(in.varint());
    state.last_visit = static_cast<std::uint32_t>(in.varint());
    derived.signals.push_back(std::move(state));
  }
  if (in.failed() || !in.at_end())
    return make_error(ErrorCode::kCorrupt, "derived state does not parse");
  return derived;
}

std::string Profile::encode() const {
  const std::string core_bytes = core.encode(), derived_bytes = derived.encode();
  ByteWriter out(core_bytes.size() + derived_bytes.size() + 16);
  out.bytes(core_bytes);
  out.bytes(derived_bytes);
  const std::uint64_t checksum = hash64(out.str());
  out.u64_be(checksum);
  return out.take();
}

std::uint64_t Profile::definitions_of(std::string_view bytes) {
  ByteReader in(bytes);
  in.bytes();  // the core
  ByteReader derived(in.bytes());
  derived.u8();  // its version
  const std::uint64_t definitions = derived.u64_be();
  return derived.failed() ? 0 : definitions;
}

Result<Profile> Profile::decode(std::string_view bytes) {
  const Error corrupt =
      make_error(ErrorCode::kCorrupt, "a stored profile is damaged; run `tact rebuild`");
  if (bytes.size() < 8) return corrupt;
  ByteReader tail(bytes.substr(bytes.size() - 8));
  const std::string_view body = bytes.substr(0, bytes.size() - 8);
  if (tail.u64_be() != hash64(body)) return corrupt;
  ByteReader in(body);
  const std::string_view core_bytes = in.bytes();
  const std::string_view derived_bytes = in.bytes();
  if (in.failed() || !in.at_end()) return corrupt;
  Profile profile;
  TACT_ASSIGN(profile.core, Core::decode(core_bytes));
  TACT_ASSIGN(profile.derived, Derived::decode(derived_bytes));
  return profile;
}

}  // namespace tact
