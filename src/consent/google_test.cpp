#include "consent/google.h"

#include <gtest/gtest.h>

#include <vector>

namespace tact {
namespace {

using enum ConsentState;
using Types = std::vector<GoogleConsentType>;

ConsentState state(const Types& types, Purpose purpose) {
  return google_consent(types)[static_cast<std::size_t>(purpose)];
}

TEST(GoogleConsent, NothingSaidIsNothingKnown) {
  EXPECT_EQ(google_consent(Types{}), ConsentChoices{});
  EXPECT_EQ(google_consent(Types{{"functionality_storage", "granted"},
                                 {"security_storage", "denied"},
                                 {"Analytics_Storage", "granted"}}),
            ConsentChoices{});
}

TEST(GoogleConsent, OneTypeEachForAnalyticsAndPersonalization) {
  const Types types = {{"analytics_storage", "granted"}, {"personalization_storage", "denied"}};
  EXPECT_EQ(state(types, Purpose::kAnalytics), kGranted);
  EXPECT_EQ(state(types, Purpose::kPersonalization), kRefused);
  EXPECT_EQ(state(types, Purpose::kSharing), kUnknown);
}

TEST(GoogleConsent, SharingTakesAllThree) {
  const auto sharing = [](std::string_view storage, std::string_view user_data,
                          std::string_view personalization) {
    return state({{"ad_storage", storage},
                  {"ad_user_data", user_data},
                  {"ad_personalization", personalization}},
                 Purpose::kSharing);
  };
  EXPECT_EQ(sharing("granted", "granted", "granted"), kGranted);
  EXPECT_EQ(sharing("denied", "granted", "granted"), kRefused);
  EXPECT_EQ(sharing("granted", "denied", "granted"), kRefused);
  EXPECT_EQ(sharing("granted", "granted", "denied"), kRefused);
  EXPECT_EQ(state({{"ad_storage", "granted"}, {"ad_user_data", "granted"}}, Purpose::kSharing),
            kUnknown);
  EXPECT_EQ(state({{"ad_user_data", "denied"}}, Purpose::kSharing), kRefused);
}

TEST(GoogleConsent, OnlyGrantedGrants) {
  for (const std::string_view answer : {"", "Granted", "true", "yes", "granted "}) {
    EXPECT_EQ(state({{"analytics_storage", answer}}, Purpose::kAnalytics), kRefused) << answer;
  }
}

TEST(GoogleConsent, OfATypeGivenTwiceTheStricterAnswerCounts) {
  EXPECT_EQ(state({{"analytics_storage", "denied"}, {"analytics_storage", "granted"}},
                  Purpose::kAnalytics),
            kRefused);
}

}  // namespace
}  // namespace tact
