// How every number of a report is written, in one place for every rendering. Pure; no locale.
#pragma once

#include <cstdint>
#include <string>

namespace tact::internal {

std::string grouped(std::int64_t n);               // 12,345; a real minus sign
std::string decimal(double x, int digits);         // 1,234.5; "−0.3"; never "−0"
std::string signed_decimal(double x, int digits);  // "+31", "−4", "0"
int digits_for(double low, double high);           // so that the interval's ends can be told apart
std::string percent(double share, int digits);     // "4.2 %"
std::string power_of_ten(double log10_p);          // "0.031", "10^-12.4"
std::string money(double minor, int minor_digits, const std::string& currency);  // "€129.00"

}  // namespace tact::internal
