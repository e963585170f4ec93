#include "cli/report_plan.h"

#include <cstdio>

#include "cli/paths.h"
#include "cli/terminal.h"
#include "engine/prospect.h"

namespace tact::cli {
namespace {

Result<json::object> planned(const std::string& data, const std::string& moment, Time now) {
  TACT_ASSIGN(const OpenedData opened, open_data(data));
  TACT_ASSIGN(const Prospect prospect,
              look_back(*opened.store, *opened.playbooks->current(), moment, now));
  TACT_ASSIGN(const ProspectPlan plan, plan_of(prospect));
  return to_json(prospect, plan);
}

Result<json::object> by_server(const std::string& data, const std::string& moment,
                               const std::string& as_of) {
  std::string target = "/v1/reports/" + percent_encode(moment) + "/plan";
  if (!as_of.empty()) target += "?as_of=" + percent_encode(as_of);
  TACT_ASSIGN(json::value answer, ask_server(data, target));
  return std::move(answer.as_object());
}

}  // namespace

int report_plan(const std::string& data, const std::string& moment, const std::string& as_of,
                bool as_json) {
  if (moment.empty())
    return wrong_use(make_error(ErrorCode::kInvalid, "--plan is of one moment"),
                     "tact report MOMENT --plan");
  const auto now = as_of.empty() ? WallClock().now() : parse_time(as_of);
  if (!now)
    return wrong_use(make_error(ErrorCode::kInvalid, "--as-of is no time", as_of),
                     "--as-of 2026-11-21T10:00:00Z");
  auto plan = planned(data, moment, *now);
  if (!plan.has_value() && plan.error().code == ErrorCode::kConflict)
    plan = by_server(data, moment, as_of);
  if (!plan.has_value()) return fail_to_open(plan.error(), data);
  const std::string text =
      as_json ? to_pretty_string(*plan) : std::string(string_at(*plan, "says")) + "\n";
  return std::fputs(text.c_str(), stdout) < 0 ? 1 : 0;
}

}  // namespace tact::cli
