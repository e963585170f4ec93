// playbook.yaml and content.yaml
#include <algorithm>
#include <set>

#include "playbook/internal/compiler.h"
#include "playbook/internal/values.h"

namespace tact::playbook_internal {
namespace {

bool is_time_zone(std::string_view text) {  // the form only: the zones live in `collect`
  if (text.empty() || text.size() > 64 || text.front() == '/' || text.back() == '/') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  });
}

bool is_currency(std::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// ISO 4217 "minor unit" where it is not 2.
int minor_digits(std::string_view currency) {
  static const std::set<std::string_view> kNone = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
                                                   "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
                                                   "VND", "VUV", "XAF", "XOF", "XPF"};
  static const std::set<std::string_view> kThree = {"BHD", "IQD", "JOD", "KWD",
                                                    "LYD", "OMR", "TND"};
  return kNone.contains(currency) ? 0 : kThree.contains(currency) ? 3 : 2;
}

void compile_locales(const Fields& fields, Compiler& c) {
  if (fields.find("locales") == nullptr) return;
  c.playbook.site.locales.clear();
  for (const YamlNode* node : fields.texts("locales")) {
    if (!is_locale(node->text)) {
      c.report.error(node->position, "bad-value", "\"" + node->text + "\" is not a language",
                     "for example en, de, de-AT");
    } else if (std::find(c.playbook.site.locales.begin(), c.playbook.site.locales.end(),
                         node->text) != c.playbook.site.locales.end()) {
      c.report.error(node->position, "duplicate-name", "\"" + node->text + "\" is listed twice");
    } else {
      c.playbook.site.locales.push_back(node->text);
    }
  }
  if (c.playbook.site.locales.empty()) c.playbook.site.locales.emplace_back("en");
}

void compile_margin(const Fields& fields, Compiler& c) {
  const YamlNode* node = fields.text("margin");
  Probability margin;
  if (!read_value(node, parse_percent, margin, c.report)) return;
  if (margin.ppm == 0) {
    c.report.error(node->position, "bad-value", "a margin is above 0%, or nothing is ever earned",
                   "leave it out if it is not known");
    return;
  }
  c.playbook.site.margin = margin;
}

void compile_pages(Compiler& c, const YamlNode& node) {
  for (const YamlEntry& entry : node.entries) {
    PageRule rule;
    rule.glob = entry.key.text;
    if (!rule.glob.starts_with('/')) {
      c.report.error(entry.key.position, "bad-value", "a page's path begins with /",
                     "for example /shoes/*");
    }
    const Fields fields(entry.value, "a page", c.report, {"type", "topic", "stage"});
    rule.type = fields.string("type");
    rule.topic = fields.string("topic");
    fields.choice("stage", {"awareness", "consideration", "decision"});
    rule.stage = fields.string("stage");
    c.playbook.pages.push_back(std::move(rule));
  }
}

void compile_dayparts(Compiler& c, const YamlNode& node) {
  for (const YamlEntry* entry : named_entries(node, IdStyle::kSnake, "a daypart", c.report)) {
    MinuteRange range;
    const YamlNode* text = require_text(entry->value, "a daypart", c.report);
    read_value(text, parse_minutes, range, c.report);
    c.playbook.dayparts.push_back({entry->key.text, range.from, range.to});
  }
}

std::string lower_ascii(std::string_view text) {
  std::string out(trim(text));
  for (char& ch : out) {
    if (ch >= 'A' && ch <= 'Z') ch = static_cast<char>(ch - 'A' + 'a');
  }
  return out;
}

void compile_keyword_groups(Compiler& c, const YamlNode& node) {
  for (const YamlEntry* entry : named_entries(node, IdStyle::kSnake, "a keyword group", c.report)) {
    KeywordGroup group;
    group.name = entry->key.text;
    if (!entry->value.is_list() || entry->value.items.empty()) {
      c.report.error(entry->value.position, "wrong-type",
                     "a keyword group needs a list of keywords");
    }
    for (const YamlNode& item : entry->value.items) {
      if (require_text(item, "a keyword", c.report) != nullptr) {
        group.keywords.push_back(lower_ascii(item.text));
      }
    }
    c.playbook.keyword_groups.push_back(std::move(group));
  }
}

}  // namespace

bool is_locale(std::string_view text) {
  const std::size_t dash = text.find('-');
  const std::string_view language = text.substr(0, dash);
  const std::string_view region = dash == text.npos ? "" : text.substr(dash + 1);
  if (language.size() < 2 || language.size() > 3) return false;
  if (dash != text.npos && region.size() != 2) return false;
  return std::all_of(language.begin(), language.end(),
                     [](char c) { return c >= 'a' && c <= 'z'; }) &&
         std::all_of(region.begin(), region.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void compile_site(Compiler& c) {
  const YamlNode* root = c.document("playbook.yaml");
  if (root == nullptr) return;
  const Fields fields(*root, "playbook.yaml", c.report,
                      {"site", "time_zone", "currency", "locales", "sector", "audience",
                       "hold_back", "margin", "privacy", "traffic"});
  Site& site = c.playbook.site;
  site.name = fields.string("site");
  if (fields.find("site") == nullptr) {
    c.report.error(root->position, "missing-key", "playbook.yaml must name the site",
                   "site: \"Your site\"");
  }
  if (const YamlNode* node = fields.text("time_zone")) {
    site.time_zone = node->text;
    site.time_zone_position = node->position;
    if (!is_time_zone(node->text)) {
      c.report.error(node->position, "bad-value", "\"" + node->text + "\" is not a time zone",
                     "for example Europe/Berlin");
    }
  }
  if (const YamlNode* node = fields.text("currency")) {
    site.currency = node->text;
    site.minor_digits = minor_digits(node->text);
    if (!is_currency(node->text)) {
      c.report.error(node->position, "bad-value", "\"" + node->text + "\" is not a currency",
                     "its three letters, for example EUR");
    }
  }
  compile_locales(fields, c);
  if (fields.choice("sector",
                    {"shop", "saas", "clinic", "restaurant", "finance", "legal", "education"})) {
    site.sector = fields.string("sector");
  }
  if (const auto audience = fields.choice("audience", {"adults", "mixed", "children"})) {
    site.audience = static_cast<Audience>(*audience);  // in the order of the enum
  }
  read_value(fields.text("hold_back"), parse_percent, site.hold_back, c.report);
  compile_margin(fields, c);
  if (const YamlNode* node = fields.find("privacy")) compile_privacy(c, *node);
  if (const YamlNode* node = fields.find("traffic")) compile_traffic(c, *node);
}

void compile_content(Compiler& c) {
  const YamlNode* root = c.document("content.yaml");
  if (root == nullptr) return;
  const Fields fields(*root, "content.yaml", c.report, {"pages", "dayparts", "keyword_groups"});
  const auto section = [&](std::string_view key) -> const YamlNode* {
    const YamlNode* node = fields.find(key);
    if (node != nullptr && !node->is_map()) {
      c.report.error(node->position, "wrong-type",
                     "\"" + std::string(key) + "\" must be a map of keys, not " +
                         std::string(node->kind_name()));
      return nullptr;
    }
    return node;
  };
  if (const YamlNode* node = section("pages")) compile_pages(c, *node);
  if (const YamlNode* node = section("dayparts")) compile_dayparts(c, *node);
  if (const YamlNode* node = section("keyword_groups")) compile_keyword_groups(c, *node);
}

}  // namespace tact::playbook_internal
