#include "profile/match.h"

#include <algorithm>
#include <optional>

#include "base/json.h"

namespace tact {
namespace {

std::optional<Literal> to_literal(const json::value& value) {
  if (value.is_bool()) return Literal{value.get_bool()};
  if (value.is_int64()) return Literal{static_cast<double>(value.get_int64())};
  if (value.is_uint64()) return Literal{static_cast<double>(value.get_uint64())};
  if (value.is_double()) return Literal{value.get_double()};
  if (value.is_string()) return Literal{std::string(value.get_string())};
  return std::nullopt;
}

// The event's properties, parsed when first asked for and kept for one evaluation.
class Properties {
 public:
  explicit Properties(const Event& event) : event_(event) {}

  std::optional<Literal> find(std::string_view field) {
    if (auto typed = typed_field(field)) return typed;
    if (!parsed_) {
      parsed_ = true;
      if (auto document = parse_json(event_.properties); document.has_value())
        value_ = std::move(*document);
    }
    const json::value* at = &value_;
    while (!field.empty()) {
      const std::size_t dot = field.find('.');
      const json::object* object = at->if_object();
      if (object == nullptr) return std::nullopt;
      at = object->if_contains(field.substr(0, dot));
      if (at == nullptr) return std::nullopt;
      field = dot == std::string_view::npos ? std::string_view{} : field.substr(dot + 1);
    }
    return to_literal(*at);
  }

 private:
  std::optional<Literal> typed_field(std::string_view field) const {
    if (field == "seconds") return Literal{static_cast<double>(event_.seconds)};
    if (field == "scroll_percent") return Literal{static_cast<double>(event_.scroll_percent)};
    if (field == "query") return Literal{event_.query};
    if (field == "page_type") return Literal{event_.where.page_type};
    if (field == "category") return Literal{std::string(event_.subject_category())};
    return std::nullopt;
  }

  const Event& event_;
  bool parsed_ = false;
  json::value value_;
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool contains(const Literal& value, const Literal& wanted) {
  const auto* text = std::get_if<std::string>(&value);
  const auto* part = std::get_if<std::string>(&wanted);
  return text != nullptr && part != nullptr && lower(*text).find(lower(*part)) != std::string::npos;
}

bool evaluate(const Expression& where, Properties& properties) {
  switch (where.op) {
    case Expression::Op::kAnd:
      for (const Expression& child : where.children) {
        if (!evaluate(child, properties)) return false;
      }
      return true;
    case Expression::Op::kOr:
      for (const Expression& child : where.children) {
        if (evaluate(child, properties)) return true;
      }
      return false;
    case Expression::Op::kNot:
      return !evaluate(where.children.at(0), properties);
    default: {
      const auto value = properties.find(where.field);
      return value.has_value() && compare(where.op, *value, where.literal);
    }
  }
}

bool is_page(const Seen& seen, const Event& event) {
  if (seen.name.starts_with("type "))
    return event.where.page_type == std::string_view(seen.name).substr(5);
  return glob_matches(seen.name, event.where.path);
}

bool is_known_on_leaving(const Expression& where) {
  if (where.field == "seconds" || where.field == "scroll_percent") return true;
  return std::any_of(where.children.begin(), where.children.end(), is_known_on_leaving);
}

}  // namespace

bool compare(Expression::Op op, const Literal& value, const Literal& wanted) {
  if (op == Expression::Op::kContains) return contains(value, wanted);
  if (value.index() != wanted.index()) return op == Expression::Op::kNotEqual;
  switch (op) {
    case Expression::Op::kEqual:
      return value == wanted;
    case Expression::Op::kNotEqual:
      return value != wanted;
    case Expression::Op::kLess:
      return value < wanted;
    case Expression::Op::kLessEqual:
      return value <= wanted;
    case Expression::Op::kGreater:
      return value > wanted;
    case Expression::Op::kGreaterEqual:
      return value >= wanted;
    default:
      return false;
  }
}

std::optional<Literal> literal_of(std::string_view json_scalar) {
  const auto value = parse_json(json_scalar);
  return value.has_value() ? to_literal(*value) : std::nullopt;
}

bool matches(const Seen& seen, const Event& event) {
  switch (seen.kind) {
    case Seen::Kind::kTrack:
      return event.type == EventType::kTrack && event.name == seen.name;
    case Seen::Kind::kPage:
      return (event.type == EventType::kPage || event.type == EventType::kScreen) &&
             is_page(seen, event);
    case Seen::Kind::kAnswer:
      return event.type == EventType::kTrack && event.name == "Question Answered" &&
             event.question == seen.question && event.answer == seen.answer;
    case Seen::Kind::kBuiltin:
      return false;
  }
  return false;
}

bool matches(const Signal& signal, const Event& event) {
  if (!signal.where) return matches(signal.seen, event);
  const bool leaving = signal.seen.kind == Seen::Kind::kPage && is_known_on_leaving(*signal.where);
  const bool seen = leaving ? event.type == EventType::kTrack && event.name == "Page Left" &&
                                  is_page(signal.seen, event)
                            : matches(signal.seen, event);
  return seen && holds(*signal.where, event);
}

bool holds(const Expression& where, const Event& event) {
  Properties properties(event);
  return evaluate(where, properties);
}

}  // namespace tact
