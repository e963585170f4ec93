// The terminal is a screen too: errors in three lines, progress with rate and remaining time,
// colour only on a terminal and never alone (NO_COLOR).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tact::cli {

// The command that was given, "tact visitor show". Set once, by main, before it runs.
void set_command(std::string command);
const std::string& command();

// Prints three lines to stderr: what, where, what to do. An error that names no place is the
// command's; where nothing better is known, its --help is what to do, or a copy of damaged data.
// Returns 1.
int fail(const Error& error, std::string_view what_to_do = {});

// The same, and returns 2: other arguments are needed.
int wrong_use(const Error& error, std::string_view what_to_do = {});

// For what needs a data directory: 2 if it is none, else 1.
int fail_to_open(const Error& error, const std::string& directory);

// For what opens a directory with a playbook, whose errors are told by `tact check`.
int fail_with_playbook(const Error& error, const std::string& playbook);

bool use_colour();  // stdout is a terminal and NO_COLOR is not set
std::string bold(std::string_view text);
std::string with_thousands(std::uint64_t number);  // 1,234,567

// One line on stderr, redrawn at most ten times a second on a terminal; one line at the end
// elsewhere.
class Progress {
 public:
  Progress(std::string what, std::uint64_t total);  // total 0: unknown
  ~Progress();
  void update(std::uint64_t done);
  void finish();

 private:
  void draw(bool last);
  std::string what_;
  std::uint64_t total_, done_ = 0;
  bool finished_ = false;
  std::chrono::steady_clock::time_point started_, drawn_;
};

// Peak resident memory of this process in MB.
double peak_memory_mb();

}  // namespace tact::cli
