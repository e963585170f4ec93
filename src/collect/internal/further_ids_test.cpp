#include "collect/internal/further_ids.h"

#include <gtest/gtest.h>

#include "event/named_id.h"

namespace tact::internal {
namespace {

const InstallKey kKey = *InstallKey::from_hex(std::string(64, '7'));

struct Taken {
  std::vector<FurtherId> ids;
  json::object left;
};

Taken take(std::string_view context, KeyKind kind = KeyKind::kSecret) {
  Source source;
  source.kind = kind;
  Taken out{.ids = {}, .left = parse_json(context)->as_object()};
  out.ids = take_further_ids(out.left, {.source = &source, .key = &kKey});
  return out;
}

TEST(FurtherIds, AreKeyedHashesAndTheRestIsForgotten) {
  const Taken taken = take(
      R"({"locale": "de", "externalIds": [{"id": " Anna@Example.org ", "type": "email", "collection": "users",
          "encoding": "none"}, {"id": 4711, "type": "Loyalty-Card"}]})");
  ASSERT_EQ(taken.ids.size(), 2U);
  EXPECT_EQ(taken.ids[0].kind, "email");
  EXPECT_EQ(taken.ids[0].visitor, visitor_named(kKey, "email", "anna@example.org"));
  EXPECT_EQ(taken.ids[1].kind, "loyalty_card");
  EXPECT_NE(taken.ids[1].visitor, visitor_named(kKey, "crm", "4711")) << "kinds are apart";
  EXPECT_EQ(taken.left, parse_json(R"({"locale": "de"})")->as_object());
}

TEST(FurtherIds, ABrowserIsNotBelievedAndStoresNoneEither) {
  const Taken taken =
      take(R"({"externalIds": [{"id": "anna@example.org", "type": "email"}]})", KeyKind::kWrite);
  EXPECT_TRUE(taken.ids.empty());
  EXPECT_TRUE(taken.left.empty());
}

TEST(FurtherIds, LeaveOutWhatNamesNobody) {
  EXPECT_TRUE(take(R"({"externalIds": [{"id": "x"}, {"type": "email"}, {"id": "", "type": "email"},
      {"id": "x", "type": "user"}, {"id": "x", "type": "anonymous"}, {"id": "x", "type": "é"}, 7, null,
      {"id": {"a": 1}, "type": "crm"}]})")
                  .ids.empty());
  EXPECT_TRUE(take(R"({"externalIds": {"id": "x", "type": "crm"}})").ids.empty());
  const std::string longest(kMaxIdBytes + 1, 'x');
  EXPECT_TRUE(
      take(R"({"externalIds": [{"type": "crm", "id": ")" + longest + R"("}]})").ids.empty());
}

TEST(FurtherIds, AreNamedOnceAndBounded) {
  std::string list;
  for (int i = 0; i < 40; ++i)
    list += R"({"type": "crm", "id": ")" + std::to_string(i / 2) + R"("},)";
  list.pop_back();
  const Taken taken = take(R"({"externalIds": [)" + list + "]}");
  ASSERT_EQ(taken.ids.size(), kMaxFurtherIds);
  EXPECT_NE(taken.ids[0], taken.ids[1]);
}

}  // namespace
}  // namespace tact::internal
