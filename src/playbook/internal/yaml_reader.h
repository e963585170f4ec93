// YAML text → a tree of positions and texts, without the parts of YAML that surprise people or
// exhaust machines: no aliases, anchors, tags, duplicate keys, second documents, deep nesting.
// Everything is text: `no`, `1.0` and `2026-01-01` stay what was written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "playbook/internal/report.h"

namespace tact::playbook_internal {

inline constexpr std::size_t kMaxFileBytes = 1 << 20;
inline constexpr int kMaxYamlDepth = 20;

struct YamlEntry;

struct YamlNode {
  enum class Kind : std::uint8_t { kEmpty, kText, kList, kMap };
  Kind kind = Kind::kEmpty;
  std::string text;         // kText
  SourcePosition position;  // columns count characters, not bytes
  // Columns between `position` and the first character of the text (1 behind a quote); -1 where the
  // text is not written in one piece on one line, so that no column inside it can be named.
  int text_shift = -1;
  bool flow = false;               // written {a: b} or [a, b]
  std::vector<YamlNode> items;     // kList
  std::vector<YamlEntry> entries;  // kMap, as written

  bool is_text() const { return kind == Kind::kText; }
  bool is_list() const { return kind == Kind::kList; }
  bool is_map() const { return kind == Kind::kMap; }
  bool is_empty() const { return kind == Kind::kEmpty; }
  // Where the byte at `offset` of the text is written.
  SourcePosition position_of(std::size_t offset) const;
  std::string_view kind_name() const;  // "a list"
};

struct YamlEntry {
  YamlNode key;  // kText
  YamlNode value;
};

struct YamlDocument {
  YamlNode root;
  bool readable = false;  // false: an error was reported, and the tree is not to be trusted
};

YamlDocument read_yaml(const std::string& file, std::string_view text, Report& report);

// Well-formed UTF-8 (no surrogates, no overlong forms), without control characters but \t \n \r.
// The offset of the first byte that is not, or npos.
std::size_t find_unreadable(std::string_view text);

// Characters (code points) in valid UTF-8.
int count_characters(std::string_view text);

}  // namespace tact::playbook_internal
