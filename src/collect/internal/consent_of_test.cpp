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

ConsentState state(const ConsentSignal& signal, Purpose purpose) {
  return signal.choices[static_cast<std::size_t>(purpose)];
}

TEST(ToldConsent, OtherPurposesAreAskedForByNameAlone) {
  const ConsentSignal signal = told(R"("categoryPreferences":{"replay":true},)" + kTcEverything);
  EXPECT_EQ(state(signal, Purpose::kReplay), kGranted);
  EXPECT_EQ(state(signal, Purpose::kSensitive), kUnknown);
}

TEST(ToldConsent, EmailTakesAWordOfItsOwn) {
  const auto email = [](const std::string& members) {
    return state(told(members), Purpose::kEmail);
  };
  EXPECT_EQ(email(R"("categoryPreferences":{"email":true})"), kUnknown);
  EXPECT_EQ(email(R"("categoryPreferences":{"email":false})"), kRefused);
  EXPECT_EQ(email(kTcEverything), kUnknown);
  EXPECT_EQ(email(R"("email":"granted")"), kGranted);
  EXPECT_EQ(email(R"("email":true)"), kGranted);
  EXPECT_EQ(email(R"("email":"asked")"), kAsked);
  EXPECT_EQ(email(R"("email":null)"), kUnknown);
  for (const std::string no : {"false", "\"refused\"", "7", "{}"}) {
    EXPECT_EQ(email("\"email\":" + no), kRefused) << no;
  }
  EXPECT_EQ(email(R"("email":"granted","categoryPreferences":{"email":"objected"})"), kObjected);
}

TEST(ToldConsent, AnObjectionToDirectMarketingIsOneToItsProfiling) {
  for (const std::string value : {"\"objected\"", "true", "false", "{}"}) {
    const ConsentSignal signal =
        told("\"directMarketing\":" + value +
             R"(,"categoryPreferences":{"personalization":true,"analytics":true,"sharing":true})");
    EXPECT_EQ(signal, (ConsentSignal{.choices = {kGranted, kObjected, kObjected, kObjected}}))
        << value;
  }
  EXPECT_EQ(told(R"("directMarketing":null)"), ConsentSignal{});
}

TEST(ToldConsent, AnObjectionToEmailIsOneToItsProfilingUnlessThatIsGrantedWithIt) {
  const auto after = [](const std::string& members) {
    ConsentChoices choices = told(members).choices;
    spread_objection(choices);
    return choices[static_cast<std::size_t>(Purpose::kPersonalization)];
  };
  EXPECT_EQ(after(R"("email":"objected")"), kObjected);
  EXPECT_EQ(after(R"("email":"objected","categoryPreferences":{"personalization":"asked"})"),
            kObjected);
  EXPECT_EQ(after(R"("email":"refused")"), kUnknown);
  EXPECT_EQ(after(R"("categoryPreferences":{"email":"objected","personalization":true})"),
            kGranted);
}

TEST(ToldConsent, TheTextShownIsKnownByItsHash) {
  EXPECT_EQ(told(R"("text":"abc")").text, consent_text_hash("abc"));
  EXPECT_EQ(told(R"("textHash":"bddd813c63423972")").text, consent_text_hash("abc"));
  EXPECT_EQ(told(R"("text":"abc","textHash":"0000000000000001")").text, consent_text_hash("abc"));
  EXPECT_EQ(told(R"("text":7,"textHash":"v2")").text, 0U);
}

TEST(ToldConsent, AskedIsWeakerThanAnyAnswer) {
  EXPECT_EQ(told(R"("categoryPreferences":{"personalization":"asked","analytics":"asked"},)" +
                 kTcPersonalization),
            expect(kRefused, kGranted, kRefused));
  EXPECT_EQ(told(R"("categoryPreferences":{"personalization":"asked"})"),
            expect(kUnknown, kAsked, kUnknown));
}

}  // namespace
}  // namespace tact::internal
