#include "options.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace bench {

void die(const std::string& what) {
  std::fprintf(stderr, "error: %s\n", what.c_str());
  std::exit(2);
}

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Options::Options(int argc, char** argv, std::vector<std::string> known, const char* usage) {
  for (int i = 1; i < argc; i += 2) {
    std::string name = argv[i];
    const bool is_option = name.starts_with("--") &&
                           std::find(known.begin(), known.end(), name.substr(2)) != known.end();
    if (!is_option || i + 1 == argc) die("unknown or incomplete option: " + name + "\n" + usage);
    given_.emplace_back(name.substr(2), argv[i + 1]);
  }
}

std::string Options::text(const std::string& name, const std::string& otherwise) const {
  for (const auto& [key, value] : given_) {
    if (key == name) return value;
  }
  return otherwise;
}

std::vector<std::string> Options::all(const std::string& name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : given_) {
    if (key == name) values.push_back(value);
  }
  return values;
}

double Options::number(const std::string& name, double otherwise, double low, double high) const {
  const std::string value = text(name, "");
  if (value.empty()) return otherwise;
  char* end = nullptr;
  const double parsed = std::strtod(value.c_str(), &end);
  if (*end != '\0' || !(parsed >= low && parsed <= high)) {
    die("--" + name + " must be between " + std::to_string(low) + " and " + std::to_string(high));
  }
  return parsed;
}

}  // namespace bench
