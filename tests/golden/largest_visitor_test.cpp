// The largest visitor clients can make: every text as long as collect takes it, every list
// overfilled, through parsing, collecting and folding. The profile stays in bounds.
#include <gtest/gtest.h>

#include "base/rng.h"
#include "collect/collect.h"
#include "playbook/compile.h"
#include "profile/bounds.h"
#include "profile/fold.h"

namespace tact {
namespace {

const Time kStart = *parse_time("2026-11-02T08:00:00Z");
constexpr int kSignals = 12, kFacts = 64;

// A playbook that keeps as much as one can.
std::shared_ptr<const Playbook> greedy_playbook() {
  PlaybookFiles files;
  files["playbook.yaml"] = "site: Test\n";
  files["content.yaml"] = "pages:\n";
  for (int i = 0; i < 60; ++i) {
    files["content.yaml"] += "  /topic" + std::to_string(i) +
                             "/*: {topic: " + std::string(250, 't') + std::to_string(i) + "}\n";
  }
  for (int i = 0; i < kFacts; ++i) {
    files["facts.yaml"] += std::string(60, 'f') + std::to_string(i) + ":\n  from: visitor\n";
  }
  for (int i = 0; i < kSignals; ++i) {
    files["signals.yaml"] += "signal" + std::to_string(i) +
                             ":\n  says: did it\n  seen: track Product Viewed\n  about: " +
                             (i % 2 == 0 ? "product" : "category") + "\n  fades: half in 1h\n";
  }
  return compile_playbook(files).playbook;
}

std::string text_of(std::uint64_t number, std::size_t size = kMaxTextBytes) {
  const std::string digits = std::to_string(number);
  return std::string(size - digits.size(), 'x') + digits;
}

json::object product_of(Rng& rng) {
  return {{"product_id", text_of(rng.below(500), kMaxIdBytes)},
          {"category", text_of(rng.below(60))},
          {"brand", text_of(rng.below(60))},
          {"price", 99'999'999},
          {"quantity", 1'000'000}};
}

json::object properties_of(Rng& rng, std::uint64_t number) {
  json::object properties = product_of(rng);
  json::array products;
  for (int i = 0; i < 40; ++i) products.push_back(product_of(rng));
  properties["products"] = std::move(products);
  properties["order_id"] = properties["ticket_id"] = properties["form"] = text_of(number);
  properties["total"] = 99'999'999;
  properties["query"] = text_of(number);
  properties["delivery_promised"] = "2030-01-01";
  properties["url"] = "https://shop.example/topic" + std::to_string(number % 60) + "/" +
                      std::string(2 * kMaxPathBytes, 'p');
  properties["type"] = text_of(number);
  return properties;
}

json::object context_of(std::uint64_t number) {
  json::object campaign;
  for (const char* key : {"source", "medium", "name", "term", "content"})
    campaign[key] = std::string(2 * kMaxTextBytes, 'c');
  json::array external;
  for (std::uint64_t i = 0; i < kMaxFurtherIds; ++i)
    external.push_back({{"type", "card" + std::to_string(i)}, {"id", text_of(number)}});
  return {{"campaign", std::move(campaign)},
          {"externalIds", std::move(external)},
          {"page",
           {{"path",
             "/topic" + std::to_string(number % 60) + "/" + std::string(2 * kMaxPathBytes, 'p')}}}};
}

RawEvent hostile_event(Rng& rng, std::uint64_t number) {
  static const char* const kNames[] = {"Product Viewed",  "Product Added", "Order Completed",
                                       "Order Shipped",   "Ticket Opened", "Form Started",
                                       "Email Delivered", "Product Viewed"};
  RawEvent raw;
  raw.type = rng.chance(0.2)   ? EventType::kPage
             : rng.chance(0.1) ? EventType::kIdentify
                               : EventType::kTrack;
  raw.message_id = std::to_string(number);
  raw.anonymous_id = text_of(number, kMaxIdBytes);
  raw.user_id = text_of(number, kMaxIdBytes);
  raw.group_id = text_of(number, kMaxIdBytes);
  if (raw.type == EventType::kTrack) raw.name = kNames[rng.below(8)];
  raw.properties = properties_of(rng, number);
  raw.context = context_of(number);
  for (int i = 0; i < kFacts; ++i)
    raw.traits[std::string(60, 'f') + std::to_string(i)] = std::string(kMaxFactBytes - 2, 'v');
  return raw;
}

TEST(LargestVisitor, StaysInBounds) {
  const auto playbook = greedy_playbook();
  ASSERT_NE(playbook, nullptr);
  ASSERT_EQ(playbook->signals.size(), static_cast<std::size_t>(kSignals));
  ExperimentBook experiments;
  const FoldContext context{*playbook, experiments};
  Source server;
  server.id = 1;
  server.kind = KeyKind::kSecret;
  RequestInfo info;
  info.source = &server;
  const InstallKey key = *InstallKey::from_hex(std::string(64, '7'));
  info.key = &key;
  Profile profile = start(*playbook);
  FoldEffects effects;
  Rng rng(65);
  std::size_t largest = 0, refused = 0;
  for (std::uint64_t i = 0; i < 1'200; ++i) {
    info.now = kStart + Duration{static_cast<std::int64_t>(i) * 20'000};
    const auto record = collect_event(hostile_event(rng, i), info, *playbook);
    if (!record.has_value()) {
      ++refused;
      continue;
    }
    fold(profile, VisitorId{{7}}, Offset{i + 1}, *record, context, effects);
    const std::size_t bytes = profile.encode().size();
    ASSERT_LE(bytes, kMaxProfileBytes) << "after " << i;
    largest = std::max(largest, bytes);
  }
  EXPECT_EQ(refused, 0U) << "what is refused fills nothing";
  EXPECT_GT(largest, 32U * 1024) << "nothing was at stake";
  EXPECT_EQ(profile.core.ids.size(), Core::kMaxIds);
  EXPECT_FALSE(profile.core.interests.empty());
  EXPECT_FALSE(profile.derived.signals.empty());
  EXPECT_FALSE(profile.core.facts.empty());
  EXPECT_EQ(profile.core.visit.path.size(), kMaxPathBytes);
  RecordProperty("largest", static_cast<int>(largest));
}

}  // namespace
}  // namespace tact
