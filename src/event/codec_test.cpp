#include "event/codec.h"

#include <gmock/gmock.h>

#include <fstream>
#include <functional>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/rng.h"
#include "event/codec_test_bytes.h"

namespace tact {
namespace {

Time at(std::int64_t ms) { return time_from_ms(1'795'255'323'123 + ms); }

Surroundings every_surrounding() {
  Surroundings where;
  where.path = "/p/trail-shoe";
  where.page_type = "product";
  where.referrer_host = "www.example.org";
  where.locale = "de-DE";
  where.campaign = {"newsletter", "email", "autumn", "läufer", "top"};
  where.device = Device::kTablet;
  where.source = TrafficSource::kInternal;
  where.local_minute_of_week = 10'080;
  return where;
}

ContentHash counting_hash(int start) {
  ContentHash hash;
  for (std::uint8_t& byte : hash.bytes) byte = static_cast<std::uint8_t>(start++);
  return hash;
}

VisitorId counting_visitor(int start) {
  VisitorId id;
  for (std::uint8_t& byte : id.bytes) byte = static_cast<std::uint8_t>(start++);
  return id;
}

Record every_event_field() {
  Event event;
  event.type = EventType::kAlias;
  event.message_id = "ajs-next-1";
  event.anonymous_id = "8d6f1b1e-0c5a-4c7e-9a39-2f6b1d0c9e11";
  event.user_id = "u-1";
  event.previous_id = "u-0";
  event.group_id = "g-1";
  event.name = "Order Completed";
  event.where = every_surrounding();
  event.products = {{"p7", "shoes/trail", 12'900, 2}, {}, {"p8", "", -1, 0}};
  event.category = "shoes";
  event.query = "trail";
  event.order_id = "o-1";
  event.value_minor = -25'800;
  event.seconds = 4'294'967'295;
  event.scroll_percent = 255;
  event.decision = "d_0";
  event.answer = "not_me";
  event.form = "newsletter";
  event.field = "email";
  event.question = "who-for";
  event.consent = {ConsentState::kGranted, ConsentState::kRefused, ConsentState::kObjected,
                   ConsentState::kUnknown, ConsentState::kGranted, ConsentState::kObjected};
  event.properties = R"({"a":1})";
  event.traits = R"({"b":"c"})";
  event.context = R"({"library":{"name":"tact"}})";
  return {at(0), at(-2'345), 7, 0x3F, event};
}

// The fields 25 to 40, beside what makes an event.
Record every_later_event_field() {
  Event event;
  event.type = EventType::kTrack;
  event.anonymous_id = "a-1";
  event.group_id = "acme.example";
  event.name = "Order Completed";
  event.where.topic = "running";
  event.where.region = "DE-BY";
  event.products = {{.id = "p7", .brand = "Fjell"}};
  event.facts = {{"country", "\"DE\""}, {"age", "50"}};
  event.origin = "crm";
  event.enriched = true;
  event.due = at(86'400'000);
  event.ticket = "t-1";
  event.further_ids = {{"loyalty", counting_visitor(7)}};
  event.consent[1] = ConsentState::kAsked;
  event.consent_text = 0xFEDCBA9876543210;
  event.consent_carried = true;
  event.adult = Adult::kNo;
  event.price = OrderPrice::kDiscounted;
  event.has_margin = true;
  event.margin_minor = -1'250;
  event.has_score = true;
  event.score_milli = 8'500;
  event.account = ~std::uint64_t{0};
  return {at(6), at(6), 7, 0, event};
}

Record every_decision_field() {
  DecisionRecord decision;
  decision.slot = "product.reassurance";
  decision.request = ~std::uint64_t{0};
  decision.where = every_surrounding();
  decision.product = {"p7", "shoes/trail", 12'900, 1};
  decision.category = "shoes";
  decision.weather = "rain";
  decision.playbook = counting_hash(1);
  decision.snapshot = counting_hash(100);
  decision.outcome = Outcome::kWithheld;
  decision.moment = "fit-help";
  decision.message = "fit-guide";
  decision.variant = "plain";
  decision.held_out_universal = true;
  decision.held_out_moment = true;
  decision.propensity_ppm = 640'000;
  decision.why_digest = 0x0123456789ABCDEF;
  decision.selling = true;
  decision.anonymous_id = "a-1";
  decision.assignment = {"fit-tone", "warm"};
  decision.triggered = {{"delivery-when", "early"}, {"gift-copy", "plain"}};
  decision.intent_level = IntentLevel::kSure;
  decision.intent = "unsure_about_fit";
  decision.stage = "compare";
  decision.hesitation = Hesitation::kAgain;
  return {at(1), at(1), 65'535, record_flags::kSimulated, decision};
}

std::vector<Record> one_of_each_kind() {
  LinkOutRecord link{counting_visitor(3), std::string("core\0core", 9), "derived", 77};
  AbsorbRecord absorb{counting_visitor(9), Offset{1'234'567}, "core", std::string(3'000, 'd')};
  return {every_event_field(),
          every_decision_field(),
          Record{at(2), at(2), 1, 0, link},
          Record{at(3), at(3), 1, 0, absorb},
          Record{at(4), at(4), 1, 0,
                 DetachRecord{counting_visitor(5), Offset{77}, "core", "derived", "wrong person"}},
          Record{at(5), at(5), 1, 0, UnlinkRecord{Offset{77}, "core", "derived", "wrong person"}},
          every_later_event_field()};
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::string hex_of(std::string_view bytes) {
  std::string raw(bytes);
  return to_hex(reinterpret_cast<const std::uint8_t*>(raw.data()), raw.size());
}

// A record as some other program might write it, with a right checksum.
std::string event_with_payload(std::string_view payload, std::uint8_t codec = 1,
                               std::uint8_t kind = 1, std::uint64_t source = 1) {
  ByteWriter out;
  out.u8(codec);
  out.zigzag(1'000);
  out.zigzag(0);
  out.u8(kind);
  out.varint(source);
  out.u8(0);
  out.raw(payload);
  out.u64_be(hash64(out.str()));
  return out.take();
}

std::string payload(const std::function<void(ByteWriter&)>& write) {
  ByteWriter out;
  write(out);
  return out.take();
}

TEST(Codec, RoundTripsEveryFieldOfEveryKind) {
  for (const Record& record : one_of_each_kind()) {
    const auto decoded = decode_record(encode_record(record));
    ASSERT_TRUE(decoded.has_value()) << decoded.error().to_text();
    EXPECT_TRUE(*decoded == record) << "kind " << static_cast<int>(record.kind());
  }
}

// A field that encode forgets would survive the test above if its value were the default one.
std::vector<std::function<void(Event&)>> changes_of_events() {
  return {
      [](Event& e) { e.type = EventType::kIdentify; },
      [](Event& e) { e.message_id = "x"; },
      [](Event& e) { e.anonymous_id = "x"; },
      [](Event& e) { e.user_id = "x"; },
      [](Event& e) { e.previous_id = "x"; },
      [](Event& e) { e.group_id = "x"; },
      [](Event& e) { e.name = "x"; },
      [](Event& e) { e.where.path = "x"; },
      [](Event& e) { e.where.page_type = "x"; },
      [](Event& e) { e.where.referrer_host = "x"; },
      [](Event& e) { e.where.locale = "x"; },
      [](Event& e) { e.where.campaign.source = "x"; },
      [](Event& e) { e.where.campaign.medium = "x"; },
      [](Event& e) { e.where.campaign.name = "x"; },
      [](Event& e) { e.where.campaign.term = "x"; },
      [](Event& e) { e.where.campaign.content = "x"; },
      [](Event& e) { e.where.device = Device::kDesktop; },
      [](Event& e) { e.where.source = TrafficSource::kAd; },
      [](Event& e) { e.where.local_minute_of_week = 1; },
      [](Event& e) { e.where.region = "DE"; },
      [](Event& e) { e.where.sensitive = true; },
      [](Event& e) { e.products = {{}}; },
      [](Event& e) { e.products = {{"x", "", 0, 1}}; },
      [](Event& e) { e.products = {{"", "", 0, 0}}; },
      [](Event& e) { e.products = {{"", "", -1, 1}}; },
      [](Event& e) { e.products = {{"", "", 0, 1, true}}; },
      [](Event& e) { e.category = "x"; },
      [](Event& e) { e.query = "x"; },
      [](Event& e) { e.order_id = "x"; },
      [](Event& e) { e.value_minor = 1; },
      [](Event& e) { e.seconds = 1; },
      [](Event& e) { e.scroll_percent = 1; },
      [](Event& e) { e.decision = "x"; },
      [](Event& e) { e.answer = "x"; },
      [](Event& e) { e.form = "x"; },
      [](Event& e) { e.field = "x"; },
      [](Event& e) { e.question = "x"; },
      [](Event& e) { e.consent[5] = ConsentState::kGranted; },
      [](Event& e) { e.consent[5] = ConsentState::kAsked; },
      [](Event& e) { e.consent_text = ~std::uint64_t{0}; },
      [](Event& e) { e.consent_carried = true; },
      [](Event& e) { e.properties = "x"; },
      [](Event& e) { e.traits = "x"; },
      [](Event& e) { e.context = "x"; },
  };
}

// What came with facts, consent and audience.
std::vector<std::function<void(Event&)>> later_changes_of_events() {
  return {
      [](Event& e) { e.facts = {{}}; },
      [](Event& e) { e.facts = {{"x", ""}}; },
      [](Event& e) { e.facts = {{"", "x"}}; },
      [](Event& e) { e.origin = "x"; },
      [](Event& e) { e.enriched = true; },
      [](Event& e) { e.due = at(1); },
      [](Event& e) { e.ticket = "x"; },
      [](Event& e) { e.further_ids = {{"email", counting_visitor(1)}}; },
      [](Event& e) { e.further_ids = {{"email", counting_visitor(2)}}; },
      [](Event& e) { e.further_ids = {{"loyalty", counting_visitor(1)}}; },
      [](Event& e) { e.where.topic = "x"; },
      [](Event& e) { e.products = {{.brand = "x"}}; },
      [](Event& e) { e.adult = Adult::kYes; },
      [](Event& e) { e.adult = Adult::kNo; },
      [](Event& e) { e.price = OrderPrice::kDiscounted; },
      [](Event& e) { e.has_margin = true; },
      [](Event& e) { e.margin_minor = -7; },
      [](Event& e) { e.has_score = true; },
      [](Event& e) { e.score_milli = 8'500; },
      [](Event& e) { e.account = ~0ULL; },
  };
}

TEST(Codec, EveryEventFieldAloneChangesTheBytes) {
  auto changes = changes_of_events();
  const auto later = later_changes_of_events();
  changes.insert(changes.end(), later.begin(), later.end());
  std::vector<std::string> seen = {encode_record({at(0), at(0), 0, 0, Event{}})};
  for (const auto& change : changes) {
    Record record{at(0), at(0), 0, 0, Event{}};
    change(std::get<Event>(record.body));
    const std::string bytes = encode_record(record);
    EXPECT_THAT(seen, testing::Not(testing::Contains(bytes)));
    seen.push_back(bytes);
    const auto decoded = decode_record(bytes);
    ASSERT_TRUE(decoded.has_value());
    EXPECT_TRUE(*decoded == record);
  }
}

// What came with experiments and reports; the fields before are in the kept bytes below.
TEST(Codec, EveryLaterDecisionFieldAloneChangesTheBytes) {
  const std::vector<std::function<void(DecisionRecord&)>> changes = {
      [](DecisionRecord& d) { d.assignment.experiment = "x"; },
      [](DecisionRecord& d) { d.assignment.arm = "x"; },
      [](DecisionRecord& d) { d.triggered = {{}}; },
      [](DecisionRecord& d) { d.triggered = {{"x", ""}}; },
      [](DecisionRecord& d) { d.triggered = {{"", "x"}}; },
      [](DecisionRecord& d) { d.triggered = {{}, {}}; },
      [](DecisionRecord& d) { d.intent_level = IntentLevel::kUnclear; },
      [](DecisionRecord& d) { d.intent_level = IntentLevel::kMaybe; },
      [](DecisionRecord& d) { d.intent_level = IntentLevel::kLikely; },
      [](DecisionRecord& d) { d.intent_level = IntentLevel::kSure; },
      [](DecisionRecord& d) { d.intent = "x"; },
      [](DecisionRecord& d) { d.stage = "x"; },
      [](DecisionRecord& d) { d.hesitation = Hesitation::kNotAgain; },
      [](DecisionRecord& d) { d.hesitation = Hesitation::kAgain; },
  };
  std::vector<std::string> seen = {encode_record({at(0), at(0), 0, 0, DecisionRecord{}})};
  for (const auto& change : changes) {
    Record record{at(0), at(0), 0, 0, DecisionRecord{}};
    change(std::get<DecisionRecord>(record.body));
    const std::string bytes = encode_record(record);
    EXPECT_THAT(seen, testing::Not(testing::Contains(bytes)));
    seen.push_back(bytes);
    const auto decoded = decode_record(bytes);
    ASSERT_TRUE(decoded.has_value()) << decoded.error().to_text();
    EXPECT_TRUE(*decoded == record);
  }
}

TEST(Codec, StoresUuidsInSixteenBytesAndOnlyExactOnes) {
  const std::string uuid = "8d6f1b1e-0c5a-4c7e-9a39-2f6b1d0c9e11";
  for (const std::string& id :
       {uuid, std::string("8D6F1B1E-0C5A-4C7E-9A39-2F6B1D0C9E11"), std::string(36, '-'),
        std::string(36, 'a'), std::string("8d6f1b1e-0c5a-4c7e-9a39-2f6b1d0c9e1g")}) {
    Record record{at(0), at(0), 0, 0, Event{}};
    std::get<Event>(record.body).user_id = id;
    const auto decoded = decode_record(encode_record(record));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(std::get<Event>(decoded->body).user_id, id);
  }
  Record plain{at(0), at(0), 0, 0, Event{}};
  Record with_id = plain;
  std::get<Event>(with_id.body).user_id = uuid;
  EXPECT_EQ(encode_record(with_id).size() - encode_record(plain).size(), 2 + 17U);
}

TEST(Codec, KeepsTimesOfAnySign) {
  for (const std::int64_t event_ms : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN, INT64_MAX}) {
    for (const std::int64_t received_ms : {std::int64_t{0}, INT64_MIN, INT64_MAX}) {
      const Record record{time_from_ms(received_ms), time_from_ms(event_ms), 0, 0, Event{}};
      const auto decoded = decode_record(encode_record(record));
      ASSERT_TRUE(decoded.has_value());
      EXPECT_TRUE(*decoded == record);
    }
  }
}

TEST(Codec, ATypicalPageViewIsSmall) {
  Event event;
  event.type = EventType::kPage;
  event.message_id = "1b671a64-40d5-491e-99b0-da01ff1f3341";
  event.anonymous_id = "8d6f1b1e-0c5a-4c7e-9a39-2f6b1d0c9e11";
  event.name = "product";
  event.where.path = "/p/trail-shoe";
  event.where.page_type = "product";
  event.where.locale = "de-DE";
  event.where.device = Device::kMobile;
  event.where.source = TrafficSource::kDirect;
  event.where.local_minute_of_week = 4'321;
  event.products = {{"p7", "shoes/trail", 12'900, 1}};
  event.consent[1] = ConsentState::kGranted;
  event.properties = R"({"type":"product","product_id":"p7","category":"shoes/trail","price":129,)"
                     R"("title":"Trail shoe Fjell"})";
  event.context =
      R"({"timezone":"Europe/Berlin","locale":"de-DE","library":{"name":"tact","version":"0.1.0"}})";
  const std::string bytes = encode_record({at(0), at(-1'200), 1, 0, event});
  EXPECT_LE(bytes.size(), 350U);
  RecordProperty("bytes", static_cast<int>(bytes.size()));
}

TEST(Codec, DetectsEverySingleFlippedBit) {
  for (const Record& record : one_of_each_kind()) {
    const std::string bytes = encode_record(record);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      for (int bit = 0; bit < 8; ++bit) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
        const auto decoded = decode_record(damaged);
        ASSERT_FALSE(decoded.has_value()) << "byte " << i << " bit " << bit;
        ASSERT_EQ(decoded.error().code, ErrorCode::kCorrupt);
      }
    }
  }
}

TEST(Codec, DetectsTruncationAndExtension) {
  for (const Record& record : one_of_each_kind()) {
    const std::string bytes = encode_record(record);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_FALSE(decode_record(std::string_view(bytes).substr(0, size)).has_value());
    }
    EXPECT_FALSE(decode_record(bytes + '\0').has_value());
  }
}

// The checksum would hide a decoder that trusts lengths: put a right one behind garbage.
TEST(Codec, SurvivesGarbageWithARightChecksum) {
  Rng rng(20261121);
  const std::vector<Record> kinds = one_of_each_kind();
  int decoded_count = 0;
  for (int round = 0; round < 50'000; ++round) {
    std::string bytes = encode_record(kinds[rng.below(kinds.size())]);
    bytes.resize(bytes.size() - 8);
    bytes.resize(1 + rng.below(bytes.size()));
    const std::uint64_t changes = rng.below(4);
    for (std::uint64_t i = 0; i < changes; ++i) {
      bytes[rng.below(bytes.size())] = static_cast<char>(rng.next());
    }
    ByteWriter out;
    out.raw(bytes);
    out.u64_be(hash64(bytes));
    if (const auto decoded = decode_record(out.str())) {
      ++decoded_count;
      const auto again = decode_record(encode_record(*decoded));
      ASSERT_TRUE(again.has_value());
      ASSERT_TRUE(*again == *decoded);
    }
  }
  EXPECT_GT(decoded_count, 100);  // else the test reaches nothing
}

TEST(Codec, SkipsFieldsOfALaterMinorVersion) {
  const std::string bytes = event_with_payload(payload([](ByteWriter& out) {
    out.field(1, 3);
    out.field(7, "home");
    out.field(800, "later text");
    out.field(900, 12345);
  }));
  const auto decoded = decode_record(bytes);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().to_text();
  EXPECT_EQ(std::get<Event>(decoded->body).name, "home");
}

TEST(Codec, RefusesWhatNoEncoderWrites) {
  const auto refused = [](std::string_view bytes) {
    const auto decoded = decode_record(bytes);
    return !decoded.has_value() && decoded.error().code == ErrorCode::kCorrupt;
  };
  const auto event = [](const std::function<void(ByteWriter&)>& rest) {
    return event_with_payload(payload([&rest](ByteWriter& out) {
      out.field(1, 1);
      rest(out);
    }));
  };
  EXPECT_TRUE(decode_record(event([](ByteWriter&) {})).has_value());
  EXPECT_TRUE(refused(event_with_payload("")));                               // no type
  EXPECT_TRUE(refused(event_with_payload(std::string_view("\x02\x07", 2))));  // type 7
  EXPECT_TRUE(refused(event_with_payload(std::string_view("\x02\x01", 2), 2)));
  EXPECT_TRUE(refused(event_with_payload(std::string_view("\x02\x01", 2), 1, 7)));
  EXPECT_TRUE(refused(event_with_payload(std::string_view("\x02\x01", 2), 1, 1, 65'536)));
  EXPECT_TRUE(refused(event([](ByteWriter& out) { out.field(7, 1); })));     // number for text
  EXPECT_TRUE(refused(event([](ByteWriter& out) { out.field(14, "1"); })));  // text for number
  EXPECT_TRUE(refused(event([](ByteWriter& out) { out.field(14, 1ULL << 32); })));
  EXPECT_TRUE(refused(event([](ByteWriter& out) { out.field(15, 256); })));
  EXPECT_TRUE(refused(event([](ByteWriter& out) { out.field(21, 1ULL << 12); })));
  EXPECT_TRUE(refused(event([](ByteWriter& out) { out.field(2, "\xFF short"); })));
  EXPECT_TRUE(refused(event([](ByteWriter& out) {  // repeated
    out.field(7, "a");
    out.field(7, "b");
  })));
  EXPECT_TRUE(refused(event([](ByteWriter& out) {  // out of order
    out.field(10, "a");
    out.field(7, "b");
  })));
}

// Reports look words up by these numbers.
TEST(Codec, RefusesValuesThatNoReportKnows) {
  const auto decodes = [](std::uint8_t kind, std::uint32_t tag, std::uint64_t value) {
    return decode_record(event_with_payload(payload([&](ByteWriter& out) {
                                              if (kind == 1) out.field(1, 1);
                                              out.field(tag, value);
                                            }),
                                            1, kind))
        .has_value();
  };
  EXPECT_TRUE(decodes(2, 21, 4)) << "sure";
  EXPECT_FALSE(decodes(2, 21, 5));
  EXPECT_FALSE(decodes(2, 21, 256)) << "not taken modulo 256";
  EXPECT_TRUE(decodes(1, 35, 2)) << "discounted";
  EXPECT_FALSE(decodes(1, 35, 3));
  EXPECT_FALSE(decodes(1, 36, 2));
  EXPECT_FALSE(decodes(1, 38, 2));
  EXPECT_TRUE(decodes(1, 40, ~std::uint64_t{0}));
}

TEST(Codec, BoundsTheNumberOfProducts) {
  const auto with_count = [](std::uint64_t count, std::size_t written) {
    ByteWriter list;
    list.varint(count);
    for (std::size_t i = 0; i < written; ++i) list.bytes("");
    return event_with_payload(payload([&list](ByteWriter& out) {
      out.field(1, 1);
      out.field(9, std::string_view(list.str()));
    }));
  };
  EXPECT_TRUE(decode_record(with_count(1'000, 1'000)).has_value());
  EXPECT_FALSE(decode_record(with_count(1'001, 1'001)).has_value());
  EXPECT_FALSE(decode_record(with_count(~std::uint64_t{0}, 1)).has_value());
  EXPECT_FALSE(decode_record(with_count(2, 1)).has_value());
  EXPECT_FALSE(decode_record(with_count(1, 2)).has_value());
  EXPECT_FALSE(decode_record(with_count(0, 0)).has_value());
}

// As a version wrote it that knew no field after `last`.
Record decision_up_to(int last) {
  Record record = every_decision_field();
  auto& decision = std::get<DecisionRecord>(record.body);
  if (last < 24) decision.hesitation = Hesitation::kUntold;
  if (last < 23) {
    decision.intent_level = IntentLevel::kUntold;
    decision.intent.clear();
    decision.stage.clear();
  }
  if (last < 20) {
    decision.assignment = {};
    decision.triggered.clear();
  }
  if (last < 18) {
    decision.selling = false;
    decision.anonymous_id.clear();
  }
  return record;
}

TEST(Codec, DecodesTheKeptBytesOfCodec1) {
  std::vector<Record> records = one_of_each_kind();
  records.resize(4);  // the kinds there were then
  records[1] = decision_up_to(16);
  std::get<LinkOutRecord>(records[2].body).login = 0;
  std::get<AbsorbRecord>(records[3].body).derived = "derived";
  for (const int last : {18, 20, 23, 24}) records.push_back(decision_up_to(last));
  records.push_back(every_later_event_field());
  const std::vector<std::string_view> kept = {kGoldenEvent,     kGoldenDecision,  kGoldenLinkOut,
                                              kGoldenAbsorb,    kGoldenDecisionB, kGoldenDecisionC,
                                              kGoldenDecisionD, kGoldenDecisionE, kGoldenEventB};
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const auto decoded = decode_record(from_hex(kept[i]));
    EXPECT_TRUE(decoded.has_value()) << i << " is now " << hex_of(encode_record(records[i]));
    if (!decoded.has_value()) continue;
    EXPECT_TRUE(*decoded == records[i]) << i;
    EXPECT_EQ(hex_of(encode_record(records[i])), kept[i]) << i;
  }
}

// docs/formats/record.md shows these bytes.
TEST(Codec, TheExampleInTheDocumentIsRight) {
  std::ifstream file("docs/formats/record.md");
  ASSERT_TRUE(file) << "run it from the repository's root, as ctest does";
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t begin = text.find("```hex\n");
  ASSERT_NE(begin, std::string::npos);
  std::string hex = text.substr(begin + 7, text.find("```", begin + 7) - begin - 7);
  std::erase_if(hex, [](char c) { return c == ' ' || c == '\n'; });

  Event event;
  event.type = EventType::kPage;
  event.anonymous_id = "a-1";
  event.name = "product";
  event.where.path = "/p/fjell";
  event.where.device = Device::kMobile;
  event.products = {{"p7", "shoes", 12'900, 1}};
  event.consent[1] = ConsentState::kGranted;
  event.properties = R"({"type":"product"})";
  const Time received = *parse_time("2026-11-21T10:02:03.123Z");
  EXPECT_EQ(hex_of(encode_record({received, received - 200ms, 1, record_flags::kGpc, event})), hex);
}

}  // namespace
}  // namespace tact
