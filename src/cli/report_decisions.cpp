#include "cli/report_decisions.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "cli/paths.h"
#include "cli/terminal.h"
#include "engine/decisions.h"

namespace tact::cli {
namespace {

struct Written {
  std::string csv, says;
};

Result<DecisionsAsked> asked_of(const std::string& moment, const DecisionsGiven& given) {
  DecisionsAsked asked{.moment = moment, .goal = given.goal, .money = given.money};
  std::optional<Time> as_of;
  for (const auto& [option, text, time] : {std::tuple{"--from", &given.from, &asked.from},
                                           {"--until", &given.until, &asked.until},
                                           {"--as-of", &given.as_of, &as_of}}) {
    if (text->empty()) continue;
    *time = parse_time(*text);
    if (!*time) return make_error(ErrorCode::kInvalid, std::string(option) + " is no time", *text);
  }
  if (asked.from && asked.until && *asked.from >= *asked.until) {
    return make_error(ErrorCode::kInvalid, "--from is not before --until", given.from);
  }
  asked.now = as_of.value_or(WallClock().now());
  return asked;
}

Result<Written> made(const std::string& data, const DecisionsAsked& asked) {
  TACT_ASSIGN(const OpenedData opened, open_data(data));
  TACT_ASSIGN(DecisionTable table, decision_table(*opened.store, *opened.playbooks, asked));
  return Written{std::move(table.csv), say_left_out(table)};
}

Result<Written> by_server(const std::string& data, const std::string& moment,
                          const DecisionsGiven& given) {
  std::string target = "/v1/reports/" + percent_encode(moment) + "/decisions?";
  if (given.money) target += "reward=money&";
  for (const auto& [name, text] : {std::pair{"goal", &given.goal},
                                   {"from", &given.from},
                                   {"until", &given.until},
                                   {"as_of", &given.as_of}}) {
    if (!text->empty()) target += std::string(name) + "=" + percent_encode(*text) + "&";
  }
  target.pop_back();
  TACT_ASSIGN(const json::value answer, ask_server(data, target));
  return Written{std::string(string_at(answer.as_object(), "csv")),
                 std::string(string_at(answer.as_object(), "says"))};
}

// Its owner alone may read it.
Status write(const std::string& file, const std::string& csv) {
  namespace fs = std::filesystem;
  // Made so, where it is not there yet: whoever opened it before could go on reading.
  if (const int made = ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
      made >= 0) {
    ::close(made);
  }
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  std::error_code refused;
  if (fs::is_regular_file(file, refused)) {
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, refused);
  }
  out << csv;
  if (out.flush() && !refused) return ok();
  return make_error(ErrorCode::kUnavailable, "cannot write the decisions", file);
}

}  // namespace

int report_decisions(const std::string& data, const std::string& moment,
                     const DecisionsGiven& given) {
  if (moment.empty())
    return wrong_use(make_error(ErrorCode::kInvalid, "--decisions is of one moment"),
                     "tact report MOMENT --decisions FILE");
  const auto asked = asked_of(moment, given);
  if (!asked.has_value()) return wrong_use(asked.error(), "--from 2026-01-05");
  auto table = made(data, *asked);
  if (!table.has_value() && table.error().code == ErrorCode::kConflict)
    table = by_server(data, moment, given);
  if (!table.has_value()) return fail_to_open(table.error(), data);
  if (given.file == "-") {
    if (std::fputs(table->csv.c_str(), stdout) < 0) return 1;
  } else if (const Status written = write(given.file, table->csv); !written.has_value()) {
    return fail(written.error(), "--decisions with a file in a folder that may be written to");
  }
  std::fprintf(stderr,
               "%s\nEvery row is of a single person: guard the table, and delete it when done.\n",
               table->says.c_str());
  return 0;
}

}  // namespace tact::cli
