// What nobody uses, what can never happen, and what tells more than it admits.
#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "playbook/internal/compiler.h"

namespace tact::playbook_internal {
namespace {

using Kind = Clause::Kind;

void write(ByteWriter& writer, const Clause& clause) {
  writer.u8(static_cast<std::uint8_t>(clause.kind));
  writer.zigzag(clause.intent);
  writer.zigzag(clause.signal);
  writer.zigzag(clause.segment);
  writer.u8(
      static_cast<std::uint8_t>(clause.kind == Kind::kIntent ? clause.level : Level::kLikely));
  writer.zigzag(clause.times);
  writer.u8(static_cast<std::uint8_t>(clause.window.kind));
  writer.zigzag(clause.window.within.count());
  writer.zigzag(clause.from.count());
  writer.zigzag(clause.to.count());
  writer.bytes(clause.text);
  writer.zigzag(clause.amount_minor);
  writer.zigzag(clause.amount_milli);
  writer.u8(clause.below ? 1 : 0);
  writer.u8(static_cast<std::uint8_t>(clause.source));
  writer.u8(static_cast<std::uint8_t>(clause.device));
  writer.u8(static_cast<std::uint8_t>(clause.purpose));
  for (const Clause& part : clause.parts) write(writer, part);
}

}  // namespace

std::string clause_shape(const Clause& clause) {
  ByteWriter writer;
  write(writer, clause);
  return writer.take();
}

namespace {

struct Used {
  std::set<int> signals, intents, messages, segments;
  std::set<std::string> keyword_groups;

  void add(const Clause& clause) {
    if (clause.signal >= 0) signals.insert(clause.signal);
    if (clause.segment >= 0) segments.insert(clause.segment);
    if (clause.intent >= 0) intents.insert(clause.intent);
    if (clause.kind == Kind::kKeywordGroup) keyword_groups.insert(clause.text);
    add(clause.parts);
  }
  void add(const std::vector<Clause>& clauses) {
    for (const Clause& clause : clauses) add(clause);
  }
};

Used collect_use(const Playbook& playbook) {
  Used used;
  for (const Intent& intent : playbook.intents) {
    for (const Evidence& line : intent.in_favour) used.add(line.clause);
    for (const Evidence& line : intent.against) used.add(line.clause);
  }
  for (const Moment& moment : playbook.moments) {
    used.add(moment.when);
    used.add(moment.unless);
    used.add(moment.stop);
    used.messages.insert(moment.messages.begin(), moment.messages.end());
  }
  for (const ExperimentPlan& plan : playbook.experiments) {
    for (const Arm& arm : plan.arms) {
      used.add(arm.moment.when);
      used.add(arm.moment.unless);
      used.messages.insert(arm.moment.messages.begin(), arm.moment.messages.end());
    }
  }
  return used;
}

void check_unused(Compiler& c) {
  const Playbook& p = c.playbook;
  const Used used = collect_use(p);
  for (std::size_t i = 0; i < p.signals.size(); ++i) {
    if (used.signals.contains(static_cast<int>(i))) continue;
    c.report.warning(p.signals[i].position, "unused-signal",
                     "nothing uses the signal \"" + p.signals[i].id + "\"",
                     "make it evidence of an intent, or remove it");
  }
  for (std::size_t i = 0; i < p.intents.size(); ++i) {
    if (used.intents.contains(static_cast<int>(i))) continue;
    c.report.warning(p.intents[i].position, "intent-without-moment",
                     "no moment serves the intent \"" + p.intents[i].id + "\"",
                     "write a moment, even one with status: idea");
  }
  for (std::size_t i = 0; i < p.segments.size(); ++i) {
    if (used.segments.contains(static_cast<int>(i))) continue;
    c.report.warning(p.segments[i].position, "unused-segment",
                     "nothing asks for the segment \"" + p.segments[i].id + "\"",
                     "ask for it in a moment, or remove it");
  }
  for (std::size_t i = 0; i < p.messages.size(); ++i) {
    if (used.messages.contains(static_cast<int>(i))) continue;
    c.report.warning(p.messages[i].position, "unused-message",
                     "no moment shows \"" + p.messages[i].id + "\"",
                     "name it in a moment's show:, or remove it");
  }
}

// Two different signals are needed unless one is decisive or came repeatedly (docs/playbook.md).
bool enough_evidence(const Intent& intent) {
  if (intent.in_favour.size() > 1) return true;
  return std::any_of(intent.in_favour.begin(), intent.in_favour.end(),
                     [](const Evidence& line) { return line.decisive || line.clause.times > 1; });
}

void check_reachable(Compiler& c, const Intent& intent) {
  if (intent.in_favour.empty()) return;
  std::int64_t milli = intent.usually_points.milli;
  for (const Evidence& line : intent.in_favour) milli += line.points.milli;
  const Points most{static_cast<std::int32_t>(std::min<std::int64_t>(milli, 14'000))};
  const Probability best = logistic(most);
  if (best < kLikelyAt) {
    c.report.warning(intent.position, "intent-unreachable",
                     "with all its evidence \"" + intent.id + "\" reaches " +
                         std::to_string(best.percent()) + " %, and likely begins at 50 %",
                     "add evidence, give it more weight, or raise usually");
  } else if (!enough_evidence(intent)) {
    c.report.warning(intent.position, "intent-thin",
                     "\"" + intent.id + "\" rests on one signal seen once, which is never acted on",
                     "add a second signal, \"repeatedly\", or make it decisive");
  }
}

void check_against_listed_for(Compiler& c, const Intent& intent) {
  for (const Evidence& line : intent.in_favour) {
    if (line.clause.signal < 0) continue;
    const Signal& signal = c.playbook.signals[static_cast<std::size_t>(line.clause.signal)];
    if (!signal.counts_against) continue;
    c.report.warning(
        line.clause.position, "counts-against",
        "\"" + signal.id + "\" counts against, yet stands under for:", "move it to against:");
  }
}

// --- reveals ---------------------------------------------------------------------------------

Reveals reach_of(const Window& window) {
  const bool earlier = window.kind == Window::Kind::kBeforeThisVisit ||
                       (window.kind == Window::Kind::kWithin && window.within > days(1));
  return earlier ? Reveals::kHistory : Reveals::kVisit;
}

bool asks_for_fact(const Expression& where, const Playbook& playbook) {
  const auto asks = [&](const Expression& child) { return asks_for_fact(child, playbook); };
  return where.field.empty() ? std::any_of(where.children.begin(), where.children.end(), asks)
                             : playbook.find_fact(where.customer_fact()) != nullptr;
}

// What showing something under this clause tells about the visitor.
Reveals revealed_by(const Clause& clause, const Playbook& playbook) {
  Reveals most = Reveals::kNothing;
  switch (clause.kind) {
    case Kind::kAnyOf:
      for (const Clause& part : clause.parts) most = std::max(most, revealed_by(part, playbook));
      return most;
    case Kind::kIntent:
      for (const Evidence& line :
           playbook.intents[static_cast<std::size_t>(clause.intent)].in_favour) {
        most = std::max(most, revealed_by(line.clause, playbook));
      }
      return most;
    case Kind::kSignal:
    case Kind::kThen:
    case Kind::kAndNo:
    case Kind::kViewedCategory:
      return reach_of(clause.window);
    case Kind::kBoughtProduct:
    case Kind::kBoughtCategory:
    case Kind::kReturned:
    case Kind::kLeftCart:
    case Kind::kLeftForm:
    case Kind::kAfterOrder:
    case Kind::kAfterDelivery:
    case Kind::kAfterSolved:
    case Kind::kOrderLate:
    case Kind::kTicketOpen:
    case Kind::kTicketReopened:
      return Reveals::kHistory;
    case Kind::kInSegment:
      return asks_for_fact(playbook.segments[static_cast<std::size_t>(clause.segment)].where,
                           playbook)
                 ? Reveals::kPersonal
                 : Reveals::kHistory;
    case Kind::kCartHas:
    case Kind::kCartLacks:
    case Kind::kCartOver:
    case Kind::kProductInCart:
    case Kind::kSignedIn:
      return Reveals::kVisit;
    case Kind::kFirstVisit:
    case Kind::kConsentFor:
      return Reveals::kNothing;
    default:
      return Reveals::kPage;  // the page request alone
  }
}

void check_reveals(Compiler& c, const Moment& moment) {
  for (const Clause& clause : moment.when) {
    const Reveals needed = revealed_by(clause, c.playbook);
    for (const int index : moment.messages) {
      Message& message = c.playbook.messages[static_cast<std::size_t>(index)];
      if (needed <= message.reveals) continue;
      const auto& derived = c.reveals_missing;
      if (std::find(derived.begin(), derived.end(), static_cast<std::size_t>(index)) !=
          derived.end()) {
        message.reveals = needed;
        continue;
      }
      const std::string is(to_string(needed));
      c.report.error(clause.position, "reveals-too-low",
                     "\"" + clause.written + "\" tells about the visitor's " + is +
                         ", and message \"" + message.id +
                         "\" reveals: " + std::string(to_string(message.reveals)),
                     "reveals: " + is + ", or another condition");
    }
  }
}

void check_reveals(Compiler& c) {
  for (const std::size_t index : c.reveals_missing)
    c.playbook.messages[index].reveals = Reveals::kPage;
  for (const Moment& moment : c.playbook.moments) check_reveals(c, moment);
  for (const ExperimentPlan& plan : c.playbook.experiments) {
    for (const Arm& arm : plan.arms) {
      if (arm.kind == Arm::Kind::kMoment) check_reveals(c, arm.moment);
    }
  }
}

// --- moments that stand in each other's way
// --------------------------------------------------------

struct Shape {  // a moment's conditions, comparable
  std::set<std::string> when, vetoes;
};

Shape shape_of(const Moment& moment) {
  Shape shape;
  const auto add = [](std::set<std::string>& to, const std::vector<Clause>& clauses) {
    for (const Clause& clause : clauses) to.insert(clause_shape(clause));
  };
  add(shape.when, moment.when);
  add(shape.vetoes, moment.unless);
  add(shape.vetoes, moment.stop);
  return shape;
}

bool subset(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::includes(b.begin(), b.end(), a.begin(), a.end());
}

// Lower wins: service, then what helps without a sale, then selling; then priority.
std::pair<int, int> rank(const Moment& moment) {
  return {moment.service ? 0 : moment.selling() ? 2 : 1, -moment.priority};
}

bool limited(const Moment& moment) {
  return !moment.at_most.empty() || moment.rest.after_ignored > 0 || moment.from || moment.until;
}

void check_pair(Compiler& c, const Moment& a, const Shape& as, const Moment& b, const Shape& bs) {
  if (rank(a) < rank(b) && !limited(a) && subset(as.when, bs.when) &&
      subset(as.vetoes, bs.vetoes)) {
    c.report.warning(b.position, "shadowed",
                     "\"" + b.id + "\" never wins: whenever it could, \"" + a.id + "\" goes first",
                     "limit \"" + a.id + "\", or give the two different conditions");
  } else if (rank(a) == rank(b) && as.when == bs.when && as.vetoes == bs.vetoes && &a < &b) {
    c.report.warning(
        b.position, "conflict",
        "\"" + b.id + "\" and \"" + a.id + "\" want the same place under the same condition",
        "give one of them a priority, or make them one moment with two messages");
  }
}

void check_moments(Compiler& c) {
  const std::vector<Moment>& all = c.playbook.moments;
  std::vector<Shape> shapes;
  for (const Moment& moment : all) shapes.push_back(shape_of(moment));
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t k = 0; k < all.size(); ++k) {
      const bool both_live =
          all[i].status == MomentStatus::kLive && all[k].status == MomentStatus::kLive;
      if (i == k || !both_live || all[i].slot != all[k].slot || all[i].slot.empty()) continue;
      if (shapes[i].when.empty()) continue;  // reported already
      check_pair(c, all[i], shapes[i], all[k], shapes[k]);
    }
  }
}

}  // namespace

void check_use(Compiler& c) {
  check_reveals(c);
  check_moments(c);
  for (const Intent& intent : c.playbook.intents) check_against_listed_for(c, intent);
  const bool complete = std::all_of(c.documents.begin(), c.documents.end(),
                                    [](const auto& file) { return file.second.readable; });
  if (c.uses_incomplete || !complete) return;
  check_unused(c);
  for (const Intent& intent : c.playbook.intents) check_reachable(c, intent);
}

}  // namespace tact::playbook_internal
