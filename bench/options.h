// --name value options of the benchmark programs, and the clock they all read.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bench {

class Options {
 public:
  // Ends the program with `usage` on stderr for an option not in `known` or one without a value.
  Options(int argc, char** argv, std::vector<std::string> known, const char* usage);

  std::string text(const std::string& name, const std::string& otherwise) const;
  std::vector<std::string> all(const std::string& name) const;
  // Ends the program when the value is no number in [low, high].
  double number(const std::string& name, double otherwise, double low, double high) const;

 private:
  std::vector<std::pair<std::string, std::string>> given_;
};

[[noreturn]] void die(const std::string& what);

std::int64_t now_ns();  // monotonic

}  // namespace bench
