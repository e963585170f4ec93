#include "consent/gpp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/rng.h"
#include "consent/internal/bits.h"

namespace tact {
namespace {

using ::testing::ElementsAre;

std::vector<std::uint32_t> ids_of(std::string_view text) {
  const auto sections = gpp_sections(text);
  EXPECT_TRUE(sections.has_value()) << sections.error().to_text();
  std::vector<std::uint32_t> ids;
  if (sections.has_value()) {
    for (const GppSection& section : *sections) ids.push_back(section.id);
  }
  return ids;
}

ConsentSignal sharing_objected() {
  ConsentSignal signal;
  set_choice(signal.choices, Purpose::kSharing, ConsentState::kObjected);
  return signal;
}

ConsentSignal decoded(std::string_view text) {
  const auto signal = decode_gpp(text);
  EXPECT_TRUE(signal.has_value()) << text << ": " << signal.error().to_text();
  return signal.value_or(unreadable_consent());
}

std::string error_of(std::string_view text) {
  const auto signal = decode_gpp(text);
  return signal.has_value() ? "fine" : signal.error().to_text();
}

// --- the header -------------------------------------------------------------------------------

// The three examples of the specification, with stand-ins for the sections.
TEST(GppHeader, ReadsTheExamplesOfTheSpecification) {
  EXPECT_THAT(ids_of("DBABM~A"), ElementsAre(2));
  EXPECT_THAT(ids_of("DBACNY~A~1YNN"), ElementsAre(2, 6));
  EXPECT_THAT(ids_of("DBABjw~A~1YNN"), ElementsAre(5, 6));
}

TEST(GppHeader, ReadsSingleIdsAndRuns) {
  EXPECT_THAT(ids_of("DBAA"), ElementsAre());
  EXPECT_THAT(ids_of("DBADzMyM~1-Y-~a~b~c~d~e"), ElementsAre(6, 7, 8, 9, 11, 26));
}

TEST(GppHeader, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"", "~", "D", "DBA", "DBABM", "DBABM~A~B", "DBACNY~A", "CBABM~A", "DCABM~A", "DBAB+~A",
        "DBABA~A",  // a Fibonacci number without end
        "DB__~A",   // 4,095 items of which none is there
        "DBABM ~A"}) {
    EXPECT_NE(error_of(text), "fine") << text;
  }
  EXPECT_EQ(error_of("DBABM~A~B"),
            "the GPP header names another number of sections than follow it");
  const auto long_one = decode_gpp("DBABM~" + std::string(kMaxConsentStringBytes, 'A'));
  ASSERT_FALSE(long_one.has_value());
  EXPECT_EQ(long_one.error().code, ErrorCode::kTooLarge);
}

TEST(Fibonacci, ReadsTheTableOfTheSpecification) {
  // 11 011 0011 1011 00011 10011 01011, padded to 48 bits.
  const std::string bits = "110110011101100011100110101100";
  std::string text;
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (std::size_t i = 0; i < bits.size(); i += 6) {
    text += kAlphabet[std::stoul(bits.substr(i, 6), nullptr, 2)];
  }
  internal::BitReader in(text);
  for (std::uint32_t number = 1; number <= 7; ++number) EXPECT_EQ(in.fibonacci(), number);
  EXPECT_FALSE(in.failed());
  EXPECT_EQ(in.fibonacci(), 0U);
  EXPECT_TRUE(in.failed());
}

TEST(Fibonacci, FailsOnANumberTooLarge) {
  internal::BitReader in("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAY");
  EXPECT_EQ(in.fibonacci(), 0U);
  EXPECT_TRUE(in.failed());
}

// --- the sections; all strings written by IAB's own encoder, @iabgpp/cmpapi
// -----------------------

TEST(Gpp, AnOptOutInAnyUsSectionRefusesSharing) {
  for (const std::string_view text : {"DBABLA~CAAQAAAAAABA",
                                      "DBABLA~CAAQAAAAAABA.QA",
                                      "DBABLA~CAAEAAAAAABA.QA",
                                      "DBABLA~CAABAAAAAABA.QA",  // usnat 2: sale, sharing, targeted
                                      "DBABLA~BAAkAAAAAQA.QA",   // usnat 1: sharing
                                      "DBABBg~BAQAAABA.QA",
                                      "DBABBg~BAEAAABA.QA",  // usca: sale, sharing
                                      "DBABRg~BAQAABA",
                                      "DBABJg~BAEAAEA.QA",  // usva, usco
                                      "DBABFg~BAEAAAQA",
                                      "DBABVg~BAEAAAEA.QA",  // usut, usct
                                      "DBABAw~BAQAAABA",
                                      "DBABQw~BAQAAABA.QA",  // usfl, usmt
                                      "DBABIw~BAEAAAABAA.QA",
                                      "DBABEw~BAQAAAQA.QA",  // usor, ustx
                                      "DBABUw~BAQAAAABAA.QA",
                                      "DBABCw~BABAAAQA.QA",  // usde, usia
                                      "DBABSw~BAQAAAQA.QA",
                                      "DBABKw~BAQAAABA.QA",  // usne, usnh
                                      "DBABAYA~BAQAAAAAQA.QA",
                                      "DBABQYA~BAQAAAQA.QA",  // usnj, ustn
                                      "DBABIYA~BAQAAAQA.QA",  // usmn
                                      "DBABEYA~BQBA.QA",
                                      "DBABUYA~BQAQ.AAA",  // usmd, usin
                                      "DBABCYA~BQBA.AAA",
                                      "DBABSYA~BQAQ.AAA",  // usky, usri
                                      "DBABTA~1YY-",
                                      "DBABT~1YYN"}) {  // uspv1
    EXPECT_EQ(decoded(text), sharing_objected()) << text;
  }
}

TEST(Gpp, NotOptingOutGrantsNothing) {
  EXPECT_EQ(decoded("DBAA"), ConsentSignal{});
  EXPECT_EQ(decoded("DBABLA~CAAqAAAAAABA.QA"), ConsentSignal{});  // 2 everywhere
  EXPECT_EQ(decoded("DBABBg~BAAAAABA.QA"), ConsentSignal{});      // not applicable
  EXPECT_EQ(decoded("DBABCYA~BQCg.AAA"), ConsentSignal{});        // usky
  EXPECT_EQ(decoded("DBABTA~1YN-"), ConsentSignal{});             // uspv1
}

TEST(Gpp, TheGpcSubsectionCountsAsGpc) {
  const ConsentSignal signal = decoded("DBABBg~BAoAAABA.YA");
  EXPECT_TRUE(signal.gpc);
  EXPECT_EQ(signal.choices, ConsentChoices{});
  EXPECT_FALSE(decoded("DBABBg~BAoAAABA.oA").gpc);  // the same bit in a subsection of type 2
  EXPECT_TRUE(decoded("DBABEYA~BQCA.YA").gpc);      // usmd
  EXPECT_FALSE(decoded("DBABCYA~BQCA.ZQA").gpc);    // usky: sensitive data, without a type
}

TEST(Gpp, TheEuropeanSectionIsATcString) {
  const ConsentSignal signal =
      decoded("DBACNMA~CQuAQVAQuAQVAAAAAAENAAFgAI0AAAAAAAAAAAAAAAAA.IAAA.YAAAAAAAAAAA~BAQAAABA.QA");
  ConsentSignal expected = sharing_objected();  // by usca; refused by tcfeuv2
  set_choice(expected.choices, Purpose::kAnalytics, ConsentState::kGranted);
  set_choice(expected.choices, Purpose::kPersonalization, ConsentState::kGranted);
  EXPECT_EQ(signal, expected);
}

TEST(Gpp, TheCanadianSectionTakesExpressConsent) {
  const auto choices = [](std::string_view text) { return decoded(text).choices; };
  using enum ConsentState;
  EXPECT_EQ(choices("DBABDA~BQuGE_1QuGE_1AfAAAENAACAARoAAAAAAAAAAAAAAA.YAAAAAAAAAA"),  // 1, 5, 6, 8
            (ConsentChoices{kGranted, kGranted, kUnknown, kRefused}));
  EXPECT_EQ(choices("DBABDA~BQuGE_1QuGE_1AfAAAENAACAARAAAAgAAAAAAAAAAA.YAAAAAAAAAA"),  // 6 implied
            (ConsentChoices{kRefused, kUnknown, kUnknown, kRefused}));
  EXPECT_EQ(
      choices("DBABDA~BQuGE_1QuGE_1AfAAAENAACAAAAAAXoAAAAAAAAAAA.YAAAAAAAAAA"),  // all implied
      ConsentChoices{});
  EXPECT_EQ(choices("DBABDA~BQuGE_1QuGE_1AfAAAENAACAAAAAAAAAAAAAAAAAAA.YAAAAAAAAAA"),  // none
            unreadable_consent().choices);
}

TEST(Gpp, UnknownSectionsAreLeftOut) {
  EXPECT_EQ(decoded("DBABKY~what.ever"), ConsentSignal{});  // 28: nothing yet
  EXPECT_EQ(decoded("DBADzMyM~1-Y-~CAAgAAAAAABA.QA~BAIAAABA.QA~BAgAABA~BABAAAQA~BQBA.AAA"),
            sharing_objected());  // usut among others
}

TEST(Gpp, AKnownSectionThatCannotBeReadIsAnError) {
  EXPECT_EQ(error_of("DBABLA~BAAQAAAAAA"), "fine");  // usnat 1 has 60 bits, usnat 2 has 70
  EXPECT_EQ(error_of("DBABLA~CAAQAAAAAAA"), "section 7: is cut short");
  EXPECT_EQ(error_of("DBABBg~BAQA"), "section 8: is cut short");
  EXPECT_EQ(error_of("DBABBg~"), "section 8: is not base64url");
  EXPECT_EQ(error_of("DBABBg~CAQAAABA.QA"), "section 8: has the unknown version 2");
  EXPECT_EQ(error_of("DBABLA~DAAQAAAAAABA"), "section 7: has the unknown version 3");
  EXPECT_EQ(error_of("DBABBg~BAwAAABA"), "section 8: has an opt-out of 3, which means nothing");
  EXPECT_EQ(error_of("DBABBg~BAQAAABA."), "section 8: has a subsection that is not base64url");
  EXPECT_EQ(error_of("DBABM~BAQAAABA"), "section 2: the TC string has version 1, not 2");
}

TEST(Gpp, RandomBytesAreReadOrRefused) {
  Rng rng(11);
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~.";
  for (int round = 0; round < 20'000; ++round) {
    std::string text = rng.chance(0.5) ? "DBAB" : "DBAC";
    for (std::uint64_t n = rng.below(40); n > 0; --n) text += kAlphabet[rng.below(66)];
    const auto signal = decode_gpp(text);
    EXPECT_TRUE(signal.has_value() || signal.error().code == ErrorCode::kInvalid) << text;
  }
}

}  // namespace
}  // namespace tact
