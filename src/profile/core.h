// A visitor's profile: what the fold keeps. `Core` does not depend on the playbook and is never
// refolded; `Derived` holds the signals, under the hash of their definitions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "consent/consent.h"
#include "event/event.h"
#include "profile/decayed_sum.h"
#include "profile/follow_up.h"
#include "profile/pace.h"
#include "profile/responses.h"

namespace tact {

inline constexpr Duration kVisitGap{30 * 60'000};  // in event time
inline constexpr Duration kAffinityHalfLife = days(30);

enum class IdKind : std::uint8_t { kAnonymous = 1, kUser = 2, kFurther = 3 };

struct ExternalId {
  IdKind kind = IdKind::kAnonymous;
  std::string id;  // as sent; a further id: "loyalty:" and its keyed hash
  bool operator==(const ExternalId&) const = default;
};

struct Visit {
  std::uint32_t number = 0;  // from 1; 0 = none yet
  Time started{}, last_event{};
  std::uint32_t pages = 0, events = 0;
  std::string entry_path;
  std::string entry_query;  // a search made on the first page
  TrafficSource source = TrafficSource::kUnknown;
  Campaign campaign;
  Device device = Device::kUnknown;
  std::string path, page_type, product, category;  // the page looked at now
  bool operator==(const Visit&) const = default;
};

struct Interest {
  InterestKind kind = InterestKind::kCategory;
  std::string name;     // a category's top level, a product's brand, a page's topic
  DecayedSum strength;  // half-life kAffinityHalfLife
  Occurrences viewed;
  bool operator==(const Interest&) const = default;
};

// Values are stored on disk.
enum class OrderState : std::uint8_t { kPlaced = 0, kShipped, kDelivered, kReturned, kCancelled };
std::string_view to_string(OrderState state);

struct Order {
  Time at{};
  std::string id;
  std::int64_t value_minor = 0;
  std::vector<Product> products;  // ids and categories; ≤ 20
  OrderState state = OrderState::kPlaced;
  Time state_at{};
  Time due{};  // when delivery was promised; epoch = nobody said
  bool operator==(const Order&) const = default;

  bool under_way() const { return state == OrderState::kPlaced || state == OrderState::kShipped; }
  void learn(const struct EarlyOrderState& told);  // if it is later than what is known
};

// What became of an order that is not known, or not yet: it may arrive before the order itself.
struct EarlyOrderState {
  std::string order;
  bool has_state = false;  // else only a delivery was promised
  OrderState state = OrderState::kPlaced;
  Time at{};   // of the state; without one, of the promise
  Time due{};  // epoch = nobody said
  bool operator==(const EarlyOrderState&) const = default;
};

// A form that was begun, and perhaps sent.
struct Form {
  std::string name;
  Time started{}, sent{};  // the latest; epoch = never
  bool operator==(const Form&) const = default;

  bool is_left() const { return started != Time{} && sent < started; }
  Time latest() const { return sent < started ? started : sent; }
};

enum class TicketState : std::uint8_t { kOpen = 0, kSolved, kReopened };
std::string_view to_string(TicketState state);

struct Ticket {  // with customer service
  std::string id;
  TicketState state = TicketState::kOpen;
  Time at{};  // since when
  bool operator==(const Ticket&) const = default;
};

// A fact as one source last told it. The playbook says which source is believed, and how long.
struct KnownFact {
  std::string name, value;  // FactValue
  std::string origin;
  bool enriched = false;
  Time at{};  // event time
  bool operator==(const KnownFact&) const = default;
};

// A decision or a withheld decision that had a winner: what caps, rest and fatigue count.
struct Contact {
  Partition partition;  // of the decision's record: a merged visitor keeps the old place
  Offset offset;        // of the latest decision of this contact
  // Of those before it on the same page, latest last, ≤ kMaxEarlier: reactions may still name them.
  std::vector<std::uint64_t> earlier;
  Time at{};                 // received_at
  std::uint64_t moment = 0;  // Moment::key
  std::uint32_t page =
      0;  // Visit::pages then: asked again on the same page, it is the same contact
  std::uint8_t hour = kUnknownHour;
  bool withheld = false;
  bool selling = false;
  bool not_seen = false;  // the SDK said so at page hide: no longer counts
  bool seen = false;
  bool acted = false;  // clicked, or a goal was reached
  bool dismissed = false;
  bool ignored = false;  // seen, not acted on, and the visit is over
  bool operator==(const Contact&) const = default;

  static constexpr std::size_t kMaxEarlier = 4;
  bool counts() const { return !not_seen; }
};

// What outlives the bounded list of contacts, per moment.
struct MomentTotals {
  std::uint64_t moment = 0;
  std::uint32_t ever = 0;
  std::uint32_t ignored_run = 0;  // since the last one acted on
  Time last_ignored{};
  Time dismissed_at{};
  bool not_me = false;  // the latest dismissal was for good reason: rest twice as long
  bool operator==(const MomentTotals&) const = default;
};

struct GoalTally {
  std::uint64_t goal = 0;  // Experiment's goal key
  std::uint32_t count = 0;
  std::int64_t value_minor = 0;
  std::uint32_t attributed = 0;  // of count: this moment was the last one shown before it
  // Of count, in millionths of an outcome: this moment's share of the messages that led there
  // (attribution.h).
  std::uint64_t linear = 0, position = 0;
  // Of value_minor, that of orders which told a margin, and what they told.
  std::int64_t told_minor = 0, margin_minor = 0;
  bool operator==(const GoalTally&) const = default;
};

// First decision or withheld decision for an experiment, and what came of it: one row of `facts`.
template <typename Text>
struct BasicExposure {
  std::uint64_t experiment = 0;
  Time at{};             // event time of the decision
  bool treated = false;  // shown, as against held back
  Text variant;
  bool crossover = false;  // a later decision was of the other arm
  bool simulated = false;
  Device device = Device::kUnknown;  // covariates, frozen at exposure
  std::uint32_t visit_number = 0;
  std::uint32_t prior_orders = 0;
  std::int64_t prior_value_minor = 0;
  std::vector<GoalTally> goals;
  // Of an A/B experiment: `variant` is the arm's name, and `treated` says that it is not the first.
  bool is_arm = false;
  BasicCovariates<Text> covariates;        // frozen at exposure
  FollowUp follow_up;                      // what came after it
  std::uint64_t account = 0;               // keyed hash of the firm the visitor is of now; 0 = none
  SlotSeen slot = SlotSeen::kNotFollowed;  // of the decision this is
  bool operator==(const BasicExposure&) const = default;

  // Reads a row of `facts` (docs/formats/store.md) over whatever this holds. A row without details,
  // as older versions wrote it, ends before them; in an older profile nothing tells that.
  void read(ByteReader& in, bool has_details = true);
  void encode(ByteWriter& out) const;
};

// Its texts point into the row that it was read from. To read many rows into the same one costs no
// allocation and copies no text.
using ExposureView = BasicExposure<std::string_view>;

struct Exposure : BasicExposure<std::string> {
  bool operator==(const Exposure&) const = default;

  bool same_arm(const Exposure& other) const {
    return treated == other.treated && (!is_arm || variant == other.variant);
  }

  bool follows(Time t) const { return t >= at && t < at + kFollowed; }
  // May a decision at `t`, of the visit that began at `visit`, tell that the hesitation is there
  // again? A later visit begins later than kVisitGap after whatever was decided in an earlier one.
  bool asks_again(Time t, Time visit) const {
    return visit > at + kVisitGap && t >= visit && t < at + kReacted && covariates.hesitates();
  }

  static Exposure decode(ByteReader& in, bool has_details = true);  // read() into a new one
  // What an exposure takes beside its fixed part and its goals, at most.
  static constexpr std::size_t kMostDetailBytes = 600;
};

struct RecentRequest {        // for idempotent decides
  std::uint64_t request = 0;  // hash64(requestId)
  Offset first;               // its decisions are this record and the following ones
  std::uint32_t count = 0;
  Time at{};
  bool operator==(const RecentRequest&) const = default;
};

// Of a device that changed hands: whose it was before.
struct EarlierOwner {
  Time until{};  // event time of the next one's login
  VisitorId visitor;
  bool operator==(const EarlierOwner&) const = default;
};

struct Core {
  std::string bucket_id;                     // first external id as sent; governs serving for ever
  std::vector<ExternalId> ids;               // ≤ kMaxIds, oldest first
  bool known = false;                        // a trusted source said who this is
  VisitorId merged_into{};                   // zero = alive
  std::vector<EarlierOwner> earlier_owners;  // of one that has ended or had: latest ≤ kMaxOwners
  std::vector<std::uint64_t> logins;         // that gave it away: LinkOutRecord::login, as many
  ConsentLedger consent;
  Time first_seen{}, last_seen{};  // event time
  std::uint32_t events = 0, pages = 0;
  std::uint64_t seen_next = 0;  // how many messageIds were ever noted
  Visit visit;
  Time previous_visit_ended{};      // last event of the visit before this one
  std::vector<Interest> interests;  // ≤ kMaxInterests of each kind, by kind and name
  std::vector<Product> cart;
  Time cart_changed{};
  std::uint32_t orders_total = 0;
  std::int64_t value_total_minor = 0;
  std::vector<Order> orders;      // latest ≤ kMaxOrders, oldest first
  std::vector<Contact> contacts;  // latest ≤ kMaxContacts, oldest first
  std::vector<MomentTotals> moments;
  std::uint32_t ignored_run = 0;  // over all moments
  Time last_ignored{};
  std::vector<Exposure> exposures;  // by experiment
  std::vector<RecentRequest> requests;
  std::vector<KnownFact> facts;  // by name, origin and enriched; latest ≤ kMaxFacts
  std::vector<Ticket> tickets;   // latest ≤ kMaxTickets, oldest first
  std::string account;           // the firm a trusted source named last (group); empty = none
  Time account_at{};
  std::uint64_t account_key = 0;  // Event::account of it; 0 = none
  Pace pace;
  Adult adult = Adult::kUnknown;       // as a trusted source last said
  std::vector<EarlyOrderState> early;  // latest ≤ kMaxEarly, oldest first
  std::vector<Form> forms;             // latest ≤ kMaxForms, oldest first
  Responses responses;
  std::vector<Delivery> deliveries;  // latest ≤ kMaxDeliveries, oldest first
  // Something below `visit`, of the orders' products or of the signals came from a sensitive event,
  // which the visitor had allowed.
  bool holds_sensitive = false;
  bool operator==(const Core&) const = default;

  static constexpr std::size_t kMaxIds = 16, kMaxInterests = 24, kMaxOrders = 20, kMaxCart = 50,
                               kMaxContacts = 48, kMaxMoments = 64, kMaxExposures = 64,
                               kMaxRequests = 8, kMaxOrderProducts = 20, kMaxOwners = 8,
                               kMaxTickets = 16, kMaxEarly = 8, kMaxForms = 8;

  bool empty() const { return bucket_id.empty() && events == 0; }
  // Only the visitor's own word counts: a source's basis (contract, legitimate interest) is none
  // for special categories of data (GDPR Art. 9).
  bool allows_sensitive() const {
    return consent.state(Purpose::kSensitive) == ConsentState::kGranted;
  }
  // The contact of `moment` on the page being looked at now, or null: deciding again there is no
  // new contact.
  const Contact* contact_on_this_page(std::uint64_t moment) const;
  // Where an event that happened then belongs, of one that has ended: a late or repeated event of
  // the first user of a tablet is still the first user's. Precondition: merged_into is not zero.
  const VisitorId& owner_at(Time event_time) const;
  // What governs serving: colleagues share their account's arm. Empty for one nobody named yet.
  std::string serving_bucket() const {
    return account.empty() ? bucket_id : std::string(kAccountBucket) + account;
  }
  static constexpr std::string_view kAccountBucket = "account:";
  // As the browser last named itself; empty if it never did.
  std::string anonymous_id() const;
  // Keeps what the same source said last.
  void learn(KnownFact fact);
  void note(Ticket ticket);  // its latest state
  // Of the order it names, now or once that is known.
  void note(EarlyOrderState told);
  void note(const Form& form);  // the latest times of each
  void note(const Delivery& delivery);
  void account_of_exposures();  // each takes account_key
  void note_interest(InterestKind kind, std::string_view name, Time at);
  MomentTotals& totals_of(std::uint64_t moment);
  const MomentTotals* find_totals(std::uint64_t moment) const;
  const Interest* find_interest(InterestKind kind, std::string_view name) const;

  std::string encode() const;  // version byte first
  static Result<Core> decode(std::string_view bytes);

  // This visitor absorbs `loser` (architecture: Identity). Keeps this bucket id unless it has none;
  // keeps the earliest exposure of each experiment and flags a crossover. Returns the experiments
  // changed.
  std::vector<std::uint64_t> absorb(const Core& loser);
};

}  // namespace tact
