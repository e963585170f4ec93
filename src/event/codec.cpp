#include "event/codec.h"

#include <algorithm>
#include <optional>

#include "base/bytes.h"
#include "base/hash.h"

namespace tact {
namespace {

constexpr std::uint8_t kCodec = 1;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kUsualRecordBytes = 512;  // a page view or a decision; others take more

// An id that is a lower-case UUID is stored as this byte and its 16 bytes. No UTF-8 text has it.
constexpr char kUuidMarker = '\xFF';
constexpr std::size_t kUuidText = 36;

bool is_dash_position(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string pack_id(const std::string& id) {
  if (id.size() != kUuidText) return id;
  std::string packed(1, kUuidMarker);
  int high = -1;
  for (std::size_t i = 0; i < kUuidText; ++i) {
    if (is_dash_position(i)) {
      if (id[i] != '-') return id;
      continue;
    }
    const int digit = hex_digit(id[i]);
    if (digit < 0) return id;
    if (high < 0) {
      high = digit;
    } else {
      packed += static_cast<char>(high << 4 | digit);
      high = -1;
    }
  }
  return packed;
}

std::optional<std::string> unpack_id(std::string_view stored) {
  if (stored.empty() || stored.front() != kUuidMarker) return std::string(stored);
  if (stored.size() != 17) return std::nullopt;
  std::string id;
  for (const char c : stored.substr(1)) {
    if (is_dash_position(id.size())) id += '-';
    const auto byte = static_cast<std::uint8_t>(c);
    id += "0123456789abcdef"[byte >> 4];
    id += "0123456789abcdef"[byte & 15];
  }
  return id;
}

// The fields of each struct are listed once (list_fields below) and visited by both archives.
// Tags ascend within a message; a field with its default value is absent.

class FieldWriter {
 public:
  FieldWriter() = default;
  explicit FieldWriter(std::size_t expected_bytes) : out_(expected_bytes) {}

  void text(std::uint32_t tag, const std::string& value) {
    out_.field(tag, std::string_view(value));
  }
  void id(std::uint32_t tag, const std::string& value) {
    out_.field(tag, std::string_view(pack_id(value)));
  }
  template <typename T>
  void number(std::uint32_t tag, T value, std::uint64_t /*max*/) {
    out_.field(tag, static_cast<std::uint64_t>(value));
  }
  void signed_number(std::uint32_t tag, std::int64_t value) { out_.signed_field(tag, value); }
  template <std::size_t N>
  void array(std::uint32_t tag, const std::array<std::uint8_t, N>& bytes) {
    if (std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; })) return;
    std::string text(bytes.begin(), bytes.end());
    out_.field(tag, std::string_view(text));
  }
  template <typename T>
  void message(std::uint32_t tag, const T& value);
  template <typename T>
  void list(std::uint32_t tag, const std::vector<T>& items, std::size_t most);
  void time(std::uint32_t tag, Time value) { out_.signed_field(tag, to_ms(value)); }

  std::string take() { return out_.take(); }

 private:
  ByteWriter out_;
};

class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : in_(bytes) { advance(); }

  void text(std::uint32_t tag, std::string& value) {
    if (find(tag, Wire::kText)) value = field_.text();
  }
  void id(std::uint32_t tag, std::string& value) {
    if (!find(tag, Wire::kText)) return;
    if (auto unpacked = unpack_id(field_.text())) {
      value = *std::move(unpacked);
    } else {
      fail(tag);
    }
  }
  template <typename T>
  void number(std::uint32_t tag, T& value, std::uint64_t max) {
    if (!find(tag, Wire::kNumber)) return;
    if (field_.number > max) return fail(tag);
    value = static_cast<T>(field_.number);
  }
  void signed_number(std::uint32_t tag, std::int64_t& value) {
    if (find(tag, Wire::kNumber)) value = field_.as_signed();
  }
  template <std::size_t N>
  void array(std::uint32_t tag, std::array<std::uint8_t, N>& bytes) {
    if (!find(tag, Wire::kText)) return;
    if (field_.number != N) return fail(tag);
    std::copy_n(field_.start, N, bytes.begin());
  }
  template <typename T>
  void message(std::uint32_t tag, T& value);
  template <typename T>
  void list(std::uint32_t tag, std::vector<T>& items, std::size_t most);
  void time(std::uint32_t tag, Time& value) {
    std::int64_t ms = to_ms(value);
    signed_number(tag, ms);
    value = time_from_ms(ms);
  }

  // Skips what a later minor version wrote behind the known fields; false if anything was wrong.
  bool finish() {
    while (present_) advance();
    return failed_tag_ == 0 && !in_.failed();
  }
  std::uint32_t failed_tag() const { return failed_tag_; }

 private:
  enum class Wire { kNumber, kText };

  bool find(std::uint32_t tag, Wire wire) {
    while (present_ && field_.tag < tag) advance();
    if (!present_ || field_.tag != tag) return false;
    const bool is_text = field_.is_text();
    if (is_text == (wire == Wire::kText)) return true;
    fail(tag);
    return false;
  }
  void advance() {
    const std::uint32_t before = field_.tag;
    present_ = in_.next_field(field_);
    if (present_ && field_.tag <= before) fail(field_.tag);  // tag 0, a repeated or unordered one
  }
  void fail(std::uint32_t tag) {
    if (failed_tag_ == 0) failed_tag_ = std::max(tag, 1U);
    present_ = false;
    in_.fail();
  }

  ByteReader in_;
  ByteReader::Field field_;
  bool present_ = false;
  std::uint32_t failed_tag_ = 0;
};

// Two bits a purpose, so that later purposes fit behind these. "Asked" has a field of its own.
std::uint64_t pack_consent(const ConsentChoices& consent) {
  std::uint64_t packed = 0;
  for (std::size_t i = 0; i < kPurposes; ++i) {
    if (consent[i] == ConsentState::kAsked) continue;
    packed |= static_cast<std::uint64_t>(consent[i]) << 2 * i;
  }
  return packed;
}

std::uint64_t pack_asked(const ConsentChoices& consent) {
  std::uint64_t packed = 0;
  for (std::size_t i = 0; i < kPurposes; ++i) {
    if (consent[i] == ConsentState::kAsked) packed |= std::uint64_t{1} << i;
  }
  return packed;
}

// An answer to the same question says more.
void unpack_asked(std::uint64_t packed, ConsentChoices& consent) {
  for (std::size_t i = 0; i < kPurposes; ++i) {
    if ((packed >> i & 1) == 0 || consent[i] != ConsentState::kUnknown) continue;
    consent[i] = ConsentState::kAsked;
  }
}

ConsentChoices unpack_consent(std::uint64_t packed) {
  ConsentChoices consent{};
  for (std::size_t i = 0; i < kPurposes; ++i) {
    consent[i] = static_cast<ConsentState>(packed >> 2 * i & 3);
  }
  return consent;
}

constexpr std::uint64_t kMaxPackedConsent = (std::uint64_t{1} << 2 * kPurposes) - 1;
constexpr std::uint64_t kMaxPackedAsked = (std::uint64_t{1} << kPurposes) - 1;
constexpr std::uint64_t kMax16 = 0xFFFF;
constexpr std::uint64_t kMax32 = 0xFFFFFFFF;
constexpr std::uint64_t kMax64 = ~std::uint64_t{0};

// M is `const X` for writing and `X` for reading. Tags and their order: docs/formats/record.md.

template <typename A, typename M>
  requires std::is_same_v<std::remove_const_t<M>, Product>
void list_fields(A& fields, M& product) {
  fields.text(1, product.id);
  fields.text(2, product.category);
  fields.signed_number(3, product.price_minor);
  std::uint32_t flipped = product.quantity ^ 1;  // so that the usual 1 is absent
  fields.number(4, flipped, kMax32);
  if constexpr (!std::is_const_v<M>) product.quantity = flipped ^ 1;
  fields.number(5, product.sensitive, 1);
  fields.text(6, product.brand);
}

template <typename A, typename M>
  requires std::is_same_v<std::remove_const_t<M>, FactValue>
void list_fields(A& fields, M& fact) {
  fields.text(1, fact.name);
  fields.text(2, fact.value);
}

template <typename A, typename M>
  requires std::is_same_v<std::remove_const_t<M>, FurtherId>
void list_fields(A& fields, M& id) {
  fields.text(1, id.kind);
  fields.array(2, id.visitor.bytes);
}

template <typename A, typename M>
  requires std::is_same_v<std::remove_const_t<M>, Campaign>
void list_fields(A& fields, M& campaign) {
  fields.text(1, campaign.source);
  fields.text(2, campaign.medium);
  fields.text(3, campaign.name);
  fields.text(4, campaign.term);
  fields.text(5, campaign.content);
}

template <typename A, typename M>
  requires std::is_same_v<std::remove_const_t<M>, Surroundings>
void list_fields(A& fields, M& where) {
  fields.text(1, where.path);
  fields.text(2, where.page_type);
  fields.text(3, where.referrer_host);
  fields.text(4, where.locale);
  fields.message(5, where.campaign);
  fields.number(6, where.device, static_cast<std::uint64_t>(Device::kTablet));
  fields.number(7, where.source, static_cast<std::uint64_t>(TrafficSource::kInternal));
  fields.number(8, where.local_minute_of_week, kMax16);
  fields.text(9, where.region);
  fields.number(10, where.sensitive, 1);
  fields.text(11, where.topic);
}

template <typename A, typename M>
  requires std::is_same_v<std::remove_const_t<M>, Event>
void list_fields(A& fields, M& event) {
  fields.number(1, event.type, static_cast<std::uint64_t>(EventType::kAlias));
  fields.id(2, event.message_id);
  fields.id(3, event.anonymous_id);
  fields.id(4, event.user_id);
  fields.id(5, event.previous_id);
  fields.id(6, event.group_id);
  fields.text(7, event.name);
  fields.message(8, event.where);
  fields.list(9, event.products, kMaxProducts);
  fields.text(10, event.category);
  fields.text(11, event.query);
  fields.text(12, event.order_id);
  fields.signed_number(13, event.value_minor);
  fields.number(14, event.seconds, kMax32);
  fields.number(15, event.scroll_percent, 0xFF);
  fields.text(16, event.decision);
  fields.text(17, event.answer);
  fields.text(18, event.form);
  fields.text(19, event.field);
  fields.text(20, event.question);
  std::uint64_t consent = pack_consent(event.consent);
  fields.number(21, consent, kMaxPackedConsent);
  if constexpr (!std::is_const_v<M>) event.consent = unpack_consent(consent);
  fields.text(22, event.properties);
  fields.text(23, event.traits);
  fields.text(24, event.context);
  fields.list(25, event.facts, kMaxFacts);
  fields.text(26, event.origin);
  fields.number(27, event.enriched, 1);
  fields.time(28, event.due);
  fields.id(29, event.ticket);
  fields.list(30, event.further_ids, kMaxFurtherIds);
  std::uint64_t asked = pack_asked(event.consent);
  fields.number(31, asked, kMaxPackedAsked);
  if constexpr (!std::is_const_v<M>) unpack_asked(asked, event.consent);
  fields.number(32, event.consent_text, kMax64);
  fields.number(33, event.consent_carried, 1);
  fields.number(34, event.adult, static_cast<std::uint64_t>(Adult::kNo));
  fields.number(35, event.price, static_cast<std::uint64_t>(OrderPrice::kDiscounted));
  fields.number(36, event.has_margin, 1);
  fields.signed_number(37, event.margin_minor);
  fields.number(38, event.has_score, 1);
  fields.signed_number(39, event.score_milli);
  fields.number(40, event.account, kMax64);
}

template <typename A, typename M>
  requires std::is_same_v<std::remove_const_t<M>, Assignment>
void list_fields(A& fields, M& assignment) {
  fields.text(1, assignment.experiment);
  fields.text(2, assignment.arm);
}

template <typename A, typename M>
  requires std::is_same_v<std::remove_const_t<M>, DecisionRecord>
void list_fields(A& fields, M& decision) {
  fields.text(1, decision.slot);
  fields.number(2, decision.request, kMax64);
  fields.message(3, decision.where);
  fields.message(4, decision.product);
  fields.text(5, decision.category);
  fields.text(6, decision.weather);
  fields.array(7, decision.playbook.bytes);
  fields.array(8, decision.snapshot.bytes);
  fields.number(9, decision.outcome, static_cast<std::uint64_t>(Outcome::kWithheld));
  fields.text(10, decision.moment);
  fields.text(11, decision.message);
  fields.text(12, decision.variant);
  fields.number(13, decision.held_out_universal, 1);
  fields.number(14, decision.held_out_moment, 1);
  fields.number(15, decision.propensity_ppm, kMax32);
  fields.number(16, decision.why_digest, kMax64);
  fields.number(17, decision.selling, 1);
  fields.id(18, decision.anonymous_id);
  fields.message(19, decision.assignment);
  fields.list(20, decision.triggered, kMaxAssignments);
  fields.number(21, decision.intent_level, static_cast<std::uint64_t>(IntentLevel::kSure));
  fields.text(22, decision.intent);
  fields.text(23, decision.stage);
  fields.number(24, decision.hesitation, static_cast<std::uint64_t>(Hesitation::kAgain));
}

template <typename A, typename M>
  requires std::is_same_v<std::remove_const_t<M>, LinkOutRecord>
void list_fields(A& fields, M& link) {
  fields.array(1, link.winner.bytes);
  fields.text(2, link.core);
  fields.text(3, link.derived);
  fields.number(4, link.login, kMax64);
}

template <typename A, typename M>
  requires std::is_same_v<std::remove_const_t<M>, AbsorbRecord>
void list_fields(A& fields, M& absorb) {
  fields.array(1, absorb.loser.bytes);
  fields.number(2, absorb.loser_offset.value, kMax64);
  fields.text(3, absorb.core);
  fields.text(4, absorb.derived);
}

template <typename A, typename M>
  requires std::is_same_v<std::remove_const_t<M>, DetachRecord>
void list_fields(A& fields, M& detach) {
  fields.array(1, detach.loser.bytes);
  fields.number(2, detach.loser_offset.value, kMax64);
  fields.text(3, detach.core);
  fields.text(4, detach.derived);
  fields.text(5, detach.reason);
}

template <typename A, typename M>
  requires std::is_same_v<std::remove_const_t<M>, UnlinkRecord>
void list_fields(A& fields, M& unlink) {
  fields.number(1, unlink.link.value, kMax64);
  fields.text(2, unlink.core);
  fields.text(3, unlink.derived);
  fields.text(4, unlink.reason);
}

template <typename T>
void FieldWriter::message(std::uint32_t tag, const T& value) {
  FieldWriter inner;
  list_fields(inner, value);
  out_.field(tag, std::string_view(inner.take()));
}

// count, then each item length-prefixed (an item of defaults only has length 0).
template <typename T>
void FieldWriter::list(std::uint32_t tag, const std::vector<T>& items, std::size_t most) {
  CHECK(items.size() <= most);
  if (items.empty()) return;
  ByteWriter list;
  list.varint(items.size());
  for (const T& item : items) {
    FieldWriter inner;
    list_fields(inner, item);
    list.bytes(inner.take());
  }
  out_.field(tag, std::string_view(list.str()));
}

template <typename T>
void FieldReader::message(std::uint32_t tag, T& value) {
  if (!find(tag, Wire::kText)) return;
  FieldReader inner(field_.text());
  list_fields(inner, value);
  if (!inner.finish()) fail(tag);
}

template <typename T>
void FieldReader::list(std::uint32_t tag, std::vector<T>& items, std::size_t most) {
  if (!find(tag, Wire::kText)) return;
  ByteReader list(field_.text());
  const std::uint64_t count = list.varint();
  if (list.failed() || count == 0 || count > most || count > list.remaining()) return fail(tag);
  items.resize(count);
  for (T& item : items) {
    FieldReader inner(list.bytes());
    list_fields(inner, item);
    if (list.failed() || !inner.finish()) return fail(tag);
  }
  if (!list.at_end()) fail(tag);
}

Error corrupt(std::string message) {
  return make_error(ErrorCode::kCorrupt, "a record is not what was written: " + std::move(message));
}

template <typename Body>
Status decode_body(std::string_view payload, Record& record) {
  Body body;
  if constexpr (std::is_same_v<Body, Event>) body.type = EventType{};  // must be written
  FieldReader reader(payload);
  list_fields(reader, body);
  if (!reader.finish()) {
    return corrupt("field " + std::to_string(reader.failed_tag()) + " does not parse");
  }
  record.body = std::move(body);
  return ok();
}

Status decode_payload(std::uint8_t kind, std::string_view payload, Record& record) {
  switch (static_cast<RecordKind>(kind)) {
    case RecordKind::kEvent: {
      TACT_TRY(decode_body<Event>(payload, record));
      if (std::get<Event>(record.body).type == EventType{}) return corrupt("no event type");
      return ok();
    }
    case RecordKind::kDecision:
      return decode_body<DecisionRecord>(payload, record);
    case RecordKind::kLinkOut:
      return decode_body<LinkOutRecord>(payload, record);
    case RecordKind::kAbsorb:
      return decode_body<AbsorbRecord>(payload, record);
    case RecordKind::kDetach:
      return decode_body<DetachRecord>(payload, record);
    case RecordKind::kUnlink:
      return decode_body<UnlinkRecord>(payload, record);
  }
  return corrupt("unknown kind " + std::to_string(kind));
}

std::uint64_t checksum_at_end(std::string_view bytes) {
  ByteReader reader(bytes.substr(bytes.size() - kChecksumBytes));
  return reader.u64_be();
}

// received − event, modulo 2^64: small for a live event.
std::int64_t wrapping_difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

}  // namespace

std::string encode_record(const Record& record) {
  ByteWriter out(kUsualRecordBytes);
  out.u8(kCodec);
  out.time(record.received_at);
  out.zigzag(wrapping_difference(to_ms(record.received_at), to_ms(record.event_time)));
  out.u8(static_cast<std::uint8_t>(record.kind()));
  out.varint(record.source);
  out.u8(record.flags);
  FieldWriter payload(kUsualRecordBytes);
  std::visit([&payload](const auto& body) { list_fields(payload, body); }, record.body);
  out.raw(payload.take());
  out.u64_be(hash64(out.str()));
  return out.take();
}

Result<Record> decode_record(std::string_view bytes) {
  if (bytes.size() <= kChecksumBytes) return corrupt("too short");
  const std::string_view covered = bytes.substr(0, bytes.size() - kChecksumBytes);
  if (hash64(covered) != checksum_at_end(bytes)) return corrupt("checksum");
  ByteReader in(covered);
  const std::uint8_t codec = in.u8();
  if (codec != kCodec) return corrupt("codec " + std::to_string(codec) + " is not known");
  Record record;
  record.received_at = in.time();
  record.event_time = time_from_ms(wrapping_difference(to_ms(record.received_at), in.zigzag()));
  const std::uint8_t kind = in.u8();
  const std::uint64_t source = in.varint();
  record.flags = in.u8();
  if (in.failed() || source > kMax16) return corrupt("header");
  record.source = static_cast<std::uint16_t>(source);
  TACT_TRY(decode_payload(kind, in.raw(in.remaining()), record));
  return record;
}

}  // namespace tact
