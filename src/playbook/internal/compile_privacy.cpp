// `privacy:` and `traffic:` of playbook.yaml
#include <algorithm>

#include "playbook/internal/compiler.h"
#include "playbook/internal/values.h"

namespace tact::playbook_internal {
namespace {

constexpr std::size_t kMostPatterns = 100;  // each is tried on every member of every event

bool has_root(std::string_view path) {
  return path.starts_with("properties.") || path.starts_with("traits.") ||
         path.starts_with("context.");
}

// The texts of a list that is not too long.
std::vector<const YamlNode*> bounded(const Fields& fields, std::string_view key, Compiler& c) {
  std::vector<const YamlNode*> nodes = fields.texts(key);
  if (nodes.size() > kMostPatterns) {
    c.report.error(
        nodes[kMostPatterns]->position, "too-many",
        "\"" + std::string(key) + "\" has over " + std::to_string(kMostPatterns) + " entries",
        "one pattern with * may stand for many names");
    nodes.resize(kMostPatterns);
  }
  return nodes;
}

// Names stay as they are; a path without its beginning is one of properties.
std::vector<std::string> patterns(const Fields& fields, std::string_view key, Compiler& c) {
  std::vector<std::string> out;
  for (const YamlNode* node : bounded(fields, key, c)) {
    const std::string_view text = node->text;
    const auto parts = split(text, '.');
    if (std::any_of(parts.begin(), parts.end(), [](auto part) { return part.empty(); })) {
      c.report.error(node->position, "bad-value",
                     "\"" + node->text + "\" is neither a name nor a path",
                     "for example notes, debug_* or address.street");
      continue;
    }
    out.push_back(parts.size() == 1 || has_root(text) ? node->text : "properties." + node->text);
  }
  return out;
}

std::vector<std::string> property_names(const Fields& fields, std::string_view key, Compiler& c) {
  std::vector<std::string> out;
  for (const YamlNode* node : bounded(fields, key, c)) {
    if (node->text.find('.') == std::string::npos) {
      out.push_back(node->text);
      continue;
    }
    const std::string_view path = node->text;
    const std::size_t root = path.starts_with("properties.") ? 11 : 0;
    c.report.error(
        node->position, "bad-value",
        std::string(key) + " names properties of the first level, not \"" + node->text + "\"",
        std::string(path.substr(root, path.find('.', root) - root)));
  }
  return out;
}

std::vector<Network> networks(const Fields& fields, std::string_view key, Compiler& c) {
  std::vector<Network> out;
  for (const YamlNode* node : bounded(fields, key, c)) {
    Network network;
    if (read_value(node, parse_network, network, c.report)) out.push_back(network);
  }
  return out;
}

}  // namespace

void compile_privacy(Compiler& c, const YamlNode& node) {
  const Fields fields(node, "\"privacy\"", c.report,
                      {"keep_properties", "drop_properties", "expected"});
  Privacy& privacy = c.playbook.site.privacy;
  if (fields.find("keep_properties") != nullptr) {
    privacy.keep = property_names(fields, "keep_properties", c);
  }
  privacy.drop = patterns(fields, "drop_properties", c);
  if (fields.find("expected") != nullptr) privacy.expected = patterns(fields, "expected", c);
}

void compile_traffic(Compiler& c, const YamlNode& node) {
  const Fields fields(node, "\"traffic\"", c.report, {"staff_networks", "bot_networks"});
  c.playbook.site.traffic.staff = networks(fields, "staff_networks", c);
  c.playbook.site.traffic.bots = networks(fields, "bot_networks", c);
}

}  // namespace tact::playbook_internal
