// The worlds of two arms: made-up conversion rates, and real customers drawn with replacement.
#include "worlds.h"

namespace tact::calibration {
namespace {

using stats::OutcomeKind;

constexpr double kLift = 0.3;

ArmsWorld conversion(std::string name, double rate, double lift, std::int64_t controls,
                     std::int64_t treated) {
  return {std::move(name), false, false, true, [=] {
            return TwoArms{OutcomeKind::kProportion, controls, treated, Outcomes::conversions(rate),
                           Outcomes::conversions(rate * (1 + lift))};
          }};
}

// Nobody against who got the men's e-mail; without effect, nobody against nobody.
ArmsWorld visits(std::string name, bool effect, std::int64_t controls, std::int64_t treated) {
  return {std::move(name), true, false, true, [=] {
            return TwoArms{OutcomeKind::kProportion, controls, treated,
                           hillstrom_outcomes(0, &HillstromRow::visit),
                           hillstrom_outcomes(effect ? 1 : 0, &HillstromRow::visit)};
          }};
}

ArmsWorld spend(std::string name, bool effect, std::int64_t controls, std::int64_t treated,
                bool one_sided = false) {
  return {std::move(name), true, true, one_sided, [=] {
            return TwoArms{OutcomeKind::kMean, controls, treated,
                           hillstrom_outcomes(0, &HillstromRow::spend),
                           hillstrom_outcomes(effect ? 1 : 0, &HillstromRow::spend)};
          }};
}

ArmsWorld dollars(std::string name, double lift, std::int64_t controls, std::int64_t treated,
                  bool one_sided = false) {
  return {std::move(name), true, true, one_sided, [=] {
            const Outcomes customers = cdnow_outcomes();
            return TwoArms{OutcomeKind::kMean, controls, treated, customers,
                           customers.times(1 + lift)};
          }};
}

}  // namespace

std::vector<ArmsWorld> arms_for_one_look() {
  return {
      conversion("conversion 5 %, 50/50", 0.05, kLift, 10'000, 10'000),
      conversion("conversion 5 %, 90/10", 0.05, kLift, 2'000, 18'000),
      conversion("conversion 0.5 %, 50/50", 0.005, kLift, 20'000, 20'000),
      conversion("conversion 0.5 %, 90/10", 0.005, kLift, 20'000, 180'000),
      conversion("conversion 0.5 %, 95/5", 0.005, kLift, 20'000, 380'000),
      conversion("conversion 0.5 %, 95/5, no effect", 0.005, 0.0, 20'000, 380'000),
      conversion("conversion 95 %, 90/10", 0.95, 0.01, 2'000, 18'000),
      conversion("conversion 99 %, 50/50", 0.99, 0.002, 10'000, 10'000),
      conversion("conversion 99 %, 95/5", 0.99, 0.002, 12'000, 228'000),
      conversion("conversion 99 %, 95/5, no effect", 0.99, 0.0, 12'000, 228'000),
      visits("Hillstrom visits, 50/50", true, 1'000, 1'000),
      visits("Hillstrom visits, 90/10", true, 1'000, 9'000),
      visits("Hillstrom visits, 95/5", true, 1'000, 19'000),
      spend("Hillstrom spend, 50/50", true, 15'000, 15'000, true),
      spend("Hillstrom spend, 90/10", true, 20'000, 180'000),
      spend("Hillstrom spend, 95/5", true, 20'000, 380'000),
      spend("Hillstrom spend, 95/5, no effect", false, 20'000, 380'000),
      spend("Hillstrom spend, 90/10, 100,000 controls", true, 100'000, 900'000, true),
      spend("Hillstrom spend, 95/5, 120,000 controls", true, 120'000, 2'280'000, true),
      spend("Hillstrom spend, 95/5, no effect, 120,000 controls", false, 120'000, 2'280'000, true),
      dollars("CDNOW dollars, 50/50", 0.1, 2'000, 2'000, true),
      dollars("CDNOW dollars, 90/10", 0.1, 4'000, 36'000),
      dollars("CDNOW dollars, 95/5", 0.1, 4'800, 91'200),
      dollars("CDNOW dollars, 80/20", 0.1, 2'200, 8'800),
      dollars("CDNOW dollars, 90/10, 25,000 controls", 0.1, 25'000, 225'000, true),
      dollars("CDNOW dollars, 95/5, 30,000 controls", 0.1, 30'000, 570'000, true),
  };
}

std::vector<ArmsWorld> arms_for_looks() {
  return {
      conversion("conversion 2 %, 50/50, no effect", 0.02, 0.0, 30'000, 30'000),
      conversion("conversion 2 %, 50/50", 0.02, kLift, 30'000, 30'000),
      conversion("conversion 0.5 %, 50/50, no effect", 0.005, 0.0, 30'000, 30'000),
      conversion("conversion 0.5 %, 90/10, no effect", 0.005, 0.0, 24'000, 216'000),
      conversion("conversion 0.5 %, 90/10", 0.005, kLift, 24'000, 216'000),
      conversion("conversion 0.5 %, 95/5, no effect", 0.005, 0.0, 24'000, 456'000),
      conversion("conversion 0.5 %, 95/5", 0.005, kLift, 24'000, 456'000),
      conversion("conversion 95 %, 95/5, no effect", 0.95, 0.0, 2'400, 45'600),
      conversion("conversion 99 %, 90/10", 0.99, 0.002, 12'000, 108'000),
      conversion("conversion 99 %, 95/5, no effect", 0.99, 0.0, 12'000, 228'000),
      visits("Hillstrom visits, 50/50, no effect", false, 6'000, 6'000),
      visits("Hillstrom visits, 50/50", true, 6'000, 6'000),
      visits("Hillstrom visits, 90/10, no effect", false, 2'400, 21'600),
      visits("Hillstrom visits, 95/5", true, 2'400, 45'600),
      spend("Hillstrom spend, 50/50, no effect", false, 30'000, 30'000),
      spend("Hillstrom spend, 50/50", true, 30'000, 30'000),
      spend("Hillstrom spend, 90/10, no effect", false, 24'000, 216'000),
      spend("Hillstrom spend, 90/10", true, 24'000, 216'000),
      spend("Hillstrom spend, 95/5, no effect", false, 24'000, 456'000),
      spend("Hillstrom spend, 95/5", true, 24'000, 456'000),
      dollars("CDNOW dollars, 50/50, no effect", 0.0, 3'000, 3'000),
      dollars("CDNOW dollars, 90/10", 0.1, 6'000, 54'000),
      dollars("CDNOW dollars, 95/5, no effect", 0.0, 6'000, 114'000),
  };
}

// Money that waits: uneven splits of CDNOW's customers, too few of control for the gate.
std::vector<ArmsWorld> arms_that_wait() {
  return {
      dollars("CDNOW dollars, 90/10, 1,000 controls", 0.1, 1'000, 9'000),
      dollars("CDNOW dollars, 95/5, 1,000 controls", 0.1, 1'000, 19'000),
  };
}

bool gate_open(const stats::SampleMoments& control, const stats::SampleMoments& treatment,
               double skewness) {
  const stats::SampleMoments arms[] = {control, treatment};
  return stats::check_gate(arms, stats::kind_seen(arms), 1.0, skewness)->open;
}

}  // namespace tact::calibration
