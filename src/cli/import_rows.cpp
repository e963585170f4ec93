#include "cli/import_rows.h"

#include <algorithm>
#include <array>

#include "base/json.h"

namespace tact::cli {
namespace {

// Members of a line of traits that are none.
constexpr std::array<std::string_view, 7> kOfTheCall = {
    "userId", "anonymousId", "timestamp", "originalTimestamp", "context", "messageId", "type"};

// {"userId": "u", "country": "DE"} → {"userId": "u", "type": "identify", "traits": {"country":
// "DE"}} A line that says its type, or has traits, is a whole call.
std::string as_identify(const std::string& line) {
  auto parsed = parse_json(line);
  json::object* object = parsed.has_value() ? parsed->if_object() : nullptr;
  // The parser of events says what is wrong.
  if (object == nullptr || object->contains("type")) return line;
  (*object)["type"] = "identify";
  if (object->contains("traits")) return to_string(*object);
  json::object call, traits;
  for (auto& [key, value] : *object) {
    const bool of_the_call =
        std::find(kOfTheCall.begin(), kOfTheCall.end(), std::string_view(key)) != kOfTheCall.end();
    (of_the_call ? call : traits)[key] = std::move(value);
  }
  call["traits"] = std::move(traits);
  return to_string(call);
}

class JsonLines final : public Rows {
 public:
  JsonLines(std::istream& in, bool traits, std::string file)
      : in_(in), traits_(traits), file_(std::move(file)) {}

  Result<std::optional<RawEvent>> next() override {
    while (read_line()) {
      if (text_.find_first_not_of(" \t\r") == std::string::npos) continue;
      auto event = parse_event_line(traits_ ? as_identify(text_) : text_);
      if (event.has_value()) return std::optional<RawEvent>(std::move(*event));
      Error error = std::move(event).error();
      error.message = (error.where.empty() ? "" : error.where + ": ") + error.message;
      error.where = file_ + ":" + std::to_string(line_);
      return error;
    }
    return std::optional<RawEvent>();
  }
  std::size_t line() const override { return line_; }

 private:
  bool read_line() {
    text_.clear();
    ++line_;
    std::streambuf& buffer = *in_.rdbuf();
    constexpr int kEnd = std::istream::traits_type::eof();
    int c = buffer.sbumpc();
    if (c == kEnd) return false;
    for (; c != kEnd && c != '\n'; c = buffer.sbumpc()) {
      if (text_.size() <= kMaxEventBytes) text_ += static_cast<char>(c);
    }
    return true;
  }

  std::istream& in_;
  bool traits_;
  std::string file_, text_;
  std::size_t line_ = 0;
};

class DelimitedRows final : public Rows {
 public:
  DelimitedRows(std::istream& in, ColumnMap map, std::string file)
      : reader_(in, std::move(map), std::move(file)) {}
  Result<std::optional<RawEvent>> next() override { return reader_.next(); }
  std::size_t line() const override { return reader_.line(); }

 private:
  DelimitedReader reader_;
};

// Refuses what is no identify call.
class TraitRows final : public Rows {
 public:
  TraitRows(std::unique_ptr<Rows> rows, std::string file)
      : rows_(std::move(rows)), file_(std::move(file)) {}
  Result<std::optional<RawEvent>> next() override {
    auto row = rows_->next();
    if (!row.has_value() || !row->has_value() || (*row)->type == EventType::kIdentify) return row;
    return make_error(
        ErrorCode::kInvalid,
        "with --traits every line is an identify call, not " + std::string(to_string((*row)->type)),
        file_ + ":" + std::to_string(line()));
  }
  std::size_t line() const override { return rows_->line(); }

 private:
  std::unique_ptr<Rows> rows_;
  std::string file_;
};

}  // namespace

std::unique_ptr<Rows> make_rows(std::istream& in, const std::optional<ColumnMap>& map, bool traits,
                                const std::string& file) {
  std::unique_ptr<Rows> rows;
  if (map) {
    rows = std::make_unique<DelimitedRows>(in, *map, file);
  } else {
    rows = std::make_unique<JsonLines>(in, traits, file);
  }
  if (!traits) return rows;
  return std::make_unique<TraitRows>(std::move(rows), file);
}

}  // namespace tact::cli
