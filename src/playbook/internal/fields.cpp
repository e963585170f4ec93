#include "playbook/internal/fields.h"

#include <algorithm>

namespace tact::playbook_internal {
namespace {

constexpr std::size_t kLongestId = 64;

const YamlEntry* find_entry(const YamlNode& node, std::string_view key) {
  for (const YamlEntry& entry : node.entries) {
    if (entry.key.text == key) return &entry;
  }
  return nullptr;
}

bool contains(std::initializer_list<std::string_view> all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::string as_id(std::string_view text, IdStyle style) {
  std::string id;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      id += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && !id.empty())) {
      id += c;
    } else if (!id.empty() && (c == ' ' || c == '-' || c == '_')) {
      id += style == IdStyle::kSnake ? '_' : '-';
    }
  }
  return id;
}

}  // namespace

Fields::Fields(const YamlNode& node, std::string what, Report& report,
               std::initializer_list<std::string_view> known,
               std::initializer_list<std::string_view> later)
    : node_(node), what_(std::move(what)), report_(report) {
  if (!node.is_map()) {
    if (!node.is_empty()) {
      report.error(node.position, "wrong-type",
                   what_ + " must be a map of keys, not " + std::string(node.kind_name()));
    }
    return;
  }
  for (const YamlEntry& entry : node.entries) {
    if (contains(known, entry.key.text)) continue;
    if (contains(later, entry.key.text)) {
      report.error(entry.key.position, "not-supported",
                   "\"" + entry.key.text + "\" is not supported by this version", "leave it out");
      continue;
    }
    const std::vector<std::string> names(known.begin(), known.end());
    report.error(entry.key.position, "unknown-key",
                 what_ + " has no key \"" + entry.key.text + "\"",
                 did_you_mean(entry.key.text, names));
  }
}

const YamlNode* Fields::find(std::string_view key) const {
  const YamlEntry* entry = find_entry(node_, key);
  return entry == nullptr ? nullptr : &entry->value;
}

const YamlNode* Fields::key(std::string_view key) const {
  const YamlEntry* entry = find_entry(node_, key);
  return entry == nullptr ? nullptr : &entry->key;
}

const YamlNode* Fields::text(std::string_view key) const {
  const YamlNode* node = find(key);
  return node == nullptr ? nullptr : require_text(*node, "\"" + std::string(key) + "\"", report_);
}

std::string Fields::string(std::string_view key) const {
  const YamlNode* node = text(key);
  return node == nullptr ? std::string{} : node->text;
}

std::optional<std::size_t> Fields::choice(std::string_view key,
                                          std::initializer_list<std::string_view> allowed) const {
  const YamlNode* node = text(key);
  if (node == nullptr) return std::nullopt;
  const auto it = std::find(allowed.begin(), allowed.end(), node->text);
  if (it != allowed.end()) return static_cast<std::size_t>(it - allowed.begin());
  const std::vector<std::string> names(allowed.begin(), allowed.end());
  std::string hint = did_you_mean(node->text, names);
  if (hint.empty()) {
    hint = "one of ";
    for (const std::string& name : names) hint += (&name == &names.front() ? "" : ", ") + name;
  }
  report_.error(node->position, "unknown-value",
                std::string(key) + " cannot be \"" + node->text + "\"", hint);
  return std::nullopt;
}

std::vector<const YamlNode*> Fields::texts(std::string_view key) const {
  std::vector<const YamlNode*> out;
  const YamlNode* node = find(key);
  if (node == nullptr) return out;
  const std::string what = "\"" + std::string(key) + "\"";
  if (!node->is_list()) {
    if (const YamlNode* one = require_text(*node, what, report_)) out.push_back(one);
    return out;
  }
  for (const YamlNode& item : node->items) {
    if (const YamlNode* one = require_text(item, "each of " + what, report_)) out.push_back(one);
  }
  return out;
}

const YamlNode* require_text(const YamlNode& node, std::string_view what, Report& report) {
  if (node.is_text() && node.text.find_first_not_of(" \t\r\n") != std::string::npos) return &node;
  const std::string found = node.is_text() ? "empty text" : std::string(node.kind_name());
  report.error(node.position, "wrong-type", std::string(what) + " must be text, not " + found,
               node.is_map() ? "quote the text if it contains a colon" : "");
  return nullptr;
}

bool check_id(const YamlNode& key, IdStyle style, std::string_view what, Report& report) {
  const std::string& id = key.text;
  const bool fine = !id.empty() && id.size() <= kLongestId && id[0] >= 'a' && id[0] <= 'z' &&
                    std::all_of(id.begin(), id.end(), [style](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
                             (style == IdStyle::kKebab && c == '-');
                    });
  if (fine) return true;
  const std::string proposal = as_id(id, style);
  report.error(key.position, "bad-id",
               "\"" + id + "\" cannot name " + std::string(what) + ": small letters, digits and " +
                   (style == IdStyle::kSnake ? "underscores" : "hyphens") +
                   ", a letter first, at most 64",
               proposal.empty() ? "" : "for example \"" + proposal + "\"");
  return false;
}

}  // namespace tact::playbook_internal
