// The parts of one report, in the order they are read; each empty where there is nothing to say.
// `id` is unique in the page and starts the ids of the part's charts.
#pragma once

#include <string>

#include "measure/findings.h"

namespace tact::internal::page {

// What stands behind a difference: one look, CUPED, winsorised, clusters.
class Amounts;
std::string figures_behind(const Findings& findings, const Comparison& effect,
                           const Amounts& amounts);

std::string verdict_part(const Findings& findings, const std::string& id);     // words first
std::string effect_part(const Findings& findings, const std::string& id);      // over time, by arm
std::string credit_part(const Findings& findings, const std::string& id);      // beside incremental
std::string return_part(const Findings& findings, const std::string& id);      // cost, margin, ROI
std::string additivity_part(const Findings& findings, const std::string& id);  // sum beside whole
std::string tier_part(const Findings& findings, const std::string& id);        // of the moments
std::string segment_part(const Findings& findings, const std::string& id);     // for whom
std::string lifetime_part(const Findings& findings, const std::string& id);    // within a year
std::string uplift_part(const Findings& findings, const std::string& id);      // who is persuadable
std::string lasting_part(const Findings& findings, const std::string& id);     // retention
std::string asked_part(const Findings& findings);      // satisfaction, recall
std::string again_part(const Findings& findings);      // hesitation that returned
std::string guardrail_part(const Findings& findings);  // not at the cost of
std::string metrics_part(const Findings& findings);    // every number by arm
std::string health_part(const Findings& findings);     // can it be trusted?
std::string method_part(const Findings& findings);     // method, window, hash of the data

}  // namespace tact::internal::page
