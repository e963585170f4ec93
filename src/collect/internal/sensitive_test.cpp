// What is told apart as sensitive, with the topics that are built in.
#include "collect/internal/sensitive.h"

#include <gtest/gtest.h>

#include "collect/request.h"
#include "playbook/compile.h"

namespace tact::internal {
namespace {

const Playbook& playbook() {
  static const auto compiled =
      compile_playbook(
          {{"playbook.yaml", "site: Test\n"},
           {"content.yaml", "pages:\n  /guides/1: {topic: pregnancy}\n  /guides/*: {topic: fit}\n"},
           {"guards.yaml",
            "sensitive:\n  health: {pages: [/praxis/*]}\n  debt: {searches: [\"debt relief\"]}\n"}})
          .playbook;
  return *compiled;
}
const SensitiveWords& sensitive() { return playbook().guards.sensitive_words; }

TEST(Sensitive, CategoriesByTheirWords) {
  for (const char* category :
       {"pregnancy/tests", "Drugs > Prescription-Drugs", "contraception", "books/Bibles",
        "sexual-wellness", "Arzneimittel", "ÄRZTE", "DNA tests", "trade unions"}) {
    EXPECT_TRUE(is_sensitive_category(category, sensitive())) << category;
  }
  for (const char* category :
       {"", "shoes/trail", "health & beauty/lipstick", "party dresses", "visual aids", "unisex",
        "race cars", "cross country skis", "Christian Dior", "Church's shoes", "green tea"}) {
    EXPECT_FALSE(is_sensitive_category(category, sensitive())) << category;
  }
}

TEST(Sensitive, PagesByWordsOrByGlob) {
  for (const char* path :
       {"/p/hiv-self-test", "/praxis/termin", "/Praxis/Termin", "/blog/living-with-diabetes",
        "/c/schwangerschaft", "/p/h%C3%B6rger%C3%A4te"}) {
    EXPECT_TRUE(is_sensitive_page(path, sensitive())) << path;
  }
  for (const char* path : {"", "/", "/p/trail-shoe", "/praxis", "/size-guide", "/p/essex-boots"}) {
    EXPECT_FALSE(is_sensitive_page(path, sensitive())) << path;
  }
}

TEST(Sensitive, SearchesByPhrases) {
  EXPECT_TRUE(is_sensitive_search("Socks for diabetics", sensitive()));
  EXPECT_TRUE(is_sensitive_search("cheap  DEBT-relief", sensitive()));
  EXPECT_FALSE(is_sensitive_search("relief debt", sensitive()));
  EXPECT_FALSE(is_sensitive_search("trail running shoes", sensitive()));
}

Event collected(const std::string& line, const RequestInfo& info = {}) {
  auto raw = parse_event_line(line);
  EXPECT_TRUE(raw.has_value()) << line;
  const auto record = collect_event(std::move(*raw), info, playbook());
  EXPECT_TRUE(record.has_value()) << line;
  return std::get<Event>(record->body);
}

TEST(Sensitive, AnEventIsMarkedForWhateverItTouches) {
  const auto is_marked = [](const std::string& members) {
    return collected(R"({"type":"track","event":"E","anonymousId":"a",)" + members + "}")
        .where.sensitive;
  };
  EXPECT_FALSE(is_marked(R"("properties":{"category":"shoes","query":"size 42"})"));
  EXPECT_TRUE(is_marked(R"("properties":{"category":"contraception"})"));
  EXPECT_TRUE(is_marked(R"("properties":{"query":"hiv test"})"));
  EXPECT_TRUE(is_marked(R"("properties":{"product_id":"p9","category":"medicines"})"));
  EXPECT_TRUE(is_marked(R"("context":{"page":{"path":"/p/insulin"}})"));
  EXPECT_TRUE(is_marked(R"("properties":{"product_id":"p9","brand":"Contraception Co"})"));
  EXPECT_FALSE(is_marked(R"("properties":{"product_id":"p9","brand":"Fellwind"})"));
  EXPECT_TRUE(is_marked(R"("context":{"page":{"path":"/guides/1"}})")) << "what it is called";
  EXPECT_FALSE(is_marked(R"("context":{"page":{"path":"/guides/2"}})"));
  EXPECT_TRUE(is_marked(R"("context":{"campaign":{"name":"diabetes-autumn"}})"));
  EXPECT_TRUE(is_marked(R"("properties":{"products":[{"id":"p7"},{"id":"p9","category":"hiv"}]})"));
  EXPECT_TRUE(collected(R"({"type":"page","anonymousId":"a",)"
                        R"("properties":{"url":"https://shop.example/find?q=viagra"}})")
                  .where.sensitive);
}

TEST(Sensitive, OfSeveralProductsOnlyThoseThatAre) {
  const Event order = collected(
      R"({"type":"track","event":"Order Completed","anonymousId":"a","properties":{"products":)"
      R"([{"id":"p7","category":"shoes"},{"id":"p9","category":"medicines"}]}})");
  ASSERT_EQ(order.products.size(), 2U);
  EXPECT_FALSE(order.products[0].sensitive);
  EXPECT_TRUE(order.products[1].sensitive);
  const Event viewed = collected(
      R"({"type":"track","event":"Product Viewed","anonymousId":"a","properties":{"product_id":)"
      R"("p9"},"context":{"page":{"path":"/p/insulin-pen"}}})");
  EXPECT_TRUE(viewed.products.at(0).sensitive);
}

TEST(Sensitive, AQuestionIsMarkedLikeAnEvent) {
  const auto marked = [](std::string path, Product product, std::string_view category,
                         std::string_view url) {
    Surroundings where;
    where.path = std::move(path);
    tact::mark_sensitive(where, product, category, url, playbook());
    return std::pair(where.sensitive, product.sensitive);
  };
  using Marks = std::pair<bool, bool>;
  EXPECT_EQ(marked("/p/shoe", {.id = "p7", .category = "shoes"}, "shoes", ""), Marks(false, false));
  EXPECT_EQ(marked("/p/x", {.id = "p9", .category = "medicines"}, "", ""), Marks(true, true));
  EXPECT_EQ(marked("/p/insulin", {.id = "p9"}, "", ""), Marks(true, true));
  EXPECT_EQ(marked("/c", {}, "medicines", ""), Marks(true, false));
  EXPECT_EQ(marked("/c", {.id = "p7", .category = "shoes"}, "medicines", ""), Marks(true, false));
  EXPECT_EQ(marked("/c", {.category = "medicines"}, "medicines", ""), Marks(true, false));
  EXPECT_EQ(marked("/find", {}, "", "https://shop.example/find?q=hiv"), Marks(true, false));
}

TEST(Sensitive, WithoutTopicsNothingIs) {
  EXPECT_FALSE(is_sensitive_category("medicines", {}));
  EXPECT_FALSE(is_sensitive_page("/praxis/x", {}));
}

// --- declared adults ----------------------------------------------------------------------------

TEST(Adult, IsWhatATrustedSourceSays) {
  const auto said = [](const std::string& members, KeyKind kind, bool imported = false) {
    Source source;
    source.kind = kind;
    return collected(R"({"type":"identify","userId":"u",)" + members + "}",
                     {.source = &source, .imported = imported})
        .adult;
  };
  const std::string yes = R"("traits":{"adult":true})";
  EXPECT_EQ(said(yes, KeyKind::kSecret), Adult::kYes);
  EXPECT_EQ(said(yes, KeyKind::kWrite, true), Adult::kYes);
  EXPECT_EQ(said(yes, KeyKind::kWrite), Adult::kUnknown);
  EXPECT_EQ(said(R"("traits":{"adult":false})", KeyKind::kSecret), Adult::kNo);
  EXPECT_EQ(said(R"("traits":{"adult":"yes"})", KeyKind::kSecret), Adult::kUnknown);
  EXPECT_EQ(said(R"("context":{"traits":{"adult":true}})", KeyKind::kSecret), Adult::kYes);
  EXPECT_EQ(said(R"("traits":{})", KeyKind::kSecret), Adult::kUnknown);
}

}  // namespace
}  // namespace tact::internal
