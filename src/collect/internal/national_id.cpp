// National ids with check digits, and the one without (US SSN) in its written form only.
#include <algorithm>
#include <array>
#include <string>

#include "collect/internal/personal_data.h"
#include "collect/internal/text.h"

namespace tact::internal {
namespace {

bool is_date(int month, int day) { return month >= 1 && month <= 12 && day >= 1 && day <= 31; }

int number_of(std::string_view digits) {  // at most nine
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

// Steuerliche Identifikationsnummer (§ 139b AO): 11 digits, ISO/IEC 7064 MOD 11,10. Of the first
// ten, one digit comes twice or three times, the others once or never.
bool is_german_tax_id(std::string_view digits) {
  if (digits.size() != 11 || digits[0] == '0') return false;
  std::array<int, 10> count{};
  int product = 10;
  for (const char c : digits.substr(0, 10)) {
    ++count[static_cast<std::size_t>(c - '0')];
    const int sum = (c - '0' + product) % 10;
    product = (sum == 0 ? 10 : sum) * 2 % 11;
  }
  const auto repeated = std::count_if(count.begin(), count.end(), [](int n) { return n > 1; });
  const int most = *std::max_element(count.begin(), count.end());
  return repeated == 1 && most <= 3 && (11 - product) % 10 == digits[10] - '0';
}

// PESEL: birth date (the century is in the month), serial, check digit with weights 1 3 7 9.
bool is_pesel(std::string_view digits) {
  if (digits.size() != 11) return false;
  if (!is_date(number_of(digits.substr(2, 2)) % 20, number_of(digits.substr(4, 2)))) return false;
  constexpr std::array<int, 11> kWeights = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += (digits[i] - '0') * kWeights[i];
  return sum % 10 == 0;
}

// Burgerservicenummer: the "elfproef", weights 9 … 2 and −1.
bool is_bsn(std::string_view digits) {
  if (digits.size() != 9 || number_of(digits) == 0) return false;
  int sum = -(digits[8] - '0');
  for (int i = 0; i < 8; ++i) sum += (digits[static_cast<std::size_t>(i)] - '0') * (9 - i);
  return sum % 11 == 0;
}

// DNI: eight digits and a letter, the remainder by 23. NIE: X, Y or Z stands for 0, 1 or 2.
bool is_dni_or_nie(std::string_view word) {
  if (word.size() != 9) return false;
  std::string digits(word.substr(0, 8));
  if (digits[0] >= 'X' && digits[0] <= 'Z') digits[0] = static_cast<char>(digits[0] - 'X' + '0');
  constexpr std::string_view kLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
  return all_digits(digits) &&
         kLetters[static_cast<std::size_t>(number_of(digits)) % 23] == word[8];
}

// NIR (INSEE): sex, year, month, department (also 2A, 2B), commune, order, and 97 − n mod 97. One
// in 800 random numbers of 15 digits that begin with 1 or 2 passes.
bool is_nir(std::string_view word) {
  if (word.size() != 15 || (word[0] != '1' && word[0] != '2')) return false;
  std::string digits(word);
  if (word[5] == '2' && (word[6] == 'A' || word[6] == 'B')) {  // Corsica: 19 and 18
    digits.replace(5, 2, word[6] == 'A' ? "19" : "18");
  }
  if (!all_digits(digits) || !is_date(number_of(std::string_view(digits).substr(3, 2)), 1)) {
    return false;
  }
  return 97 - std::stoll(digits.substr(0, 13)) % 97 == std::stoll(digits.substr(13));
}

// Codice fiscale (D.M. 12/03/1974), without the digits-to-letters variants of namesakes: six
// letters, year, month letter, day (+40 for women), place, check letter. Odd places count by a
// table.
bool is_codice_fiscale(std::string_view word) {
  constexpr std::string_view kForm = "LLLLLLDDLDDLDDDL";
  if (word.size() != kForm.size()) return false;
  constexpr std::array<int, 26> kOdd = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                        20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  int sum = 0;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (is_digit(word[i]) != (kForm[i] == 'D') || is_letter(word[i]) != (kForm[i] == 'L')) {
      return false;
    }
    if (i == 15) break;
    const int value = is_digit(word[i]) ? word[i] - '0' : word[i] - 'A';
    sum += i % 2 == 0 ? kOdd[static_cast<std::size_t>(value)] : value;
  }
  const int day = number_of(word.substr(9, 2));
  return std::string_view("ABCDEHLMPRST").find(word[8]) != std::string_view::npos &&
         is_date(1, day > 40 ? day - 40 : day) && sum % 26 == word[15] - 'A';
}

// US Social Security number as it is written; it has no check digit. 000, 666 and 900 to 999, group
// 00 and serial 0000 are never given (20 CFR 422; SSA since 2011).
bool is_ssn(std::string_view word) {
  if (word.size() != 11 || word[3] != '-' || word[6] != '-') return false;
  const auto area = word.substr(0, 3), group = word.substr(4, 2), serial = word.substr(7);
  return all_digits(area) && all_digits(group) && all_digits(serial) && area != "000" &&
         area != "666" && area[0] != '9' && group != "00" && serial != "0000";
}

std::string upper_without(std::string_view word, std::string_view left_out) {
  std::string out;
  for (const char c : word) {
    if (left_out.find(c) != std::string_view::npos) continue;
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

bool is_named_id(std::string_view word) {
  if (is_dni_or_nie(word)) return true;
  return all_digits(word) && (is_german_tax_id(word) || is_pesel(word) || is_bsn(word));
}

// "1 85 05 78 006 084 91": words of 1, 2, 2, 2, 3, 3 and 2 characters.
class SpacedNir {
 public:
  bool add(std::string_view word) {
    constexpr std::array<std::size_t, 7> kSizes = {1, 2, 2, 2, 3, 3, 2};
    if (word.size() != kSizes[words_]) {
      joined_.clear();
      words_ = 0;
      if (word.size() != kSizes[0]) return false;
    }
    joined_ += word;
    if (++words_ < kSizes.size()) return false;
    words_ = 0;
    return is_nir(std::exchange(joined_, {}));
  }

 private:
  std::string joined_;
  std::size_t words_ = 0;
};

constexpr std::size_t kShortestWritten = 9, kLongestWritten = 15;  // "65-929-970-489"

// Letters, digits and what is written inside an id; anything else ends the word.
bool is_word_character(char c) {
  return is_digit(c) || is_letter(c) || c == '-' || c == '_' || c == '.' || c == '/' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

std::string_view without_stops(std::string_view word) {  // "12345678Z." at a sentence's end
  while (!word.empty() && (word.back() == '.' || word.back() == '-')) word.remove_suffix(1);
  return word;
}

}  // namespace

bool has_national_id(std::string_view text, bool named) {
  SpacedNir spaced;
  std::string in_groups;  // "65 929 970 489": numbers with a blank between them
  for (std::size_t i = 0; i < text.size();) {
    if (!is_word_character(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && is_word_character(text[end])) ++end;
    const std::string_view word = without_stops(text.substr(i, end - i));
    i = end;
    if (is_ssn(word) || spaced.add(word)) return true;
    if (word.size() == 15 && is_nir(upper_without(word, ""))) return true;
    if (word.size() == 16 && is_codice_fiscale(upper_without(word, ""))) return true;
    if (!named) continue;
    if (word.size() >= kShortestWritten && word.size() <= kLongestWritten &&
        is_named_id(upper_without(word, "-./"))) {
      return true;
    }
    if (!all_digits(word)) {
      in_groups.clear();
      continue;
    }
    in_groups += word;
    if (is_named_id(in_groups)) return true;
  }
  return false;
}

}  // namespace tact::internal
