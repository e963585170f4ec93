#include "collect/internal/personal_data.h"

#include <algorithm>
#include <array>
#include <string>

#include "collect/internal/text.h"

namespace tact::internal {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kFewestDigits = 7;  // of what is looked for: a codice fiscale

bool is_beyond_ascii(char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; }
bool is_word(char c) { return is_digit(c) || is_letter(c) || c == '_' || is_beyond_ascii(c); }

// --- e-mail -------------------------------------------------------------------------------------

bool is_local_character(char c) {
  return is_word(c) || std::string_view("!#$%&'*+-/=?^`{|}~.").find(c) != kNone;
}

// "logo@2x.png": how images for dense screens are named.
bool is_pixel_density(std::string_view domain) {
  return domain.size() > 2 && is_digit(domain[0]) && domain[1] == 'x' && domain[2] == '.';
}

bool is_mail_domain(std::string_view text) {
  if (is_pixel_density(text)) return false;
  std::size_t letters = 0;  // since the last dot
  bool dotted = false;
  for (const char c : text) {
    if (c == '.') {
      dotted = true;
      letters = 0;
    } else if (is_letter(c) || is_beyond_ascii(c)) {
      ++letters;
    } else if (is_digit(c) || c == '-') {
      letters = 0;
    } else {
      return false;
    }
    if (dotted && letters >= 2) return true;
  }
  return false;
}

// --- payment cards ------------------------------------------------------------------------------

bool passes_luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, twice = !twice) {
    const int digit = (*it - '0') * (twice ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 == 0;
}

// GS1 General Specifications 7.9: from the right, weights 1 and 3 in turn. EAN-13 and GTIN-14.
bool is_article_number(std::string_view digits) {
  if (digits.size() != 13 && digits.size() != 14) return false;
  int sum = 0, weight = 1;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, weight = 4 - weight) {
    sum += (*it - '0') * weight;
  }
  return sum % 10 == 0;
}

// Issuer prefixes of payment cards and their lengths. Luhn alone would take a tenth of all order
// numbers and times in microseconds. Of the prefixes Maestro shares with half the alphabet of
// numbers only those it really issued.
bool is_card_prefix(std::string_view digits, bool named) {
  const int two = (digits[0] - '0') * 10 + (digits[1] - '0');
  const int four = two * 100 + (digits[2] - '0') * 10 + (digits[3] - '0');
  const std::size_t size = digits.size();
  constexpr std::array<int, 9> kMaestro = {5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763};
  if (digits[0] == '4') return size == 16 || size == 19 || (named && size == 13);     // Visa
  if (two == 34 || two == 37) return size == 15;                                      // Amex
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return size == 16;  // Mastercard
  if (two == 36 || two == 38 || (four >= 3000 && four <= 3059)) return size == 14 || size == 16;
  if (four >= 3528 && four <= 3589) return size >= 16;  // JCB; above: Diners
  if (two == 62 || two == 65 || four == 6011 || (four >= 6440 && four <= 6499)) return size >= 16;
  return size >= 16 && std::find(kMaestro.begin(), kMaestro.end(), four) != kMaestro.end();
}

bool is_card_number(std::string_view digits, bool named) {
  return digits.size() >= 13 && digits.size() <= 19 && is_card_prefix(digits, named) &&
         passes_luhn(digits) && !is_article_number(digits);
}

// Groups of digits as cards print them, in order; 0 ends a layout.
constexpr std::array<std::array<std::size_t, 5>, 4> kLayouts = {
    {{4, 4, 4, 4, 3}, {4, 4, 4, 4, 0}, {4, 6, 5, 0, 0}, {4, 6, 4, 0, 0}}};

struct Digits {
  std::string text;
  std::size_t end = kNone;  // behind the last one; kNone: the text has no such groups here
};

Digits grouped_digits(std::string_view text, std::size_t at,
                      const std::array<std::size_t, 5>& layout) {
  Digits out;
  char separator = 0;
  for (const std::size_t size : layout) {
    if (size == 0) break;
    if (!out.text.empty()) {
      if (at >= text.size() || (text[at] != ' ' && text[at] != '-')) return {};
      if (separator != 0 && text[at] != separator) return {};
      separator = text[at++];
    }
    for (std::size_t i = 0; i < size; ++i, ++at) {
      if (at >= text.size() || !is_digit(text[at])) return {};
      out.text += text[at];
    }
  }
  out.end = at;
  return out;
}

// A number's end: not within a word or a decimal.
bool ends_here(std::string_view text, std::size_t at) {
  if (at >= text.size()) return true;
  if (is_word(text[at])) return false;
  return text[at] != '.' || at + 1 >= text.size() || !is_word(text[at + 1]);
}

bool begins_here(std::string_view text, std::size_t at) {
  return at == 0 || (!is_word(text[at - 1]) && text[at - 1] != '.');
}

bool has_card_at(std::string_view text, std::size_t at, std::size_t run_end, bool named) {
  if (ends_here(text, run_end) && is_card_number(text.substr(at, run_end - at), named)) return true;
  if (run_end - at != 4) return false;
  return std::any_of(kLayouts.begin(), kLayouts.end(), [&](const auto& layout) {
    const Digits digits = grouped_digits(text, at, layout);
    return digits.end != kNone && ends_here(text, digits.end) && is_card_number(digits.text, named);
  });
}

// --- IBAN ---------------------------------------------------------------------------------------

// The lengths of the IBAN registry (SWIFT), release 99.
constexpr std::string_view kIbanLengths =
    "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24"
    "FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32"
    "LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24"
    "RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

std::size_t iban_length(std::string_view country) {  // 0: no such country
  for (std::size_t i = 0; i < kIbanLengths.size(); i += 4) {
    if (kIbanLengths.substr(i, 2) != country) continue;
    return static_cast<std::size_t>((kIbanLengths[i + 2] - '0') * 10 + kIbanLengths[i + 3] - '0');
  }
  return 0;
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// Country and check digits go to the end, letters count 10 to 35.
bool passes_mod_97(std::string_view iban) {
  int rest = 0;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];
    rest = is_digit(c) ? rest * 10 + (c - '0') : rest * 100 + (c - 'A' + 10);
    rest %= 97;
  }
  return rest == 1;
}

bool has_iban_at(std::string_view text, std::size_t at) {
  const std::array<char, 2> country = {upper(text[at]), upper(text[at + 1])};
  const std::size_t length = iban_length({country.data(), country.size()});
  if (length == 0) return false;
  std::string iban;
  for (; at < text.size() && iban.size() < length; ++at) {
    if (text[at] == ' ' && iban.size() % 4 == 0) continue;  // printed in groups of four
    if (!is_digit(text[at]) && !is_letter(text[at])) return false;
    iban += upper(text[at]);
  }
  return iban.size() == length && (at >= text.size() || !is_word(text[at])) && passes_mod_97(iban);
}

// --- names --------------------------------------------------------------------------------------

// A word begins and ends where letters do, and at a capital: "userTaxId".
bool is_word_border(std::string_view text, std::size_t at) {
  if (at == 0 || at == text.size() || !is_letter(text[at - 1]) || !is_letter(text[at])) return true;
  return text[at] < 'a' && text[at - 1] >= 'a';
}

// Does a word of the text begin with one of these? Short ones are the whole word: "tax" is not in
// "taxi", nor "nie" in "niece".
template <std::size_t N>
bool says(std::string_view text, const std::array<std::string_view, N>& words) {
  const std::string folded = lower(text);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    for (std::size_t at = folded.find(word); at != kNone; at = folded.find(word, at + 1)) {
      if (!is_word_border(text, at)) continue;
      if (word.size() > 3 || is_word_border(text, at + word.size())) return true;
    }
    return false;
  });
}

constexpr std::array<std::string_view, 6> kCardWords = {"card",   "karte", "kreditkarte",
                                                        "credit", "visa",  "carte"};
constexpr std::array<std::string_view, 19> kIdWords = {
    "bsn", "burgerservice", "codice",      "dni",         "fiscal",         "identity", "idnr",
    "nie", "nif",           "pesel",       "ssn",         "steuer",         "tax",      "taxid",
    "tin", "nationalid",    "national_id", "national id", "personalausweis"};

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [&](auto end) { return text.ends_with(end); });
}

// Named as the number of a record or of an article.
bool is_number_member(std::string_view key) {
  const std::string folded = lower(key);
  return folded == "id" || ends_with_any(key, {"_id", "-id", "Id", "ID", "_ids", "Ids"}) ||
         ends_with_any(folded, {"sku", "ean", "gtin", "upc", "isbn", "mpn", "barcode"});
}

// The words of a text are looked at only where a number would make them matter: most texts hold
// none.
bool says_card(std::string_view text, std::string_view key) {
  return says(key, kCardWords) || says(text, kCardWords);
}
bool says_id(std::string_view text, std::string_view key) {
  return says(key, kIdWords) || says(text, kIdWords);
}

std::optional<Dropped> personal_data_in_plain(std::string_view text, std::string_view key) {
  if (text.find('@') != kNone && has_email(text)) return Dropped::kEmail;
  const auto digits = std::count_if(text.begin(), text.end(), is_digit);
  if (static_cast<std::size_t>(digits) < kFewestDigits) return std::nullopt;
  if (has_iban(text)) return Dropped::kIban;
  const bool may_be_card = has_card_number(text, true), may_be_id = has_national_id(text, true);
  if (!may_be_card && !may_be_id) return std::nullopt;
  const bool named_card = says_card(text, key), named_id = says_id(text, key);
  if (!named_card && !named_id && is_number_member(key)) return std::nullopt;
  if (may_be_card && (named_card || has_card_number(text))) return Dropped::kCard;
  if (may_be_id && (named_id || has_national_id(text, false))) return Dropped::kNationalId;
  return std::nullopt;
}

}  // namespace

bool has_email(std::string_view text) {
  for (std::size_t at = text.find('@'); at != kNone; at = text.find('@', at + 1)) {
    if (at == 0 || text[at - 1] == '/' || !is_local_character(text[at - 1])) continue;
    if (is_mail_domain(text.substr(at + 1))) return true;
  }
  return false;
}

bool has_card_number(std::string_view text, bool named) {
  for (std::size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (begins_here(text, i) && has_card_at(text, i, end, named)) return true;
    i = end;
  }
  return false;
}

bool has_iban(std::string_view text) {
  constexpr std::size_t kShortest = 15;  // Norway
  for (std::size_t i = 0; i + kShortest <= text.size(); ++i) {
    if (is_letter(text[i]) && is_letter(text[i + 1]) && is_digit(text[i + 2]) &&
        is_digit(text[i + 3]) && (i == 0 || !is_word(text[i - 1])) && has_iban_at(text, i)) {
      return true;
    }
  }
  return false;
}

std::optional<Dropped> personal_data_in(std::string_view text, std::string_view key) {
  auto found = personal_data_in_plain(text, key);
  std::string decoded;
  for (int i = 0; i < 3 && !found && text.find('%') != kNone; ++i) {  // also "%2540"
    std::string next = percent_decoded(text, true);
    if (next == text) break;
    decoded = std::move(next);
    text = decoded;
    found = personal_data_in_plain(text, key);
  }
  return found;
}

}  // namespace tact::internal
