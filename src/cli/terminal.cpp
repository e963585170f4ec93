#include "cli/terminal.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace tact::cli {
namespace {

std::string given_command = "tact";

// Where nothing better is known.
std::string usual_advice(const Error& error) {
  if (error.code != ErrorCode::kCorrupt) return command() + " --help";
  const std::string_view restore = "restore a copy of the data directory";
  if (command() == "tact verify") return std::string(restore);
  return "tact verify, which says what is damaged; else " + std::string(restore);
}

}  // namespace

void set_command(std::string command) { given_command = std::move(command); }
const std::string& command() { return given_command; }

int fail(const Error& error, std::string_view what_to_do) {
  std::fprintf(stderr, "tact: %s\n", error.message.c_str());
  std::fprintf(stderr, "  at: %s\n", (error.where.empty() ? command() : error.where).c_str());
  const std::string advice = what_to_do.empty() ? usual_advice(error) : std::string(what_to_do);
  std::fprintf(stderr, "  try: %s\n", advice.c_str());
  return 1;
}

int wrong_use(const Error& error, std::string_view what_to_do) {
  fail(error, what_to_do);
  return 2;
}

int fail_to_open(const Error& error, const std::string& directory) {
  if (error.code == ErrorCode::kConflict)
    return fail(error, "stop the server first: " + command() + " needs the directory for itself");
  if (error.code == ErrorCode::kNotFound && error.where == directory)
    return wrong_use(error, "--data names the directory that `tact serve` or `tact demo` made");
  return fail(error);
}

int fail_with_playbook(const Error& error, const std::string& playbook) {
  return error.code == ErrorCode::kInvalid ? fail(error, "tact check " + playbook) : fail(error);
}

bool use_colour() { return isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr; }

std::string bold(std::string_view text) {
  return use_colour() ? "\033[1m" + std::string(text) + "\033[0m" : std::string(text);
}

std::string with_thousands(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

Progress::Progress(std::string what, std::uint64_t total)
    : what_(std::move(what)),
      total_(total),
      started_(std::chrono::steady_clock::now()),
      drawn_(started_) {}

Progress::~Progress() { finish(); }

void Progress::update(std::uint64_t done) {
  done_ = done;
  const auto now = std::chrono::steady_clock::now();
  if (isatty(STDERR_FILENO) == 0 || now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  draw(false);
}

void Progress::finish() {
  if (finished_) return;
  finished_ = true;
  draw(true);
}

void Progress::draw(bool last) {
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
  std::string line = what_ + " " + with_thousands(done_);
  if (total_ > 0) line += " of " + with_thousands(total_);
  line += ", " + with_thousands(static_cast<std::uint64_t>(rate)) + " a second";
  if (!last && total_ > done_ && rate > 0) {
    line += ", " +
            std::to_string(static_cast<long>(static_cast<double>(total_ - done_) / rate) + 1) +
            " s left";
  }
  if (last)
    line += ", took " + std::to_string(static_cast<long>(seconds * 10) / 10) + "." +
            std::to_string(static_cast<long>(seconds * 10) % 10) + " s";
  const bool terminal = isatty(STDERR_FILENO) != 0;
  std::fprintf(stderr, "%s%s%s", terminal ? "\r\033[K" : "", line.c_str(),
               last || !terminal ? "\n" : "");
}

double peak_memory_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

}  // namespace tact::cli
