#include "profile/responses.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace tact {
namespace {

constexpr int kMinutesPerDay = 24 * 60;

std::uint32_t add(std::uint32_t a, std::uint32_t b) {
  std::uint32_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::uint32_t>::max() : sum;
}

auto place_of(std::vector<Responses::Cell>& cells, Channel channel, std::uint8_t hour) {
  return std::lower_bound(cells.begin(), cells.end(), std::pair(channel, hour),
                          [](const Responses::Cell& cell, const auto& wanted) {
                            return std::pair(cell.channel, cell.hour) < wanted;
                          });
}

}  // namespace

std::string_view to_string(Channel channel) {
  constexpr std::array<std::string_view, kChannels> kNames = {"web", "email", "push"};
  return kNames[static_cast<std::size_t>(channel)];
}

std::uint8_t hour_of(const Surroundings& where) {
  if (where.local_minute_of_week == 0) return kUnknownHour;
  return static_cast<std::uint8_t>((where.local_minute_of_week - 1) % kMinutesPerDay / 60);
}

void Responses::note(Channel channel, std::uint8_t hour, bool reached, bool answered) {
  if (!reached && !answered) return;
  auto place = place_of(cells, channel, hour);
  if (place == cells.end() || place->channel != channel || place->hour != hour)
    place = cells.insert(place, {.channel = channel, .hour = hour});
  place->reached = add(place->reached, reached ? 1 : 0);
  place->answered = std::min(place->reached, add(place->answered, answered ? 1 : 0));
}

void Responses::merge(const Responses& other) {
  for (const Cell& theirs : other.cells) {
    auto place = place_of(cells, theirs.channel, theirs.hour);
    if (place == cells.end() || place->channel != theirs.channel || place->hour != theirs.hour) {
      cells.insert(place, theirs);
    } else {
      place->reached = add(place->reached, theirs.reached);
      place->answered = add(place->answered, theirs.answered);
    }
  }
}

void Responses::encode(ByteWriter& out) const {
  out.varint(cells.size());
  for (const Cell& cell : cells) {
    out.u8(static_cast<std::uint8_t>(cell.channel));
    out.u8(cell.hour);
    out.varint(cell.reached);
    out.varint(cell.answered);
  }
}

Responses Responses::decode(ByteReader& in) {
  Responses responses;
  const std::uint64_t count = in.varint();
  if (count > kMaxCells) in.fail();
  for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
    const std::uint8_t channel = in.u8();
    Cell cell{.channel = static_cast<Channel>(channel), .hour = in.u8()};
    cell.reached = static_cast<std::uint32_t>(in.varint());
    cell.answered = static_cast<std::uint32_t>(in.varint());
    const bool ordered = responses.cells.empty() ||
                         std::pair(responses.cells.back().channel, responses.cells.back().hour) <
                             std::pair(cell.channel, cell.hour);
    if (channel >= kChannels || cell.hour > kUnknownHour || cell.answered > cell.reached ||
        !ordered)
      in.fail();
    responses.cells.push_back(cell);
  }
  return responses;
}

}  // namespace tact
