// The simulated world: who comes, when, wanting what, and how they would behave. Pure: the same
// options give the same plans, and nothing in a plan depends on what Tact answers, so that two
// worlds that differ in an effect alone differ in the orders it causes and in nothing else.
//
// The numbers (shares, chances, times) are made up, near what shops report; what matters is that
// they are known.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "base/time.h"

namespace tact::cli {

struct Item {  // of the demo shop (web/shop/src/catalogue)
  std::string_view id, slug, category, use;
  int price = 0;  // EUR
};
std::span<const Item> catalogue();

enum class Wish : std::uint8_t {
  kUnsureOfSize,
  kDelivery,  // has a date in mind
  kComparing,
  kGift,
  kBrowsing,   // wants nothing: nothing should be shown
  kReturning,  // bought before, comes back for small things
  // Has decided and buys almost surely, whatever is shown. Nobody unless asked for: it is for
  // worlds in which credit and effect part.
  kSureThing,
};
inline constexpr std::size_t kWishes = 7;
std::string_view to_string(Wish wish);
std::optional<Wish> parse_wish(std::string_view text);
std::string wish_names();  // of all of them, in words: "…, …"

struct WorldOptions {
  std::uint64_t visitors = 1000, seed = 1;
  Time start{};
  Duration span = days(45);               // the whole time simulated …
  Duration settle = days(15);             // … at whose end nobody new arrives and windows close
  std::vector<Wish> wishes;               // only these; empty = all, in their shares
  std::optional<double> base;             // overrides the chance to order per visit, 0 … 0.45
  double consent = 0.7;                   // share of visitors who allow personalization
  std::map<std::string, double> effects;  // moment → relative rise of the chance to order
};

// One thing a visitor does; each asks for decisions.
struct Step {
  Duration after{};        // after the step before, a multiple of kTick
  std::string type, path;  // page; empty type: still on the page before
  const Item* item = nullptr;
  std::string_view category;
  std::string event;  // track: done on the page; empty: none but the page view
  std::string query;  // of Products Searched
  std::vector<std::string_view> slots;
  bool checkout = false;  // here it is decided whether the visitor orders
};

struct Visit {
  Time at{};
  std::vector<Step> steps;
  double order_draw = 1.0;            // orders if below the chance at checkout
  double order_chance = 0.0;          // at checkout, without any help
  std::optional<Duration> sent_back;  // after the order
  std::uint64_t small_draws = 0;      // seed of: was it visible, was it clicked
};

enum class Choice : std::uint8_t {
  kGranted,
  kNever,
  kWithdraws
};  // withdraws: at the second visit

struct VisitorPlan {
  std::string anonymous_id;
  Wish wish = Wish::kBrowsing;
  Choice choice = Choice::kGranted;
  std::string_view locale, device;
  std::vector<Visit> visits;  // in order of time, none overlapping
};

inline constexpr Duration kTick{30'000};  // all times of steps are multiples of it

// Plans visitor `number` from 0. O(steps).
VisitorPlan plan_visitor(const WorldOptions& world, std::uint64_t number);

// Visitors come in waves, so that several of them can be served at once at one instant of simulated
// time: at this distance from each other.
Duration wave_distance(const WorldOptions& world);

}  // namespace tact::cli
