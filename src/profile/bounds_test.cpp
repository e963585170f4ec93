// No profile is over 112 KB, whatever is done to it, and a usual one is small.
#include "profile/bounds.h"

#include "profile/fold_test_util.h"

namespace tact {
namespace {

using namespace fold_test;

// What collect lets in (collect.h): ids and texts, paths.
constexpr std::size_t kText = 256, kPath = 1'024;

std::string longest(std::size_t size, std::uint64_t number) {
  std::string text = std::to_string(number);
  return std::string(size - text.size(), 'x') + text;
}

const Time kFar = time_from_ms(std::numeric_limits<std::int64_t>::max());

Visit longest_visit() {
  Visit visit;
  visit.number = visit.pages = visit.events = ~0U;
  visit.started = visit.last_event = kFar;
  visit.entry_path = visit.path = std::string(kPath, 'p');
  for (std::string* text : {&visit.entry_query, &visit.campaign.source, &visit.campaign.medium,
                            &visit.campaign.name, &visit.campaign.term, &visit.campaign.content,
                            &visit.page_type, &visit.product, &visit.category}) {
    *text = std::string(kText, 't');
  }
  return visit;
}

Interest longest_interest(std::size_t i) {
  Interest interest;
  interest.kind = static_cast<InterestKind>(i / Core::kMaxInterests);
  interest.name = longest(kText, 1'000 + i);
  for (int back = 0; back < 16; ++back) {
    for (int again = 0; again < 8; ++again)
      interest.strength.add(kStart - back * kAffinityHalfLife, kAffinityHalfLife);
  }
  for (int look = 0; look < 8; ++look)
    interest.viewed.add(kStart + days(static_cast<std::int64_t>(i)) - days(1'000) * look);
  return interest;
}

// Every list full, every text as long as it may be, every number as large.
void fill_lists(Core& core) {
  const Product product{.id = longest(kText, 1),
                        .category = longest(kText, 2),
                        .price_minor = std::numeric_limits<std::int64_t>::min(),
                        .quantity = ~0U};
  for (std::size_t i = 0; i < kInterestKinds * Core::kMaxInterests; ++i)
    core.interests.push_back(longest_interest(i));
  core.cart.assign(Core::kMaxCart, product);
  for (std::size_t i = 0; i < Core::kMaxOrders; ++i) {
    core.orders.push_back({.at = kFar,
                           .id = longest(kText, i),
                           .value_minor = -1,
                           .products = std::vector<Product>(Core::kMaxOrderProducts, product),
                           .state_at = kFar,
                           .due = kFar});
  }
  for (std::size_t i = 0; i < kMaxFacts; ++i)
    core.facts.push_back({longest(64, i), std::string(kMaxFactBytes, 'v'), longest(64, i), true,
                          kStart + Duration{static_cast<std::int64_t>(i)}});
  for (std::size_t i = 0; i < Core::kMaxTickets; ++i)
    core.tickets.push_back({longest(kText, i), TicketState::kReopened, kFar});
  for (std::size_t i = 0; i < Core::kMaxEarly; ++i)
    core.early.push_back({longest(kText, i), true, OrderState::kCancelled, kFar, kFar});
  for (std::size_t i = 0; i < Core::kMaxForms; ++i)
    core.forms.push_back({longest(kText, i), kFar, kFar});
}

// Every number as large, every text as long as the codec lets in.
void fill_details(Exposure& exposure) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  exposure.account = ~0ULL;
  exposure.slot = SlotSeen::kSeen;
  exposure.covariates = {.intent_level = IntentLevel::kSure,
                         .intent = std::string(Covariates::kMaxName, 'i'),
                         .stage = std::string(Covariates::kMaxName, 's'),
                         .language = std::string(Covariates::kMaxLanguage, 'l'),
                         .region = std::string(Covariates::kMaxRegion, 'r'),
                         .page_type = std::string(Covariates::kMaxPageType, 'p'),
                         .source = TrafficSource::kInternal,
                         .hour_of_week = 168,
                         .days_since_order = std::numeric_limits<std::int32_t>::max() - 1};
  FollowUp& after = exposure.follow_up;
  for (std::size_t day = 0; day < kFollowedDays; ++day) {
    after.visit_days.add(day);
    after.order_days.add(day);
  }
  after.value_minor.fill(kLeast);
  after.next_order = kFar;
  after.next_price = OrderPrice::kDiscounted;
  after.full_price_day = kFollowedDays;
  after.withdrew = true;
  for (std::uint32_t FollowUp::* count :
       {&FollowUp::orders, &FollowUp::margin_orders, &FollowUp::refunds, &FollowUp::returns,
        &FollowUp::unsubscribes, &FollowUp::complaints, &FollowUp::dismissed, &FollowUp::ignored,
        &FollowUp::ratings, &FollowUp::recall_asked, &FollowUp::recalled}) {
    after.*count = ~0U;
  }
  for (std::int64_t FollowUp::* sum :
       {&FollowUp::margin_minor, &FollowUp::refund_minor, &FollowUp::rating_milli}) {
    after.*sum = kLeast;
  }
}

void fill_rest(Core& core) {
  core.bucket_id = core.account = std::string(kText, 'b');
  for (std::size_t i = 0; i < Core::kMaxIds; ++i)
    core.ids.push_back({IdKind::kAnonymous, longest(kText, i)});
  for (auto& purpose : core.consent.purposes) {
    purpose = {.asked = {kFar, ~0ULL},
               .granted = {kFar, ~0ULL},
               .refused = {kFar, ~0ULL},
               .objected = {kFar, ~0ULL},
               .carried = {kFar, ~0ULL}};
  }
  core.visit = longest_visit();
  core.first_seen = core.last_seen = core.previous_visit_ended = core.cart_changed =
      core.last_ignored = core.account_at = core.consent.gpc_since = kFar;
  core.pace = {.from = kFar, .pages = ~0U, .broken = kFar};
  core.seen_next = ~0ULL;
  core.value_total_minor = std::numeric_limits<std::int64_t>::min();
  core.contacts.assign(Core::kMaxContacts, {.offset = Offset{~0ULL},
                                            .earlier = {~0ULL, ~0ULL, ~0ULL, ~0ULL},
                                            .at = kFar,
                                            .moment = ~0ULL,
                                            .page = ~0U});
  core.moments.assign(Core::kMaxMoments, {~0ULL, ~0U, ~0U, kFar, kFar, true});
  for (std::size_t i = 0; i < Core::kMaxExposures; ++i) {
    Exposure exposure{{.experiment = i,
                       .at = kFar,
                       .variant = longest(64, i),
                       .visit_number = ~0U,
                       .prior_orders = ~0U,
                       .prior_value_minor = -1}};
    exposure.goals.assign(
        i < 5 ? 64 : 1, {~0ULL, ~0U, std::numeric_limits<std::int64_t>::min(), ~0U, ~0ULL, ~0ULL});
    fill_details(exposure);
    core.exposures.push_back(std::move(exposure));
  }
  core.requests.assign(Core::kMaxRequests, {~0ULL, Offset{~0ULL}, ~0U, kFar});
  core.earlier_owners.assign(Core::kMaxOwners, {kFar, VisitorId{{255}}});
  core.logins.assign(Core::kMaxOwners, ~0ULL);
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    for (std::uint8_t hour = 0; hour <= kUnknownHour; ++hour)
      core.responses.cells.push_back({static_cast<Channel>(channel), hour, ~0U, ~0U});
  }
  core.deliveries.assign(kMaxDeliveries, {Channel::kPush, kUnknownHour, kFar, true});
}

Profile fullest() {
  Profile profile;
  fill_lists(profile.core);
  fill_rest(profile.core);
  profile.derived.definitions = ~0ULL;
  for (std::size_t i = 0; i < Derived::kMaxSignals; ++i) {
    SignalState& state = profile.derived.get_or_add(~0ULL - i, longest(kText, i));
    const Interest interest = longest_interest(i);
    state.strength = interest.strength;
    state.seen = interest.viewed;
    state.visits = state.last_visit = ~0U;
  }
  return profile;
}

TEST(Bounds, TheFullestProfileThereCanBeIsCutTo112Kilobytes) {
  Profile profile = fullest();
  ASSERT_GT(profile.encode().size(), 3 * kMaxProfileBytes) << "there is something to cut";
  const Core before = profile.core;
  keep_in_bounds(profile);
  EXPECT_LE(most_bytes(profile), kMaxProfileBytes);
  EXPECT_LE(profile.encode().size(), kMaxProfileBytes);
  const auto read = Profile::decode(profile.encode());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, profile);
  // What governs consent, limits and measurement is all there.
  EXPECT_EQ(profile.core.ids, before.ids);
  EXPECT_EQ(profile.core.consent, before.consent);
  EXPECT_EQ(profile.core.contacts, before.contacts);
  EXPECT_EQ(profile.core.moments, before.moments);
  EXPECT_EQ(profile.core.exposures.size(), before.exposures.size());
  EXPECT_EQ(profile.core.responses, before.responses);
  for (std::size_t i = 0; i < before.exposures.size(); ++i) {
    const Exposure &now = profile.core.exposures[i], &full = before.exposures[i];
    EXPECT_GE(now.goals.size(), 1U);
    EXPECT_EQ(now.covariates, full.covariates) << "no row leaves the cells that counted it";
    EXPECT_EQ(now.follow_up, full.follow_up);
    EXPECT_EQ(now.slot, full.slot);
  }
  // Of the others, the latest.
  EXPECT_FALSE(profile.core.interests.empty());
  EXPECT_NE(profile.core.find_interest(InterestKind::kTopic, before.interests.back().name),
            nullptr);
  EXPECT_EQ(profile.core.orders.back().id, before.orders.back().id);
  EXPECT_FALSE(profile.core.orders.back().products.empty());
  EXPECT_FALSE(profile.derived.signals.empty());
  EXPECT_FALSE(profile.core.facts.empty());
}

TEST(Bounds, WhatFitsIsLeftAlone) {
  Profile profile;
  fill_lists(profile.core);
  profile.core.orders.clear();
  profile.core.facts.clear();
  profile.core.cart.resize(4);
  ASSERT_LE(most_bytes(profile), kMaxProfileBytes) << "over their shares, and yet within all";
  const Profile before = profile;
  keep_in_bounds(profile);
  EXPECT_EQ(profile, before);
}

template <typename T>
void keep_some(std::vector<T>& list, Rng& rng) {
  list.resize(rng.below(list.size() + 1));
}

// Around the bound, with details of every size: whatever does not fit is cut, whatever fits stays.
TEST(BoundsProperty, NoProfileIsOverTheBoundAndNoneThatFitsIsCut) {
  const Profile full = fullest();
  int fitted = 0, cut = 0;
  for (int seed = 0; seed < 1'000; ++seed) {
    Rng rng(static_cast<std::uint64_t>(seed));
    Profile profile = full;
    Core& core = profile.core;
    keep_some(core.orders, rng);
    for (Order& order : core.orders) order.products.clear();
    keep_some(core.cart, rng);
    keep_some(core.facts, rng);
    keep_some(core.interests, rng);
    keep_some(core.tickets, rng);
    profile.derived.signals.resize(rng.below(8));
    const bool some_details = rng.chance(0.7);
    for (Exposure& exposure : core.exposures) {
      exposure.goals.resize(1);
      if (some_details && rng.chance(0.8)) exposure.follow_up = {};
      if (some_details && rng.chance(0.8)) exposure.covariates = {};
    }
    keep_some(core.exposures, rng);
    const Profile before = profile;
    keep_in_bounds(profile);
    ASSERT_LE(most_bytes(profile), kMaxProfileBytes) << "seed " << seed;
    ASSERT_LE(profile.encode().size(), kMaxProfileBytes) << "seed " << seed;
    if (most_bytes(before) <= kMaxProfileBytes) {
      ASSERT_EQ(profile, before) << "seed " << seed;
      ++fitted;
    } else {
      ++cut;
    }
  }
  EXPECT_GT(fitted, 50);
  EXPECT_GT(cut, 50);
}

TEST(Bounds, AnExposuresDetailsTakeAtMostSixHundredBytes) {
  Exposure exposure;
  const auto size_of = [&] {
    ByteWriter out;
    exposure.encode(out);
    return out.size();
  };
  const std::size_t without = size_of();
  fill_details(exposure);
  EXPECT_LE(size_of() - without, Exposure::kMostDetailBytes);
}

TEST(Bounds, MostBytesIsNeverLessThanTheBytes) {
  EXPECT_GE(most_bytes(Profile{}), Profile{}.encode().size());
  EXPECT_GE(most_bytes(fullest()), fullest().encode().size());
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Folder folder = folded(random_history(seed, 150, 30, true));
    ASSERT_GE(most_bytes(folder.profile), folder.profile.encode().size()) << "seed " << seed;
  }
}

// A shop's returning visitor: five visits, an order, a filled cart, messages, facts.
TEST(Bounds, AUsualProfileTakesTwoKilobytes) {
  Folder folder;
  const std::string uuid = "8d6f1b1e-0c5a-4c7e-9a39-2f6b1d0c9e11";
  Time now = kStart;
  for (int visit = 0; visit < 5; ++visit, now += days(2)) {
    Event first = page("/");
    first.anonymous_id = uuid;
    first.where.source = TrafficSource::kSearch;
    folder.add(first, now);
    for (int i = 0; i < 6; ++i) {
      const std::string product = "sku-" + std::to_string(40'000 + visit * 3 + i);
      now += 40s;
      Event look = page("/p/trail-running-shoe-" + product, product);
      look.where.topic = i == 0 ? "fit" : "";
      folder.add(look, now);
      Event viewed = track("Product Viewed", product, i % 2 == 0 ? "shoes/trail" : "jackets");
      viewed.products[0].brand = i % 3 == 0 ? "Fellwind" : "Northfold";
      folder.add(viewed, now + 1s);
      if (i == 2) folder.add(track("Size Guide Opened", product), now + 2s);
      if (i == 3) folder.add(decision_at(now + 3s, decided("fit-help")));
      if (i == 3) folder.add(reaction("Message Seen", folder.offset), now + 4s);
    }
    if (visit == 2) folder.add(order("o-2026-10023", 12'900, "sku-40007"), now + 9s);
  }
  folder.add(track("Product Added", "sku-40012", "shoes/trail"), now);
  for (const char* name : {"country", "company_size", "loyalty_tier", "language"})
    folder.profile.core.learn({name, "\"value\"", "crm", false, now});
  const std::size_t bytes = folder.profile.encode().size();
  EXPECT_LE(bytes, 2'048U);
  EXPECT_GE(bytes, 500U) << "this is no usual profile";
  RecordProperty("bytes", static_cast<int>(bytes));
}

// Through the fold, which is what keeps it so: a visitor who does nothing but fill it.
TEST(Bounds, NoHistoryGetsBeyond) {
  Folder folder;
  Rng rng(64);
  Time now = kStart;
  std::size_t largest = 0;
  for (std::uint64_t i = 0; i < 1'500; ++i) {
    now += 3s;
    const std::string subject = longest(kText, rng.below(400));
    Event event = rng.chance(0.3) ? order(longest(kText, i), 1, subject)
                                  : track(rng.chance(0.5) ? "Size Guide Opened" : "Product Viewed",
                                          subject, subject);
    if (rng.chance(0.2)) event.name = "Product Added";
    for (std::uint64_t more = 0; more < 30; ++more)
      event.products.push_back({.id = longest(kText, more), .category = subject});
    event.products[0].brand = subject;
    event.anonymous_id = longest(kText, i);
    for (std::uint64_t fact = 0; fact < 8; ++fact)
      event.facts.push_back({longest(64, rng.below(kMaxFacts)), std::string(kMaxFactBytes, 'v')});
    event.origin = longest(64, rng.below(3));
    folder.add(std::move(event), now);
    Event told = track("Ticket Opened");
    told.ticket = told.order_id = told.form = longest(kText, i);
    if (i % 3 == 1) told.name = "Form Started";
    if (i % 3 == 2) told.name = "Order Shipped";
    folder.add(std::move(told), now + 1s);
    const std::size_t bytes = folder.profile.encode().size();
    ASSERT_LE(bytes, kMaxProfileBytes) << "after " << i;
    largest = std::max(largest, bytes);
  }
  EXPECT_GT(largest, kMaxProfileBytes / 2) << "nothing was at stake";
}

}  // namespace
}  // namespace tact
