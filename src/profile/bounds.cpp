#include "profile/bounds.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "profile/internal/fold_parts.h"

namespace tact {
namespace {

// A number of 32 or 64 bits, a time, a fixed hash, and the length before a text, at their longest.
constexpr std::size_t k32 = 5, k64 = 10, kTime = 10, kHash = 8, kCount = 3, kByte = 1;

std::size_t text(const std::string& value) { return kCount + value.size(); }

template <typename T, typename Bytes>
std::size_t sum(const std::vector<T>& list, Bytes bytes) {
  std::size_t all = kCount;
  for (const T& item : list) all += bytes(item);
  return all;
}

std::size_t of_product(const Product& product) {
  return text(product.id) + text(product.category) + k64 + k32;
}

std::size_t of_order(const Order& order) {
  return kTime + text(order.id) + k64 + sum(order.products, of_product) + kByte + 2 * kTime;
}

std::size_t of_exposure(const Exposure& exposure) {
  return kHash + kTime + kByte + text(exposure.variant) + kByte + 2 * k32 + k64 + kCount;
}

std::size_t of_visit(const Visit& visit) {
  std::size_t all = 3 * k32 + 2 * kTime + 2 * kByte;
  for (const std::string* part :
       {&visit.entry_path, &visit.entry_query, &visit.campaign.source, &visit.campaign.medium,
        &visit.campaign.name, &visit.campaign.term, &visit.campaign.content, &visit.path,
        &visit.page_type, &visit.product, &visit.category}) {
    all += text(*part);
  }
  return all;
}

// What is never dropped.
std::size_t of_rest(const Core& core) {
  constexpr std::size_t kScalars = 300;  // among them version, times, counts, checksum
  constexpr std::size_t kPurposeBytes = 5 * (kTime + kHash);
  constexpr std::size_t kContact =
      kHash + 2 * k64 + kTime + k32 + 3 * kByte + kCount + Contact::kMaxEarlier * k64;
  constexpr std::size_t kMoment = kHash + 2 * k32 + 2 * kTime + kByte;
  constexpr std::size_t kRequest = kHash + k64 + k32 + kTime;
  constexpr std::size_t kOwner = kTime + 16;
  constexpr std::size_t kCell = 2 * kByte + 2 * k32;
  constexpr std::size_t kDelivery = 3 * kByte + kTime;
  return kScalars + text(core.bucket_id) + text(core.account) + of_visit(core.visit) +
         kPurposes * kPurposeBytes + core.exposures.size() * Exposure::kMostDetailBytes +
         sum(core.ids, [](const ExternalId& id) { return kByte + text(id.id); }) +
         sum(core.exposures, of_exposure) + core.contacts.size() * kContact +
         core.moments.size() * kMoment + core.requests.size() * kRequest +
         core.earlier_owners.size() * kOwner + core.logins.size() * kHash +
         core.responses.cells.size() * kCell + core.deliveries.size() * kDelivery;
}

std::size_t of_interests(const Profile& profile) {
  return sum(profile.core.interests, [](const Interest& interest) {
    return kByte + text(interest.name) + interest.strength.most_bytes() +
           interest.viewed.most_bytes();
  });
}

std::size_t of_signals(const Profile& profile) {
  return sum(profile.derived.signals, [](const SignalState& state) {
    return kHash + text(state.subject) + state.strength.most_bytes() + state.seen.most_bytes() +
           2 * k32;
  });
}

std::size_t of_forms(const Profile& profile) {
  return sum(profile.core.forms, [](const Form& form) { return text(form.name) + 2 * kTime; });
}

std::size_t of_early(const Profile& profile) {
  return sum(profile.core.early, [](const EarlyOrderState& early) {
    return text(early.order) + 2 * kByte + 2 * kTime;
  });
}

std::size_t of_cart(const Profile& profile) { return sum(profile.core.cart, of_product); }

std::size_t of_facts(const Profile& profile) {
  return sum(profile.core.facts, [](const KnownFact& fact) {
    return text(fact.name) + text(fact.value) + text(fact.origin) + kByte + kTime;
  });
}

std::size_t of_tickets(const Profile& profile) {
  return sum(profile.core.tickets,
             [](const Ticket& ticket) { return text(ticket.id) + kByte + kTime; });
}

std::size_t of_orders(const Profile& profile) { return sum(profile.core.orders, of_order); }

std::size_t of_tallies(const Profile& profile) {
  constexpr std::size_t kTally = kHash + 2 * k32 + k64 + 2 * k64 + 2 * k64;
  return fold_parts::tallies_in(profile.core) * kTally;
}

template <typename T, typename Rank>
void erase_least(std::vector<T>& list, Rank rank) {
  list.erase(std::min_element(list.begin(), list.end(),
                              [&](const T& a, const T& b) { return rank(a) < rank(b); }));
}

void drop_interest(Profile& profile) {
  erase_least(profile.core.interests, [](const Interest& interest) {
    return std::tuple(interest.viewed.latest(), interest.kind, std::string_view(interest.name));
  });
}

void drop_signal(Profile& profile) {
  erase_least(profile.derived.signals, [](const SignalState& state) {
    return std::tuple(state.seen.latest(), state.signal, std::string_view(state.subject));
  });
}

void drop_fact(Profile& profile) {
  erase_least(profile.core.facts, [](const KnownFact& fact) {
    return std::tuple(fact.at, std::string_view(fact.name), std::string_view(fact.origin));
  });
}

template <auto List>
void drop_first(Profile& profile) {
  auto& list = profile.core.*List;
  list.erase(list.begin());
}

// First what was in the oldest: that there was an order, and what became of it, says more.
void drop_of_orders(Profile& profile) {
  auto& orders = profile.core.orders;
  const auto full = std::find_if(orders.begin(), orders.end(),
                                 [](const Order& order) { return !order.products.empty(); });
  if (full != orders.end()) {
    full->products.pop_back();
  } else {
    orders.erase(orders.begin());
  }
}

void drop_tally(Profile& profile) {
  auto& exposures = profile.core.exposures;
  std::max_element(exposures.begin(), exposures.end(), [](const Exposure& a, const Exposure& b) {
    return a.goals.size() < b.goals.size();
  })->goals.pop_back();
}

struct List {
  std::size_t (*bytes)(const Profile&);
  void (*drop)(Profile&);
  std::size_t share;
};

// Cheapest to lose first. README.md has the same table.
constexpr std::array<List, 9> kLists = {{{of_interests, drop_interest, 5'000},
                                         {of_signals, drop_signal, 6'000},
                                         {of_forms, drop_first<&Core::forms>, 600},
                                         {of_early, drop_first<&Core::early>, 600},
                                         {of_cart, drop_first<&Core::cart>, 4'500},
                                         {of_facts, drop_fact, 4'500},
                                         {of_tickets, drop_first<&Core::tickets>, 1'500},
                                         {of_orders, drop_of_orders, 7'000},
                                         {of_tallies, drop_tally, 13'100}}};

}  // namespace

std::size_t most_bytes(const Profile& profile) {
  std::size_t all = of_rest(profile.core);
  for (const List& list : kLists) all += list.bytes(profile);
  return all;
}

void keep_in_bounds(Profile& profile) {
  while (most_bytes(profile) > kMaxProfileBytes) {
    const auto* above = std::find_if(kLists.begin(), kLists.end(), [&](const List& list) {
      return list.bytes(profile) > list.share;
    });
    if (above == kLists.end()) return;  // texts longer than collect lets in
    above->drop(profile);
  }
}

}  // namespace tact
