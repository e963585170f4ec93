#include <algorithm>
#include <array>

#include "collect/delimited.h"
#include "collect/internal/text.h"

namespace tact {
namespace {

using internal::trim;

constexpr std::array<std::string_view, 9> kMembers = {"type",       "event",       "name",
                                                      "messageId",  "anonymousId", "userId",
                                                      "previousId", "groupId",     "timestamp"};
constexpr std::array<std::string_view, 3> kObjects = {"properties.", "traits.", "context."};

Error invalid(std::string message, std::string where) {
  return make_error(ErrorCode::kInvalid, std::move(message), std::move(where));
}

bool is_member(std::string_view name) {
  if (std::find(kMembers.begin(), kMembers.end(), name) != kMembers.end()) return true;
  const bool nested =
      std::any_of(kObjects.begin(), kObjects.end(), [name](std::string_view object) {
        return name.starts_with(object) && name.size() > object.size();
      });
  return nested && !name.ends_with('.') && name.find("..") == std::string_view::npos &&
         std::count(name.begin(), name.end(), '.') < 8;
}

Result<std::vector<ColumnMap::Piece>> parse_pieces(std::string_view text,
                                                   const std::string& where) {
  std::vector<ColumnMap::Piece> pieces;
  while (!text.empty()) {
    const std::size_t open = text.find("${");
    if (open > 0) pieces.push_back({std::string(text.substr(0, open)), {}});
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) return invalid("\"${\" without \"}\"", where);
    const std::string_view column = trim(text.substr(open + 2, close - open - 2));
    if (column.empty()) return invalid("\"${}\" names no column", where);
    pieces.push_back({{}, std::string(column)});
    text.remove_prefix(close + 1);
  }
  if (pieces.empty()) return invalid("has no value", where);
  return pieces;
}

Status set_separator(std::string_view value, const std::string& where, ColumnMap& map) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kNames = {
      {{"tab", '\t'}, {"comma", ','}, {"semicolon", ';'}, {"pipe", '|'}, {"blanks", ' '}}};
  for (const auto& [name, separator] : kNames) {
    if (value != name) continue;
    map.separator = separator;
    return ok();
  }
  return invalid("separator must be tab, comma, semicolon, pipe or blanks", where);
}

Status set_time(std::string_view value, const std::string& where, ColumnMap& map) {
  constexpr std::array<std::pair<std::string_view, TimeFormat>, 4> kNames = {
      {{"iso", TimeFormat::kIso},
       {"unix_seconds", TimeFormat::kUnixSeconds},
       {"unix_ms", TimeFormat::kUnixMilliseconds},
       {"yyyymmdd", TimeFormat::kYearMonthDay}}};
  for (const auto& [name, format] : kNames) {
    if (value != name) continue;
    map.time = format;
    return ok();
  }
  return invalid("time must be iso, unix_seconds, unix_ms or yyyymmdd", where);
}

Status set(std::string_view key, std::string_view value, const std::string& where, ColumnMap& map) {
  if (key == "separator") return set_separator(value, where, map);
  if (key == "time") return set_time(value, where, map);
  if (key == "header") {
    if (value != "yes" && value != "no") return invalid("header must be yes or no", where);
    map.header = value == "yes";
    return ok();
  }
  ColumnMap::Field field;
  field.number = key.ends_with(":number");
  if (field.number) key.remove_suffix(7);
  if (!is_member(key)) {
    return invalid("\"" + std::string(key) + "\" is neither a setting nor a member of an event",
                   where);
  }
  for (const ColumnMap::Field& other : map.fields) {
    const std::string below = std::string(key) + ".";
    if (other.member == key || other.member.starts_with(below) ||
        key.starts_with(other.member + ".")) {
      return invalid("\"" + std::string(key) + "\" is set twice", where);
    }
  }
  field.member = key;
  TACT_ASSIGN(field.pieces, parse_pieces(value, where));
  map.fields.push_back(std::move(field));
  return ok();
}

Status read_lines(std::string_view text, ColumnMap& map) {
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), whole.size() + 1));
    std::string_view statement = trim(whole);
    // A comment begins a line or follows a blank: "#" may stand in a value.
    for (std::size_t hash = statement.find('#'); hash != std::string_view::npos;
         hash = statement.find('#', hash + 1)) {
      if (hash > 0 && statement[hash - 1] != ' ' && statement[hash - 1] != '\t') continue;
      statement = trim(statement.substr(0, hash));
      break;
    }
    if (statement.empty()) continue;
    const std::string where = "line " + std::to_string(line);
    const std::size_t equals = statement.find('=');
    if (equals == std::string_view::npos) return invalid("must be \"key = value\"", where);
    TACT_TRY(
        set(trim(statement.substr(0, equals)), trim(statement.substr(equals + 1)), where, map));
  }
  return ok();
}

Status read_json(std::string_view text, ColumnMap& map) {
  TACT_ASSIGN(const json::value value, parse_json(text));
  if (!value.is_object()) return invalid("must be an object", "");
  for (const auto& [key, member] : value.get_object()) {
    if (key == "fields") {
      if (!member.is_object()) return invalid("must be an object", "fields");
      for (const auto& [name, text_value] : member.get_object()) {
        const std::string where = "fields." + std::string(name);
        if (!text_value.is_string()) return invalid("must be text", where);
        TACT_TRY(set(name, text_value.get_string(), where, map));
      }
    } else if (key == "header" && member.is_bool()) {
      map.header = member.get_bool();
    } else if ((key == "separator" || key == "time" || key == "header") && member.is_string()) {
      TACT_TRY(set(key, member.get_string(), key, map));
    } else {
      return invalid("not a setting, or of a wrong type", key);
    }
  }
  return ok();
}

}  // namespace

Result<ColumnMap> parse_column_map(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  ColumnMap map;
  TACT_TRY(trim(text).starts_with('{') ? read_json(text, map) : read_lines(text, map));
  const auto type =
      std::find_if(map.fields.begin(), map.fields.end(),
                   [](const ColumnMap::Field& field) { return field.member == "type"; });
  if (type == map.fields.end()) return invalid("a map needs \"type\"", "");
  return map;
}

}  // namespace tact
