// A compiled playbook: what a marketer wrote, checked and typed. Immutable once made; everything
// the fold and decide need is in here, and nothing in here needs a clock or a locale. The language:
// docs/playbook.md. How text becomes this: playbook/compile.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/fixed.h"
#include "base/ids.h"
#include "base/network.h"
#include "base/time.h"
#include "event/event.h"

namespace tact {

struct SourcePosition {  // of what was written; line and column from 1, 0 = whole file
  std::string file;
  int line = 0;
  int column = 0;
};

// --- expressions (`where:` of signals) --------------------------------------------------------

using Literal = std::variant<bool, double, std::string>;

struct Expression {
  enum class Op : std::uint8_t {
    kAnd,
    kOr,
    kNot,
    kEqual,
    kNotEqual,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kContains
  };
  Op op = Op::kAnd;
  std::vector<Expression> children;  // kAnd, kOr: 1…n; kNot: 1
  std::string field;  // comparisons: a property of the event, "seconds", "filters.size"
  Literal literal;    // comparisons
  // affinity.brand("salomon"): the visitor's, from 0 to 1. `field` is "affinity.brand".
  std::optional<InterestKind> affinity;
  std::string about;  // "salomon"

  std::string_view customer_fact() const;  // NAME of customer.NAME; empty for anything else
};

// --- signals ------------------------------------------------------------------------------------

// What a signal or an intent is about: evidence on one product is none about another.
enum class Subject : std::uint8_t { kNothing = 0, kProduct, kCategory };
std::string_view to_string(Subject subject);

enum class Builtin : std::uint8_t {
  kIgnoredMessage = 1,
  kDismissedMessage,
  kClickedMessage,
  kQuickBack
};

struct Seen {  // which events a signal or goal is made of
  enum class Kind : std::uint8_t { kTrack, kPage, kBuiltin, kAnswer };
  Kind kind = Kind::kTrack;
  std::string name;  // track: event name, exactly; page: glob over the path, or "type X"
  Builtin builtin = Builtin::kIgnoredMessage;
  std::string question, answer;  // answer QUESTION = ANSWER
};

struct Signal {
  std::string id;    // snake_case
  std::string says;  // finishes "this visitor …", past tense
  Seen seen;
  std::optional<Expression> where;
  Subject about = Subject::kNothing;
  Duration half_life = days(7);
  bool counts_against = false;
  SourcePosition position;
};

// --- facts and segments
// ---------------------------------------------------------------------------

// A fact about customers (facts.yaml). Only declared ones are kept in profiles.
struct Fact {
  struct Origin {
    std::string name;  // "visitor", or a source: a secret key's or an import's
    bool enriched = false;
    bool operator==(const Origin&) const = default;
  };
  std::string id;     // snake_case, "company_size"
  std::string says;   // finishes "this customer's …": "company size"
  std::string trait;  // what it is sent as: "companySize", "address.country"
  std::vector<Origin>
      from;  // who is believed, first first; empty = whoever told last, never bought
  Duration fresh_for = days(365);  // older is stale and not used
  Purpose purpose = Purpose::kPersonalization;
  bool sensitive = false;  // used only with consent for Purpose::kSensitive too
  SourcePosition position;
};

// A named group (segments.yaml): an expression over customer.FACT, customer.orders,
// customer.visits, affinity.KIND("NAME").
struct Segment {
  std::string id;    // snake_case
  std::string says;  // finishes "this visitor …"
  Expression where;
  SourcePosition position;
};
inline constexpr std::string_view kCustomer = "customer.";

// --- clauses
// --------------------------------------------------------------------------------------

enum class Level : std::uint8_t { kMaybe, kLikely, kSure };  // p ≥ 30 %, 50 %, 75 %
inline constexpr Probability kMaybeAt{300'000}, kLikelyAt{500'000}, kSureAt{750'000};
constexpr Probability threshold(Level level) {
  return level == Level::kMaybe ? kMaybeAt : level == Level::kLikely ? kLikelyAt : kSureAt;
}
std::string_view to_string(Level level);

// The fold keeps the latest times of a signal, at least this many: more cannot be asked for.
inline constexpr int kMostTimes = 8;

// The time a clause looks at. kDefault of a signal: seen this visit, or in two visits or more with
// strength ≥ 0.5 now.
struct Window {
  enum class Kind : std::uint8_t { kDefault, kThisVisit, kWithin, kBeforeThisVisit };
  Kind kind = Kind::kDefault;
  Duration within{};
};

// One line of a condition. Unknown values make a clause unknown (Kleene logic): `when` needs true,
// `unless` treats unknown as no.
struct Clause {
  enum class Kind : std::uint8_t {
    kAnyOf,           // parts
    kIntent,          // intent, level
    kSignal,          // signal, times, window
    kThen,            // parts[0] then parts[1] (both kSignal) within window.within
    kAndNo,           // parts[0] and no parts[1] (both kSignal) for window.within
    kBoughtProduct,   // window: kDefault = ever, kBeforeThisVisit, kWithin
    kBoughtCategory,  // same
    kViewedCategory,  // text (a category, or "this"), times, window
    kFirstVisit,
    kFirstPage,     // of this visit
    kReturned,      // this visit began between from and to after the last one ended
    kCameFrom,      // source, or text = campaign name where source == kCampaign
    kKeywordGroup,  // text = group; the campaign term or search query of this visit's first page
    kDaypart,       // text = daypart
    kWeekend,
    kWeather,        // text = "rain" …, or amount_milli with below/above in op
    kCartHas,        // text = category
    kCartLacks,      // text = category
    kCartOver,       // amount_minor
    kProductInCart,  // "product added to cart": this page's product
    kLeftCart,       // window: a cart left behind in an earlier visit within window.within
    kLeftForm,       // window: a form begun in an earlier visit and not sent since
    kPageType,       // text
    kPagePath,       // text = glob
    kSignedIn,
    kLocale,      // text = "de" or "de-AT"
    kDevice,      // device
    kConsentFor,  // purpose
    kInSegment,   // segment
    kOrderLate,   // promised for an earlier time, and not there
    kTicketOpen,  // opened or reopened, and not solved
    kTicketReopened,
    kAfterOrder,     // from: so long ago or longer, the latest that was not cancelled
    kAfterDelivery,  // from: of an order that was not sent back
    kAfterSolved     // from: of a ticket that was not reopened
  };
  Kind kind = Kind::kFirstVisit;
  std::string written;  // as in the file
  std::string says;     // in words, third person: "opened the size guide repeatedly this visit"
  std::vector<Clause> parts;
  int intent = -1;   // index into Playbook::intents
  int signal = -1;   // index into Playbook::signals
  int segment = -1;  // index into Playbook::segments
  Level level = Level::kLikely;
  int times = 1;  // repeatedly = 2
  Window window;
  Duration from{}, to{};  // kReturned; from: kAfter…
  std::string text;
  std::int64_t amount_minor = 0;
  std::int64_t amount_milli = 0;  // kWeather: degrees Celsius × 1000
  bool below = false;             // kWeather: below amount_milli (else above)
  TrafficSource source = TrafficSource::kUnknown;
  Device device = Device::kUnknown;
  Purpose purpose = Purpose::kPersonalization;
  SourcePosition position;
};

// --- intents
// --------------------------------------------------------------------------------------

struct Evidence {
  Clause clause;
  Points points;  // weak 500, moderate 1000, strong 2000, decisive 4000 (positive)
  bool decisive = false;
};

struct Intent {
  std::string id;
  std::string means;  // "is unsure whether it will fit"
  Subject about = Subject::kNothing;
  Probability usually;    // how common it is where it can occur
  Points usually_points;  // log_odds(usually)
  std::vector<Evidence> in_favour, against;
  SourcePosition position;
};

// --- limits, goals, messages, moments
// ---------------------------------------------------------------

struct Frequency {  // "1 per visit, 3 per week, 6 ever"; empty = no limit
  std::optional<int> per_visit, per_day, per_week, ever;
  bool empty() const { return !per_visit && !per_day && !per_week && !ever; }
};

struct Rest {  // "14d after 2 ignored"
  Duration length{};
  int after_ignored = 0;  // 0 = no rest
};

// What GDPR Art. 9 is about, or what lets it be inferred. Patterns are in small letters, `*` stands
// for any run of characters; words are whole words, several stand one after the other.
struct SensitiveTopic {
  std::string id;                       // "health"
  std::vector<std::string> categories;  // words of a category
  std::vector<std::string> pages;       // words of a path; with a / in front a glob over all of it
  std::vector<std::string> searches;    // words of a search or a campaign
};

// Words and phrases by how they begin.
struct PhraseList {
  std::vector<std::string> sorted;  // whose first two bytes are those of a word
  std::vector<std::string> others;  // with a * there, or shorter
  // Of `sorted`, for each byte: how many begin with a smaller one.
  std::array<std::uint32_t, 257> below{};

  std::span<const std::string> beginning_with(char c) const {
    const auto byte = static_cast<unsigned char>(c);
    return std::span(sorted).subspan(below[byte], below[byte + 1] - below[byte]);
  }
};

// The words of all topics, by what they are looked for in; each once.
struct SensitiveWords {
  PhraseList categories, pages, searches;
  std::vector<std::string> page_globs;  // those of `pages` that begin with a /
};

// On what ground data is used for a purpose, by region.
struct PurposeBasis {
  struct Exception {
    std::string region;  // ISO 3166-1 or -2: "US", "US-CA"
    Basis basis = Basis::kConsent;
  };
  Basis basis = Basis::kConsent;
  std::vector<Exception> exceptions;

  // The most exact one. The strictest of all that may be meant where the region is unknown, or a
  // country whose parts differ: never over consent over legitimate interest.
  Basis in(std::string_view region) const;
};

struct Guards {
  Frequency all;          // every message together
  Frequency selling;      // moments without `without_a_sale`
  Rest rest{days(7), 3};  // after ignored, over all moments
  Duration after_dismissal =
      days(30);  // "not now": this moment; "not me": this moment, twice as long
  Duration suppress_product = days(60);   // nothing selling about a product bought within
  Duration suppress_category = days(14);  // nothing selling about a durable category bought within
  std::vector<std::string> durable_categories;
  Probability ahead_by{150'000};          // an intent is acted on only if it leads the next by this
  std::vector<SensitiveTopic> sensitive;  // those built in, extended and without what is off
  SensitiveWords sensitive_words;         // of all of them
  std::array<PurposeBasis, kPurposes> purposes;  // indexed by Purpose

  Bases bases_in(std::string_view region) const;
};

struct Goal {
  std::string id;    // "orders"
  std::string says;  // "placed an order"
  Seen seen;
  bool value_from_total = false;  // the outcome's value is the event's value_minor
  Duration within = days(7);      // after exposure
  SourcePosition position;
};

struct Content {
  std::string title, body;
  std::string link_text, link_to;
  std::string image_src, image_alt;
  std::vector<std::string> items;
  struct Option {
    std::string value, text;
  };
  std::vector<Option> options;  // kind: question
};

enum class MessageKind : std::uint8_t {
  kMessage,
  kCta,
  kOffer,
  kReassurance,
  kRecommendation,
  kNavigation,
  kForm,
  kQuestion,
  kSurvey
};
std::string_view to_string(MessageKind kind);
enum class Reveals : std::uint8_t { kNothing, kPage, kVisit, kHistory, kPersonal };
std::string_view to_string(Reveals reveals);

struct Variant {
  std::string id;
  std::string locale;  // empty = any; else only for visitors of this language
  Content content;
};

// What showing a message costs, in 10^-(Site::minor_digits + kFinerDigits) of the currency.
struct Costs {
  static constexpr int kFinerDigits = 3;  // an e-mail costs less than a cent
  std::int64_t per_visitor = 0;           // once, of everybody who meets it
  std::int64_t per_order = 0;             // of each order that counts for the goal
  bool any() const { return per_visitor != 0 || per_order != 0; }
  bool operator==(const Costs&) const = default;
};

struct Message {
  std::string id;
  MessageKind kind = MessageKind::kMessage;
  Subject about = Subject::kNothing;
  Reveals reveals = Reveals::kVisit;
  std::string because;  // what the visitor reads; empty = made from the strongest evidence
  std::vector<Variant> variants;  // ≥ 1
  Costs costs;
  SourcePosition position;
};

enum class Pick : std::uint8_t { kFirst, kSplitEvenly, kWhatWorks };
std::string_view to_string(Pick pick);
enum class Tier : std::uint8_t { kNone, kBroad, kCategory, kConversion };
std::string_view to_string(Tier tier);
enum class MomentStatus : std::uint8_t { kIdea, kShadow, kDraft, kLive };
std::string_view to_string(MomentStatus status);

struct Expectation {  // "more orders", "fewer returns"
  bool more = true;
  int goal = -1;  // index into Playbook::goals
  explicit operator bool() const { return goal >= 0; }
};

struct Moment {
  std::string id;
  std::string need, because;
  std::string slot;            // `at`
  std::vector<Clause> when;    // all
  std::vector<Clause> unless;  // none
  std::vector<Clause> stop;    // none (product added to cart, …)
  std::vector<int> messages;   // `show`: indices into Playbook::messages, ≥ 1 (idea: 0)
  Pick pick = Pick::kFirst;
  Frequency at_most;
  Rest rest;
  Expectation expect, not_at_the_cost_of;
  std::string without_a_sale;  // empty = selling
  Probability hold_back{100'000};
  Tier tier = Tier::kNone;
  bool service = false;  // kind: service
  MomentStatus status = MomentStatus::kLive;
  int priority = 0;
  std::optional<Time> from, until;  // shown in [from, until)
  std::string owner, review;
  std::uint64_t key = 0;         // hash64(id): what contacts are kept by
  std::vector<int> experiments;  // live ones on it: indices into Playbook::experiments
  SourcePosition position;

  bool selling() const { return without_a_sale.empty() && !service; }
  bool names_intent() const;  // some `when` clause is about an intent
};

// One arm of an experiment: what differs for those who are in it.
struct Arm {
  enum class Kind : std::uint8_t {
    kMoment,   // the moment, as this arm has it
    kGeneric,  // at the same instants, a message that says nothing of the visitor
    kDefault   // nothing: everybody's content stays
  };
  std::string id;
  Kind kind = Kind::kMoment;
  Probability weight;  // planned share of those who take part; all add up to 100 %
  // The moment with this arm's condition and messages; of kDefault as written, for what would have
  // shown. Of an ended experiment not filled.
  Moment moment;
  std::vector<std::string> variants;  // of its messages only these; empty = all

  bool allows(std::string_view variant) const;
};

enum class ExperimentStatus : std::uint8_t { kDraft, kLive, kEnded };
std::string_view to_string(ExperimentStatus status);

// An A/B/n experiment on one moment (experiments/*.yaml).
struct ExperimentPlan {
  std::string id;
  std::string asks;     // the hypothesis as a question; the report answers it
  std::string because;  // why the answer may be yes
  std::string moment;   // its id; of an ended experiment the moment may be gone
  std::string layer;    // a visitor is in at most one experiment of a layer; empty = of its own
  Probability from, to{1'000'000};  // who takes part: this part of the layer's visitors
  std::vector<Arm> arms;            // ≥ 2, the control first
  Expectation expect, not_at_the_cost_of;
  ExperimentStatus status = ExperimentStatus::kLive;
  // Some arm may show at an instant at which another does not: by its condition, or because a guard
  // looks at its messages.
  bool triggers_differ = false;
  std::uint64_t definition = 0;  // hash of the arms and the split as written
  std::string owner, review;
  SourcePosition position;
};

struct PageRule {  // content.yaml: which pages carry which topic and stage
  std::string glob;
  std::string topic, stage, type;
};
struct Daypart {
  std::string name;
  int from_minute = 0, to_minute = 0;  // of the day, local; from > to wraps over midnight
};
struct KeywordGroup {
  std::string name;
  std::vector<std::string> keywords;  // lower case
};

// What of an event's properties, traits and context is kept. Patterns: `*` stands for any run of
// characters; with a dot a path ("properties.address.street"), else a member's name at any depth.
struct Privacy {
  std::optional<std::vector<std::string>> keep;       // names of properties, globs; absent = all
  std::vector<std::string> drop;                      // patterns
  std::vector<std::string> expected{"traits.email"};  // patterns: personal data may be there
};

// Whose requests are stored and flagged, and count as nobody's behaviour.
struct Traffic {
  std::vector<Network> staff, bots;
};

// Whom the site speaks to. Of visitors who may be children only the page request counts.
enum class Audience : std::uint8_t { kAdults, kMixed, kChildren };

struct Site {
  std::string name;
  std::string time_zone = "UTC";      // IANA
  SourcePosition time_zone_position;  // line 0: not written
  std::string currency = "EUR";       // ISO 4217
  int minor_digits = 2;  // of the currency: EUR 2, JPY 0; amount_minor counts in 10^-this
  std::vector<std::string> locales{"en"};
  std::string sector = "shop";
  Audience audience = Audience::kAdults;
  Probability hold_back{50'000};  // universal
  // Of an order's total, kept before the costs of messages, where the order does not tell its own;
  // above 0. Absent: returns are not reckoned.
  std::optional<Probability> margin;
  Privacy privacy;
  Traffic traffic;
};

struct Playbook {
  ContentHash hash;                // of the files
  std::uint64_t derived_hash = 0;  // of what the derived state depends on: the signals' definitions
  Site site;
  std::vector<PageRule> pages;
  std::vector<Daypart> dayparts;
  std::vector<KeywordGroup> keyword_groups;
  std::vector<Fact> facts;
  std::vector<Segment> segments;
  std::vector<Signal> signals;
  std::vector<Intent> intents;
  Guards guards;
  std::vector<Goal> goals;
  std::vector<Message> messages;
  std::vector<Moment> moments;  // in file order, files by name
  std::vector<ExperimentPlan> experiments;

  const Moment* find_moment(std::string_view id) const;
  const Message* find_message(std::string_view id) const;
  const ExperimentPlan* find_experiment(std::string_view id) const;
  int find_intent(std::string_view id) const;  // -1
  int find_signal(std::string_view id) const;  // -1
  const Fact* find_fact(std::string_view id) const;
};

// "/pricing*" matches a path; * matches any run of characters. No other wildcard.
bool glob_matches(std::string_view glob, std::string_view text);

}  // namespace tact
