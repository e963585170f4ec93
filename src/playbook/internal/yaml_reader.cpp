#include "playbook/internal/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <optional>
#include <set>
#include <sstream>

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
  SourcePosition position(const std::string& file, const YAML::Mark& mark) const {
    if (mark.line < 0) return {file, 0, 0};
    const std::string_view text = line(mark.line);
    const auto bytes = static_cast<std::size_t>(mark.column < 0 ? 0 : mark.column);
    return {file, mark.line + 1, count_characters(text.substr(0, bytes)) + 1};
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
  std::vector<std::string_view> lines_;
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
  bool sound_ = true;
};

// yaml-cpp's messages, in words that say what to do.
std::string hint_for(std::string_view message) {
  if (message.find("tab") != message.npos) return "indent with spaces";
  if (message.find("map") != message.npos || message.find("unknown token") != message.npos) {
    return "check the indentation, and quote texts that contain \": \", \" #\", { or [";
  }
  if (message.find("EOF") != message.npos) return "a quote is opened and never closed";
  return "check quotes and indentation";
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
    report.error(lines.position(file, e.mark), "yaml", e.msg, hint_for(e.msg));
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

std::size_t find_bad_utf8(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::size_t i = 0;
  while (i < text.size()) {
    const unsigned lead = byte(i);
    if (lead < 0x80) {
      if ((lead < 0x20 && lead != '\t' && lead != '\n' && lead != '\r') || lead == 0x7F) return i;
      ++i;
      continue;
    }
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || i + size > text.size()) return i;
    std::uint32_t point = lead & (0xFFU >> (size + 1));
    for (std::size_t k = 1; k < size; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return i;
      point = point << 6 | (byte(i + k) & 0x3FU);
    }
    const std::uint32_t least = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
    if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return i;
    i += size;
  }
  return std::string_view::npos;
}

YamlDocument read_yaml(const std::string& file, std::string_view text, Report& report) {
  YamlDocument document;
  document.root.position = {file, 1, 1};
  if (text.size() > kMaxFileBytes) {
    report.error({file, 0, 0}, "too-large", "the file is larger than 1 MB", "split it");
    return document;
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (const std::size_t bad = find_bad_utf8(text); bad != std::string_view::npos) {
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
