#include "profile/core.h"

#include <algorithm>

#include "profile/internal/details.h"
#include "profile/internal/fold_parts.h"

namespace tact {
namespace {

// 1: without Contact::earlier and earlier_owners. 2: without what came by version 3, and with a
// shorter ledger. 3: interests in categories only, and without what came by version 4. 4: exposures
// without details. Older versions are decoded for ever: link records hold them.
constexpr std::uint8_t kVersion = 5;
constexpr std::size_t kUsualBytes = 768;  // of a typical visitor's core; others take more

std::uint32_t u32(ByteReader& in) { return static_cast<std::uint32_t>(in.varint()); }

template <typename T, typename Encode>
void encode_list(ByteWriter& out, const std::vector<T>& list, Encode encode) {
  out.varint(list.size());
  for (const T& item : list) encode(out, item);
}

template <typename T, typename Decode>
void decode_list(ByteReader& in, std::vector<T>& list, std::size_t most, Decode decode) {
  const std::uint64_t count = in.varint();
  if (count > most) in.fail();
  for (std::uint64_t i = 0; i < count && !in.failed(); ++i) list.push_back(decode(in));
}

// Clauses and words look such values up in tables: one beyond the last would read past them.
template <typename T>
T checked(ByteReader& in, T last) {
  const std::uint8_t value = in.u8();
  if (value > static_cast<std::uint8_t>(last)) in.fail();
  return static_cast<T>(value);
}

void encode_product(ByteWriter& out, const Product& product) {
  out.bytes(product.id);
  out.bytes(product.category);
  out.zigzag(product.price_minor);
  out.varint(product.quantity);
}

Product decode_product(ByteReader& in) {
  Product product;
  product.id = in.bytes();
  product.category = in.bytes();
  product.price_minor = in.zigzag();
  product.quantity = u32(in);
  return product;
}

void encode_visit(ByteWriter& out, const Visit& visit) {
  out.varint(visit.number);
  out.time(visit.started);
  out.time(visit.last_event);
  out.varint(visit.pages);
  out.varint(visit.events);
  for (const std::string* text :
       {&visit.entry_path, &visit.entry_query, &visit.campaign.source, &visit.campaign.medium,
        &visit.campaign.name, &visit.campaign.term, &visit.campaign.content, &visit.path,
        &visit.page_type, &visit.product, &visit.category}) {
    out.bytes(*text);
  }
  out.u8(static_cast<std::uint8_t>(visit.source));
  out.u8(static_cast<std::uint8_t>(visit.device));
}

Visit decode_visit(ByteReader& in) {
  Visit visit;
  visit.number = u32(in);
  visit.started = in.time();
  visit.last_event = in.time();
  visit.pages = u32(in);
  visit.events = u32(in);
  for (std::string* text :
       {&visit.entry_path, &visit.entry_query, &visit.campaign.source, &visit.campaign.medium,
        &visit.campaign.name, &visit.campaign.term, &visit.campaign.content, &visit.path,
        &visit.page_type, &visit.product, &visit.category}) {
    *text = in.bytes();
  }
  visit.source = static_cast<TrafficSource>(in.u8());
  visit.device = static_cast<Device>(in.u8());
  return visit;
}

void encode_interest(ByteWriter& out, const Interest& interest) {
  out.u8(static_cast<std::uint8_t>(interest.kind));
  out.bytes(interest.name);
  interest.strength.encode(out);
  interest.viewed.encode(out);
}

Interest decode_interest(ByteReader& in, std::uint8_t version) {
  Interest interest;
  if (version >= 4) interest.kind = checked<InterestKind>(in, InterestKind::kTopic);
  interest.name = in.bytes();
  interest.strength = DecayedSum::decode(in);
  interest.viewed = Occurrences::decode(in);
  return interest;
}

void encode_order(ByteWriter& out, const Order& order) {
  out.time(order.at);
  out.bytes(order.id);
  out.zigzag(order.value_minor);
  encode_list(out, order.products, encode_product);
  out.u8(static_cast<std::uint8_t>(order.state));
  out.time(order.state_at);
  out.time(order.due);
}

Order decode_order(ByteReader& in, std::uint8_t version) {
  Order order;
  order.at = in.time();
  order.id = in.bytes();
  order.value_minor = in.zigzag();
  decode_list(in, order.products, Core::kMaxOrderProducts, decode_product);
  if (version >= 3) {
    order.state = checked<OrderState>(in, OrderState::kCancelled);
    order.state_at = in.time();
    order.due = in.time();
  }
  return order;
}

void encode_fact(ByteWriter& out, const KnownFact& fact) {
  out.bytes(fact.name);
  out.bytes(fact.value);
  out.bytes(fact.origin);
  out.u8(fact.enriched ? 1 : 0);
  out.time(fact.at);
}

KnownFact decode_fact(ByteReader& in) {
  KnownFact fact;
  fact.name = in.bytes();
  fact.value = in.bytes();
  fact.origin = in.bytes();
  fact.enriched = in.u8() != 0;
  fact.at = in.time();
  return fact;
}

void encode_ticket(ByteWriter& out, const Ticket& ticket) {
  out.bytes(ticket.id);
  out.u8(static_cast<std::uint8_t>(ticket.state));
  out.time(ticket.at);
}

Ticket decode_ticket(ByteReader& in) {
  Ticket ticket;
  ticket.id = in.bytes();
  ticket.state = checked<TicketState>(in, TicketState::kReopened);
  ticket.at = in.time();
  return ticket;
}

void encode_early(ByteWriter& out, const EarlyOrderState& early) {
  out.bytes(early.order);
  out.u8(early.has_state ? 1 : 0);
  out.u8(static_cast<std::uint8_t>(early.state));
  out.time(early.at);
  out.time(early.due);
}

EarlyOrderState decode_early(ByteReader& in) {
  EarlyOrderState early;
  early.order = in.bytes();
  early.has_state = in.u8() != 0;
  early.state = checked<OrderState>(in, OrderState::kCancelled);
  early.at = in.time();
  early.due = in.time();
  return early;
}

void encode_form(ByteWriter& out, const Form& form) {
  out.bytes(form.name);
  out.time(form.started);
  out.time(form.sent);
}

Form decode_form(ByteReader& in) {
  Form form;
  form.name = in.bytes();
  form.started = in.time();
  form.sent = in.time();
  return form;
}

void encode_delivery(ByteWriter& out, const Delivery& delivery) {
  out.u8(static_cast<std::uint8_t>(delivery.channel));
  out.u8(delivery.hour);
  out.time(delivery.at);
  out.u8(delivery.answered ? 1 : 0);
}

Delivery decode_delivery(ByteReader& in) {
  Delivery delivery;
  delivery.channel = checked<Channel>(in, Channel::kPush);
  delivery.hour = in.u8();
  if (delivery.hour > kUnknownHour) in.fail();
  delivery.at = in.time();
  delivery.answered = in.u8() != 0;
  return delivery;
}

void encode_contact(ByteWriter& out, const Contact& contact) {
  out.u8(contact.partition.value);
  out.varint(contact.offset.value);
  out.time(contact.at);
  out.u64_be(contact.moment);
  out.varint(contact.page);
  std::uint8_t bits = 0;
  int place = 0;
  for (const bool bit : {contact.withheld, contact.selling, contact.not_seen, contact.seen,
                         contact.acted, contact.dismissed, contact.ignored}) {
    bits |= static_cast<std::uint8_t>((bit ? 1 : 0) << place++);
  }
  out.u8(bits);
  out.varint(contact.earlier.size());
  for (const std::uint64_t offset : contact.earlier) out.varint(offset);
  out.u8(contact.hour);
}

Contact decode_contact(ByteReader& in, std::uint8_t version) {
  Contact contact;
  contact.partition.value = in.u8();
  contact.offset.value = in.varint();
  contact.at = in.time();
  contact.moment = in.u64_be();
  contact.page = u32(in);
  const std::uint8_t bits = in.u8();
  int place = 0;
  for (bool* bit : {&contact.withheld, &contact.selling, &contact.not_seen, &contact.seen,
                    &contact.acted, &contact.dismissed, &contact.ignored}) {
    *bit = (bits >> place++ & 1) != 0;
  }
  if (version >= 2) {
    decode_list(in, contact.earlier, Contact::kMaxEarlier,
                [](ByteReader& from) { return from.varint(); });
  }
  if (version >= 4) contact.hour = in.u8();
  if (contact.hour > kUnknownHour) in.fail();
  return contact;
}

void encode_totals(ByteWriter& out, const MomentTotals& totals) {
  out.u64_be(totals.moment);
  out.varint(totals.ever);
  out.varint(totals.ignored_run);
  out.time(totals.last_ignored);
  out.time(totals.dismissed_at);
  out.u8(totals.not_me ? 1 : 0);
}

MomentTotals decode_totals(ByteReader& in) {
  MomentTotals totals;
  totals.moment = in.u64_be();
  totals.ever = u32(in);
  totals.ignored_run = u32(in);
  totals.last_ignored = in.time();
  totals.dismissed_at = in.time();
  totals.not_me = in.u8() != 0;
  return totals;
}

// What came by version 2 and after it.
void decode_later(ByteReader& in, std::uint8_t version, Core& core) {
  if (version < 2) return;
  decode_list(in, core.earlier_owners, Core::kMaxOwners, [](ByteReader& from) {
    EarlierOwner owner{.until = from.time(), .visitor = {}};
    const std::string_view id = from.raw(16);
    if (!from.failed()) std::copy(id.begin(), id.end(), owner.visitor.bytes.begin());
    return owner;
  });
  if (version < 3) return;
  decode_list(in, core.logins, Core::kMaxOwners, [](ByteReader& from) { return from.u64_be(); });
  decode_list(in, core.facts, kMaxFacts, decode_fact);
  decode_list(in, core.tickets, Core::kMaxTickets, decode_ticket);
  core.account = in.bytes();
  core.account_at = in.time();
  core.pace = Pace::decode(in);
  core.adult = static_cast<Adult>(in.u8());
  core.holds_sensitive = in.u8() != 0;
  if (version < 4) return;
  decode_list(in, core.early, Core::kMaxEarly, decode_early);
  decode_list(in, core.forms, Core::kMaxForms, decode_form);
  core.responses = Responses::decode(in);
  decode_list(in, core.deliveries, kMaxDeliveries, decode_delivery);
  if (version < 5) return;
  core.account_key = in.u64_be();
}

}  // namespace

template <typename Text>
void BasicExposure<Text>::encode(ByteWriter& out) const {
  out.u64_be(experiment);
  out.time(at);
  out.u8(static_cast<std::uint8_t>((treated ? 1 : 0) | (crossover ? 2 : 0) | (simulated ? 4 : 0) |
                                   (is_arm ? 8 : 0)));
  out.bytes(variant);
  out.u8(static_cast<std::uint8_t>(device));
  out.varint(visit_number);
  out.varint(prior_orders);
  out.zigzag(prior_value_minor);
  encode_list(out, goals, [](ByteWriter& to, const GoalTally& tally) {
    to.u64_be(tally.goal);
    to.varint(tally.count);
    to.zigzag(tally.value_minor);
    to.varint(tally.attributed);
  });
  encode_details(out, *this);
}

Exposure Exposure::decode(ByteReader& in, bool has_details) {
  Exposure exposure;
  exposure.read(in, has_details);
  return exposure;
}

template <typename Text>
void BasicExposure<Text>::read(ByteReader& in, bool has_details) {
  experiment = in.u64_be();
  at = in.time();
  const std::uint8_t bits = in.u8();
  treated = (bits & 1) != 0;
  crossover = (bits & 2) != 0;
  simulated = (bits & 4) != 0;
  is_arm = (bits & 8) != 0;
  variant = in.bytes();
  device = static_cast<Device>(in.u8());
  visit_number = u32(in);
  prior_orders = u32(in);
  prior_value_minor = in.zigzag();
  goals.clear();
  decode_list(in, goals, fold_parts::kMaxGoals, [](ByteReader& from) {
    GoalTally tally;
    tally.goal = from.u64_be();
    tally.count = u32(from);
    tally.value_minor = from.zigzag();
    tally.attributed = u32(from);
    return tally;
  });
  const bool told = has_details && !in.at_end();
  if (!decode_details(told ? in.bytes() : std::string_view(), *this)) in.fail();
}

template struct BasicExposure<std::string>;
template struct BasicExposure<std::string_view>;

const VisitorId& Core::owner_at(Time event_time) const {
  for (const EarlierOwner& owner : earlier_owners) {
    if (event_time < owner.until) return owner.visitor;
  }
  return merged_into;
}

std::string Core::anonymous_id() const {
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
    if (id->kind == IdKind::kAnonymous) return id->id;
  }
  return {};
}

const Contact* Core::contact_on_this_page(std::uint64_t moment) const {
  for (auto contact = contacts.rbegin(); contact != contacts.rend(); ++contact) {
    if (contact->moment != moment) continue;
    return contact->at >= visit.started && contact->page == visit.pages ? &*contact : nullptr;
  }
  return nullptr;
}

MomentTotals& Core::totals_of(std::uint64_t moment) {
  for (MomentTotals& totals : moments) {
    if (totals.moment == moment) return totals;
  }
  if (moments.size() >= kMaxMoments) moments.erase(moments.begin());
  moments.push_back({.moment = moment});
  return moments.back();
}

const MomentTotals* Core::find_totals(std::uint64_t moment) const {
  const auto found = std::find_if(moments.begin(), moments.end(), [&](const MomentTotals& totals) {
    return totals.moment == moment;
  });
  return found == moments.end() ? nullptr : &*found;
}

std::string Core::encode() const {
  ByteWriter out(kUsualBytes);
  out.u8(kVersion);
  out.bytes(bucket_id);
  encode_list(out, ids, [](ByteWriter& to, const ExternalId& id) {
    to.u8(static_cast<std::uint8_t>(id.kind));
    to.bytes(id.id);
  });
  out.u8(known ? 1 : 0);
  out.bytes(merged_into == VisitorId{}
                ? std::string_view{}
                : std::string_view(reinterpret_cast<const char*>(merged_into.bytes.data()), 16));
  consent.encode(out);
  out.time(first_seen);
  out.time(last_seen);
  out.varint(events);
  out.varint(pages);
  out.varint(seen_next);
  encode_visit(out, visit);
  out.time(previous_visit_ended);
  encode_list(out, interests, encode_interest);
  encode_list(out, cart, encode_product);
  out.time(cart_changed);
  out.varint(orders_total);
  out.zigzag(value_total_minor);
  encode_list(out, orders, encode_order);
  encode_list(out, contacts, encode_contact);
  encode_list(out, moments, encode_totals);
  out.varint(ignored_run);
  out.time(last_ignored);
  encode_list(out, exposures,
              [](ByteWriter& to, const Exposure& exposure) { exposure.encode(to); });
  encode_list(out, requests, [](ByteWriter& to, const RecentRequest& request) {
    to.u64_be(request.request);
    to.varint(request.first.value);
    to.varint(request.count);
    to.time(request.at);
  });
  encode_list(out, earlier_owners, [](ByteWriter& to, const EarlierOwner& owner) {
    to.time(owner.until);
    to.raw(std::string_view(reinterpret_cast<const char*>(owner.visitor.bytes.data()), 16));
  });
  encode_list(out, logins, [](ByteWriter& to, std::uint64_t login) { to.u64_be(login); });
  encode_list(out, facts, encode_fact);
  encode_list(out, tickets, encode_ticket);
  out.bytes(account);
  out.time(account_at);
  pace.encode(out);
  out.u8(static_cast<std::uint8_t>(adult));
  out.u8(holds_sensitive ? 1 : 0);
  encode_list(out, early, encode_early);
  encode_list(out, forms, encode_form);
  responses.encode(out);
  encode_list(out, deliveries, encode_delivery);
  out.u64_be(account_key);
  return out.take();
}

Result<Core> Core::decode(std::string_view bytes) {
  ByteReader in(bytes);
  Core core;
  const std::uint8_t version = in.u8();
  if (version == 0 || version > kVersion)
    return make_error(ErrorCode::kCorrupt, "unknown version of a profile");
  core.bucket_id = in.bytes();
  decode_list(in, core.ids, kMaxIds, [](ByteReader& from) {
    const auto kind = static_cast<IdKind>(from.u8());
    return ExternalId{kind, std::string(from.bytes())};
  });
  core.known = in.u8() != 0;
  const std::string_view winner = in.bytes();
  if (winner.size() == 16) {
    std::copy(winner.begin(), winner.end(), core.merged_into.bytes.begin());
  } else if (!winner.empty()) {
    in.fail();
  }
  core.consent = ConsentLedger::decode(in, version);
  core.first_seen = in.time();
  core.last_seen = in.time();
  core.events = u32(in);
  core.pages = u32(in);
  core.seen_next = in.varint();
  core.visit = decode_visit(in);
  core.previous_visit_ended = in.time();
  decode_list(in, core.interests, kInterestKinds * kMaxInterests,
              [version](ByteReader& from) { return decode_interest(from, version); });
  decode_list(in, core.cart, kMaxCart, decode_product);
  core.cart_changed = in.time();
  core.orders_total = u32(in);
  core.value_total_minor = in.zigzag();
  decode_list(in, core.orders, kMaxOrders,
              [version](ByteReader& from) { return decode_order(from, version); });
  decode_list(in, core.contacts, kMaxContacts,
              [version](ByteReader& from) { return decode_contact(from, version); });
  decode_list(in, core.moments, kMaxMoments, decode_totals);
  core.ignored_run = u32(in);
  core.last_ignored = in.time();
  decode_list(in, core.exposures, kMaxExposures,
              [version](ByteReader& from) { return Exposure::decode(from, version >= 5); });
  decode_list(in, core.requests, kMaxRequests, [](ByteReader& from) {
    RecentRequest request;
    request.request = from.u64_be();
    request.first.value = from.varint();
    request.count = u32(from);
    request.at = from.time();
    return request;
  });
  decode_later(in, version, core);
  if (in.failed() || !in.at_end())
    return make_error(ErrorCode::kCorrupt, "a profile does not parse");
  return core;
}

}  // namespace tact
