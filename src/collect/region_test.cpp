// Regions from a database made here, and who may say where a visitor is.
#include "collect/region.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "collect/request.h"

namespace tact {
namespace {

// --- a writer of MaxMind DB File Format 2.0: IPv6, records of 24 bits ----------------------------

std::string control(int type, std::size_t size) {
  std::string out(1, static_cast<char>((type > 7 ? 0 : type << 5) | static_cast<int>(size)));
  if (type > 7) out += static_cast<char>(type - 7);
  return out;
}
std::string text(std::string_view value) { return control(2, value.size()) + std::string(value); }
std::string number(int type, std::size_t bytes, std::uint64_t value) {
  std::string out = control(type, bytes);
  for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>(value >> 8 * i & 0xFF);
  return out;
}
std::string map(std::size_t members) { return control(7, members); }

class DatabaseWriter {
 public:
  void add(std::string_view written, std::string_view country, std::string_view subdivision) {
    Network network = *parse_network(written);
    if (written.find(':') == std::string_view::npos) network.address[10] = network.address[11] = 0;
    const auto data = static_cast<int>(data_.size());
    data_ += map(subdivision.empty() ? 1 : 2);
    data_ += text("country") + map(1) + text("iso_code") + text(country);
    if (!subdivision.empty()) {
      data_ += text("subdivisions") + control(11, 1) + map(1) + text("iso_code");
      data_ += text(subdivision);
    }
    std::size_t node = 0;
    for (int bit = 0; bit < network.prefix; ++bit) {
      const std::size_t side =
          network.address[static_cast<std::size_t>(bit / 8)] >> (7 - bit % 8) & 1;
      if (bit + 1 == network.prefix) {
        nodes_[node][side] = {.data = data};
      } else if (nodes_[node][side].node == 0) {
        nodes_[node][side].node = nodes_.size();
        nodes_.emplace_back();
        node = nodes_.size() - 1;
      } else {
        node = nodes_[node][side].node;
      }
    }
  }

  std::string bytes() const {
    std::string out;
    for (const auto& node : nodes_) {
      for (const Record& record : node) {
        const std::size_t value = record.data >= 0
                                      ? nodes_.size() + 16 + static_cast<std::size_t>(record.data)
                                  : record.node != 0 ? record.node
                                                     : nodes_.size();
        for (int shift = 16; shift >= 0; shift -= 8)
          out += static_cast<char>(value >> shift & 0xFF);
      }
    }
    out += std::string(16, '\0') + data_ + "\xAB\xCD\xEFMaxMind.com" + map(9);
    out += text("binary_format_major_version") + number(5, 1, 2);
    out += text("binary_format_minor_version") + control(5, 0);
    out += text("build_epoch") + number(9, 4, 1'795'255'323);
    out += text("database_type") + text("Test-City");
    out += text("description") + map(1) + text("en") + text("made by a test");
    out += text("ip_version") + number(5, 1, 6);
    out += text("languages") + control(11, 1) + text("en");
    out += text("node_count") + number(6, 4, nodes_.size());
    out += text("record_size") + number(5, 1, 24);
    return out;
  }

 private:
  struct Record {
    std::size_t node = 0;  // 0 = none: no record leads to the root
    int data = -1;         // offset in data_; -1 = none
  };
  std::vector<std::array<Record, 2>> nodes_{1};
  std::string data_;
};

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_ =
      std::filesystem::temp_directory_path() / ("regions-" + std::to_string(::getpid()) + ".mmdb");
};

std::string small_database() {
  DatabaseWriter writer;
  writer.add("203.0.113.0/24", "DE", "BY");
  writer.add("198.51.100.0/25", "FR", "");
  writer.add("2001:db8:1::/48", "US", "CA");
  writer.add("192.0.2.0/24", "Neverland", "X");
  return writer.bytes();
}

std::string region_in(const RegionDatabase& database, std::string_view address) {
  return database.region_of(*parse_ip_address(address));
}

TEST(RegionDatabase, TellsCountryAndSubdivision) {
  const TemporaryFile file(small_database());
  const auto database = RegionDatabase::open(file.path());
  ASSERT_TRUE(database.has_value()) << database.error().to_text();
  EXPECT_EQ(region_in(*database, "203.0.113.7"), "DE-BY");
  EXPECT_EQ(region_in(*database, "::ffff:203.0.113.7"), "DE-BY");
  EXPECT_EQ(region_in(*database, "198.51.100.127"), "FR");
  EXPECT_EQ(region_in(*database, "198.51.100.128"), "");
  EXPECT_EQ(region_in(*database, "2001:db8:1:2::3"), "US-CA");
  EXPECT_EQ(region_in(*database, "2001:db8:2::3"), "");
  EXPECT_EQ(region_in(*database, "192.0.2.1"), "");
}

TEST(RegionDatabase, WhatIsNoDatabaseIsRefused) {
  EXPECT_EQ(RegionDatabase::open("no/such/file.mmdb").error().code, ErrorCode::kNotFound);
  for (const std::string& bytes : {std::string(), std::string("hello"), std::string(9'000, 'x')}) {
    const TemporaryFile file(bytes);
    EXPECT_EQ(RegionDatabase::open(file.path()).error().code, ErrorCode::kInvalid);
  }
}

// The file is the operator's and may be damaged: no answer, or one of two shapes, never a crash.
TEST(RegionDatabase, DamageGivesNoOtherAnswers) {
  const std::string whole = small_database();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x41);
    const TemporaryFile file(damaged);
    const auto database = RegionDatabase::open(file.path());
    if (!database.has_value()) continue;
    for (const char* address : {"203.0.113.7", "198.51.100.1", "2001:db8:1::1"}) {
      ASSERT_LE(region_in(*database, address).size(), 6U) << "byte " << i;
    }
  }
}

TEST(RegionCode, IsIsoOrNothing) {
  EXPECT_EQ(region_code("de", "by"), "DE-BY");
  EXPECT_EQ(region_code("GB", "1a2"), "GB-1A2");
  EXPECT_EQ(region_code("DE", ""), "DE");
  EXPECT_EQ(region_code("DE", "Bavaria"), "DE");
  EXPECT_EQ(region_code("Germany", "BY"), "");
  EXPECT_EQ(region_code("D1", ""), "");
}

// --- who says where a visitor is ----------------------------------------------------------------

struct Asked {
  TemporaryFile file{small_database()};
  Result<RegionDatabase> database = RegionDatabase::open(file.path());
  Source source;
  Playbook playbook;
  RequestInfo info{.source = &source, .regions = &*database};

  std::string region(const std::string& context) {
    const json::value parsed = *parse_json(context);
    return surroundings_of({}, parsed.get_object(), Time{}, info, playbook).region;
  }
};

TEST(Region, OfABrowserIsThatOfItsAddress) {
  Asked asked;
  asked.info.remote_address = "203.0.113.7";
  EXPECT_EQ(asked.region("{}"), "DE-BY");
  EXPECT_EQ(asked.region(R"({"location":{"country":"US"},"ip":"198.51.100.1"})"), "DE-BY");
  asked.info.remote_address = "192.168.0.1";
  EXPECT_EQ(asked.region("{}"), "");
  asked.info.regions = nullptr;
  EXPECT_EQ(asked.region(R"({"location":{"country":"US"}})"), "");
}

TEST(Region, ATrustedSourceSaysItOrTheVisitorsAddress) {
  Asked asked;
  asked.source.kind = KeyKind::kSecret;
  asked.info.remote_address = "203.0.113.7";  // the server's own
  EXPECT_EQ(asked.region("{}"), "");
  EXPECT_EQ(asked.region(R"({"ip":"198.51.100.1"})"), "FR");
  EXPECT_EQ(asked.region(R"({"ip":"198.51.100.1","location":{"country":"us","region":"CA"}})"),
            "US-CA");
  EXPECT_EQ(asked.region(R"({"location":{"country":"US","region":"US-CA"}})"), "US-CA");
  EXPECT_EQ(asked.region(R"({"location":{"country":"US","region":"California"}})"), "US");
  EXPECT_EQ(asked.region(R"({"location":{"country":"Germany"}})"), "");
  asked.info.regions = nullptr;
  EXPECT_EQ(asked.region(R"({"location":{"country":"US"}})"), "US");
}

TEST(Region, TheAddressIsInNoRecord) {
  Asked asked;
  asked.info.remote_address = "203.0.113.7";
  RawEvent raw;
  raw.anonymous_id = "a-1";
  raw.name = "E";
  raw.context = {{"ip", "203.0.113.7"}};
  const auto record = collect_event(std::move(raw), asked.info, asked.playbook);
  ASSERT_TRUE(record.has_value());
  const auto& event = std::get<Event>(record->body);
  EXPECT_EQ(event.where.region, "DE-BY");
  EXPECT_EQ(event.context.find("203"), std::string::npos);
}

}  // namespace
}  // namespace tact
