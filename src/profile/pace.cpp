#include "profile/pace.h"

#include <algorithm>

namespace tact {

void Pace::note(Time at, bool is_page) {
  if (is_broken(at)) {
    broken = std::max(broken, at);
    return;
  }
  if (!is_page) return;
  if (pages == 0 || at >= from + kPaceWindow) {
    *this = {.from = at, .pages = 1, .broken = {}};
  } else if (at >= from && ++pages > kPacePages) {
    broken = at;
  }
}

void Pace::merge(const Pace& other) {
  if (other.broken > broken || (other.broken == broken && other.from > from)) *this = other;
}

void Pace::encode(ByteWriter& out) const {
  out.time(from);
  out.varint(pages);
  out.time(broken);
}

Pace Pace::decode(ByteReader& in) {
  Pace pace;
  pace.from = in.time();
  pace.pages = static_cast<std::uint32_t>(in.varint());
  pace.broken = in.time();
  return pace;
}

}  // namespace tact
