#include "event/parse.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <exception>

#include "event/internal/body.h"
#include "event/internal/misplaced.h"
#include "event/internal/scan.h"
#include "event/internal/why_not_json.h"

namespace tact {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kUnreadableRest = "the body cannot be read from here on";
constexpr std::string_view kContext = "context";  // of a batch or request: consent may stand in it

// simdjson does not count empty containers; Conversion counts exactly. An event may lie in the
// array of a request.
constexpr std::size_t kParserDepth = kMaxJsonDepth + 4;

Error invalid(std::string message, std::string where = {}) {
  return make_error(ErrorCode::kInvalid, std::move(message), std::move(where));
}

// text: what could not be parsed.
Error not_json(simdjson::error_code code, std::string_view text) {
  std::string why = internal::why_not_json(text);
  if (why.empty()) why = std::string("not valid JSON: ") + simdjson::error_message(code);
  return invalid(std::move(why));
}

// simdjson 3.0 encodes a lone low surrogate (\uDC00) as if it were a character: not UTF-8.
bool has_surrogate(std::string_view text) {
  for (std::size_t i = text.find('\xED'); i != std::string_view::npos;
       i = text.find('\xED', i + 1)) {
    if (i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0xA0) return true;
  }
  return false;
}

// A document's values, put on a stack from the innermost out: each object and array is made at its
// full size, and in the stack's memory.
class Conversion {
 public:
  // escapes: whether the document has any \u; without one no text can hold a surrogate.
  Conversion(json::storage_ptr memory, bool escapes)
      : memory_(std::move(memory)), stack_({}, buffer_.data(), buffer_.size()), escapes_(escapes) {}

  Result<json::value> value_of(const dom::element& from) {
    stack_.reset(memory_);
    TACT_TRY(put(from, 0));
    return stack_.release();
  }

 private:
  // depth: of the containers around `from`.
  Status put(const dom::element& from, int depth) {
    switch (from.type()) {
      case dom::element_type::OBJECT:
        return put_object(from.get_object().value_unsafe(), depth + 1);
      case dom::element_type::ARRAY:
        return put_array(from.get_array().value_unsafe(), depth + 1);
      case dom::element_type::STRING: {
        const std::string_view text = from.get_string().value_unsafe();
        TACT_TRY(check_text(text));
        stack_.push_string(text);
        return ok();
      }
      case dom::element_type::INT64:
        stack_.push_int64(from.get_int64().value_unsafe());
        return ok();
      case dom::element_type::UINT64:
        stack_.push_uint64(from.get_uint64().value_unsafe());
        return ok();
      case dom::element_type::DOUBLE:
        stack_.push_double(from.get_double().value_unsafe());
        return ok();
      case dom::element_type::BOOL:
        stack_.push_bool(from.get_bool().value_unsafe());
        return ok();
      case dom::element_type::NULL_VALUE:
        stack_.push_null();
        return ok();
    }
    return invalid("not valid JSON");
  }

  Status put_object(const dom::object& from, int depth) {
    TACT_TRY(check_depth(depth));
    std::size_t size = 0;
    for (const auto field : from) {
      TACT_TRY(check_text(field.key));
      stack_.push_key(field.key);
      TACT_TRY(put(field.value, depth));
      ++size;
    }
    stack_.push_object(size);  // of duplicates the last counts
    return ok();
  }

  Status put_array(const dom::array& from, int depth) {
    TACT_TRY(check_depth(depth));
    std::size_t size = 0;
    for (const dom::element item : from) {
      TACT_TRY(put(item, depth));
      ++size;
    }
    stack_.push_array(size);
    return ok();
  }

  Status check_text(std::string_view text) const {
    if (escapes_ && has_surrogate(text)) return invalid(std::string(internal::kLoneSurrogate));
    return ok();
  }

  static Status check_depth(int depth) {
    if (depth <= kMaxJsonDepth) return ok();
    return invalid("JSON deeper than " + std::to_string(kMaxJsonDepth));
  }

  const json::storage_ptr memory_;
  alignas(json::value)
      std::array<unsigned char, 4096> buffer_;  // of the stack; more is taken from the heap
  json::value_stack stack_;
  const bool escapes_;
};

bool has_escapes(std::string_view text) { return text.find("\\u") != std::string_view::npos; }

// Kept: its buffers (about 450 KB at most) are dearer than the parsing. One document at a time.
dom::parser& thread_parser() {
  thread_local dom::parser parser;
  return parser;
}

// `text` must lie in a buffer with simdjson::SIMDJSON_PADDING bytes behind it and be at most
// kMaxEventBytes; the element lives until the thread parses again.
Result<dom::element> parse_document(std::string_view text) {
  dom::parser& parser = thread_parser();
  if (parser.capacity() == 0) {
    if (const auto code = parser.allocate(kMaxEventBytes, kParserDepth)) return not_json(code, {});
  }
  dom::element element;
  if (const auto code = parser.parse(text.data(), text.size(), false).get(element)) {
    return not_json(code, text);
  }
  return element;
}

// Parses one value, padded as for parse_document.
Result<json::value> parse_padded(std::string_view text) {
  if (text.size() > kMaxEventBytes) {
    return make_error(ErrorCode::kTooLarge,
                      "over " + std::to_string(kMaxEventBytes / 1024) + " KB of JSON");
  }
  TACT_ASSIGN(const dom::element element, parse_document(text));
  return Conversion({}, has_escapes(text)).value_of(element);
}

// text: as for parse_document, but of any depth and size. A second parser then, for it alone.
Status check_json(std::string_view text) {
  if (text.size() <= kMaxEventBytes && parse_padded(text).has_value()) return ok();
  const auto brackets =
      std::count_if(text.begin(), text.end(), [](char c) { return c == '{' || c == '['; });
  dom::parser parser;
  const auto no_space = parser.allocate(text.size(), static_cast<std::size_t>(brackets) + 1);
  if (no_space) return not_json(no_space, {});
  if (const auto code = parser.parse(text.data(), text.size(), false).error()) {
    return not_json(code, text);
  }
  // simdjson takes the lone low ones.
  if (std::string why = internal::why_not_json(text); !why.empty()) return invalid(std::move(why));
  return ok();
}

std::optional<EventType> event_type(std::string_view name) {
  for (const EventType type : {EventType::kTrack, EventType::kIdentify, EventType::kPage,
                               EventType::kScreen, EventType::kGroup, EventType::kAlias}) {
    if (to_string(type) == name) return type;
  }
  return std::nullopt;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// Member `key`; null where it is absent or null.
json::value* member(json::object& object, std::string_view key) {
  json::value* value = find_member(object, key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

Status read_text(json::object& object, std::string_view key, std::string& out) {
  const json::value* value = member(object, key);
  if (value == nullptr) return ok();
  if (!value->is_string()) return invalid("must be text", std::string(key));
  out = value->get_string();
  return ok();
}

Status read_id(json::object& object, std::string_view key, std::string& out) {
  const json::value* value = member(object, key);
  if (value != nullptr && (value->is_int64() || value->is_uint64())) {
    out = to_string(*value);
    return ok();
  }
  return read_text(object, key, out);
}

Status read_time(json::object& object, std::string_view key, std::optional<Time>& out) {
  const json::value* value = member(object, key);
  if (value == nullptr) return ok();
  const bool is_number = value->is_int64() || value->is_uint64();
  if (value->is_string() || is_number) {
    out = parse_time(is_number ? to_string(*value) : std::string(value->get_string()));
  }
  if (!out) return invalid("must be an ISO 8601 time with its zone", std::string(key));
  return ok();
}

Status read_object(json::object& object, std::string_view key, json::object& out) {
  json::value* value = member(object, key);
  if (value == nullptr) return ok();
  if (!value->is_object()) return invalid("must be an object", std::string(key));
  out = std::move(value->get_object());
  return ok();
}

Status read_type(json::object& object, std::optional<EventType> route, EventType& out) {
  if (route) {
    out = *route;
    return ok();
  }
  std::string name;
  TACT_TRY(read_text(object, "type", name));
  const std::optional<EventType> type = event_type(name);
  if (!type) return invalid("must be track, identify, page, screen, group or alias", "type");
  out = *type;
  return ok();
}

// route: the call the URL named; otherwise `type` tells.
Result<RawEvent> raw_event(json::value value, std::optional<EventType> route) {
  if (!value.is_object()) return invalid("an event must be an object");
  json::object& object = value.get_object();
  RawEvent event{.properties = json::object(value.storage()),
                 .traits = json::object(value.storage()),
                 .context = json::object(value.storage())};
  TACT_TRY(read_type(object, route, event.type));
  TACT_TRY(read_text(object, "messageId", event.message_id));
  if (characters(event.message_id) > kMaxMessageIdChars) {
    return invalid("must be shorter than 100 characters", "messageId");
  }
  TACT_TRY(read_id(object, "anonymousId", event.anonymous_id));
  TACT_TRY(read_id(object, "userId", event.user_id));
  TACT_TRY(read_id(object, "previousId", event.previous_id));
  TACT_TRY(read_id(object, "groupId", event.group_id));
  TACT_TRY(read_text(object, event.type == EventType::kTrack ? "event" : "name", event.name));
  if (event.type == EventType::kTrack && event.name.empty()) {
    return invalid("a track call needs the event's name", "event");
  }
  TACT_TRY(read_time(object, "timestamp", event.timestamp));
  TACT_TRY(read_time(object, "sentAt", event.sent_at));
  TACT_TRY(read_time(object, "originalTimestamp", event.original_timestamp));
  TACT_TRY(read_object(object, "properties", event.properties));
  TACT_TRY(read_object(object, "traits", event.traits));
  TACT_TRY(read_object(object, "context", event.context));
  return event;
}

// Nearly every name is plain ASCII and means itself; only others need a parser.
bool is_plain(std::string_view key) {
  return std::all_of(key.begin(), key.end(),
                     [](char c) { return c >= ' ' && c < 0x7F && c != '\\'; });
}

std::string_view with_quotes(std::string_view key) { return {key.data() - 1, key.size() + 2}; }

Result<std::string> member_name(std::string_view key) {
  if (is_plain(key)) return std::string(key);
  TACT_ASSIGN(const json::value name, parse_padded(with_quotes(key)));
  return std::string(name.get_string());
}

bool is_named(const internal::ScannedMember& member, std::string_view name) {
  if (member.key == name) return true;
  if (member.key.find('\\') == std::string_view::npos) return false;
  const Result<std::string> read = member_name(member.key);  // "\u0062atch"
  return read.has_value() && *read == name;
}

std::string_view member_text(const internal::ScannedObject& object, std::string_view key) {
  std::string_view found;
  for (const internal::ScannedMember& candidate : object.members) {
    if (is_named(candidate, key)) found = candidate.value;
  }
  return found;
}

// The text of a string member, read without the rest of its object; empty where that fails.
std::string lone_string(const internal::ScannedObject& object, std::string_view key) {
  const std::string_view text = member_text(object, key);
  if (text.empty()) return {};
  const Result<json::value> value = parse_padded(text);
  return value.has_value() && value->is_string() ? std::string(value->get_string()) : std::string();
}

RejectedEvent rejected(std::size_t index, std::string_view text, Error error) {
  std::string message_id = lone_string(internal::scan_object(text), "messageId");
  if (characters(message_id) > kMaxMessageIdChars) message_id.clear();
  return {index, std::move(message_id), std::move(error)};
}

// The event's own members stay.
void merge_context(const json::object& shared, RawEvent& event) {
  event.context.reserve(event.context.size() + shared.size());
  for (const auto& [key, value] : shared) event.context.emplace(key, value);
}

void add_event(std::string_view text, std::size_t index, std::optional<EventType> route,
               const json::object& shared_context, ParsedBatch& batch) {
  Result<json::value> value = parse_padded(text);
  if (!value.has_value()) {
    batch.rejected.push_back(rejected(index, text, std::move(value).error()));
    return;
  }
  Result<RawEvent> event = raw_event(std::move(*value), route);
  if (!event.has_value()) {
    batch.rejected.push_back(rejected(index, text, std::move(event).error()));
    return;
  }
  merge_context(shared_context, *event);
  batch.positions.push_back(index);
  batch.events.push_back(std::move(*event));
}

Error two_contexts() { return invalid("there are two", std::string(kContext)); }

Result<json::object> shared_context(const internal::ScannedObject& body, std::size_t events) {
  const auto contexts =
      std::count_if(body.members.begin(), body.members.end(),
                    [](const auto& candidate) { return is_named(candidate, kContext); });
  if (contexts > 1) return two_contexts();
  const std::string_view text = member_text(body, kContext);
  if (text.empty() || text == "null") return json::object();
  if (text.size() * events > kMaxMergedContextBytes) {
    return make_error(ErrorCode::kTooLarge, "too much context for so many events",
                      std::string(kContext));
  }
  Result<json::value> value = parse_padded(text);
  if (!value.has_value()) {
    Error error = std::move(value).error();
    error.where = kContext;
    return error;
  }
  if (!value->is_object()) return invalid("must be an object", std::string(kContext));
  return std::move(value->get_object());
}

Status judge_member(const internal::ScannedMember& member, std::string_view events_member,
                    bool& has_events) {
  if (!is_plain(member.key)) TACT_TRY(check_json(with_quotes(member.key)));
  if (!is_named(member, events_member)) return check_json(member.value);
  if (has_events) {
    return invalid("there are two of " + std::string(events_member) + ", and the last counts");
  }
  has_events = true;
  return ok();
}

// What of a batch is not its events.
Status judge_rest(const internal::ScannedObject& body, std::string_view events_member) {
  if (!body.complete()) return invalid(std::string(kUnreadableRest));
  bool has_events = false;
  for (const internal::ScannedMember& member : body.members) {
    const Status judged = judge_member(member, events_member, has_events);
    if (!judged.has_value()) {
      return make_error(judged.error().code, "beside the events: " + judged.error().message);
    }
  }
  return ok();
}

// Whether what cannot be read of `body` may hold a context that is not an event's, or part of one.
// events: the text of its array; what is behind the body's break lies outside of the array, unless
// the break is in it.
bool may_hide_context(std::string_view text, const internal::ScannedObject& body,
                      std::string_view events) {
  const std::string_view misplaced = internal::misplaced_part(text);
  const bool cut_short = !misplaced.empty() && !member_text(body, kContext).empty();
  if (cut_short || internal::mentions(misplaced, kContext)) return true;
  const bool in_events = events.data() + events.size() > body.rest.data();
  if (!in_events && internal::mentions(body.rest, kContext)) return true;
  return std::any_of(body.members.begin(), body.members.end(), [](const auto& candidate) {
    return !is_plain(candidate.key) && internal::mentions(candidate.key, kContext) &&
           !check_json(with_quotes(candidate.key)).has_value();
  });
}

Error hidden_context() { return invalid("cannot be read", std::string(kContext)); }

// text: of the body.
Status add_events(std::string_view text, const internal::ScannedObject& body, std::string_view name,
                  ParsedBatch& batch) {
  const std::string_view events = member_text(body, name);
  const internal::ScannedArray array = internal::scan_array(events, kMaxBatchEvents);
  if (array.too_many) {
    return make_error(ErrorCode::kTooLarge, "over " + std::to_string(kMaxBatchEvents) + " events",
                      std::string(name));
  }
  if (!array.complete && array.elements.empty()) {
    return invalid("must be an array", std::string(name));
  }
  TACT_ASSIGN(const json::object context, shared_context(body, array.elements.size()));
  batch.events.reserve(array.elements.size());
  for (std::size_t i = 0; i < array.elements.size(); ++i) {
    add_event(array.elements[i], i, std::nullopt, context, batch);
  }
  const Status rest =
      array.complete ? judge_rest(body, name) : invalid(std::string(kUnreadableRest));
  if (!rest.has_value()) batch.rejected.push_back({array.elements.size(), {}, rest.error()});
  // Where nothing is rejected, all of the body was read.
  if (!batch.rejected.empty() && may_hide_context(text, body, events)) return hidden_context();
  return ok();
}

Result<ParsedBatch> parse_json_body(std::string json, std::optional<EventType> route) {
  const std::size_t size = json.size();
  json.append(simdjson::SIMDJSON_PADDING, ' ');
  const std::string_view text = std::string_view(json).substr(0, size);
  const internal::ScannedObject body = internal::scan_object(text);
  ParsedBatch batch;
  batch.write_key = lone_string(body, "writeKey");
  // A clock that cannot be read is no reason to refuse events: then times stay uncorrected.
  batch.sent_at = parse_time(lone_string(body, "sentAt"));
  if (route) {
    const std::size_t behind = body.closed ? body.rest.size() : 0;
    if (behind > 0 && internal::mentions(text, kContext)) return hidden_context();
    add_event(text.substr(0, size - behind), 0, route, json::object(), batch);
    if (behind > 0) {
      batch.rejected.push_back({1, {}, invalid(std::string(kUnreadableRest))});
    }
  } else {
    TACT_TRY(add_events(text, body, "batch", batch));
  }
  return batch;
}

// --- a request with events ----------------------------------------------------------------------

// An arena gives nothing back: where the shared context is merged into many events, another way is
// taken.
constexpr std::size_t kMostMerged = std::size_t{256} * 1024;

// body_bytes: of the whole request, and so at most of its context.
bool add_sound_events(const dom::element& list, const json::object& members, std::size_t body_bytes,
                      Conversion& conversion, std::vector<RawEvent>& events) {
  if (list.is_null()) return true;
  const json::value* context = find_member(members, kContext);
  const bool has_context = context != nullptr && !context->is_null();
  if (!list.is_array() || (has_context && !context->is_object())) return false;
  const dom::array array = list.get_array().value_unsafe();
  if (has_context && array.size() * body_bytes > kMostMerged) return false;
  events.reserve(array.size());
  for (const dom::element item : array) {
    Result<json::value> value = conversion.value_of(item);
    if (!value.has_value()) return false;
    Result<RawEvent> event = raw_event(std::move(*value), std::nullopt);
    if (!event.has_value()) return false;
    if (has_context) merge_context(context->get_object(), *event);
    events.push_back(std::move(*event));
  }
  return true;
}

// Nearly every request is small and sound: one document then, read once. Nothing where anything is
// amiss: parse_scanned_request says what, and saves the events that can be.
std::optional<ParsedRequest> parse_sound_request(std::string_view text,
                                                 std::string_view events_member,
                                                 const json::storage_ptr& memory) {
  if (text.size() > kMaxEventBytes) return std::nullopt;
  const Result<dom::element> body = parse_document(text);
  if (!body.has_value() || !body->is_object()) return std::nullopt;
  const dom::object members = body->get_object().value_unsafe();
  Conversion conversion(memory, has_escapes(text));
  ParsedRequest request{.members = json::object(memory)};
  request.members.reserve(members.size());
  std::optional<dom::element> events;
  for (const auto field : members) {
    if (field.key == events_member) {
      if (events) return std::nullopt;
      events = field.value;
      continue;
    }
    Result<json::value> value = conversion.value_of(field.value);
    if (!value.has_value() || has_surrogate(field.key)) return std::nullopt;
    const bool is_first = request.members.insert_or_assign(field.key, std::move(*value)).second;
    if (!is_first && field.key == kContext) return std::nullopt;
  }
  if (events &&
      !add_sound_events(*events, request.members, text.size(), conversion, request.events))
    return std::nullopt;
  return request;
}

Result<ParsedRequest> parse_scanned_request(std::string_view text, std::string_view events_member) {
  const internal::ScannedObject body = internal::scan_object(text);
  if (!body.complete()) return invalid("not a JSON object");
  ParsedRequest request;
  for (const internal::ScannedMember& scanned : body.members) {
    TACT_ASSIGN(const std::string name, member_name(scanned.key));
    if (name == events_member) continue;
    Result<json::value> value = parse_padded(scanned.value);
    if (!value.has_value()) {
      Error error = std::move(value).error();
      error.where = name;
      return error;
    }
    const bool is_first = request.members.insert_or_assign(name, std::move(*value)).second;
    if (!is_first && name == kContext) return two_contexts();
  }
  const std::string_view events = member_text(body, events_member);
  if (events.empty() || events == "null") return request;
  ParsedBatch batch;
  TACT_TRY(add_events(text, body, events_member, batch));
  request.events = std::move(batch.events);
  request.rejected = std::move(batch.rejected);
  return request;
}

Result<ParsedRequest> parse_json_request(std::string json, std::string_view events_member,
                                         const json::storage_ptr& memory) {
  const std::size_t size = json.size();
  json.append(simdjson::SIMDJSON_PADDING, ' ');
  const std::string_view text = std::string_view(json).substr(0, size);
  if (auto request = parse_sound_request(text, events_member, memory)) return *std::move(request);
  return parse_scanned_request(text, events_member);
}

Error too_large_body() {
  return make_error(ErrorCode::kTooLarge,
                    "a body must not be over " + std::to_string(kMaxBatchBytes >> 20) + " MB");
}

}  // namespace

Result<ParsedRequest> parse_request(std::string_view body, std::string_view events_member,
                                    const json::storage_ptr& memory) {
  if (body.size() > kMaxBatchBytes) return too_large_body();
  try {
    TACT_ASSIGN(std::string json, internal::json_of_body(body));
    return parse_json_request(std::move(json), events_member, memory);
  } catch (const std::exception& e) {  // Boost.JSON, memory
    return make_error(ErrorCode::kUnavailable, e.what());
  }
}

Result<ParsedBatch> parse_batch(std::string_view body, std::optional<EventType> type) {
  if (body.size() > kMaxBatchBytes) return too_large_body();
  try {
    TACT_ASSIGN(std::string json, internal::json_of_body(body));
    return parse_json_body(std::move(json), type);
  } catch (const std::exception& e) {  // Boost.JSON, memory
    return make_error(ErrorCode::kUnavailable, e.what());
  }
}

Result<RawEvent> parse_event_line(std::string_view line) {
  try {
    std::string padded(line);
    padded.append(simdjson::SIMDJSON_PADDING, ' ');
    TACT_ASSIGN(json::value value, parse_padded(std::string_view(padded).substr(0, line.size())));
    return raw_event(std::move(value), std::nullopt);
  } catch (const std::exception& e) {  // Boost.JSON, memory
    return make_error(ErrorCode::kUnavailable, e.what());
  }
}

}  // namespace tact
