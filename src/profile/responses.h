// What a visitor answered to: how often each channel reached them, and how often they answered, by
// the hour of the day (the site's) at which it reached them. The same sums over everybody are what
// one person's figures are held against. No decision looks at them yet.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "event/event.h"

namespace tact {

// Values are stored on disk.
enum class Channel : std::uint8_t { kWeb = 0, kEmail, kPush };
inline constexpr std::size_t kChannels = 3;
std::string_view to_string(Channel channel);

// 0 to 23; kUnknownHour where the record does not say.
inline constexpr std::uint8_t kUnknownHour = 24;
std::uint8_t hour_of(const Surroundings& where);

struct Responses {
  struct Cell {
    Channel channel = Channel::kWeb;
    std::uint8_t hour = kUnknownHour;
    std::uint32_t reached = 0, answered = 0;  // answered ≤ reached
    bool operator==(const Cell&) const = default;
  };
  std::vector<Cell> cells;  // by (channel, hour); ≤ kMaxCells, none is empty
  bool operator==(const Responses&) const = default;

  static constexpr std::size_t kMaxCells = kChannels * (kUnknownHour + 1);

  // One that reached the visitor at `hour`, one of that hour that was answered, or both.
  void note(Channel channel, std::uint8_t hour, bool reached, bool answered);
  void merge(const Responses& other);

  void encode(ByteWriter& out) const;
  static Responses decode(ByteReader& in);
};

// Something sent to the visitor that may still be answered.
struct Delivery {
  Channel channel = Channel::kEmail;
  std::uint8_t hour = kUnknownHour;
  Time at{};  // event time
  bool answered = false;
  bool operator==(const Delivery&) const = default;
};
inline constexpr std::size_t kMaxDeliveries = 8;      // of a profile: the latest
inline constexpr Duration kAnsweredWithin = days(7);  // later it is answered by chance

}  // namespace tact
