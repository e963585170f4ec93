#include "known.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace tact::calibration {
namespace {

struct Known {
  std::string_view world, why;
  std::vector<std::string_view> methods;
};

const std::vector<Known>& known() {
  static const std::vector<Known> all = {};  // today every target is met
  return all;
}

}  // namespace

std::string why_missed(const std::string& world, const std::string& method) {
  for (const Known& one : known()) {
    const bool named =
        std::find(one.methods.begin(), one.methods.end(), method) != one.methods.end();
    if (named && one.world == world) return std::string(one.why);
  }
  return {};
}

}  // namespace tact::calibration
