// For this module's tests only: a store in a temporary directory, a playbook of two moments, and
// rows of facts with known counts.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "measure/internal/moment.h"
#include "measure/report.h"
#include "profile/core.h"
#include "store/keys.h"

namespace tact {

// internal::fill() of a row as it is in the store.
inline bool fill_stored(const Exposure& exposure, const Experiment& experiment, const Plan& plan,
                        Time now, UnitFacts& facts, const internal::Opened& opened = {}) {
  ByteWriter out;
  exposure.encode(out);
  ByteReader in(out.str());
  ExposureView row;
  row.read(in);
  EXPECT_FALSE(in.failed());
  return internal::fill(row, experiment, plan, now, facts, opened);
}

// A group of visitors of one arm who did the same.
struct Group {
  int visitors = 0;
  int reached = 0;  // the first so many have one order each
  bool treated = true;
  int attributed = 0;  // of the orders
  int days_ago = 30;   // of the exposure
  Duration later{};    // on that day
  int returned = 0;    // the first so many have one return each
  int orders_each = 1;
  std::int64_t value_minor = 5'000;  // of an order
  bool simulated = false;
  int crossovers = 0;
  Covariates before{};
  SlotSeen slot = SlotSeen::kSeen;
  int withdrew = 0;
  int followed = 0;  // the first so many did what `after` says
  FollowUp after{};
};

class World {
 public:
  World() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tact-measure-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    auto opened = Store::open(directory_);
    EXPECT_TRUE(opened.has_value());
    if (opened.has_value()) store_ = std::move(opened).value();
    make_playbook();
  }
  ~World() {
    store_.reset();
    std::filesystem::remove_all(directory_);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  static constexpr Time kNow = time_from_ms(1'764'000'000'000);  // 2025-11-24T16:00Z

  // Visitors are numbered on; `experiment` is a moment's, or the universal one for "".
  void add(const Group& group, const std::string& moment = "fit-help") {
    Batch batch;
    for (const auto& [key, row] : rows(group, moment)) batch.put(Family::kFacts, key, row);
    write(batch);
  }
  std::vector<std::pair<std::string, std::string>> rows(const Group& group,
                                                        const std::string& moment = "fit-help") {
    std::vector<std::pair<std::string, std::string>> rows;
    for (int i = 0; i < group.visitors; ++i) rows.push_back(row(group, moment, i));
    return rows;
  }
  void write(const Batch& batch) {
    const Status written = store_->commit(batch);
    EXPECT_TRUE(written.has_value());
  }

  const Experiment& experiment(const std::string& moment = "fit-help") const {
    return *book_.of_moment(playbook_.hash, moment);
  }
  Findings report(const std::string& moment = "fit-help",
                  const ReportOptions& options = {kNow}) const {
    const Moment* found = playbook_.find_moment(moment);
    auto made =
        report_moment(*store_, experiment(moment),
                      found == nullptr ? playbook_.site.hold_back : found->hold_back, options);
    EXPECT_TRUE(made.has_value()) << made.error().to_text();
    return std::move(made).value();
  }
  Reports all(const ReportOptions& options = {kNow}) const {
    auto made = report_all(*store_, book_, playbook_, options);
    EXPECT_TRUE(made.has_value()) << made.error().to_text();
    return std::move(made).value();
  }
  struct Named {
    std::string id, need;
  };
  void add_moments(const std::vector<Named>& moments) {
    for (const Named& moment : moments) add_moment(moment.id, moment.need);
    relearn();
  }
  // Both arms, exposed evenly over the last so many days; windows still open keep what they have.
  void spread(int over_days, Group shown, Group held_back, const std::string& moment) {
    Batch batch;
    for (Group* group : {&shown, &held_back}) {
      Group rest = *group;
      for (int day = over_days; day > 0; --day) {
        Group today = rest;
        for (int Group::* part : {&Group::visitors, &Group::reached, &Group::attributed,
                                  &Group::returned, &Group::crossovers}) {
          today.*part = rest.*part / day;
          rest.*part -= today.*part;
        }
        today.days_ago = day;
        for (auto& [key, value] : rows(today, moment)) {
          batch.put(Family::kFacts, std::move(key), std::move(value));
        }
      }
    }
    write(batch);
  }
  Store& store() { return *store_; }
  Playbook& playbook() { return playbook_; }
  const ExperimentBook& book() const { return book_; }
  void relearn() {  // after a change of playbook()
    ++playbook_.hash.bytes[0];
    book_.add(playbook_);
  }

 private:
  void make_playbook() {
    playbook_.site.name = "Northfold Outdoor";
    playbook_.site.time_zone = "Europe/Berlin";
    Goal orders;
    orders.id = "orders";
    orders.says = "placed an order";
    orders.seen.name = "Order Completed";
    orders.value_from_total = true;
    orders.within = days(14);
    Goal returns;
    returns.id = "returns";
    returns.says = "sent something back";
    returns.seen.name = "Order Refunded";
    returns.within = days(20);
    playbook_.goals = {orders, returns};
    add_moment("fit-help", "be sure about the size");
    add_moment("gift-note", "give something that can be exchanged");
    relearn();
  }
  void add_moment(const std::string& id, const std::string& need) {
    Moment moment;
    moment.id = id;
    moment.need = need;
    moment.because = "people between sizes look twice";
    moment.key = hash64(id);
    moment.expect = {true, 0};
    moment.not_at_the_cost_of = {true, 1};
    playbook_.moments.push_back(moment);
  }
  std::pair<std::string, std::string> row(const Group& group, const std::string& moment, int i) {
    const Experiment& experiment = this->experiment(moment);
    Exposure exposure;
    exposure.experiment = experiment.id;
    exposure.at = kNow - days(group.days_ago) + group.later;
    exposure.treated = group.treated;
    exposure.simulated = group.simulated;
    exposure.crossover = i < group.crossovers;
    exposure.covariates = group.before;
    exposure.slot = group.slot;
    if (i < group.followed) exposure.follow_up = group.after;
    exposure.follow_up.withdrew = i < group.withdrew;
    for (const WatchedGoal& watched : experiment.goals) {
      const bool orders = watched.goal.id == "orders";
      if (i >= (orders ? group.reached : group.returned)) continue;
      GoalTally tally;
      tally.goal = watched.key;
      tally.count = static_cast<std::uint32_t>(orders ? group.orders_each : 1);
      tally.value_minor = orders ? group.value_minor : 0;
      tally.attributed = orders && i < group.attributed ? 1 : 0;
      exposure.goals.push_back(tally);
    }
    ByteWriter out;
    exposure.encode(out);
    VisitorId visitor;
    const std::uint64_t number = hash64(std::to_string(++visitors_));
    for (std::size_t b = 0; b < 8; ++b) {
      visitor.bytes[b] = static_cast<std::uint8_t>(number >> (8 * b));
    }
    return {keys::facts(experiment.id, visitor), out.take()};
  }

  std::string directory_;
  std::unique_ptr<Store> store_;
  Playbook playbook_;
  ExperimentBook book_;
  int visitors_ = 0;
};

}  // namespace tact
