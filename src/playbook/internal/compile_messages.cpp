// messages/*.yaml
#include "playbook/internal/compiler.h"
#include "playbook/internal/values.h"

namespace tact::playbook_internal {
namespace {

void compile_link(const Fields& fields, Content& content, Report& report) {
  const YamlNode* node = fields.find("link");
  if (node == nullptr) return;
  const Fields link(*node, "a link", report, {"text", "to"});
  content.link_text = link.string("text");
  content.link_to = link.string("to");
  if (content.link_text.empty() != content.link_to.empty()) {
    report.error(node->position, "missing-key", "a link has both a text and a destination (to)");
  }
}

void compile_image(const Fields& fields, Content& content, Report& report) {
  const YamlNode* node = fields.find("image");
  if (node == nullptr) return;
  const Fields image(*node, "an image", report, {"src", "alt"});
  content.image_src = image.string("src");
  if (image.find("src") == nullptr) {
    report.error(node->position, "missing-key", "an image needs its address",
                 "src: /images/guide.jpg");
  }
  const YamlNode* alt = image.find("alt");
  if (alt == nullptr) {
    report.error(node->position, "missing-key", "an image needs words for those who do not see it",
                 "alt: what it shows, or alt: \"\" for decoration");
  } else if (alt->is_text() && alt->text.empty()) {
    return;  // decoration
  }
  content.image_alt = image.string("alt");
}

void compile_options(const Fields& fields, Content& content, Report& report) {
  const YamlNode* node = fields.find("options");
  if (node == nullptr) return;
  if (!node->is_list()) {
    report.error(node->position, "wrong-type", "options are a list",
                 "- {value: unsure, text: \"Not sure\"}");
    return;
  }
  for (const YamlNode& item : node->items) {
    const Fields option(item, "an option", report, {"value", "text"});
    Content::Option one{option.string("value"), option.string("text")};
    if (item.is_map() && (option.find("value") == nullptr || option.find("text") == nullptr)) {
      report.error(item.position, "missing-key", "an option has a value and a text");
    }
    for (const Content::Option& other : content.options) {
      if (other.value == one.value && !one.value.empty()) {
        report.error(item.position, "duplicate-name",
                     "two options have the value \"" + one.value + "\"");
      }
    }
    content.options.push_back(std::move(one));
  }
}

void compile_variant(Compiler& c, const YamlEntry& entry, Message& message) {
  Report& report = c.report;
  const Fields fields(entry.value, "a variant", report,
                      {"locale", "title", "body", "link", "image", "items", "options"},
                      {"for", "tone", "tier", "stage", "video"});
  Variant variant;
  variant.id = entry.key.text;
  if (const YamlNode* locale = fields.text("locale")) {
    variant.locale = locale->text;
    if (!is_locale(locale->text)) {
      report.error(locale->position, "bad-value", "\"" + locale->text + "\" is not a language",
                   "for example de");
    }
  }
  Content& content = variant.content;
  content.title = trim(fields.string("title"));
  content.body = trim(fields.string("body"));
  compile_link(fields, content, report);
  compile_image(fields, content, report);
  for (const YamlNode* item : fields.texts("items")) content.items.emplace_back(trim(item->text));
  compile_options(fields, content, report);
  if (fields.find("title") == nullptr && fields.find("body") == nullptr) {
    report.error(entry.key.position, "missing-key", "variant \"" + variant.id + "\" has no words",
                 "a title, a body, or both");
  }
  if (message.kind == MessageKind::kQuestion && content.options.size() < 2) {
    report.error(entry.key.position, "missing-key", "a question needs at least two options");
  }
  if (message.kind != MessageKind::kQuestion && message.kind != MessageKind::kSurvey &&
      !content.options.empty()) {
    report.error(fields.find("options")->position, "bad-value",
                 "only questions and surveys have options", "kind: question");
  }
  message.variants.push_back(std::move(variant));
}

void compile_message(Compiler& c, const YamlEntry& entry) {
  const Fields fields(entry.value, "a message", c.report,
                      {"kind", "about", "reveals", "because", "costs", "variants"},
                      {"for", "campaign", "channel"});
  Message message;
  message.id = entry.key.text;
  message.position = entry.key.position;
  const auto kind =
      fields.choice("kind", {"message", "cta", "offer", "reassurance", "recommendation",
                             "navigation", "form", "question", "survey"});
  if (kind) message.kind = static_cast<MessageKind>(*kind);
  const auto about = fields.choice("about", {"nothing", "product", "category"});
  if (about) message.about = static_cast<Subject>(*about);
  const auto reveals =
      fields.choice("reveals", {"nothing", "page", "visit", "history", "personal"});
  if (reveals) message.reveals = static_cast<Reveals>(*reveals);
  if (fields.find("reveals") == nullptr) c.reveals_missing.push_back(c.playbook.messages.size());
  message.because = trim(fields.string("because"));
  const int digits = c.playbook.site.minor_digits;
  const auto costs = [&](std::string_view text) { return parse_costs(text, digits); };
  read_value(fields.text("costs"), costs, message.costs, c.report);
  const YamlNode* variants = fields.find("variants");
  if (variants != nullptr) {
    for (const YamlEntry* one : named_entries(*variants, IdStyle::kKebab, "a variant", c.report)) {
      compile_variant(c, *one, message);
    }
  }
  if (entry.value.is_map() && message.variants.empty() &&
      (variants == nullptr || !variants->is_list())) {
    c.report.error(entry.key.position, "missing-key", "\"" + message.id + "\" has no variants",
                   "variants: with at least one, such as plain:");
  }
  c.message_nodes.push_back(&entry.value);
  c.playbook.messages.push_back(std::move(message));
}

}  // namespace

void compile_messages(Compiler& c) {
  for (const auto& [file, document] : c.documents) {
    if (!file.starts_with("messages/") || !document.readable) continue;
    for (const YamlEntry* entry :
         named_entries(document.root, IdStyle::kKebab, "a message", c.report)) {
      if (c.playbook.messages.size() >= kMostOfAKind) {
        c.report.error(entry->key.position, "too-many", "there are more than 500 messages");
        return;
      }
      if (const Message* other = c.playbook.find_message(entry->key.text)) {
        c.report.error(entry->key.position, "duplicate-name",
                       "message \"" + other->id + "\" exists already: " + other->position.file +
                           ":" + std::to_string(other->position.line));
        continue;
      }
      compile_message(c, *entry);
    }
  }
}

}  // namespace tact::playbook_internal
