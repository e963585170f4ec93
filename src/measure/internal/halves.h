// The parts of a source in two threads: the halves are fixed, so that all is the same every time,
// on any machine.
#pragma once

#include <cstddef>
#include <optional>

#include "base/result.h"
#include "base/thread.h"

namespace tact::internal {

// half(which, from, to) -> Status: 0 in this thread, 1 in one of that name (named_thread). Of fewer
// than two parts all is the first half. Of two errors the first half's.
template <typename Half>
Status in_halves(const char* name, std::size_t parts, const Half& half) {
  if (parts < 2) return half(std::size_t{0}, std::size_t{0}, parts);
  std::optional<Status> second;
  auto other = named_thread(name, [&] { second.emplace(half(std::size_t{1}, parts / 2, parts)); });
  const Status first = half(std::size_t{0}, std::size_t{0}, parts / 2);
  other.join();
  TACT_TRY(first);
  return *second;
}

}  // namespace tact::internal
