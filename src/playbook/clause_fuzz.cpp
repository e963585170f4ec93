// Clauses and expressions from bytes. A clause that parses says itself in words and means the same
// when it is parsed again from what was kept of it.
#include <cstddef>
#include <cstdint>

#include "playbook/compile.h"

namespace {

const tact::Playbook& names_playbook() {
  static const auto playbook = [] {
    tact::Playbook p;
    for (const char* id : {"size_guide", "searched_for_sizes", "size"}) {
      p.signals.emplace_back();
      p.signals.back().id = id;
      p.signals.back().says = "did something";
    }
    p.intents.emplace_back();
    p.intents.back().id = "unsure_about_fit";
    p.dayparts.push_back({"morning", 360, 660});
    p.keyword_groups.push_back({"contract_disputes", {"dispute"}});
    return p;
  }();
  return playbook;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const tact::Playbook& p = names_playbook();
  const tact::ClauseNames names{&p.signals,        &p.intents,  &p.dayparts,
                                &p.keyword_groups, &p.segments, 2};
  if (const auto clause = tact::parse_clause(text, names)) {
    CHECK(!clause->says.empty());
    const auto again = tact::parse_clause(clause->written, names);
    CHECK(again.has_value() && again->kind == clause->kind && again->says == clause->says);
  } else {
    CHECK(!clause.error().where.empty());
  }
  (void)tact::parse_clause(text, {}).has_value();
  if (const auto expression = tact::parse_expression(text)) {
    CHECK(!expression->field.empty() || !expression->children.empty());
  }
  return 0;
}
