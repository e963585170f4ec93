#include "collect/internal/facts.h"

#include <gtest/gtest.h>

namespace tact::internal {
namespace {

std::vector<Fact> declared() {
  Fact size{.id = "company_size"}, country{.id = "country"}, staff{.id = "is_staff"};
  size.trait = "company_size";
  country.trait = "address.country";
  staff.trait = "is_staff";
  return {size, country, staff};
}

Event read(std::string_view traits, const Source* source) {
  Event event;
  read_facts(parse_json(traits)->as_object(), {.source = source}, declared(), event);
  return event;
}

Source secret(std::string name) {
  Source source;
  source.name = std::move(name);
  source.kind = KeyKind::kSecret;
  return source;
}

TEST(Facts, KeepDeclaredScalarsAndNothingElse) {
  const Source crm = secret("crm");
  const Event event = read(
      R"({"companySize": 50, "address": {"country": "DE", "street": "x"}, "is_staff": false, "shoe": 42})",
      &crm);
  EXPECT_EQ(event.facts,
            (std::vector<FactValue>{
                {"company_size", "50"}, {"country", "\"DE\""}, {"is_staff", "false"}}));
  EXPECT_EQ(event.origin, "crm");
  EXPECT_FALSE(event.enriched);
}

TEST(Facts, TellNothingWhereTheValueIsNoScalarOrTooLong) {
  const Source crm = secret("crm");
  EXPECT_TRUE(
      read(R"({"company_size": null, "address": "DE", "is_staff": [true]})", &crm).facts.empty());
  const std::string longest(kMaxFactBytes, 'x');
  const Event event = read(R"({"company_size": ")" + longest + R"("})", &crm);
  EXPECT_TRUE(event.facts.empty());
  EXPECT_TRUE(event.origin.empty()) << "an origin without facts is nobody's";
}

TEST(Facts, ABrowserNeverSpeaksForASource) {
  Source browser;
  browser.name = "crm";
  browser.enriched = true;
  const Event event = read(R"({"company_size": "51-200"})", &browser);
  EXPECT_EQ(event.origin, kVisitorOrigin);
  EXPECT_FALSE(event.enriched);
}

TEST(Facts, BoughtOnesAreMarked) {
  Source vendor = secret("acme");
  vendor.enriched = true;
  EXPECT_TRUE(read(R"({"company_size": 7})", &vendor).enriched);
}

}  // namespace
}  // namespace tact::internal
