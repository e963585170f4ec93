// The profile's bytes, and its sums.
#include "profile/core.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "base/rng.h"
#include "profile/derived.h"

namespace tact {
namespace {

const Time kNow = *parse_time("2026-11-21T10:00:00Z");

Visit full_visit() {
  return {.number = 3,
          .started = kNow - 1h,
          .last_event = kNow,
          .pages = 4,
          .events = 9,
          .entry_path = "/",
          .entry_query = "shoes",
          .source = TrafficSource::kAd,
          .campaign = {"s", "m", "n", "t", "c"},
          .device = Device::kTablet,
          .path = "/p/x",
          .page_type = "product",
          .product = "p7",
          .category = "shoes"};
}

// Every member differs from its zero value: a member the codec forgets fails the round trip.
void fill_small_things(Core& core) {
  Interest interest{.name = "shoes"};
  interest.strength.add(kNow, kAffinityHalfLife);
  interest.viewed.add(kNow);
  core.interests = {interest, interest, interest};
  core.interests[1].kind = InterestKind::kBrand;
  core.interests[2].kind = InterestKind::kTopic;
  core.facts = {{"country", "\"DE\"", "crm", true, kNow - days(9)}};
  core.account = "acme";
  core.account_at = kNow - days(7);
  core.tickets = {{"t-1", TicketState::kSolved, kNow}};
  core.pace = {.from = kNow - 1s, .pages = 3, .broken = kNow};
  core.adult = Adult::kNo;
  core.holds_sensitive = true;
  core.early = {{.order = "o-9",
                 .has_state = true,
                 .state = OrderState::kDelivered,
                 .at = kNow,
                 .due = kNow + days(1)}};
  core.forms = {{.name = "quote", .started = kNow, .sent = kNow - days(1)}};
  core.responses.cells = {{Channel::kWeb, 8, 5, 2}, {Channel::kPush, kUnknownHour, 7, 1}};
  core.deliveries = {{Channel::kEmail, 19, kNow - 2h, true}};
  core.requests = {{.request = 14, .first = Offset{15}, .count = 2, .at = kNow}};
  core.last_ignored = kNow - days(1);
  core.ignored_run = 2;
}

Covariates full_covariates() {
  return {.intent_level = IntentLevel::kLikely,
          .intent = "unsure_about_fit",
          .stage = "decision",
          .language = "de",
          .region = "DE-BY",
          .page_type = "product",
          .source = TrafficSource::kEmail,
          .hour_of_week = 168,
          .days_since_order = 0};
}

FollowUp full_follow_up() {
  FollowUp after;
  for (const std::size_t day : {0U, 9U, 179U}) after.visit_days.add(day);
  after.order_days.add(31);
  after.orders = 3;
  after.value_minor = {0, 5'900, 0, 0, 0, 100};
  after.margin_orders = 2;
  after.margin_minor = -150;
  after.refunds = 4;
  after.refund_minor = 4'900;
  after.returns = 5;
  after.next_order = kNow + days(31);
  after.next_price = OrderPrice::kDiscounted;
  after.full_price_day = 180;
  after.unsubscribes = 6;
  after.complaints = 7;
  after.dismissed = 8;
  after.ignored = 9;
  after.ratings = 10;
  after.rating_milli = 85'000;
  after.recall_asked = 11;
  after.recalled = 12;
  after.withdrew = true;
  after.again_day = 30;
  return after;
}

Exposure full_exposure() {
  return {{.experiment = 12,
           .at = kNow,
           .treated = true,
           .variant = "warm",
           .crossover = true,
           .simulated = true,
           .device = Device::kMobile,
           .visit_number = 2,
           .prior_orders = 1,
           .prior_value_minor = 5,
           .goals = {{.goal = 13,
                      .count = 2,
                      .value_minor = -7,
                      .attributed = 1,
                      .linear = 700'000,
                      .position = 400'000,
                      .told_minor = -7,
                      .margin_minor = 3}},
           .covariates = full_covariates(),
           .follow_up = full_follow_up(),
           .account = 77,
           .slot = SlotSeen::kNotSeen}};
}

Core full_core() {
  Core core;
  fill_small_things(core);
  core.bucket_id = "a-1";
  core.ids = {{IdKind::kAnonymous, "a-1"}, {IdKind::kUser, "u-1"}};
  core.known = true;
  core.merged_into.bytes = {1, 2, 3};
  core.earlier_owners = {{.until = time_from_ms(5), .visitor = {{4, 5}}}};
  core.logins = {6, 7};
  core.consent.purposes[1] = {.asked = {kNow, 1},
                              .granted = {kNow - days(1), 2},
                              .refused = {kNow - days(2), 3},
                              .objected = {kNow - days(3), 4},
                              .carried = {kNow - days(4), 5}};
  core.consent.gpc_since = kNow - days(3);
  core.first_seen = kNow - days(9);
  core.last_seen = kNow;
  core.events = 40;
  core.pages = 14;
  core.seen_next = 1'000'000;
  core.visit = full_visit();
  core.previous_visit_ended = kNow - days(2);
  const Product product{.id = "p7", .category = "shoes/trail", .price_minor = -5, .quantity = 3};
  core.cart = {product};
  core.cart_changed = kNow - 5min;
  core.orders_total = 2;
  core.value_total_minor = 25'000;
  core.orders = {{.at = kNow - days(4),
                  .id = "o-1",
                  .value_minor = 99,
                  .products = {product},
                  .state = OrderState::kShipped,
                  .state_at = kNow,
                  .due = kNow + days(2)}};
  core.contacts = {{.partition = Partition{7},
                    .offset = Offset{300},
                    .at = kNow,
                    .moment = 11,
                    .page = 4,
                    .hour = 10,
                    .withheld = true,
                    .selling = true,
                    .not_seen = true,
                    .seen = true,
                    .acted = true,
                    .dismissed = true,
                    .ignored = true}};
  core.moments = {{.moment = 11,
                   .ever = 6,
                   .ignored_run = 2,
                   .last_ignored = kNow - days(1),
                   .dismissed_at = kNow - days(2),
                   .not_me = true}};
  core.exposures = {full_exposure()};
  core.account_key = 77;
  return core;
}

// What versions before 5 knew of its exposure.
void without_details(Core& core) {
  Exposure& exposure = core.exposures[0];
  exposure.covariates = {};
  exposure.follow_up = {};
  exposure.slot = SlotSeen::kNotFollowed;
  exposure.account = core.account_key = 0;
  exposure.goals[0].linear = exposure.goals[0].position = 0;
  exposure.goals[0].told_minor = exposure.goals[0].margin_minor = 0;
}

Profile full_profile() {
  Profile profile;
  profile.core = full_core();
  profile.derived.definitions = 0xFEED;
  SignalState& state = profile.derived.get_or_add(21, "p7");
  state.strength.add(kNow - days(1), days(2));
  state.strength.add(kNow, days(2));
  state.seen.add(kNow);
  state.visits = 2;
  state.last_visit = 3;
  return profile;
}

TEST(ProfileCodec, EveryMemberSurvives) {
  const Profile profile = full_profile();
  const auto read = Profile::decode(profile.encode());
  ASSERT_TRUE(read.has_value()) << read.error().to_text();
  EXPECT_EQ(*read, profile);
  const auto empty = Profile::decode(Profile{}.encode());
  ASSERT_TRUE(empty.has_value());
  EXPECT_EQ(*empty, Profile{});
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

// What version 3 wrote of this very core, as link records hold it.
constexpr std::string_view kVersionThree =
    "0303612d31020103612d310203752d3101100102030000000000000000000000000000ff0780a4e3d8bf680000"
    "00000000000180b4b086bf68000000000000000280c4fdb3be68000000000000000380d4cae1bd680000000000"
    "00000480e4978fbd6800000000000000050000000080d4cae1bd6880b499f3b96880a4e3d8bf68280ec0843d03"
    "80eaabd5bf6880a4e3d8bf680409012f0573686f65730173016d016e01740163042f702f780770726f64756374"
    "0270370573686f6573040380c4fdb3be68010573686f657301e80ae2d29bbe180180a4e3d8bf68010270370b73"
    "686f65732f747261696c0903c0d4bed8bf6802d086030180e4978fbd68036f2d31c601010270370b73686f6573"
    "2f747261696c09030180a4e3d8bf688084c9fdc0680107ac0280a4e3d8bf68000000000000000b047f00010000"
    "00000000000b060280b4b086bf6880c4fdb3be68010280b4b086bf6801000000000000000c80a4e3d8bf680704"
    "7761726d0202010a01000000000000000d020d0101000000000000000e0f0280a4e3d8bf68010a040500000000"
    "0000000000000000000002000000000000000600000000000000070107636f756e74727904224445220363726d"
    "0180b499f3b9680103742d310180a4e3d8bf680461636d658094ff97bb68b094e3d8bf680380a4e3d8bf680201";

TEST(ProfileCodec, VersionThreeIsReadForEver) {
  Core then = full_core();
  then.interests.resize(1);
  then.contacts[0].hour = kUnknownHour;
  then.early.clear();
  then.forms.clear();
  then.responses = {};
  then.deliveries.clear();
  without_details(then);
  const auto read = Core::decode(from_hex(kVersionThree));
  ASSERT_TRUE(read.has_value()) << read.error().to_text();
  EXPECT_EQ(*read, then);
}

// What version 4 wrote of this very core, and of its exposure as a row of `facts`.
constexpr std::string_view kVersionFour =
    "0403612d31020103612d310203752d3101100102030000000000000000000000000000ff0780a4e3d8bf680000"
    "00000000000180b4b086bf68000000000000000280c4fdb3be68000000000000000380d4cae1bd680000000000"
    "00000480e4978fbd6800000000000000050000000080d4cae1bd6880b499f3b96880a4e3d8bf68280ec0843d03"
    "80eaabd5bf6880a4e3d8bf680409012f0573686f65730173016d016e01740163042f702f780770726f64756374"
    "0270370573686f6573040380c4fdb3be6803000573686f657301e80ae2d29bbe180180a4e3d8bf68010573686f"
    "657301e80ae2d29bbe180180a4e3d8bf68020573686f657301e80ae2d29bbe180180a4e3d8bf68010270370b73"
    "686f65732f747261696c0903c0d4bed8bf6802d086030180e4978fbd68036f2d31c601010270370b73686f6573"
    "2f747261696c09030180a4e3d8bf688084c9fdc0680107ac0280a4e3d8bf68000000000000000b047f000a0100"
    "0000000000000b060280b4b086bf6880c4fdb3be68010280b4b086bf6801000000000000000c80a4e3d8bf6807"
    "047761726d0202010a01000000000000000d020d0101000000000000000e0f0280a4e3d8bf68010a0405000000"
    "000000000000000000000002000000000000000600000000000000070107636f756e7472790422444522036372"
    "6d0180b499f3b9680103742d310180a4e3d8bf680461636d658094ff97bb68b094e3d8bf680380a4e3d8bf6802"
    "0101036f2d39010280a4e3d8bf68809496abc068010571756f746580a4e3d8bf6880b4b086bf68020008050202"
    "18070101011380b0f4d1bf6801";
constexpr std::string_view kRowOfVersionFour =
    "000000000000000c80a4e3d8bf6807047761726d0202010a01000000000000000d020d01";

TEST(ProfileCodec, VersionFourIsReadForEver) {
  Core then = full_core();
  without_details(then);
  const auto read = Core::decode(from_hex(kVersionFour));
  ASSERT_TRUE(read.has_value()) << read.error().to_text();
  EXPECT_EQ(*read, then);
  const std::string row = from_hex(kRowOfVersionFour);
  ByteReader in(row);
  EXPECT_EQ(Exposure::decode(in), then.exposures[0]);
  EXPECT_TRUE(!in.failed() && in.at_end());
}

// Before the slot (tag 12) and the withdrawal (tag 41) came.
constexpr std::string_view kRowOfVersionFive =
    "000000000000000c80a4e3d8bf6807047761726d0202010a01000000000000000d020d019801044d0603091075"
    "6e737572655f61626f75745f6669740b086465636973696f6e0d0264650f0544452d4259110770726f64756374"
    "120314a8011601291701020000000000000000000000000000000000000000082b04000000802c032f0800985c"
    "000000c801300232ab02340436c84c38053a80b48cd3d3683c023eb4014006420744084609480a4a90b00a4c0b"
    "4e0c5106e0dc2a80b518";

constexpr std::string_view kRowWithSlot =
    "000000000000000c80a4e3d8bf6807047761726d0202010a01000000000000000d020d019c01044d0603091075"
    "6e737572655f61626f75745f6669740b086465636973696f6e0d0264650f0544452d4259110770726f64756374"
    "120314a80116011802291701020000000000000000000000000000000000000000082b04000000802c032f0800"
    "985c000000c801300232ab02340436c84c38053a80b48cd3d3683c023eb4014006420744084609480a4a90b00a"
    "4c0b4e0c5106e0dc2a80b5185201";

// With margins of goals (tag 42) and the hesitation (tag 43).
constexpr std::string_view kRowWithAgain =
    "000000000000000c80a4e3d8bf6807047761726d0202010a01000000000000000d020d01a201044d0603091075"
    "6e737572655f61626f75745f6669740b086465636973696f6e0d0264650f0544452d4259110770726f64756374"
    "120314a80116011802291701020000000000000000000000000000000000000000082b04000000802c032f0800"
    "985c000000c801300232ab02340436c84c38053a80b48cd3d3683c023eb4014006420744084609480a4a90b00a"
    "4c0b4e0c5106e0dc2a80b518520155020d06561e";

TEST(ProfileCodec, ARowWithoutItsSlotIsReadForEver) {
  Exposure then = full_core().exposures[0];
  then.slot = SlotSeen::kNotFollowed;
  then.follow_up.withdrew = false;
  then.follow_up.again_day = 0;
  then.goals[0].told_minor = then.goals[0].margin_minor = 0;
  const std::string row = from_hex(kRowOfVersionFive);
  ByteReader in(row);
  EXPECT_EQ(Exposure::decode(in), then);
  EXPECT_TRUE(!in.failed() && in.at_end());
  ByteWriter again;
  then.encode(again);
  EXPECT_EQ(again.str(), row) << "and written as it was";
}

// A month later, when nobody is asked for a rating any more.
TEST(FollowUps, AWithdrawalIsKeptHoweverLateTheOtherBegan) {
  for (const int late : {0, 29, 30, 179}) {
    FollowUp first, other;
    other.withdrew = true;
    first.merge(other, days(late));
    EXPECT_TRUE(first.withdrew) << late;
  }
}

// Else the fuzzer would begin with garbage.
TEST(ProfileCodec, TheFuzzersSeedsAreRead) {
  int cores = 0, rows = 0, with_details = 0;
  for (const auto& seed : std::filesystem::directory_iterator("src/profile/corpus/profile_fuzz")) {
    const std::string name = seed.path().filename().string();
    std::ifstream file(seed.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::vector<Exposure> exposures;
    if (name.starts_with("core-")) {
      const auto core = Core::decode(bytes);
      ASSERT_TRUE(core.has_value()) << name;
      exposures = core->exposures;
      ++cores;
    } else if (name.starts_with("row-")) {
      ByteReader in(bytes);
      exposures.push_back(Exposure::decode(in));
      ASSERT_TRUE(!in.failed() && in.at_end()) << name;
      ++rows;
    } else if (name.starts_with("profile-")) {
      ASSERT_TRUE(Profile::decode(bytes).has_value()) << name;
    } else {
      ASSERT_TRUE(Derived::decode(bytes).has_value()) << name;
    }
    for (const Exposure& exposure : exposures)
      with_details += exposure.follow_up != FollowUp{} && exposure.covariates != Covariates{};
  }
  EXPECT_EQ(cores, 4);
  EXPECT_EQ(rows, 3);
  EXPECT_GE(with_details, 2);
}

std::string row_of(const Exposure& exposure) {
  ByteWriter out;
  exposure.encode(out);
  return out.take();
}

TEST(ProfileCodec, ARowOfFactsIsWhatWasWrittenAndNothingElse) {
  Exposure exposure = full_core().exposures[0];
  const std::string with_again = row_of(exposure);
  exposure.follow_up.again_day = 0;
  const std::string with_margins = row_of(exposure);
  EXPECT_EQ(with_again, from_hex(kRowWithAgain)) << "a row is kept for ever";
  EXPECT_EQ(with_again.size(), with_margins.size() + 2);
  exposure.goals[0].told_minor = exposure.goals[0].margin_minor = 0;
  const std::string bytes = row_of(exposure);
  EXPECT_TRUE(with_margins.ends_with(bytes.substr(bytes.size() - 8) + from_hex("55020d06")));
  EXPECT_EQ(with_margins.size(), bytes.size() + 4);
  EXPECT_EQ(bytes, from_hex(kRowWithSlot)) << "a row is kept for ever";
  ByteReader whole(bytes);
  EXPECT_EQ(Exposure::decode(whole), exposure);
  EXPECT_TRUE(!whole.failed() && whole.at_end());
  // Cut short it is refused, but for where the older row ended.
  const std::size_t old_row = from_hex(kRowOfVersionFour).size();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader in(std::string_view(bytes).substr(0, size));
    Exposure::decode(in);
    EXPECT_EQ(in.failed(), size != old_row) << size;
  }
}

// As reports read: one row over the other, texts in place. Of rows as they are and with a byte or
// two changed, the same are refused as when each is read by itself, and nothing is left of the
// last.
TEST(ProfileCodec, ARowReadOverAnotherIsReadAsByItself) {
  Rng random(28);
  std::vector<std::string> rows = {from_hex(kRowOfVersionFour),      from_hex(kRowOfVersionFive),
                                   from_hex(kRowWithSlot),           from_hex(kRowWithAgain),
                                   row_of(full_core().exposures[0]), row_of(Exposure())};
  Exposure exposure;
  exposure.follow_up.visit_days.add(3);
  rows.push_back(row_of(exposure));
  exposure.covariates.intent = "gift";
  exposure.follow_up.withdrew = true;
  rows.push_back(row_of(exposure));
  ExposureView reused;
  int refused = 0;
  std::vector<std::string> kept;  // what the last one's texts point into
  for (int round = 0; round < 100'000; ++round) {
    std::string bytes = rows[random.below(rows.size())];
    for (auto changes = random.below(4); changes > 1; --changes) {
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    }
    kept = {bytes};
    ByteReader alone(bytes), over(kept[0]);
    const Exposure expected = Exposure::decode(alone);
    reused.read(over);
    ASSERT_EQ(over.failed(), alone.failed()) << round;
    ASSERT_EQ(over.remaining(), alone.remaining());
    refused += alone.failed() ? 1 : 0;
    if (alone.failed()) continue;
    ByteWriter out;
    reused.encode(out);
    ASSERT_EQ(out.str(), row_of(expected)) << round;
  }
  EXPECT_GT(refused, 10'000);
  EXPECT_LT(refused, 90'000);
}

// A number, text, set or list that no version writes.
TEST(ProfileCodec, DetailsThatCannotBeAreRefused) {
  const auto refused = [](const ByteWriter& fields) {
    ByteWriter row;
    row.raw(from_hex(kRowOfVersionFour));
    row.bytes(fields.str());
    ByteReader in(row.str());
    Exposure::decode(in);
    return in.failed();
  };
  const auto number = [](std::uint32_t tag, std::uint64_t value) {
    ByteWriter fields;
    fields.field(tag, value);
    return fields;
  };
  const auto text = [](std::uint32_t tag, const std::string& value) {
    ByteWriter fields;
    fields.field(tag, std::string_view(value));
    return fields;
  };
  EXPECT_FALSE(refused(ByteWriter())) << "none at all are fine";
  EXPECT_FALSE(refused(number(99, 7))) << "and so is what a later version adds";
  EXPECT_FALSE(refused(number(1, 1))) << "older versions wrote it";
  EXPECT_TRUE(refused(number(3, 5))) << "no such level";
  EXPECT_TRUE(refused(text(3, "x"))) << "text for a number";
  EXPECT_TRUE(refused(number(4, 1))) << "a number for text";
  EXPECT_TRUE(refused(text(4, std::string(65, 'i'))));
  EXPECT_TRUE(refused(number(10, 169)));
  EXPECT_TRUE(refused(number(11, 1ULL << 31)));
  EXPECT_TRUE(refused(text(20, std::string(24, 1))));
  EXPECT_TRUE(refused(text(20, std::string(22, 0) + '\x10'))) << "day 180";
  EXPECT_FALSE(refused(text(20, std::string(22, 0) + '\x08'))) << "day 179";
  EXPECT_TRUE(refused(text(23, std::string(7, 2)))) << "seven times thirty days";
  EXPECT_TRUE(refused(number(31, 181)));
  EXPECT_TRUE(refused(number(43, 31))) << "day 30";
  EXPECT_FALSE(refused(number(43, 30)));
  EXPECT_TRUE(refused(text(40, std::string(4, 1)))) << "shares of a goal that is not there";
  ByteWriter unordered = number(22, 1);
  unordered.field(22, 1);
  EXPECT_TRUE(refused(unordered));
}

TEST(ProfileCodec, EachFlagOfAContactHasItsOwnBit) {
  for (bool Contact::* flag :
       {&Contact::withheld, &Contact::selling, &Contact::not_seen, &Contact::seen, &Contact::acted,
        &Contact::dismissed, &Contact::ignored}) {
    Core core;
    core.contacts.resize(1);
    core.contacts[0].*flag = true;
    const auto read = Core::decode(core.encode());
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, core);
  }
}

TEST(ProfileCodec, EachFlagOfAnExposureHasItsOwnBit) {
  for (bool Exposure::* flag :
       {&Exposure::treated, &Exposure::crossover, &Exposure::simulated, &Exposure::is_arm}) {
    Core core;
    core.exposures.resize(1);
    core.exposures[0].*flag = true;
    const auto read = Core::decode(core.encode());
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, core);
  }
}

TEST(ProfileCodec, AnyFlippedBitIsFound) {
  const std::string bytes = full_profile().encode();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      const auto read = Profile::decode(damaged);
      ASSERT_FALSE(read.has_value()) << "byte " << i << " bit " << bit;
      ASSERT_EQ(read.error().code, ErrorCode::kCorrupt);
    }
  }
}

TEST(ProfileCodec, ATruncatedOrLongerProfileIsFound) {
  const std::string bytes = full_profile().encode();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto read = Profile::decode(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(read.has_value()) << size;
    ASSERT_EQ(read.error().code, ErrorCode::kCorrupt);
  }
  EXPECT_FALSE(Profile::decode(bytes + '\0').has_value());
}

// Core and Derived travel without a checksum of their own (inside a record): no bytes may crash.
TEST(ProfileCodec, DamagedPartsNeverCrashAndStayBounded) {
  const std::string core = full_core().encode();
  const std::string derived = full_profile().derived.encode();
  Rng rng(5);
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = i % 2 == 0 ? core : derived;
    for (std::uint64_t flips = 1 + rng.below(4); flips > 0; --flips) {
      damaged[rng.below(damaged.size())] = static_cast<char>(rng.next());
    }
    if (const auto read = Core::decode(damaged); read.has_value()) {
      ASSERT_LE(read->contacts.size(), Core::kMaxContacts);
      ASSERT_TRUE(Core::decode(read->encode()).has_value());
    }
    if (const auto read = Derived::decode(damaged); read.has_value()) {
      ASSERT_LE(read->signals.size(), Derived::kMaxSignals);
    }
  }
}

TEST(DecayedSumProperty, AgreesWithLongDoubleArithmetic) {
  for (int seed = 0; seed < 1'000; ++seed) {
    Rng rng(static_cast<std::uint64_t>(seed));
    const Duration half_life{static_cast<std::int64_t>(3'600'000 + rng.below(90 * 86'400'000ULL))};
    const std::uint64_t span = static_cast<std::uint64_t>(half_life.count()) * 10;
    DecayedSum sum, left, right;
    long double exact = 0;
    const Time now = kNow + Duration{static_cast<std::int64_t>(rng.below(span))};
    const std::uint64_t count = 1 + rng.below(30);
    for (std::uint64_t i = 0; i < count; ++i) {
      const Duration age{static_cast<std::int64_t>(rng.below(span))};
      sum.add(now - age, half_life);
      (rng.chance(0.5) ? left : right).add(now - age, half_life);
      exact += std::exp2(-static_cast<long double>(age.count()) /
                         static_cast<long double>(half_life.count()));
    }
    ASSERT_NEAR(static_cast<double>(sum.strength_milli(now, half_life)),
                static_cast<double>(exact * 1000), 1.01)
        << "seed " << seed;
    left.merge(right);
    ASSERT_EQ(left, sum) << "seed " << seed;
  }
}

TEST(Occurrences, KeepTheLatestWhateverTheirOrder) {
  Occurrences forwards, backwards;
  for (int i = 0; i < 20; ++i) forwards.add(kNow + days(i));
  for (int i = 19; i >= 0; --i) backwards.add(kNow + days(i));
  EXPECT_EQ(forwards, backwards);
  EXPECT_EQ(forwards.times().size(), Occurrences::kKept);
  EXPECT_EQ(forwards.latest(), kNow + days(19));
  EXPECT_EQ(forwards.count_since(kNow + days(18)), 2);
  EXPECT_EQ(forwards.count_before(kNow + days(13)), 1);
}

}  // namespace
}  // namespace tact
