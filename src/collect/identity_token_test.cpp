#include "collect/identity_token.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "collect/collect.h"
#include "collect/source.h"
#include "event/parse.h"

namespace tact {
namespace {

// RFC 7515 appendix A.1 and RFC 8037 appendix A.4 sign payloads of their own; these tokens were
// made with another implementation of the same RFCs (Python's hmac, OpenSSL's Ed25519).
constexpr std::string_view kSecret = "a secret of at least 32 characters";
constexpr std::string_view kHs256 =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbm5hIiwiZXhwIjoxNzk1MzA5MjAwfQ."
    "2a89PewlaoA3KIBCEVDjXc_IbvdzQQUXL1wl419novc";
constexpr std::string_view kHs256Nbf =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbm5hIiwiZXhwIjoxNzk1MzA5MjAwLCJ"
    "uYmYiOjE3OTUzMDYyMDB9.G7ay_IPmS7DpEECgPVzZyPOYyprlojyxc_0B4AlMphA";
constexpr std::string_view kHs256NoExp =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbm5hIn0.LiJ2wEOCptTbrbPP7WqJ6ZO"
    "OC330XkgFgMBuM6_IbkI";
constexpr std::string_view kHs256Crit =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImNyaXQiOlsieCJdfQ.eyJzdWIiOiJhbm5hIiwiZXhwI"
    "joxNzk1MzA5MjAwfQ.7LAdw0ketMeQjEGazDx4_HZwngloU6XQqoo19Ppl_Tc";
constexpr std::string_view kNone =
    "eyJhbGciOiAibm9uZSJ9.eyJzdWIiOiAiYW5uYSIsICJleHAiOiAxNzk1MzA5MjAwfQ.";
constexpr std::string_view kEdDsa =
    "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbm5hIiwiZXhwIjoxNzk1MzA5MjAwfQ.cdTvXjVnSQCp22Rl"
    "Jn8QjSYJ2V6yFfcEj73sckBuEQLmPbFVpQh_mnAbskZx1CVDCLs8upM_dBvWB1gPObPQAQ";
constexpr std::string_view kEdKeyHex =
    "20ea5ffff8d8a0eedc2f48eaf11221b7736eeb92ef2ea4f3fb899b6ef9c1b01e";
const Time kIssued = *parse_time("2026-11-22T00:00:00Z");  // they expire an hour later

TokenKey hs256() { return {TokenKey::Algorithm::kHs256, std::string(kSecret)}; }

Result<KeyRing> ring(const std::string& identity) {
  return KeyRing::parse(
      R"({"version":1,"install_key":")" + std::string(64, '7') +
      R"(","sources":[{"id":1,"name":"w","key":"wk_0123456789abcdef","kind":"write",)"
      R"("consent":"required","identity":)" +
      identity + "}]}");
}

TEST(IdentityToken, ASignatureOfTheKeysAlgorithmProvesItsSubject) {
  EXPECT_TRUE(verify_identity_token(kHs256, "anna", hs256(), kIssued).has_value());
  const auto keys = ring(R"({"alg":"EdDSA","key":")" + std::string(kEdKeyHex) + "\"}");
  ASSERT_TRUE(keys.has_value()) << keys.error().to_text();
  const TokenKey& eddsa = keys->sources()[0].identity;
  EXPECT_TRUE(verify_identity_token(kEdDsa, "anna", eddsa, kIssued).has_value());
  EXPECT_FALSE(verify_identity_token(kHs256, "anna", eddsa, kIssued).has_value());
  EXPECT_FALSE(verify_identity_token(kEdDsa, "anna", hs256(), kIssued).has_value());
}

TEST(IdentityToken, EverythingElseIsRefused) {
  const auto why = [](std::string_view token, std::string_view user, Time now) {
    const Status status = verify_identity_token(token, user, hs256(), now);
    return status.has_value() ? std::string("believed") : status.error().message;
  };
  EXPECT_NE(why(kHs256, "ben", kIssued).find("somebody else"), std::string::npos);
  EXPECT_NE(why(kHs256, "", kIssued).find("somebody else"), std::string::npos);
  EXPECT_NE(why(kHs256, "anna", kIssued + Duration{3'661'000}).find("expired"), std::string::npos);
  EXPECT_EQ(why(kHs256, "anna", kIssued + Duration{3'659'000}), "believed") << "a minute of leeway";
  EXPECT_NE(why(kHs256, "anna", kIssued - days(2)).find("over a day"), std::string::npos);
  EXPECT_NE(why(kHs256Nbf, "anna", kIssued).find("not valid yet"), std::string::npos);
  EXPECT_NE(why(kHs256NoExp, "anna", kIssued).find("`exp` is missing"), std::string::npos);
  EXPECT_NE(why(kHs256Crit, "anna", kIssued).find("not signed"), std::string::npos);
  EXPECT_NE(why(kNone, "anna", kIssued).find("not signed"), std::string::npos);
  for (const std::string_view nonsense :
       {"", ".", "..", "a.b.c", "a.b.c.d", "e30.e30.", "e30.e30"}) {
    EXPECT_NE(why(nonsense, "anna", kIssued), "believed") << nonsense;
  }
  EXPECT_NE(why(std::string(kMaxTokenBytes + 1, 'a'), "anna", kIssued).find("too long"),
            std::string::npos);
  EXPECT_FALSE(verify_identity_token(kHs256, "anna", {}, kIssued).has_value())
      << "no key, no trust";
}

TEST(IdentityToken, NoChangedByteIsBelieved) {
  Rng rng(1);
  for (std::size_t at = 0; at < kHs256.size(); ++at) {
    std::string forged(kHs256);
    const char before = forged[at];
    forged[at] = before == 'A' ? 'B' : 'A';
    // The last character of a group may hold bits that no byte uses; decoders must refuse those.
    EXPECT_FALSE(verify_identity_token(forged, "anna", hs256(), kIssued).has_value()) << at;
  }
}

TEST(IdentityToken, KeysThatCannotBeOnesAreNamed) {
  const auto where = [](const std::string& identity) {
    const auto keys = ring(identity);
    return keys.has_value() ? std::string("accepted") : keys.error().where;
  };
  EXPECT_EQ(where(R"({"alg":"HS256","key":"short"})"), "sources[0].identity.key");
  EXPECT_EQ(where(R"({"alg":"none","key":""})"), "sources[0].identity.alg");
  EXPECT_EQ(where(R"({"alg":"EdDSA","key":"abcd"})"), "sources[0].identity.key");
}

TEST(IdentityToken, MakesABrowsersUserIdTrustedAndIsNotStored) {
  const auto keys = ring(R"({"alg":"HS256","key":")" + std::string(kSecret) + "\"}");
  Playbook playbook;
  const RequestInfo info{.source = &keys->sources()[0], .now = kIssued};
  const auto collected = [&](std::string_view user, std::string_view token) {
    RawEvent raw;
    raw.type = EventType::kIdentify;
    raw.message_id = "m-1";
    raw.anonymous_id = "a-1";
    raw.user_id = user;
    if (!token.empty()) raw.context["token"] = token;
    return *collect_event(std::move(raw), info, playbook);
  };
  EXPECT_TRUE(collected("anna", kHs256).has(record_flags::kTrustedIdentity));
  EXPECT_FALSE(collected("ben", kHs256).has(record_flags::kTrustedIdentity));
  EXPECT_FALSE(collected("anna", "").has(record_flags::kTrustedIdentity));
  EXPECT_EQ(std::get<Event>(collected("anna", kHs256).body).context.find("token"),
            std::string::npos);
}

}  // namespace
}  // namespace tact
