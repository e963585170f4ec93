#include "collect/internal/consent_of.h"

#include <gtest/gtest.h>

#include <string>

namespace tact::internal {
namespace {

using enum ConsentState;

// Purposes 1, 5, 6; and with 8.
const std::string kTcPersonalization =
    R"("tcString":"CQuAQVAQuDwc1AfACBENCWFgAIwAAAMAAAAAfQQA4AAgAKAGQH0AAAAAAAAA.YAAAAAAAAAAA")";
const std::string kTcEverything =
    R"("tcString":"CQuAQVAQuDwc1AfACBENCWFsAP_gAEPgAAAAAEEUAAAAAAAA.YAAAAAAAAAAA")";

ConsentSignal told(const std::string& members) {
  return consent_of(parse_json(R"({"consent":{)" + members + "}}")->as_object());
}

ConsentSignal expect(ConsentState analytics, ConsentState personalization, ConsentState sharing,
                     bool gpc = false) {
  ConsentSignal signal{.gpc = gpc};
  set_choice(signal.choices, Purpose::kAnalytics, analytics);
  set_choice(signal.choices, Purpose::kPersonalization, personalization);
  set_choice(signal.choices, Purpose::kSharing, sharing);
  return signal;
}

TEST(ToldConsent, EachSourceAlone) {
  EXPECT_EQ(told(R"("categoryPreferences":{"personalization":true,"analytics":"objected"})"),
            expect(kObjected, kGranted, kUnknown));
  EXPECT_EQ(told(kTcPersonalization), expect(kRefused, kGranted, kRefused));
  EXPECT_EQ(told(R"("gpp":"DBABBg~BAQAAABA.YA")"), expect(kUnknown, kUnknown, kObjected, true));
  EXPECT_EQ(told(R"("google":{"analytics_storage":"granted","ad_storage":"denied"})"),
            expect(kGranted, kUnknown, kRefused));
}

TEST(ToldConsent, TheStrictestOfAllCounts) {
  EXPECT_EQ(told(R"("categoryPreferences":{"personalization":true,"analytics":true},)" +
                 kTcPersonalization),
            expect(kRefused, kGranted, kRefused));
  EXPECT_EQ(told(kTcEverything + R"(,"gpp":"DBABBg~BAQAAABA.QA")"),
            expect(kGranted, kGranted, kObjected));
  EXPECT_EQ(told(kTcEverything + R"(,"google":{"personalization_storage":"denied"},
                 "categoryPreferences":{"analytics":"objected"})"),
            expect(kObjected, kRefused, kGranted));
}

TEST(ToldConsent, WhatIsAbsentNullOrEmptyTellsNothing) {
  EXPECT_EQ(consent_of({}), ConsentSignal{});
  EXPECT_EQ(told(R"("tcString":"","gpp":"","google":{})"), ConsentSignal{});
  EXPECT_EQ(told(R"("tcString":null,"gpp":null,"google":{"analytics_storage":null})"),
            ConsentSignal{});
}

TEST(ToldConsent, WhatCannotBeReadIsRefused) {
  for (const std::string name : {"tcString", "gpp", "google"}) {
    for (const std::string value : {"true", "7", "[]", "\"what\"", "\"CPXxRfAPXxRfAAfKABENB\""}) {
      EXPECT_EQ(told("\"" + name + "\":" + value), unreadable_consent()) << name << value;
    }
  }
  EXPECT_EQ(told(R"("tcString":{},"categoryPreferences":{"personalization":true})"),
            unreadable_consent());
  EXPECT_EQ(told(R"("google":{"analytics_storage":true})"), expect(kRefused, kUnknown, kUnknown));
}

TEST(ToldConsent, OtherPurposesAreAskedForByNameAlone) {
  const ConsentSignal signal = told(R"("categoryPreferences":{"email":true},)" + kTcEverything);
  EXPECT_EQ(signal.choices[static_cast<std::size_t>(Purpose::kEmail)], kGranted);
  EXPECT_EQ(signal.choices[static_cast<std::size_t>(Purpose::kReplay)], kUnknown);
}

}  // namespace
}  // namespace tact::internal
