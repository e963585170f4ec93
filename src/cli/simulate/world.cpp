#include "cli/simulate/world.h"

#include <algorithm>
#include <cmath>

namespace tact::cli {
namespace {

constexpr std::array<Item, 30> kCatalogue = {{
    {"p1", "birk-hiking-boot", "shoes", "hiking", 179},
    {"p2", "sund-camp-sandal", "shoes", "camp", 69},
    {"p3", "skarv-approach-shoe", "shoes", "approach", 139},
    {"p4", "tind-alpine-boot", "shoes", "hiking", 249},
    {"p5", "lett-trail-runner", "shoes", "trail", 119},
    {"p6", "vinter-snow-boot", "shoes", "winter", 159},
    {"p7", "fjell-trail-shoe", "shoes", "trail", 129},
    {"p8", "regn-storm-shell", "jackets", "rain", 219},
    {"p9", "dis-rain-jacket", "jackets", "rain", 129},
    {"p10", "dun-down-jacket", "jackets", "insulated", 239},
    {"p11", "ull-hooded-fleece", "jackets", "fleece", 89},
    {"p12", "bris-wind-jacket", "jackets", "wind", 79},
    {"p13", "nord-winter-parka", "jackets", "insulated", 329},
    {"p14", "sti-22-daypack", "packs", "day", 89},
    {"p15", "vidde-45-trekking-pack", "packs", "trekking", 189},
    {"p16", "vidde-65-expedition-pack", "packs", "trekking", 229},
    {"p17", "havn-40-duffel", "packs", "travel", 119},
    {"p18", "lomme-hip-pack", "packs", "hip", 39},
    {"p19", "lav-1-solo-tent", "tents", "solo", 249},
    {"p20", "ly-2-dome-tent", "tents", "duo", 329},
    {"p21", "heim-4-tunnel-tent", "tents", "family", 499},
    {"p22", "duk-tarp-3-3", "tents", "tarp", 99},
    {"p23", "glo-400-headlamp", "accessories", "light", 49},
    {"p24", "kilde-steel-bottle", "accessories", "kitchen", 29},
    {"p25", "lue-merino-beanie", "accessories", "warmth", 34},
    {"p26", "vott-insulated-glove", "accessories", "warmth", 44},
    {"p27", "stav-trekking-poles", "accessories", "walking", 79},
    {"p28", "kok-camp-stove", "accessories", "kitchen", 59},
    {"p29", "kopp-enamel-mug", "accessories", "kitchen", 14},
    {"p30", "sokk-merino-sock", "accessories", "walking", 19},
}};

struct WishFacts {
  std::string_view name;
  double share;      // of all visitors, or of those asked for
  double base;       // chance to order, per visit
  double sent_back;  // chance that an order comes back
  bool usual = true;
};
constexpr std::array<WishFacts, kWishes> kWishFacts = {{
    {"unsure_of_size", 0.22, 0.14, 0.25},
    {"checking_delivery", 0.14, 0.18, 0.06},
    {"comparing", 0.18, 0.10, 0.10},
    {"gift", 0.08, 0.16, 0.08},
    {"browsing", 0.28, 0.01, 0.10},
    {"returning", 0.10, 0.20, 0.05},
    {"sure_thing", 0.10, 0.95, 0.05, false},
}};
const WishFacts& facts_of(Wish wish) { return kWishFacts[static_cast<std::size_t>(wish)]; }

// Share of a day's arrivals by hour, UTC.
constexpr std::array<int, 24> kByHour = {1, 1, 0, 0, 0, 1, 2, 4, 5, 6, 6, 6,
                                         7, 6, 5, 5, 5, 6, 8, 9, 8, 5, 3, 1};

// Streams of chance that must not disturb one another.
enum class Stream : std::uint64_t { kPerson = 1, kVisit = 2 };

Rng stream(const WorldOptions& world, std::uint64_t number, Stream which, std::uint64_t index = 0) {
  std::uint64_t seed = Rng(world.seed).next();
  for (const std::uint64_t part : {number, static_cast<std::uint64_t>(which), index})
    seed = Rng(seed ^ part).next();
  return Rng(seed);
}

const Item& pick(std::string_view category, Rng& rng) {
  const auto first = std::find_if(kCatalogue.begin(), kCatalogue.end(),
                                  [&](const Item& i) { return i.category == category; });
  const auto end =
      std::find_if(first, kCatalogue.end(), [&](const Item& i) { return i.category != category; });
  return first[static_cast<std::ptrdiff_t>(rng.below(static_cast<std::uint64_t>(end - first)))];
}

constexpr std::array<std::string_view, 2> kSized = {"shoes", "jackets"};
constexpr std::array<std::string_view, 5> kAll = {"shoes", "jackets", "packs", "tents",
                                                  "accessories"};

// Writes down what a visitor does, page by page.
class Script {
 public:
  explicit Script(Rng& rng) : rng_(rng) {}

  void home() { open({.type = "home", .path = "/demo/", .slots = {"page.banner"}}); }
  void category(std::string_view name) {
    open({.type = "category",
          .path = "/demo/c/" + std::string(name),
          .category = name,
          .event = "Product List Viewed",
          .slots = {"page.banner", "category.help"}});
  }
  void product(const Item& item) {
    open({.type = "product",
          .path = "/demo/p/" + std::string(item.slug),
          .item = &item,
          .category = item.category,
          .event = "Product Viewed",
          .slots = {"product.reassurance"}});
  }
  void compare(const Item& last) {
    open({.type = "compare",
          .path = "/demo/compare",
          .item = &last,
          .category = last.category,
          .event = "Product Compared"});
  }
  void gifts() { open({.type = "gifts", .path = "/demo/gifts", .event = "Gift Option Opened"}); }
  void search(std::string query) {
    open({.type = "search",
          .path = "/demo/search",
          .event = "Products Searched",
          .query = std::move(query)});
  }
  // Something done on the page that is open: its slots are decided again.
  void act(std::string event) {
    Step step = page_;
    step.type.clear();
    step.after = dwell(1);
    step.event = std::move(event);
    steps_.push_back(std::move(step));
  }
  void buy(const Item& item) {
    act("Product Added");
    open({.type = "cart",
          .path = "/demo/cart",
          .item = &item,
          .event = "Cart Viewed",
          .slots = {"cart.note"}});
    open({.type = "checkout",
          .path = "/demo/checkout",
          .item = &item,
          .event = "Checkout Started",
          .slots = {"checkout.note"}});
    Step decision = page_;
    decision.type.clear();
    decision.event.clear();
    decision.after = dwell(3);
    decision.checkout = true;
    steps_.push_back(std::move(decision));
  }
  std::vector<Step> take() { return std::move(steps_); }

 private:
  Duration dwell(std::uint64_t most) { return kTick * (1 + static_cast<int>(rng_.below(most))); }
  void open(Step page) {
    page.after = steps_.empty() ? Duration{} : dwell(4);
    page_ = page;
    steps_.push_back(std::move(page));
  }

  Rng& rng_;
  Step page_;
  std::vector<Step> steps_;
};

// What they do because of what they want, up to the product they might buy.
const Item& seek(Wish wish, Script& script, Rng& rng) {
  if (rng.chance(0.4)) script.home();
  const std::string_view sized = kSized[rng.below(kSized.size())];
  const std::string_view any = kAll[rng.below(kAll.size())];
  switch (wish) {
    case Wish::kUnsureOfSize: {
      const Item& item = pick(sized, rng);
      if (rng.chance(0.5)) script.category(sized);
      if (rng.chance(0.2)) script.search("hiking shoe size 42");
      script.product(item);
      script.act("Size Guide Opened");
      script.act(rng.chance(0.85) ? "Size Guide Opened" : "Reviews Read");
      return item;
    }
    case Wish::kDelivery: {
      const Item& item = pick(any, rng);
      script.product(item);
      script.act("Delivery Info Opened");
      script.act("Delivery Info Opened");
      return item;
    }
    case Wish::kComparing: {
      script.category(any);
      script.act("Product List Filtered");
      script.product(pick(any, rng));
      const Item& item = pick(any, rng);
      script.product(item);
      script.compare(item);
      script.category(any);
      script.compare(item);
      script.category(any);
      script.product(item);
      return item;
    }
    case Wish::kGift: {
      script.gifts();
      const Item& item = pick(any, rng);
      script.product(item);
      script.act("Gift Option Opened");
      return item;
    }
    case Wish::kBrowsing: {
      script.category(any);
      const Item* item = &pick(any, rng);
      script.product(*item);
      for (std::uint64_t more = rng.below(3); more > 0; --more) {
        item = &pick(kAll[rng.below(kAll.size())], rng);
        script.product(*item);
      }
      return *item;
    }
    case Wish::kReturning:
    case Wish::kSureThing:
      break;
  }
  const Item& item = pick(rng.chance(0.7) ? "accessories" : any, rng);
  script.product(item);
  return item;
}

// The chance to come as far as the checkout, given that of an order: high enough that a helped
// visitor's chance there can still double.
double reaches_checkout(double base) { return std::min(1.0, std::max(2.2 * base, 0.05)); }

Visit plan_visit(const WorldOptions& world, std::uint64_t number, std::uint64_t index, Wish wish,
                 Time at) {
  Rng rng = stream(world, number, Stream::kVisit, index);
  const double base = world.base.value_or(facts_of(wish).base);
  const double reaches = reaches_checkout(base);
  Visit visit;
  visit.at = at;
  visit.small_draws = rng.next();
  const bool buys = rng.chance(reaches);
  visit.order_draw = rng.uniform();
  visit.order_chance = base / reaches;
  if (rng.chance(facts_of(wish).sent_back))
    visit.sent_back = days(5 + static_cast<std::int64_t>(rng.below(8)));
  Script script(rng);
  const Item& item = seek(wish, script, rng);
  if (buys) script.buy(item);
  visit.steps = script.take();
  return visit;
}

bool comes(const WorldOptions& world, Wish wish) {
  if (world.wishes.empty()) return facts_of(wish).usual;
  return std::count(world.wishes.begin(), world.wishes.end(), wish) > 0;
}

Wish wish_of(const WorldOptions& world, Rng& rng) {
  double total = 0;
  for (std::size_t i = 0; i < kWishes; ++i)
    total += comes(world, static_cast<Wish>(i)) ? kWishFacts[i].share : 0;
  double draw = rng.uniform() * total;
  Wish last = Wish::kBrowsing;
  for (std::size_t i = 0; i < kWishes; ++i) {
    const auto wish = static_cast<Wish>(i);
    if (!comes(world, wish)) continue;
    last = wish;
    draw -= kWishFacts[i].share;
    if (draw < 0) break;
  }
  return last;
}

// The first visit: a day, an hour by the day's shape, and the wave nearest before.
Time arrival(const WorldOptions& world, Rng& rng) {
  const auto day_count = std::max<std::int64_t>(1, (world.span - world.settle) / days(1));
  const auto day = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(day_count)));
  int total = 0;
  for (const int weight : kByHour) total += weight;
  auto draw = static_cast<int>(rng.below(static_cast<std::uint64_t>(total)));
  int hour = 0;
  while (draw >= kByHour[static_cast<std::size_t>(hour)])
    draw -= kByHour[static_cast<std::size_t>(hour++)];
  const Duration within = days(day) + Duration{std::chrono::hours(hour)} +
                          Duration{static_cast<std::int64_t>(rng.below(3'600'000))};
  return world.start + within / wave_distance(world) * wave_distance(world);
}

}  // namespace

std::span<const Item> catalogue() { return kCatalogue; }

std::string_view to_string(Wish wish) { return facts_of(wish).name; }

std::optional<Wish> parse_wish(std::string_view text) {
  for (std::size_t i = 0; i < kWishes; ++i) {
    if (kWishFacts[i].name == text) return static_cast<Wish>(i);
  }
  return std::nullopt;
}

std::string wish_names() {
  std::string names;
  for (const WishFacts& facts : kWishFacts) {
    names += names.empty() ? "" : ", ";
    names += facts.name;
  }
  return names;
}

// About 60 visitors a wave, but at least one wave every 6 hours and none within 5 minutes.
Duration wave_distance(const WorldOptions& world) {
  const auto span_ms = std::max<std::int64_t>((world.span - world.settle).count(), 1);
  const auto wanted =
      span_ms * 60 / static_cast<std::int64_t>(std::max<std::uint64_t>(world.visitors, 1));
  const Duration distance = std::clamp<Duration>(Duration{wanted}, 5min, 6h);
  return distance / kTick * kTick;
}

VisitorPlan plan_visitor(const WorldOptions& world, std::uint64_t number) {
  Rng rng = stream(world, number, Stream::kPerson);
  VisitorPlan plan;
  plan.anonymous_id = "sim-" + std::to_string(world.seed) + "-" + std::to_string(number);
  plan.wish = wish_of(world, rng);
  plan.choice = rng.chance(world.consent) ? rng.chance(0.02) ? Choice::kWithdraws : Choice::kGranted
                                          : Choice::kNever;
  plan.locale = rng.chance(0.2) ? "de-DE" : "en-GB";
  const double device = rng.uniform();
  plan.device = device < 0.55 ? "mobile" : device < 0.9 ? "desktop" : "tablet";
  const double visits_draw = rng.uniform();
  const std::uint64_t visits = (visits_draw < 0.7   ? 1U
                                : visits_draw < 0.9 ? 2U
                                                    : 3U) +
                               (plan.wish == Wish::kReturning ? 1U : 0U);
  Time at = arrival(world, rng);
  for (std::uint64_t i = 0; i < visits; ++i) {
    plan.visits.push_back(plan_visit(world, number, i, plan.wish, at));
    // Hours later at the least: a visit is over after half an hour without an event.
    const Duration pause =
        Duration{std::chrono::hours(20)} +
        Duration{static_cast<std::int64_t>(rng.below(std::uint64_t{6} * 86'400'000))};
    at += pause / wave_distance(world) * wave_distance(world) + wave_distance(world);
  }
  return plan;
}

}  // namespace tact::cli
