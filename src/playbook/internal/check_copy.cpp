// What visitors read: wording that watches them, holes, HTML, addresses, languages, look-alikes.
#include <algorithm>
#include <array>
#include <set>

#include "playbook/internal/clause_words.h"
#include "playbook/internal/compiler.h"

namespace tact::playbook_internal {
namespace {

// ASCII only: enough for the phrases below.
std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// Curly apostrophes count as straight ones, and runs of space as one.
std::string normalise(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\xE2\x80\x99")) {
      out += '\'';
      i += 2;
    } else if (text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r') {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += text[i];
    }
  }
  return lower(out);
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) & 0x80) != 0;
}

// `phrase` in `text`, beginning and ending at word boundaries.
std::size_t find_phrase(std::string_view text, std::string_view phrase) {
  for (std::size_t at = text.find(phrase); at != text.npos; at = text.find(phrase, at + 1)) {
    const std::size_t end = at + phrase.size();
    if ((at == 0 || !is_letter(text[at - 1])) && (end == text.size() || !is_letter(text[end])))
      return at;
  }
  return text.npos;
}

constexpr std::array<std::string_view, 62> kWatching = {"we noticed",
                                                        "we have noticed",
                                                        "we've noticed",
                                                        "we saw you",
                                                        "we saw that",
                                                        "we saw your",
                                                        "we've seen you",
                                                        "we've seen that",
                                                        "we have seen you",
                                                        "we have seen that",
                                                        "we see you",
                                                        "we see that you",
                                                        "we can see that you",
                                                        "we can see you",
                                                        "we know you",
                                                        "we know your",
                                                        "we know that you",
                                                        "we know what you",
                                                        "we know where you",
                                                        "we know how you",
                                                        "we know which",
                                                        "we know who",
                                                        "we remember you",
                                                        "we remember your",
                                                        "we remember that you",
                                                        "we remember what you",
                                                        "we detected",
                                                        "we observed",
                                                        "we tracked",
                                                        "we've been watching",
                                                        "we have been watching",
                                                        "we are watching",
                                                        "we're watching",
                                                        "we recorded",
                                                        "you were looking at",
                                                        "you've been looking at",
                                                        "you have been looking at",
                                                        "you were browsing",
                                                        "you've been browsing",
                                                        "you spent",
                                                        "your browsing",
                                                        "your behaviour",
                                                        "your behavior",
                                                        "caught you",
                                                        "wir haben bemerkt",
                                                        "wir haben gemerkt",
                                                        "wir haben gesehen",
                                                        "wir haben festgestellt",
                                                        "wir sehen, dass",
                                                        "wir wissen, dass sie",
                                                        "wir wissen, dass du",
                                                        "wir wissen, was sie",
                                                        "wir wissen, was du",
                                                        "wir wissen, wo",
                                                        "wir erinnern uns",
                                                        "uns ist aufgefallen",
                                                        "uns fiel auf",
                                                        "wir haben beobachtet",
                                                        "ihr surfverhalten",
                                                        "dein surfverhalten",
                                                        "ihr verhalten",
                                                        "dein verhalten"};

constexpr std::array<std::string_view, 24> kPastOfYou = {
    "you looked",      "you viewed", "you visited",     "you opened",   "you searched",
    "you were",        "you left",   "you added",       "you read",     "you clicked",
    "you browsed",     "your visit", "your last visit", "you compared", "last seen",
    "zuletzt gesehen", "ihr besuch", "dein besuch",     "sie haben",    "du hast",
    "haben sie",       "hast du",    "sie waren",       "du warst"};

bool has_clock_time(std::string_view text) {  // "10:42", "14.30 Uhr"
  const auto digit = [text](std::size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
  };
  for (std::size_t i = 1; i + 2 < text.size(); ++i) {
    if (!digit(i - 1) || !digit(i + 1) || !digit(i + 2) || digit(i + 3)) continue;
    if (text[i] == ':' || (text[i] == '.' && text.substr(i + 3).starts_with(" uhr"))) return true;
  }
  return false;
}

std::string better_sentence(MessageKind kind, bool german) {
  switch (kind) {
    case MessageKind::kReassurance:
      return german ? "Noch unsicher? Das klärt sich meist so."
                    : "Not sure yet? Here is what settles it.";
    case MessageKind::kOffer:
      return german ? "Das passt gut dazu, wenn Sie mögen."
                    : "This goes well with it, if you like.";
    case MessageKind::kRecommendation:
      return german ? "Ähnliches, das andere gern vergleichen." : "Similar ones, easy to compare.";
    case MessageKind::kQuestion:
    case MessageKind::kSurvey:
      return german ? "Wobei können wir helfen?" : "What can we help you with?";
    default:
      return german ? "Noch Fragen? Das hilft beim Entscheiden."
                    : "Not sure yet? This helps to decide.";
  }
}

class CopyChecker {
 public:
  // need: of a moment that shows the message, for a better sentence; may be empty.
  CopyChecker(const Message& message, std::string need, Report& report)
      : message_(message), need_(std::move(need)), report_(report) {}

  void check(const YamlNode& node) {
    for (const YamlEntry& entry : node.entries) {
      if (entry.key.text == "because") check_text(entry.value, false);
      if (entry.key.text != "variants") continue;
      for (const YamlEntry& variant : entry.value.entries) check_variant(variant.value);
    }
  }

 private:
  void check_variant(const YamlNode& node) {
    bool german = false;
    for (const YamlEntry& entry : node.entries) {
      if (entry.key.text == "locale") german = entry.value.text.starts_with("de");
    }
    for (const YamlEntry& entry : node.entries) {
      const std::string& key = entry.key.text;
      if (key == "title" || key == "body") check_text(entry.value, german);
      if (key == "items") {
        if (entry.value.is_text()) check_text(entry.value, german);
        for (const YamlNode& item : entry.value.items) check_text(item, german);
      }
      if (key == "options") {
        for (const YamlNode& item : entry.value.items) check_parts(item, german);
      }
      if (key == "link" || key == "image") check_parts(entry.value, german);
    }
  }

  void check_parts(const YamlNode& node, bool german) {
    for (const YamlEntry& entry : node.entries) {
      const std::string& key = entry.key.text;
      if (key == "text" || key == "alt") check_text(entry.value, german);
      if (key == "to") check_address(entry.value, true);
      if (key == "src") check_address(entry.value, false);
    }
  }

  void check_text(const YamlNode& node, bool german) {
    if (!node.is_text()) return;
    if (const std::size_t hole = node.text.find_first_of("{}"); hole != std::string::npos) {
      report_.error(node.position_of(hole), "not-supported",
                    "holes in copy ({…}) are not supported by this version", "write the words out");
    }
    if (const std::size_t tag = node.text.find('<'); tag != std::string::npos) {
      const std::string_view after = std::string_view(node.text).substr(tag + 1);
      if (!after.empty() && (is_letter(lower(after.substr(0, 1))[0]) || after.front() == '/')) {
        report_.warning(node.position_of(tag), "html-in-copy",
                        "copy is text: this HTML would be shown as written", "leave the tag out");
      }
    }
    check_wording(node, german);
  }

  void check_wording(const YamlNode& node, bool german) {
    const std::string text = normalise(node.text);
    for (const std::string_view phrase : kWatching) {
      if (find_phrase(text, phrase) == std::string::npos) continue;
      report_.error(node.position_of(offset_of(node.text, phrase)), "surveillance-wording",
                    "\"" + std::string(phrase) + "\" tells visitors that they are watched",
                    "say what helps: \"" + better(german) + "\"");
      return;
    }
    for (const std::string_view sentence : sentences(text)) {
      if (!has_clock_time(sentence)) continue;
      const auto about_you = [sentence](std::string_view p) {
        return find_phrase(sentence, p) != sentence.npos;
      };
      if (std::none_of(kPastOfYou.begin(), kPastOfYou.end(), about_you)) continue;
      report_.error(node.position, "surveillance-wording",
                    "the exact time of what a visitor did is told",
                    "say what helps: \"" + better(german) + "\"");
      return;
    }
  }

  static std::size_t offset_of(std::string_view written, std::string_view phrase) {
    const std::size_t at = find_phrase(lower(written), phrase);
    return at == std::string_view::npos ? 0 : at;
  }

  static std::vector<std::string_view> sentences(std::string_view text) {
    std::vector<std::string_view> out;
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool end = (text[i] == '.' || text[i] == '!' || text[i] == '?') &&
                       (i + 1 == text.size() || text[i + 1] == ' ');
      if (!end) continue;
      out.push_back(text.substr(start, i - start));
      start = i + 1;
    }
    out.push_back(text.substr(start));
    return out;
  }

  void check_address(const YamlNode& node, bool link) {
    if (!node.is_text() || node.text.empty()) return;
    const std::string text = lower(node.text);
    const bool odd = std::any_of(text.begin(), text.end(), [](char c) {
      return static_cast<unsigned char>(c) <= ' ' || c == '\\' || c == '"' || c == '<' || c == '>';
    });
    const bool relative = text.starts_with('/') && !text.starts_with("//");
    const bool here = link && (text.starts_with('#') || text.starts_with('?'));
    const bool scheme = text.starts_with("https://") ||
                        (link && (text.starts_with("mailto:") || text.starts_with("tel:")));
    if (!odd && (relative || here || scheme)) return;
    report_.error(
        node.position, "unsafe-address",
        "\"" + node.text + "\" is not an address that may be " + (link ? "linked to" : "loaded"),
        link ? "a path (/size-guide), https:, mailto: or tel:"
             : "a path (/images/guide.jpg) or https:");
  }

  std::string better(bool german) const {
    if (!german && !need_.empty()) return "Want to " + need_ + "? This helps.";
    return better_sentence(message_.kind, german);
  }

  const Message& message_;
  std::string need_;
  Report& report_;
};

std::string_view language(std::string_view locale) { return locale.substr(0, locale.find('-')); }

void check_locales(const Message& message, const Site& site, Report& report) {
  for (std::size_t i = 0; i < site.locales.size(); ++i) {
    const std::string& wanted = site.locales[i];
    const bool found =
        std::any_of(message.variants.begin(), message.variants.end(), [&](const Variant& v) {
          // A variant for everybody is taken to be written in the site's first language.
          if (v.locale.empty()) return i == 0;
          return v.locale == wanted || v.locale == language(wanted);
        });
    if (found || message.variants.empty()) continue;
    report.warning(message.position, "missing-locale",
                   "message \"" + message.id + "\" has no variant in \"" + wanted + "\"",
                   "add a variant with locale: " + std::string(language(wanted)));
  }
}

// --- look-alikes ---------------------------------------------------------------------------------

struct Shingles {
  const Message* message;
  const Variant* variant;
  std::string_view locale;
  std::set<std::string> pairs;  // of neighbouring words
};

std::set<std::string> shingles_of(const Content& content) {
  std::string text = content.title + " " + content.body;
  for (const std::string& item : content.items) text += " " + item;
  std::string clean;
  for (const char c : lower(text)) clean += is_letter(c) || (c >= '0' && c <= '9') ? c : ' ';
  std::set<std::string> pairs;
  std::string last;
  for (Words words(clean); !words.at_end();) {
    std::string word(words.next());
    pairs.insert(last + " " + word);
    last = std::move(word);
  }
  return pairs;
}

// Jaccard similarity > 0.8, in whole numbers.
bool alike(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::size_t common = 0;
  for (const std::string& pair : a) common += b.count(pair);
  const std::size_t all = a.size() + b.size() - common;
  return all > 0 && common * 10 > all * 8;
}

void check_look_alikes(const Compiler& c, Report& report) {
  constexpr std::size_t kMostCompared = 400;  // pairs grow with the square
  std::vector<Shingles> all;
  for (const Message& message : c.playbook.messages) {
    for (const Variant& variant : message.variants) {
      if (all.size() >= kMostCompared) break;
      const std::string& locale =
          variant.locale.empty() ? c.playbook.site.locales[0] : variant.locale;
      all.push_back({&message, &variant, language(locale), shingles_of(variant.content)});
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (all[i].locale != all[k].locale || !alike(all[i].pairs, all[k].pairs)) continue;
      const bool same = all[i].message == all[k].message;
      report.warning(
          all[i].message->position, "look-alike",
          "variant \"" + all[i].variant->id + "\" of \"" + all[i].message->id +
              "\" says almost the same as \"" + all[k].variant->id + "\"" +
              (same ? "" : " of \"" + all[k].message->id + "\""),
          "personalization that changes a word or two helps nobody: make them differ, or keep one");
      break;
    }
  }
}

std::string need_served_by(const Playbook& playbook, std::size_t message) {
  for (const Moment& moment : playbook.moments) {
    const auto& shown = moment.messages;
    const bool shows =
        std::find(shown.begin(), shown.end(), static_cast<int>(message)) != shown.end();
    if (shows && !moment.need.empty() && moment.need.size() < 80) return moment.need;
  }
  return {};
}

}  // namespace

void check_copy(Compiler& c) {
  for (std::size_t i = 0; i < c.playbook.messages.size(); ++i) {
    const Message& message = c.playbook.messages[i];
    CopyChecker(message, need_served_by(c.playbook, i), c.report).check(*c.message_nodes[i]);
    check_locales(message, c.playbook.site, c.report);
  }
  check_look_alikes(c, c.report);
}

}  // namespace tact::playbook_internal
