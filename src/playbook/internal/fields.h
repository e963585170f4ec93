// Reads the keys of one map, and complains about those nobody asked for.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "playbook/internal/did_you_mean.h"
#include "playbook/internal/yaml_reader.h"

namespace tact::playbook_internal {

class Fields {
 public:
  // known: every key this map may have. later: keys of later versions, each a clear error.
  // Reports a node that is no map; then every key is absent. `node` must outlive this.
  Fields(const YamlNode& node, std::string what, Report& report,
         std::initializer_list<std::string_view> known,
         std::initializer_list<std::string_view> later = {});

  const YamlNode* find(std::string_view key) const;  // null where absent
  const YamlNode* key(std::string_view key) const;   // the key itself, for its position
  // Trimmed text; nullptr where absent; not text, or empty: reported, nullptr.
  const YamlNode* text(std::string_view key) const;
  // Same, for copying; empty where absent or reported.
  std::string string(std::string_view key) const;
  // One of `allowed`: its index. Absent: nullopt. Anything else: reported, nullopt.
  std::optional<std::size_t> choice(std::string_view key,
                                    std::initializer_list<std::string_view> allowed) const;
  // A list of texts, or a single text.
  std::vector<const YamlNode*> texts(std::string_view key) const;

 private:
  const YamlNode& node_;
  std::string what_;
  Report& report_;
};

// The text of a node, or a report that `what` must be text.
const YamlNode* require_text(const YamlNode& node, std::string_view what, Report& report);

// Ids: snake_case for what appears in clauses and goals; moments, messages and variants may have
// hyphens. Reports and returns false otherwise.
enum class IdStyle : std::uint8_t { kSnake, kKebab };
bool check_id(const YamlNode& key, IdStyle style, std::string_view what, Report& report);

}  // namespace tact::playbook_internal
