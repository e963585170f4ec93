#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <random>

#include "base/burst.h"
#include "base/bytes.h"
#include "base/fixed.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/utf8.h"

namespace tact {
namespace {

TEST(Fixed, Exp2AgreesWithTheMathLibraryToNineDigits) {
  Rng rng(7);
  for (int i = 0; i < 10'000; ++i) {
    const auto fraction = static_cast<std::uint32_t>(rng.next());
    const double exact = std::exp2(fraction / 0x1p32) * 0x1p32;
    EXPECT_NEAR(static_cast<double>(exp2_fraction_q32(fraction)), exact, 3.0) << fraction;
  }
  EXPECT_EQ(exp2_fraction_q32(0), 1ULL << 32);
}

TEST(Fixed, StrengthHalvesWithEveryHalfLife) {
  EXPECT_EQ(decay_q32(days(0), days(2)), 1ULL << 32);
  EXPECT_EQ(decay_q32(days(2), days(2)), 1ULL << 31);
  EXPECT_EQ(decay_q32(days(4), days(2)), 1ULL << 30);
  EXPECT_EQ(decay_q32(days(200), days(2)), 0U);
}

// The worked example of the playbook: usually 20 %, the guide twice (strong), searched sizes.
TEST(Fixed, LogisticGivesTheWorkedExample) {
  const Points usually = log_odds({200'000});
  EXPECT_EQ(usually.milli, -1386);
  EXPECT_EQ(logistic({usually.milli + 2000}).percent(), 65);
  EXPECT_EQ(logistic({usually.milli + 3000}).percent(), 83);
  EXPECT_EQ(logistic({usually.milli}).percent(), 20);
}

TEST(Fixed, LogisticIsSymmetricAndAgreesWithTheMathLibrary) {
  for (int milli = -13'000; milli <= 13'000; milli += 7) {
    EXPECT_NEAR(logistic({milli}).ppm, 1e6 / (1 + std::exp(-milli / 1000.0)), 1.0) << milli;
  }
}

// Reference values from GrowthBook's published bucketing test vectors are reproduced in
// assign_test; these are the FNV-1a test vectors of the draft (ASCII).
TEST(Hash, Fnv1aTestVectors) {
  EXPECT_EQ(fnv1a32_utf16(""), 0x811c9dc5U);
  EXPECT_EQ(fnv1a32_utf16("a"), 0xe40c292cU);
  EXPECT_EQ(fnv1a32_utf16("foobar"), 0xbf9cf968U);
}

TEST(Hash, OfPiecesIsThatOfTheWhole) {
  std::string whole;
  for (int i = 0; i < 3'000; ++i) whole += static_cast<char>(i * 7);
  for (const std::size_t first : {std::size_t{0}, std::size_t{1}, std::size_t{1'000}}) {
    Hash64Stream pieces;
    pieces.add(std::string_view(whole).substr(0, first));
    EXPECT_EQ(pieces.value(), hash64(whole.substr(0, first)));
    pieces.add(std::string_view(whole).substr(first));
    EXPECT_EQ(pieces.value(), hash64(whole)) << first;
  }
}

TEST(Hash, Sum128CarriesAndBorrows) {
  Sum128 sum{~0ULL, 1};
  sum += {1, 0};
  EXPECT_EQ(sum, (Sum128{0, 2}));
  sum -= {1, 0};
  EXPECT_EQ(sum, (Sum128{~0ULL, 1}));
}

TEST(Ids, DecisionIdsHaveOneSpelling) {
  const DecisionId id{Partition{200}, Offset{123456789}, 0xFEDCBA9876543210ULL};
  const std::string text = id.to_text();
  EXPECT_EQ(text.size(), 30U);
  ASSERT_TRUE(DecisionId::parse(text).has_value());
  EXPECT_EQ(*DecisionId::parse(text), id);
  for (std::size_t i = 2; i < text.size(); ++i) {
    std::string other = text;
    other[i] = other[i] == '0' ? '1' : '0';
    const auto parsed = DecisionId::parse(other);
    EXPECT_TRUE(!parsed.has_value() || *parsed != id);
  }
  EXPECT_FALSE(DecisionId::parse("d_").has_value());
}

TEST(Ids, VisitorIdsDependOnKindIdAndKey) {
  const auto key = InstallKey::from_hex(std::string(64, 'a'));
  ASSERT_TRUE(key.has_value());
  const VisitorId id = key->visitor_id("anonymous", "a-1");
  EXPECT_EQ(id, key->visitor_id("anonymous", "a-1"));
  EXPECT_NE(id, key->visitor_id("user", "a-1"));
  EXPECT_NE(id, InstallKey::generate().visitor_id("anonymous", "a-1"));
  EXPECT_EQ(VisitorId::parse(id.to_text()), id);
}

TEST(Bytes, FieldsSurviveARoundTripAndTruncationIsAnError) {
  ByteWriter writer;
  writer.field(1, std::uint64_t{300});
  writer.field(2, "text");
  writer.signed_field(900, -5);
  writer.field(3, std::uint64_t{0});  // absent
  const std::string bytes = writer.take();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader reader(std::string_view(bytes).substr(0, size));
    ByteReader::Field field;
    int fields = 0;
    while (reader.next_field(field)) ++fields;
    EXPECT_LT(fields, 3);
  }
  ByteReader reader(bytes);
  ByteReader::Field field;
  ASSERT_TRUE(reader.next_field(field));
  EXPECT_EQ(field.number, 300U);
  ASSERT_TRUE(reader.next_field(field));
  EXPECT_EQ(field.text(), "text");
  ASSERT_TRUE(reader.next_field(field));
  EXPECT_EQ(field.as_signed(), -5);
  EXPECT_FALSE(reader.next_field(field));
  EXPECT_FALSE(reader.failed());
}

TEST(Bytes, VarintsOfEveryLengthSurviveAndNoBeginningOfOneDoes) {
  for (int bits = 0; bits < 64; ++bits) {
    for (const std::uint64_t value :
         {(std::uint64_t{1} << bits) - 1, std::uint64_t{1} << bits, ~std::uint64_t{0} >> bits}) {
      ByteWriter writer;
      writer.varint(value);
      writer.u64_be(value);
      const std::string bytes = writer.take();
      ByteReader reader(bytes);
      ASSERT_EQ(reader.varint(), value);
      ASSERT_EQ(reader.remaining(), 8U);
      ASSERT_EQ(reader.u64_be(), value);
      ASSERT_TRUE(reader.at_end() && !reader.failed());
      for (std::size_t size = 0; size < bytes.size(); ++size) {
        ByteReader cut(std::string_view(bytes).substr(0, size));
        const bool whole = size >= bytes.size() - 8;
        ASSERT_EQ(cut.varint(), whole ? value : 0);
        ASSERT_EQ(cut.failed(), !whole);
        ASSERT_EQ(cut.u64_be(), 0U);
        ASSERT_TRUE(cut.failed() && cut.at_end());
      }
    }
  }
}

// As LEB128 is defined, a byte at a time; nothing for what is cut short or over 64 bits.
std::optional<std::uint64_t> leb128(std::string_view& in) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(in.size(), 10); ++i) {
    const std::uint64_t byte = static_cast<std::uint8_t>(in[i]);
    if (i == 9 && byte > 1) return std::nullopt;
    value |= (byte & 0x7F) << 7 * i;
    if (byte >= 0x80) continue;
    in.remove_prefix(i + 1);
    return value;
  }
  return std::nullopt;
}

// False as ByteReader::next_field().
bool next_field(std::string_view& in, ByteReader::Field& field) {
  field = {};
  if (in.empty()) return false;
  const auto key = leb128(in);
  if (!key || *key >> 33 != 0) return false;
  field.tag = static_cast<std::uint32_t>(*key >> 1);
  const auto second = leb128(in);
  if (!second) return false;
  field.number = *second;
  if ((*key & 1) == 0) return true;
  if (*second > in.size()) return false;
  field.start = in.data();
  in.remove_prefix(*second);
  return true;
}

// Several bytes are read at once where there are so many.
TEST(Bytes, FieldsOfAnyBytesAreReadAsTheFormatSays) {
  std::mt19937_64 random(7);
  std::size_t fields = 0, refused = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string bytes(random() % (round % 8 == 0 ? 400 : 40), '\0');  // texts of 128, too
    for (char& byte : bytes) {
      const auto drawn = random();
      byte = static_cast<char>(drawn % 4 == 0 ? drawn >> 8 : drawn >> 8 & 0x0F);
      if (drawn % 8 == 1) byte = static_cast<char>(byte | 0x80);
    }
    std::string_view rest = bytes;
    ByteReader in(bytes);
    ByteReader::Field expected, read;
    while (next_field(rest, expected)) {
      ASSERT_TRUE(in.next_field(read)) << round;
      ASSERT_EQ(read.tag, expected.tag);
      ASSERT_EQ(read.number, expected.number);
      ASSERT_EQ(read.start, expected.start);
      ASSERT_EQ(in.remaining(), rest.size());
      ++fields;
    }
    ASSERT_FALSE(in.next_field(read));
    ASSERT_TRUE(in.failed() || rest.empty());
    refused += in.failed() ? 1 : 0;
  }
  EXPECT_GT(fields, 200'000u);
  EXPECT_GT(refused, 20'000u);
}

TEST(Bytes, AnOverlongVarintIsRefused) {
  ByteReader reader("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02");
  EXPECT_EQ(reader.varint(), 0U);
  EXPECT_TRUE(reader.failed());
}

TEST(Burst, PutsOffUntilItsEndOrUntilManyCame) {
  EXPECT_EQ(Burst::current(), nullptr);
  int woken = 0;
  {
    Burst burst(3);
    EXPECT_EQ(Burst::current(), &burst);
    burst.put_off([&woken] { ++woken; });
    burst.count_one();
    burst.count_one();
    EXPECT_EQ(woken, 0);
    burst.count_one();
    EXPECT_EQ(woken, 1);
    burst.put_off([&woken] { ++woken; });
    burst.count_one();
    burst.end();
    burst.end();
    EXPECT_EQ(woken, 2);
    burst.put_off([&woken] { ++woken; });
  }
  EXPECT_EQ(woken, 3);  // nobody sleeps on
  EXPECT_EQ(Burst::current(), nullptr);
}

TEST(Bytes, VarintsAreThoseOfLeb128) {
  ByteWriter out;
  for (const std::uint64_t value : {0ULL, 127ULL, 128ULL, 300ULL, ~0ULL}) out.varint(value);
  out.u64_be(0x0102030405060708ULL);
  using namespace std::string_view_literals;
  EXPECT_EQ(out.str(),
            "\x00\x7f\x80\x01\xac\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
            "\x01\x02\x03\x04\x05\x06\x07\x08"sv);
}

TEST(Time, ReadsWhatClientsSend) {
  EXPECT_EQ(format_time(*parse_time("2026-11-21T10:02:03.123Z")), "2026-11-21T10:02:03.123Z");
  EXPECT_EQ(format_time(*parse_time("2026-11-21T11:02:03+01:00")), "2026-11-21T10:02:03.000Z");
  EXPECT_EQ(format_time(*parse_time("2014-04-07T10:51:09.277Z")), "2014-04-07T10:51:09.277Z");
  EXPECT_EQ(format_time(*parse_time("1700000000000")), "2023-11-14T22:13:20.000Z");
  EXPECT_FALSE(parse_time("2026-02-30T00:00:00Z").has_value());
  EXPECT_FALSE(parse_time("yesterday").has_value());
  EXPECT_FALSE(parse_time("2026-11-21T10:02:03").has_value());
}

TEST(Time, Durations) {
  EXPECT_EQ(parse_duration("2d"), days(2));
  EXPECT_EQ(parse_duration("30min"), Duration{30 * 60'000});
  EXPECT_FALSE(parse_duration("2 d").has_value());
  EXPECT_EQ(format_iso_duration(Duration{125'000}), "PT2M5S");
  EXPECT_EQ(say_duration(Duration{61'000}), "1 minute");
}

TEST(Json, FindsMembersOfFewAndOfMany) {
  for (const int members : {0, 1, 16, 17, 400}) {
    json::object object;
    for (int i = 0; i < members; ++i) object["m" + std::to_string(i)] = i;
    for (int i = 0; i < members; ++i) {
      json::value* const member = find_member(object, "m" + std::to_string(i));
      ASSERT_NE(member, nullptr) << i << " of " << members;
      EXPECT_EQ(*member, i);
    }
    const json::object& same = object;
    for (const std::string_view absent : {"", "m", "m400", "M0", "m0 "}) {
      EXPECT_EQ(find_member(same, absent), nullptr) << absent << " of " << members;
    }
  }
}

TEST(Json, RefusesWhatIsTooDeep) {
  EXPECT_TRUE(parse_json(R"({"a":[1,2,{"b":null}]})").has_value());
  EXPECT_FALSE(parse_json(std::string(40, '[') + std::string(40, ']')).has_value());
  EXPECT_FALSE(parse_json("{\"a\":1").has_value());
}

TEST(Utf8, EveryByteThatIsNoneIsFound) {
  EXPECT_EQ(find_bad_utf8("größer \xF0\x9F\x98\x80 €"), std::string_view::npos);
  EXPECT_EQ(find_bad_utf8(""), std::string_view::npos);
  for (const char* bad : {"\xFC", "\xC3", "\xC3(", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80", "\xE2\x82"}) {
    EXPECT_EQ(find_bad_utf8(std::string("ab") + bad), 2u);
  }
  EXPECT_EQ(as_utf8("M\xFCller"), "M\xEF\xBF\xBDller");
  EXPECT_EQ(as_utf8("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace tact
