#include "measure/internal/numbers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace tact::internal {
namespace {

constexpr std::string_view kMinus = "−";
constexpr const char kPercent[] = "\u00a0%";  // never alone on a line

std::string group(std::string digits) {  // "1234567.8" → "1,234,567.8"
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t at = point; at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

}  // namespace

std::string grouped(std::int64_t n) { return decimal(static_cast<double>(n), 0); }

std::string decimal(double x, int digits) {
  if (!std::isfinite(x)) return x < 0.0 ? std::string(kMinus) + "∞" : "∞";
  std::array<char, 400> text;  // the largest double has 309 digits before the point
  const auto end = std::to_chars(text.data(), text.data() + text.size(), std::abs(x),
                                 std::chars_format::fixed, digits);
  const std::string body(text.data(), end.ptr);
  const bool zero = body.find_first_not_of("0.") == std::string::npos;
  return (x < 0.0 && !zero ? std::string(kMinus) : std::string()) + group(body);
}

std::string signed_decimal(double x, int digits) {
  const std::string text = decimal(x, digits);
  return x > 0.0 && text.find_first_not_of("0.") != std::string::npos ? "+" + text : text;
}

int digits_for(double low, double high) {
  const double half = (high - low) / 2.0;
  if (!(half < 5.0)) return 0;
  if (half == 0.0) return 3;
  int digits = 1;
  for (double enough = 0.5; half < enough && digits < 6; enough /= 10.0) ++digits;
  return digits;
}

std::string percent(double share, int digits) { return decimal(share * 100.0, digits) + kPercent; }

std::string power_of_ten(double log10_p) {
  if (log10_p < -3.0) return "10^" + decimal(log10_p, 1);
  return decimal(std::pow(10.0, log10_p), 3);
}

std::string money(double minor, int minor_digits, const std::string& currency) {
  const double amount = minor / std::pow(10.0, minor_digits);
  const std::string text = decimal(std::abs(amount), minor_digits);
  const bool negative = amount < 0.0 && text.find_first_not_of("0.") != std::string::npos;
  const std::string sign(negative ? kMinus : "");
  if (currency == "EUR") return sign + "€" + text;
  if (currency == "USD") return sign + "$" + text;
  if (currency == "GBP") return sign + "£" + text;
  return sign + text + " " + currency;
}

}  // namespace tact::internal
