// One visitor of one case, taken through the real pure core: collect → consent gate → fold →
// advance → decide → fold of the decision.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "collect/collect.h"
#include "decide/decide.h"
#include "golden_case.h"
#include "profile/experiments.h"
#include "profile/fold.h"

namespace tact::golden {

struct Answer {
  std::string message = "default";  // what won, also when withheld
  bool withheld = false;
  std::vector<std::string> explanation;  // line by line; what `#` is looked for in
};

class World {
 public:
  static Result<std::unique_ptr<World>> open(const Case& golden, const std::string& repository);

  // Everything but decide. kInvalid with the member that is wrong.
  Status happen(const Step& step);
  Answer decide(const Step& step);
  // fold(history) from nothing, to compare with the profile folded on the way.
  bool refolds_to_the_same() const;

 private:
  explicit World(const Case& golden) : case_(golden) {}
  bool find_visitor();
  RequestInfo request(Time now) const;
  json::object context(const Step& step) const;
  void send(const Step& step, EventType type, std::string name, json::object properties);
  void tell(const Step& step);
  void ingest(Record record);
  void append(Record record);
  View view(const Surroundings& where, const Product& product, std::string_view category,
            std::string_view weather, Time now, bool anonymous) const;
  void record(const Decision& decision, const Step& step, const View& view);

  const Case& case_;
  std::shared_ptr<const Playbook> playbook_;
  ExperimentBook experiments_;
  Source source_;
  std::string visitor_name_;
  VisitorId visitor_;
  Profile profile_;
  std::vector<Record> history_;
  ConsentChoices choices_{};
  json::object page_;  // the page looked at
  std::string last_decision_;
  int messages_ = 0;
  Status status_ = ok();
};

}  // namespace tact::golden
