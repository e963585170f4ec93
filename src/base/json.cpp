#include "base/json.h"

namespace tact {
namespace {

void print(const json::value& value, int indent, std::string& out) {
  const std::string pad(static_cast<std::size_t>(indent) * 2, ' ');
  if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
    out += "{";
    bool first = true;
    for (const auto& [key, member] : *object) {
      out += (first ? "\n  " : ",\n  ") + pad + json::serialize(json::string(key)) + ": ";
      print(member, indent + 1, out);
      first = false;
    }
    out += "\n" + pad + "}";
  } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
    out += "[";
    bool first = true;
    for (const auto& item : *array) {
      out += (first ? "\n  " : ",\n  ") + pad;
      print(item, indent + 1, out);
      first = false;
    }
    out += "\n" + pad + "]";
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

Result<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = 16;
  json::error_code error;
  json::stream_parser parser({}, options);
  const std::size_t read = parser.write(text.data(), text.size(), error);
  if (!error) parser.finish(error);
  if (error) {
    return make_error(ErrorCode::kInvalid, "not valid JSON: " + error.message(),
                      "byte " + std::to_string(read));
  }
  return parser.release();
}

std::string to_string(const json::value& value) { return json::serialize(value); }
std::string to_string(const json::object& object) { return json::serialize(object); }
std::string to_string(const json::array& array) { return json::serialize(array); }

std::string to_pretty_string(const json::value& value) {
  std::string out;
  print(value, 0, out);
  return out + "\n";
}

std::string_view string_at(const json::object& object, std::string_view key) {
  const json::value* member = find_member(object, key);
  if (member == nullptr || !member->is_string()) return {};
  return {member->get_string().data(), member->get_string().size()};
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* member = find_member(object, key);
  return member == nullptr ? nullptr : member->if_object();
}

const json::array* array_at(const json::object& object, std::string_view key) {
  const json::value* member = find_member(object, key);
  return member == nullptr ? nullptr : member->if_array();
}

}  // namespace tact
