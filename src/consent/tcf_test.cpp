#include "consent/tcf.h"

#include <gtest/gtest.h>

#include <string>

namespace tact {
namespace {

// Written by IAB's own encoder, @iabtcf/core, of CMP 31, vendor list 150, policy 5.
constexpr std::string_view kEverything =
    "CQuAQVAQuDwc1AfACBENCWFsAP_gAEPgAAAAAEEUAAAAAAAA.YAAAAAAAAAAA";
constexpr std::string_view kPersonalizationOnly =  // purposes 1, 5, 6; vendors as ranges
    "CQuAQVAQuDwc1AfACBENCWFgAIwAAAMAAAAAfQQA4AAgAKAGQH0AAAAAAAAA.YAAAAAAAAAAA";
constexpr std::string_view kNothing = "CQuAQVAQuDwc1AfACBENCWFgAAAAAAAAAAAAAAAAAAAA.YAAAAAAAAAAA";
constexpr std::string_view
    kRestricted =  // purposes 1 and 8, publisher restrictions on vendors 2, 3
    "CQuAQVAQuDwc1AfACBENCWFgAIEAAAMAAAAAABEAAAAI6ADAAIAAwAAA.eAAAAAAAAAAA";

ConsentChoices choices(ConsentState analytics, ConsentState personalization, ConsentState sharing) {
  ConsentChoices out{};
  set_choice(out, Purpose::kAnalytics, analytics);
  set_choice(out, Purpose::kPersonalization, personalization);
  set_choice(out, Purpose::kSharing, sharing);
  return out;
}

ErrorCode code_of(std::string_view text) {
  const auto tc = decode_tc_string(text);
  return tc.has_value() ? ErrorCode::kInternal : tc.error().code;
}

TEST(TcString, ReadsTheCoreSegment) {
  const auto tc = decode_tc_string(kEverything);
  ASSERT_TRUE(tc.has_value()) << tc.error().to_text();
  EXPECT_EQ(tc->version, 2);
  EXPECT_EQ(tc->created, parse_time("2026-11-20T10:00:00Z"));
  EXPECT_EQ(tc->last_updated, parse_time("2026-11-21T11:30:00.500Z"));
  EXPECT_EQ(tc->policy_version, 5);
  EXPECT_EQ(tc->special_features.to_ullong(), 0b11U);
  EXPECT_EQ(tc->purposes_consent.to_ullong(), 0b111'1111'1111U);
  EXPECT_EQ(tc->purposes_legitimate_interest.to_ullong(), 0b111'1100'0010U);
}

// The example of the specification.
TEST(TcString, ReadsTheExampleOfTheSpecification) {
  const auto tc = decode_tc_string(
      "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA."
      "IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACE"
      "AAAAAgAQBAAAAAAAGBAAgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAAAYQEAAAQmAgBC3ZAYzUw");
  ASSERT_TRUE(tc.has_value()) << tc.error().to_text();
  EXPECT_EQ(format_time(tc->created).substr(0, 10), "2020-02-20");
  EXPECT_EQ(tc->purposes_consent.to_ullong(), 0b111U);
  EXPECT_EQ(tc->purposes_legitimate_interest.to_ullong(), 0U);
}

TEST(TcString, ChoicesNeedConsentToEveryPurposeTheyStandOn) {
  using enum ConsentState;
  const auto of = [](std::string_view text) { return choices_of(*decode_tc_string(text)); };
  EXPECT_EQ(of(kEverything), choices(kGranted, kGranted, kGranted));
  EXPECT_EQ(of(kPersonalizationOnly), choices(kRefused, kGranted, kRefused));
  EXPECT_EQ(of(kNothing), choices(kRefused, kRefused, kRefused));
  EXPECT_EQ(of(kRestricted), choices(kGranted, kRefused, kRefused));
}

TEST(TcString, EveryOfThePurposesIsNeededAndNoOther) {
  using enum ConsentState;
  for (unsigned mask = 0; mask < 1U << 11; ++mask) {
    TcString tc;
    tc.purposes_consent = mask;
    const auto has = [&](unsigned bits) { return (mask & bits) == bits ? kGranted : kRefused; };
    EXPECT_EQ(choices_of(tc), choices(has(0b1000'0001), has(0b11'0001), has(0b1101))) << mask;
  }
}

TEST(TcString, LegitimateInterestIsNoConsent) {
  using enum ConsentState;
  TcString tc;
  tc.purposes_consent = 1;
  tc.purposes_legitimate_interest.set();
  EXPECT_EQ(choices_of(tc), choices(kRefused, kRefused, kRefused));
}

TEST(TcString, EveryCutIsNoticed) {
  for (const std::string_view whole : {kEverything, kPersonalizationOnly, kRestricted}) {
    const std::string_view core = whole.substr(0, whole.find('.'));
    // The encoder pads a segment to whole groups of 24 bits, of which the last may say nothing.
    for (std::size_t size = 0; size + 4 < core.size(); ++size) {
      EXPECT_EQ(code_of(core.substr(0, size)), ErrorCode::kInvalid) << size;
    }
    EXPECT_EQ(code_of(core), ErrorCode::kInternal);  // read
  }
}

TEST(TcString, AVendorSectionLongerThanTheStringIsNoticed) {
  std::string text(kNothing.substr(0, kNothing.find('.')));
  text[36] = 'f';  // within MaxVendorId, bits 213 to 228
  EXPECT_EQ(code_of(text), ErrorCode::kInvalid);
}

TEST(TcString, OtherVersionsAreRefused) {
  EXPECT_EQ(code_of("BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA"), ErrorCode::kInvalid);  // version 1
  std::string text(kEverything);
  text[0] = 'D';
  const auto tc = decode_tc_string(text);
  ASSERT_FALSE(tc.has_value());
  EXPECT_EQ(tc.error().message, "the TC string has version 3, not 2");
}

TEST(TcString, WhatIsNotBase64urlIsRefused) {
  const std::string whole(kEverything);
  for (const std::string& text :
       {std::string(), std::string("."), whole + ".", "." + whole, whole + "=", whole + " ",
        whole + ".Y+AA", whole + ".Y/AA", whole + "~", whole + "..YAAA", std::string(60, '\0'),
        std::string("Größe")}) {
    EXPECT_EQ(code_of(text), ErrorCode::kInvalid) << text;
  }
}

TEST(TcString, LongerThanTheLimitIsRefusedUnread) {
  const std::string core(kEverything.substr(0, kEverything.find('.')));
  EXPECT_EQ(code_of(core + std::string(kMaxConsentStringBytes - core.size(), 'A')),
            ErrorCode::kInternal);  // read: what follows the core's last field is padding
  EXPECT_EQ(code_of(core + std::string(kMaxConsentStringBytes, 'A')), ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace tact
