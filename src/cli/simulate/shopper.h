// A simulated visitor at work: carries out a plan over HTTP, as the browser SDK would, and keeps
// the books of what really happened and what would have happened without help.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "cli/simulate/world.h"
#include "serve/http_client.h"

namespace tact::cli {

// Where requests go, and what the shoppers of one connection have in common. One thread at a time.
class Wire {
 public:
  Wire(HttpClient client, std::string write_key)
      : client_(std::move(client)), write_key_(std::move(write_key)) {}

  // The decided slots; kUnavailable, or kInvalid if the server refused.
  Result<json::object> decide(json::object body, Time at);
  Status batch(json::array events, Time at);

  std::uint64_t requests() const { return requests_; }

 private:
  Result<std::string> post(std::string_view target, const json::object& body, Time at);

  HttpClient client_;
  std::string write_key_;
  std::uint64_t requests_ = 0;
};

// What one visitor's meetings with one moment came to: from the first time it was shown.
struct MomentTruth {
  std::uint64_t orders = 0;          // within the outcome's window
  std::uint64_t orders_without = 0;  // that would have been placed without any help
};

struct ShopperBooks {
  std::uint64_t visits = 0, visits_with_help = 0, visits_without_consent = 0;
  std::uint64_t events = 0, shown = 0, orders = 0, orders_without = 0, sent_back = 0;
  std::map<std::string, MomentTruth> moments;  // those shown to this visitor
};

// What is known of the playbook and the planted effects; immutable while shoppers use it.
struct Planted {
  std::map<std::string, std::string> moment_of_message;
  std::map<std::string, double> effects;  // by moment
  Duration outcome_window = days(14);
};

class Shopper {
 public:
  // planted must outlive the shopper.
  Shopper(VisitorPlan plan, const Planted& planted);

  // When the next step is due; none: done.
  std::optional<Time> due() const;
  // Carries out the step that is due.
  Status step(Wire& wire);
  const ShopperBooks& books() const { return books_; }

 private:
  struct Decided {  // on the open page, not reported yet
    std::string id, slot;
    bool visible = false, clicked = false, dismissed = false;
  };
  struct Return {
    Time at{};
    json::object order;
  };

  Status begin_visit(Wire& wire, Time at);
  Status browse(Wire& wire, const Step& step, Time at);
  Status ask(Wire& wire, const Step& step, json::array events, Time at);
  void take(const json::object& decision, bool visible, bool clicked, bool dismissed, Time at);
  Status decide_to_order(Wire& wire, const Step& step, Time at);
  void count_order(Time at, std::uint64_t ShopperBooks::* all,
                   std::uint64_t MomentTruth::* of_moment);
  Status leave_page(Wire& wire, Time at);
  void end_visit();
  json::object event(std::string_view type, std::string_view name, json::object properties,
                     Time at);
  json::object context() const;
  bool consents() const;
  Time step_time() const;

  VisitorPlan plan_;
  const Planted& planted_;
  ShopperBooks books_;
  std::size_t visit_ = 0, step_ = 0;  // the next ones
  std::uint64_t message_number_ = 0;
  std::vector<Return> returns_;
  std::map<std::string, Time> first_shown_;  // by moment
  bool ordered_ = false, would_have_ordered_ = false;
  // Of this visit:
  Time last_step_{};
  Rng small_draws_{0};
  double chance_factor_ = 1.0;   // what the help seen did to the chance to order
  std::set<std::string> helps_;  // moments that did it
  bool helped_this_visit_ = false;
  // Of the page that is open; its type is empty if none is:
  Step page_;
  Time page_since_{};
  std::vector<Decided> decided_;
};

}  // namespace tact::cli
