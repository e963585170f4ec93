#include "store/keys.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/rng.h"

namespace tact {
namespace {

VisitorId visitor_from(std::string_view text) {
  const auto id = VisitorId::parse(text);
  EXPECT_TRUE(id.has_value()) << text;
  return id.value_or(VisitorId{});
}

std::string hex(std::string_view bytes) {
  return to_hex(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

// The visitor of the worked example in docs/formats/store.md: partition 0x2a.
const char kVisitor[] = "v_2a0102030405060708090a0b0c0d0e0f";

TEST(Keys, AreByteForByteTheWorkedExample) {
  const VisitorId visitor = visitor_from(kVisitor);
  const std::string id = "2a0102030405060708090a0b0c0d0e0f";
  EXPECT_EQ(hex(keys::history(visitor, Offset{258})), id + "0000000000000102");
  EXPECT_EQ(hex(keys::history_prefix(visitor)), id);
  EXPECT_EQ(hex(keys::order(Partition{0x2a}, Offset{258})), "2a0000000000000102");
  EXPECT_EQ(hex(keys::order_prefix(Partition{0x2a})), "2a");
  EXPECT_EQ(hex(keys::profile(visitor)), id);
  EXPECT_EQ(hex(keys::alias(visitor)), id);
  EXPECT_EQ(hex(keys::facts(7, visitor)), "0000000000000007" + id);
  EXPECT_EQ(hex(keys::facts_prefix(7)), "0000000000000007");
  EXPECT_EQ(hex(keys::partition_state(Partition{0x2a})), "702a");
  EXPECT_EQ(hex(keys::pending_link(visitor, Offset{258})), "6c" + id + "0000000000000102");
  EXPECT_EQ(hex(keys::playbook(ContentHash{})), std::string(64, '0'));
  EXPECT_EQ(hex(keys::refolded(Partition{0x2a})), "722a");
  EXPECT_EQ(hex(keys::responses(Partition{0x2a})), "612a");
  EXPECT_EQ(keys::responses_prefix(), "a");
  EXPECT_EQ(hex(keys::unconsented(20'000, "sale")),
            "75"
            "0000000000004e20"
            "73616c65");
  EXPECT_EQ(keys::unconsented_prefix(), "u");
  EXPECT_EQ(hex(keys::consented(20'000)), "640000000000004e20");
  EXPECT_EQ(keys::consented_prefix(), "d");
  EXPECT_EQ(hex(keys::left_out(20'000, keys::kPace)), "6e0000000000004e2070616365");
  EXPECT_EQ(keys::left_out_prefix(), "n");
  EXPECT_EQ(keys::meta("format"), "mformat");
}

// docs/formats/ids.md; the figures come from another BLAKE2b (Python's hashlib).
TEST(Ids, AreTheWorkedExample) {
  const auto key = InstallKey::from_hex(std::string(64, 'a'));
  ASSERT_TRUE(key.has_value());
  const VisitorId visitor = key->visitor_id("anonymous", "a-1");
  EXPECT_EQ(visitor.to_text(), "v_ae1e70954176e7ce8fed9e922dea465c");
  EXPECT_EQ(visitor.partition().value, 174);
  const Offset offset{258};
  const std::uint64_t mac = key->decision_mac(visitor.partition(), offset, visitor);
  EXPECT_EQ(mac, 0xd407e8a1d5177fbd);
  EXPECT_EQ((DecisionId{visitor.partition(), offset, mac}).to_text(),
            "d_NR000000000020PM0ZMA3N8QFYYG");
  EXPECT_EQ(content_hash(R"({"name":"shop"})").to_text(),
            "b2:675030da8a3e90e9396d4d09f6ca7562ad40e83443765ae45741ee4624ffacbc");
  EXPECT_EQ(key->pseudonym("email", "ann@example.com"), "fc937038465a1b619df229691af144bc");
}

TEST(Keys, ParseWhatTheyWrote) {
  Rng rng(1);
  for (int round = 0; round < 1000; ++round) {
    VisitorId visitor;
    for (std::uint8_t& byte : visitor.bytes) byte = static_cast<std::uint8_t>(rng.next());
    const Offset offset{rng.next()};
    const auto history = keys::parse_history(keys::history(visitor, offset));
    ASSERT_TRUE(history.has_value());
    EXPECT_EQ(history->visitor, visitor);
    EXPECT_EQ(history->offset, offset);
    const auto order = keys::parse_order(keys::order(visitor.partition(), offset));
    ASSERT_TRUE(order.has_value());
    EXPECT_EQ(order->partition, visitor.partition());
    EXPECT_EQ(order->offset, offset);
    EXPECT_EQ(keys::parse_visitor(keys::profile(visitor)), visitor);
    const auto pending = keys::parse_pending_link(keys::pending_link(visitor, offset));
    EXPECT_EQ(pending->visitor, visitor);
    EXPECT_EQ(pending->offset, offset);
    const std::string unconsented = keys::unconsented(offset.value, "fit-help");
    EXPECT_EQ(keys::parse_unconsented(unconsented)->day, offset.value);
    EXPECT_EQ(keys::parse_unconsented(unconsented)->moment, "fit-help");
    EXPECT_EQ(keys::parse_consented(keys::consented(offset.value)), offset.value);
    EXPECT_FALSE(keys::parse_consented(unconsented).has_value());
    const std::string left_out = keys::left_out(offset.value, keys::kStaff);
    EXPECT_EQ(keys::parse_left_out(left_out)->day, offset.value);
    EXPECT_EQ(keys::parse_left_out(left_out)->who, keys::kStaff);
    EXPECT_FALSE(keys::parse_left_out(unconsented).has_value());
  }
}

TEST(Keys, OfAnyOtherSizeAreRefused) {
  for (std::size_t size = 0; size < 64; ++size) {
    const std::string key(size, 'l');
    EXPECT_EQ(keys::parse_history(key).has_value(), size == 24) << size;
    EXPECT_EQ(keys::parse_order(key).has_value(), size == 9) << size;
    EXPECT_EQ(keys::parse_visitor(key).has_value(), size == 16) << size;
    EXPECT_EQ(keys::parse_pending_link(key).has_value(), size == 25) << size;
  }
  EXPECT_FALSE(keys::parse_pending_link(std::string(25, 'p')).has_value());
}

// What scans rely on: byte order is the order of meaning.
TEST(Keys, SortByVisitorThenOffset) {
  const VisitorId low = visitor_from("v_2a0102030405060708090a0b0c0d0e0f");
  const VisitorId high = visitor_from("v_2a0102030405060708090a0b0c0d0e10");
  EXPECT_LT(keys::history(low, Offset{255}), keys::history(low, Offset{256}));
  EXPECT_LT(keys::history(low, Offset{~0ULL}), keys::history(high, Offset{0}));
  EXPECT_LT(keys::order(Partition{127}, Offset{~0ULL}), keys::order(Partition{128}, Offset{1}));
}

}  // namespace
}  // namespace tact
