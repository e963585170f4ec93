// What is known of customers, how old it is, and which moments rely on it: `tact freshness`.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "playbook/playbook.h"
#include "store/store.h"

namespace tact {

struct FactFreshness {
  struct Source {
    std::string name;
    bool enriched = false;
    bool believed = true;  // the playbook's `from` allows it
    std::uint64_t visitors = 0, stale = 0;
    Duration median_age{}, oldest{};  // to the day
  };
  const Fact* fact = nullptr;
  std::uint64_t visitors = 0;  // who have a value that is believed, stale or not
  std::uint64_t stale = 0;     // of them
  std::vector<Source> sources;
  std::vector<std::string> moments;  // ids of the live and shadow ones that ask for it

  // Somebody relies on it, and for most people it cannot be used.
  bool is_finding() const { return !moments.empty() && 2 * stale >= visitors; }
};

struct Freshness {
  Time at{};
  std::uint64_t visitors = 0;        // alive, all of them
  std::vector<FactFreshness> facts;  // as the playbook declares them
  // Sources whose facts no longer stand in the playbook are not listed: profiles keep them until
  // they are pushed out.
};

// `fact` members point into `playbook`. Reads every profile once.
// kUnavailable once asked to stop.
Result<Freshness> freshness(const Store& store, const Playbook& playbook, Time now,
                            const std::stop_token& stop = {});

json::object to_json(const Freshness& freshness);
std::string to_text(const Freshness& freshness);  // at most 100 columns

}  // namespace tact
