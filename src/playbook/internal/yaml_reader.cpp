#include "playbook/internal/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

#include "base/utf8.h"

namespace tact::playbook_internal {
namespace {

struct TooDeep {
  YAML::Mark mark;
};

class Lines {
 public:
  explicit Lines(std::string_view text) {
    std::size_t start = 0;
    while (start <= text.size()) {
      const std::size_t end = text.find('\n', start);
      lines_.push_back(text.substr(start, end == text.npos ? text.npos : end - start));
      if (end == text.npos) break;
      start = end + 1;
    }
  }
  std::string_view line(int number) const {  // from 0
    const auto index = static_cast<std::size_t>(number);
    return number >= 0 && index < lines_.size() ? lines_[index] : std::string_view{};
  }
  bool tab_indents(int number) const {
    const std::string_view text = line(number);
    return text.substr(0, text.find_first_not_of(" \t")).find('\t') != text.npos;
  }
  // A quoted text that begins here and never ends (yaml-cpp takes the rest of the file for it).
  bool never_closed(const YAML::Mark& mark) const {
    const std::string_view first = line(mark.line);
    if (mark.column < 0 || static_cast<std::size_t>(mark.column) >= first.size()) return false;
    const char* begin = first.data() + mark.column;
    const char* end = lines_.back().data() + lines_.back().size();
    const char quote = *begin;
    if (quote != '"' && quote != '\'') return false;
    for (const char* at = begin + 1; at < end; ++at) {
      if (quote == '"' && *at == '\\') {
        ++at;
      } else if (*at == quote) {
        if (quote == '"' || at + 1 == end || at[1] != quote) return false;
        ++at;  // '' inside '…'
      }
    }
    return true;
  }
  SourcePosition position(const std::string& file, const YAML::Mark& mark) const {
    if (mark.line < 0) return {file, 0, 0};
    return {file, mark.line + 1, characters_before(mark) + 1};
  }
  // See YamlNode::text_shift.
  int text_shift(const YAML::Mark& mark, std::string_view text) const {
    const std::string_view all = line(mark.line);
    if (mark.column < 0 || static_cast<std::size_t>(mark.column) >= all.size()) return -1;
    const std::string_view rest = all.substr(static_cast<std::size_t>(mark.column));
    if (rest.starts_with(text)) return 0;
    const bool quoted = rest.front() == '"' || rest.front() == '\'';
    return quoted && rest.substr(1).starts_with(text) ? 1 : -1;
  }

 private:
  // Counted on from the place asked for last, so that a long line is counted once, not once a node.
  int characters_before(const YAML::Mark& mark) const {
    const std::string_view text = line(mark.line);
    const std::size_t bytes =
        std::min(text.size(), static_cast<std::size_t>(std::max(mark.column, 0)));
    if (mark.line != counted_.line || bytes < counted_.bytes) counted_ = {mark.line, 0, 0};
    counted_.characters += count_characters(text.substr(counted_.bytes, bytes - counted_.bytes));
    counted_.bytes = bytes;
    return counted_.characters;
  }

  struct Counted {
    int line = -1;
    std::size_t bytes = 0;
    int characters = 0;
  };
  std::vector<std::string_view> lines_;
  mutable Counted counted_;
};

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, const Lines& lines, Report& report)
      : file_(file), lines_(lines), report_(report) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "", anchor);
    add(make(YamlNode::Kind::kEmpty, mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    error(mark, "yaml-alias", "aliases (*name) are not allowed", "write the text again");
    add(make(YamlNode::Kind::kEmpty, mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    if (tag == "!" && lines_.never_closed(mark)) {
      error(mark, "yaml", "this quote is never closed", "end the text with the same quote");
    }
    YamlNode node = make(YamlNode::Kind::kText, mark);
    node.text = value;
    node.text_shift = lines_.text_shift(mark, value);
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    check(mark, tag, anchor);
    open(YamlNode::Kind::kList, mark, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    check(mark, tag, anchor);
    open(YamlNode::Kind::kMap, mark, style);
  }
  void OnMapEnd() override { close(); }

  YamlNode take_root() { return std::move(root_); }
  bool sound() const { return sound_; }

 private:
  struct Frame {
    YamlNode node;
    std::optional<YamlNode> key;  // of a map: waiting for its value
    std::set<std::string, std::less<>> keys;
  };

  YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark) const {
    YamlNode node;
    node.kind = kind;
    node.position = lines_.position(file_, mark);
    return node;
  }
  void error(const YAML::Mark& mark, const char* rule, std::string message,
             std::string suggestion) {
    sound_ = false;
    if (!reported_.insert(rule).second) return;  // the first of a kind says it
    report_.error(lines_.position(file_, mark), rule, std::move(message), std::move(suggestion));
  }
  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) {
      error(mark, "yaml-anchor", "anchors (&name) are not allowed", "write the text again");
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      error(mark, "yaml-tag", "tags (" + tag + ") are not allowed", "leave the tag out");
    }
  }
  void open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::EmitterStyle::value style) {
    if (stack_.size() >= static_cast<std::size_t>(kMaxYamlDepth)) throw TooDeep{mark};
    Frame frame;
    frame.node = make(kind, mark);
    frame.node.flow = style == YAML::EmitterStyle::Flow;
    stack_.push_back(std::move(frame));
  }
  void close() {
    YamlNode node = std::move(stack_.back().node);
    stack_.pop_back();
    add(std::move(node));
  }
  void add(YamlNode node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& top = stack_.back();
    if (top.node.is_list()) {
      top.node.items.push_back(std::move(node));
    } else if (!top.key) {
      top.key = std::move(node);
    } else {
      add_entry(top, std::move(node));
    }
  }
  void add_entry(Frame& top, YamlNode value) {
    YamlNode key = std::move(*top.key);
    top.key.reset();
    if (!key.is_text()) {
      sound_ = false;
      report_.error(key.position, "yaml-key",
                    "a key must be text, not " + std::string(key.kind_name()));
    } else if (!top.keys.insert(key.text).second) {
      sound_ = false;
      report_.error(key.position, "duplicate-key", "\"" + key.text + "\" is given twice here",
                    "keep one of the two");
    } else {
      top.node.entries.push_back({std::move(key), std::move(value)});
    }
  }

  const std::string& file_;
  const Lines& lines_;
  Report& report_;
  std::vector<Frame> stack_;
  YamlNode root_;
  std::set<std::string> reported_;
  bool sound_ = true;
};

// yaml-cpp's messages, in words that say what to do.
void report_syntax(const std::string& file, const Lines& lines, const YAML::Exception& e,
                   Report& report) {
  const SourcePosition at = lines.position(file, e.mark);
  const std::string_view message = e.msg;
  const auto has = [message](std::string_view part) { return message.find(part) != message.npos; };
  if (lines.tab_indents(e.mark.line) || has("tab")) {
    report.error(at, "yaml", "a tab indents this line", "indent with spaces");
  } else if (has("map value")) {
    report.error(at, "yaml", "a colon cannot stand here",
                 "quote the text if the colon belongs to it, or check the indentation");
  } else if (has("EOF")) {
    report.error(at, "yaml", "the text is never closed", "end it with the same quote");
  } else {
    report.error(at, "yaml", "this is not YAML: " + e.msg,
                 "check the indentation, and quote texts with \": \", \" #\", { or [");
  }
}

void parse(const std::string& file, std::string_view text, Report& report, YamlDocument& document) {
  const Lines lines(text);
  TreeBuilder builder(file, lines, report);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (parser.HandleNextDocument(builder)) {
      document.root = builder.take_root();
      document.readable = builder.sound();
      TreeBuilder second(file, lines, report);
      if (parser.HandleNextDocument(second)) {
        document.readable = false;
        report.error(second.take_root().position, "yaml-document",
                     "a file holds one document, not several", "remove the line \"---\"");
      }
    } else {
      document.root.position = {file, 1, 1};
      document.readable = true;
    }
  } catch (const TooDeep& deep) {
    document.readable = false;
    report.error(lines.position(file, deep.mark), "yaml-depth",
                 "nested more than " + std::to_string(kMaxYamlDepth) + " levels deep");
  } catch (const YAML::Exception& e) {
    document.readable = false;
    report_syntax(file, lines, e, report);
  } catch (const std::exception& e) {  // yaml-cpp lets std::stoi and friends escape
    document.readable = false;
    report.error({file, 0, 0}, "yaml", std::string("not readable: ") + e.what());
  }
}

}  // namespace

SourcePosition YamlNode::position_of(std::size_t offset) const {
  SourcePosition at = position;
  if (text_shift >= 0) {
    at.column += text_shift + count_characters(std::string_view(text).substr(0, offset));
  }
  return at;
}

std::string_view YamlNode::kind_name() const {
  switch (kind) {
    case Kind::kEmpty:
      return "nothing";
    case Kind::kText:
      return "text";
    case Kind::kList:
      return "a list";
    case Kind::kMap:
      return "a map of keys";
  }
  return "nothing";
}

int count_characters(std::string_view text) {
  int count = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++count;
  }
  return count;
}

std::size_t find_unreadable(std::string_view text) {
  const auto control = std::find_if(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
  });
  const std::size_t bad = find_bad_utf8(text);
  if (control == text.end()) return bad;
  return std::min(bad, static_cast<std::size_t>(control - text.begin()));
}

YamlDocument read_yaml(const std::string& file, std::string_view text, Report& report) {
  YamlDocument document;
  document.root.position = {file, 1, 1};
  if (text.size() > kMaxFileBytes) {
    report.error({file, 0, 0}, "too-large", "the file is larger than 1 MB", "split it");
    return document;
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (const std::size_t bad = find_unreadable(text); bad != std::string_view::npos) {
    int line = 1;
    std::size_t start = 0;
    for (std::size_t i = 0; i < bad; ++i) {
      if (text[i] == '\n') {
        ++line;
        start = i + 1;
      }
    }
    report.error({file, line, count_characters(text.substr(start, bad - start)) + 1}, "not-utf8",
                 "this is not UTF-8 text", "save the file as UTF-8");
    return document;
  }
  parse(file, text, report, document);
  return document;
}

}  // namespace tact::playbook_internal
