// The string of IAB's Global Privacy Platform: sections for jurisdictions behind one header.
// Format: IAB Tech Lab, "Global Privacy Platform String", and "GPP Extension: … Privacy Technical
// Specification" for each section.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "consent/consent.h"

namespace tact {

struct GppSection {
  std::uint32_t id = 0;   // 2 is tcfeuv2, 7 usnat, 8 usca, …
  std::string_view text;  // as it stands in the string
};

// The sections in their order; the views point into `text`. kTooLarge over kMaxConsentStringBytes;
// kInvalid where the header is not of type 3 and version 1 or does not name as many sections as
// follow it.
Result<std::vector<GppSection>> gpp_sections(std::string_view text);

// The strictest of what the sections say:
//   2 (tcfeuv2)         as choices_of(TcString)
//   5 (tcfcav1)         as decode_tcf_canada
//   6 (uspv1)           opted out of sale: sharing is objected to
//   7 to 27 (US)        SaleOptOut, SharingOptOut or TargetedAdvertisingOptOut = 1: sharing is
//                       objected to; who did not opt out granted nothing: that stays unknown
//   GPC subsection      Gpc = true: gpc
// Other sections are left out. 24 to 27 (MD, IN, KY, RI) are read as IAB's own encoder writes them,
// which differs from their draft specification. kInvalid for a known section that is cut short, has
// a version we do not know or an answer outside 0 to 2; `where` is then "section 7".
Result<ConsentSignal> decode_gpp(std::string_view text);

}  // namespace tact
