#include "playbook/internal/did_you_mean.h"

#include <algorithm>
#include <array>

namespace tact::playbook_internal {
namespace {

constexpr std::size_t kLongest = 64;
constexpr std::size_t kListAtMost = 8;

// What follows a row is no less than the row's least, or than the one before it and a swap.
template <typename Row>
int least_of(const Row& row, std::size_t last) {
  return *std::min_element(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(last) + 1);
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b, int limit) {
  if (a == b) return 0;
  if (a.size() > kLongest || b.size() > kLongest) return kFar;
  // Each letter one of them has more must be put in.
  const std::size_t more = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (static_cast<int>(more) >= limit) return kFar;
  using Row = std::array<int, kLongest + 1>;
  Row before{}, last{}, row{};
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before = last;
    last = row;
    if (least_of(last, b.size()) >= limit && least_of(before, b.size()) + 1 >= limit) return kFar;
  }
  return last[b.size()];
}

std::string nearest(std::string_view written, const std::vector<std::string>& known) {
  const int limit = std::max(1, static_cast<int>(written.size()) / 3);
  int best = limit + 1;
  const std::string* found = nullptr;
  for (const std::string& name : known) {
    const int distance = edit_distance(written, name, best);
    if (distance < best) {
      best = distance;
      found = &name;
    }
  }
  return found == nullptr ? std::string{} : *found;
}

std::string did_you_mean(std::string_view written, const std::vector<std::string>& known) {
  if (const std::string name = nearest(written, known); !name.empty()) {
    return "did you mean \"" + name + "\"?";
  }
  if (known.empty() || known.size() > kListAtMost) return {};
  std::string list = known.size() == 1 ? "known is " : "one of ";
  for (std::size_t i = 0; i < known.size(); ++i) list += (i == 0 ? "" : ", ") + known[i];
  return list;
}

}  // namespace tact::playbook_internal
