// What Tact knows of something that happened. Start reading here.
//
// An Event is what a client sent, checked and minimised by `collect`, with everything that depends
// on the outside world (device class, site-local time, referrer class) already worked out. A Record
// is an event — or a decision, a link, … — as accepted into the log, with the server's time.
// All strings are valid UTF-8. Money is in minor units (cents) of the site's currency.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace tact {

// Segment Spec calls. Values are stored on disk.
enum class EventType : std::uint8_t { kTrack = 1, kIdentify, kPage, kScreen, kGroup, kAlias };
std::string_view to_string(EventType type);

enum class Device : std::uint8_t { kUnknown = 0, kDesktop, kMobile, kTablet };
std::string_view to_string(Device device);

// Where a visit came from, judged from campaign parameters, then from the referrer.
enum class TrafficSource : std::uint8_t {
  kUnknown = 0,
  kDirect,
  kSearch,
  kEmail,
  kAd,
  kSocial,
  kReferral,
  kCampaign,
  kInternal
};
std::string_view to_string(TrafficSource source);

// What data may be used for. Values are stored on disk.
enum class Purpose : std::uint8_t {
  kAnalytics = 0,
  kPersonalization,
  kEmail,
  kSharing,
  kReplay,
  kSensitive
};
inline constexpr std::size_t kPurposes = 6;
std::string_view to_string(Purpose purpose);

// kAsked: the visitor was shown a choice and has not answered.
enum class ConsentState : std::uint8_t { kUnknown = 0, kGranted, kRefused, kObjected, kAsked };
std::string_view to_string(ConsentState state);
using ConsentChoices = std::array<ConsentState, kPurposes>;  // indexed by Purpose

// On what ground data may be used for a purpose while the visitor has said nothing.
enum class Basis : std::uint8_t { kConsent = 0, kLegitimateInterest, kNever };
using Bases = std::array<Basis, kPurposes>;  // indexed by Purpose

// An event with more products is refused (a 32 KB event could hold 3,600).
inline constexpr std::size_t kMaxProducts = 1'000;

struct Product {
  std::string id;
  std::string category;          // path from broad to narrow, "shoes/trail"; may be empty
  std::int64_t price_minor = 0;  // of one piece
  std::uint32_t quantity = 1;
  bool sensitive = false;  // about a topic of `guards.yaml` `sensitive:`; false in a Core
  std::string brand;       // empty in a Core
  bool operator==(const Product&) const = default;

  // "shoes" of "shoes/trail": what affinity and category subjects are kept by.
  std::string_view top_category() const {
    return std::string_view(category).substr(0, category.find('/'));
  }
};

// What looks at pages and products are about, so that they add up to an affinity. Values are stored
// on disk.
enum class InterestKind : std::uint8_t { kCategory = 0, kBrand, kTopic };
inline constexpr std::size_t kInterestKinds = 3;
std::string_view to_string(InterestKind kind);

// A fact about the visitor that the playbook declares, as its source says it.
struct FactValue {
  std::string name;   // the fact's id in the playbook
  std::string value;  // one JSON scalar, compact: "\"DE\"", "50", "true"
  bool operator==(const FactValue&) const = default;
};
inline constexpr std::size_t kMaxFactBytes = 256;  // of a value; longer ones are not kept
inline constexpr std::size_t kMaxFacts = 64;       // of an event, and of a profile
// Who said it, where it was the visitor: nobody who could prove it.
inline constexpr std::string_view kVisitorOrigin = "visitor";

// Another id a trusted source knows the person by: "email", "crm", "loyalty", "till". The id itself
// is never stored.
struct FurtherId {
  std::string kind;
  VisitorId visitor;  // visitor_named(key, kind, id)
  bool operator==(const FurtherId&) const = default;
};
inline constexpr std::size_t kMaxFurtherIds = 8;  // of an event

struct Campaign {  // utm_*
  std::string source, medium, name, term, content;
  bool operator==(const Campaign&) const = default;
  bool empty() const { return source.empty() && medium.empty() && name.empty() && term.empty(); }
};

// What the page or request was like, for events and for decisions alike.
struct Surroundings {
  std::string path;       // of the page's URL, without query: "/p/trail-shoe"
  std::string page_type;  // "product", "category", "home", … as the site names it
  std::string referrer_host;
  std::string locale;  // BCP 47, "de-DE"
  Campaign campaign;
  Device device = Device::kUnknown;
  TrafficSource source = TrafficSource::kUnknown;
  std::string region;  // ISO 3166-1 or -2, "DE" or "DE-BY"; empty = unknown
  // Minutes since Monday 00:00 in the site's time zone at event time, plus 1; 0 = unknown.
  std::uint16_t local_minute_of_week = 0;
  // The page, what it or the event is about, the search or the campaign touches a topic of
  // `guards.yaml` `sensitive:`, as the playbook of that time judged it.
  bool sensitive = false;
  std::string topic;  // of the page, as `content.yaml` of that time named it
  bool operator==(const Surroundings&) const = default;
};

inline constexpr std::string_view kOfRequest = "request:";

// What a trusted source said of the visitor's age. Values are stored on disk.
enum class Adult : std::uint8_t { kUnknown = 0, kYes, kNo };

// What an order says of its price. Values are stored on disk.
enum class OrderPrice : std::uint8_t { kUntold = 0, kFull, kDiscounted };

struct Event {
  EventType type = EventType::kTrack;
  std::string message_id;  // < 100 characters; dedupe key
  std::string anonymous_id;
  std::string user_id;      // as claimed; links nothing unless the source is a secret key
  std::string previous_id;  // alias
  std::string group_id;     // group
  std::string name;         // track: event; page, screen: name
  Surroundings where;

  // Typed fields that the fold looks at; also present in `properties`.
  std::vector<Product> products;  // the subject first
  std::string category;           // the page's or list's category where there is no product
  std::string query;              // search text
  std::string order_id;
  std::int64_t value_minor = 0;  // total or revenue
  std::uint32_t seconds = 0;     // visible time (Page Left)
  std::uint8_t scroll_percent = 0;
  // Message Seen / Not Seen / Clicked / Dismissed: the decision id; or kOfRequest and the requestId
  // of a decide whose answer came too late (Not Seen only).
  std::string decision;
  std::string answer;  // reason of a dismissal, answer to a question
  std::string form, field, question;
  ConsentChoices consent{};        // what context.consent said; kUnknown where silent
  std::uint64_t consent_text = 0;  // hash of the text the visitor was shown; 0 = not told
  // A choice that stood beside something else, as a browser repeats it: no new choice.
  bool consent_carried = false;
  std::vector<FactValue> facts;  // ≤ kMaxFacts, of traits
  std::string origin;            // of the facts: kVisitorOrigin, or the source's name ("crm")
  bool enriched = false;         // the facts were bought or guessed, not told by the visitor
  Time due{};                    // of an order: when its delivery was promised; epoch = not said
  std::vector<FurtherId> further_ids;  // ≤ kMaxFurtherIds
  std::string ticket;                  // of Ticket Opened, Solved, Reopened
  Adult adult = Adult::kUnknown;       // traits.adult of a trusted source
  // Of Order Completed: did a discount or a coupon lower it, and what is left of it.
  OrderPrice price = OrderPrice::kUntold;
  bool has_margin = false;
  std::int64_t margin_minor = 0;  // may be negative
  bool has_score = false;
  std::int64_t score_milli = 0;  // Survey Answered: 8,500 = 8.5
  std::uint64_t account = 0;     // keyed hash of group_id; 0 = none

  // The minimised rest: compact JSON objects, or empty.
  std::string properties, traits, context;
  bool operator==(const Event&) const = default;

  std::string_view subject_product() const {
    return products.empty() ? std::string_view{} : products[0].id;
  }
  std::string_view subject_category() const {
    return products.empty() || products[0].category.empty()
               ? std::string_view(category).substr(0, category.find('/'))
               : products[0].top_category();
  }
};

// How sure the leading intent was when a decision was made. Values are stored on disk.
enum class IntentLevel : std::uint8_t { kUntold = 0, kUnclear, kMaybe, kLikely, kSure };
std::string_view to_string(IntentLevel level);

// Does the intent that was likely or sure at an exposure lead again, likely or sure, on a later
// visit and by evidence of that visit? Told while an exposure of the visitor asks. Values are
// stored on disk.
enum class Hesitation : std::uint8_t { kUntold = 0, kNotAgain, kAgain };

// A question to Tact: one slot of one page, and what was decided. Everything needed to decide again
// is here or in the visitor's history before it.
enum class Outcome : std::uint8_t { kDefault = 0, kShown, kWithheld };
std::string_view to_string(Outcome outcome);

inline constexpr std::size_t kMaxAssignments = 32;  // of a decision

// The arm of an experiment a visitor is in.
struct Assignment {
  std::string experiment, arm;
  bool operator==(const Assignment&) const = default;
};

struct DecisionRecord {
  std::string slot;
  std::string anonymous_id;   // as sent, where this record is the visitor's first; else empty
  std::uint64_t request = 0;  // hash64 of requestId; 0 = none
  Surroundings where;
  Product product;       // the page's product; id empty = none
  std::string category;  // the page's category where there is no product
  std::string weather;   // as the site passed it: "rain", "4 C"
  ContentHash playbook;
  ContentHash snapshot;  // zero until something is learned
  Outcome outcome = Outcome::kDefault;
  std::string moment, message, variant;  // what won; empty for the default without a winner
  bool held_out_universal = false;
  bool held_out_moment = false;
  bool selling = false;              // counted by the limits on selling
  std::uint32_t propensity_ppm = 0;  // P(variant | this moment won)
  std::uint64_t why_digest =
      0;                  // hash64 of the explanation's JSON, so that explain can compare all of it
  Assignment assignment;  // to the experiment on `moment`; empty: takes part in none
  // Experiments whose moment would have won here in another arm, not in the visitor's: the visitor
  // enters at the same instant as there. ≤ kMaxAssignments.
  std::vector<Assignment> triggered;
  // For reports, frozen at exposure. Not told of what may be sensitive.
  IntentLevel intent_level = IntentLevel::kUntold;
  std::string intent;                           // the leading one; empty = none leads clearly
  std::string stage;                            // of the journey; empty = not told
  Hesitation hesitation = Hesitation::kUntold;  // kAgain: it is `intent`
  bool operator==(const DecisionRecord&) const = default;
};

// Merge, first half: the losing visitor ends here (architecture: Identity).
struct LinkOutRecord {
  VisitorId winner;
  std::string core;         // profile::Core, encoded
  std::string derived;      // profile::Derived, encoded
  std::uint64_t login = 0;  // hash64 of the messageId that says so; 0 = unknown (older records)
  bool operator==(const LinkOutRecord&) const = default;
};
// Merge, second half, idempotent by (loser, loser_offset).
struct AbsorbRecord {
  VisitorId loser;
  Offset loser_offset;  // of the LinkOutRecord
  std::string core;
  std::string derived;
  bool operator==(const AbsorbRecord&) const = default;
};

// Undoing a link, first half: the winner, as if it had never been.
struct DetachRecord {
  VisitorId loser;
  Offset loser_offset;  // of the LinkOutRecord
  std::string core;     // the winner's
  std::string derived;
  std::string reason;  // the operator's words
  bool operator==(const DetachRecord&) const = default;
};
// Second half: the loser goes on as the visitor it was.
struct UnlinkRecord {
  Offset link;       // of its LinkOutRecord
  std::string core;  // as then, with the consent of today
  std::string derived;
  std::string reason;
  bool operator==(const UnlinkRecord&) const = default;
};

// Values are stored on disk.
enum class RecordKind : std::uint8_t {
  kEvent = 1,
  kDecision = 2,
  kLinkOut = 3,
  kAbsorb = 4,
  kDetach = 5,
  kUnlink = 6
};

namespace record_flags {
inline constexpr std::uint8_t kSimulated = 1;  // made by tact simulate
inline constexpr std::uint8_t kImported = 2;   // event_time is free; no live consent flow
inline constexpr std::uint8_t kGpc = 4;        // Sec-GPC: 1, or its GPP subsection
inline constexpr std::uint8_t kReportOnly =
    8;  // analytics consent alone: never folded into signals
inline constexpr std::uint8_t kBasisGranted =
    16;  // the source has its own lawful basis (consent: granted)
inline constexpr std::uint8_t kTrustedIdentity = 32;  // a secret key said who this is
// Stored, and nobody's behaviour: no visit, evidence, contact or outcome (consent is noted).
inline constexpr std::uint8_t kBot = 64;
inline constexpr std::uint8_t kStaff = 128;  // from a network the playbook declares as the site's
inline constexpr std::uint8_t kNobody = kBot | kStaff;
}  // namespace record_flags

struct Record {
  Time received_at;  // never before the partition's last record
  Time event_time;
  std::uint16_t source = 0;  // the key or import it came by (collect/source.h)
  std::uint8_t flags = 0;
  std::variant<Event, DecisionRecord, LinkOutRecord, AbsorbRecord, DetachRecord, UnlinkRecord> body;
  bool operator==(const Record&) const = default;

  RecordKind kind() const { return static_cast<RecordKind>(body.index() + 1); }
  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
};

}  // namespace tact
