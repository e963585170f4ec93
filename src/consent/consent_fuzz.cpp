// Any text as a TC string and as a GPP string: both decoders end, say the same twice, and grant
// nothing that the purposes do not.
#include <algorithm>

#include "consent/gpp.h"
#include "consent/tcf.h"

namespace {

void check_tc_string(std::string_view text) {
  const auto tc = tact::decode_tc_string(text);
  if (!tc.has_value()) {
    CHECK(!tc.error().message.empty());
    return;
  }
  CHECK(tc->version == 2 &&
        tact::choices_of(*tc) == tact::choices_of(*tact::decode_tc_string(text)));
  CHECK(tc->created >= tact::Time{} && tc->last_updated >= tact::Time{});
  if (tc->purposes_consent.none()) {
    CHECK(tact::choices_of(*tc) == tact::unreadable_consent().choices);
  }
}

void check_gpp(std::string_view text) {
  const auto signal = tact::decode_gpp(text);
  const auto sections = tact::gpp_sections(text);
  CHECK(!signal.has_value() || sections.has_value());
  if (!signal.has_value()) return;
  CHECK(*signal == *tact::decode_gpp(text));
  const bool has_tc = std::any_of(sections->begin(), sections->end(),
                                  [](const auto& section) { return section.id <= 5; });
  for (const tact::ConsentState state : signal->choices) {
    CHECK(has_tc || state != tact::ConsentState::kGranted);  // no section of the US grants
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_tc_string(text);
  check_gpp(text);
  check_gpp("DBABM~" + std::string(text));  // as section 2, 5, 6, 7, 8
  check_gpp("DBABDA~" + std::string(text));
  check_gpp("DBABT~" + std::string(text));
  check_gpp("DBABLA~" + std::string(text));
  check_gpp("DBABBg~" + std::string(text));
  return 0;
}
