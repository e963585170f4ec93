// The TC string of IAB Europe's Transparency and Consent Framework 2 (policies 2.0 to 2.3): the
// answers a visitor gave a consent management platform under European law. Format: IAB Tech Lab,
// "Consent string and vendor list formats v2", The Core String.
#pragma once

#include <bitset>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "consent/consent.h"

namespace tact {

inline constexpr std::size_t kTcfPurposes = 24;
inline constexpr std::size_t kTcfSpecialFeatures = 12;

struct TcString {
  int version = 0;  // of the format; always 2
  Time created{}, last_updated{};
  int policy_version = 0;                             // 2 and 3: TCF 2.0 and 2.1; 4: 2.2; 5: 2.3
  std::bitset<kTcfSpecialFeatures> special_features;  // opted in to; [0] is special feature 1
  std::bitset<kTcfPurposes> purposes_consent;         // [0] is purpose 1
  std::bitset<kTcfPurposes> purposes_legitimate_interest;  // disclosed and not objected to
};

// kTooLarge over kMaxConsentStringBytes; kInvalid where it is not base64url, not version 2 or cut
// short. The core segment is walked to its end; of the others only the alphabet is checked.
Result<TcString> decode_tc_string(std::string_view text);

// Each purpose of ours needs consent to several of TCF's, and is refused without one of them, since
// the person was asked:
//   analytics        1 (store and access) and 8 (measure content performance)
//   personalization  1, 5 (create profiles for content) and 6 (use profiles for content)
//   sharing          1, 3 (create profiles for advertising) and 4 (use profiles for advertising)
// Legitimate interest never counts. For 3 to 6 TCF 2.2 forbids it. For 8 it would be allowed, but
// the bit only says that a vendor's claim was disclosed and not objected to, which is no answer.
ConsentChoices choices_of(const TcString& tc);

// TCF Canada (section 5 of a GPP string), with the same of its purposes for each of ours: express
// consent to all grants; neither express nor implied consent to one refuses; else, where consent is
// only implied, nothing is said. kInvalid where it is not base64url, not version 1 or cut short.
Result<ConsentChoices> decode_tcf_canada(std::string_view text);

}  // namespace tact
