#include "collect/internal/drop.h"

#include <gtest/gtest.h>

namespace tact::internal {
namespace {

json::object object(const std::string& text) { return parse_json(text)->as_object(); }

std::uint32_t count(const CollectNotes& notes, Dropped kind) {
  return notes.dropped[static_cast<std::size_t>(kind)];
}

std::uint32_t total(const CollectNotes& notes) {
  std::uint32_t sum = 0;
  for (const std::uint32_t one : notes.dropped) sum += one;
  return sum;
}

std::string kept(const std::string& properties, const Privacy& privacy = {},
                 const std::string& name = "E", CollectNotes* out = nullptr) {
  RawEvent raw;
  raw.name = name;
  raw.properties = object(properties);
  CollectNotes notes;
  drop_members(raw, privacy, notes);
  if (out != nullptr) *out = notes;
  return json::serialize(raw.properties);
}

TEST(Drop, PersonalDataGoesAndTheEventGoesOn) {
  CollectNotes notes;
  EXPECT_EQ(kept(R"({"total":5,"note":"call jane@example.org","deep":{"list":[{"iban":
      "DE89370400440532013000","ok":1}],"pay":"4111111111111111"},"ssn":"078-05-1120","last":"x"})",
                 {}, "E", &notes),
            R"({"total":5,"deep":{"list":[{"ok":1}]},"last":"x"})");
  EXPECT_EQ(count(notes, Dropped::kEmail), 1U);
  EXPECT_EQ(count(notes, Dropped::kIban), 1U);
  EXPECT_EQ(count(notes, Dropped::kCard), 1U);
  EXPECT_EQ(count(notes, Dropped::kNationalId), 1U);
  EXPECT_EQ(total(notes), 4U);
}

TEST(Drop, NumbersItemsAndNamesCanHoldItToo) {
  EXPECT_EQ(kept(R"({"n":4111111111111111,"m":4111111111111112,"pesel":44051401359,"x":0.5})"),
            R"({"m":4111111111111112,"x":5E-1})");
  EXPECT_EQ(kept(R"({"list":["a","jane@example.org","b",["c","x@example.org"],4111111111111111]})"),
            R"({"list":["a","b",["c"]]})");
  EXPECT_EQ(kept(R"({"jane@example.org":true,"a":1})"), R"({"a":1})");
}

TEST(Drop, OrdinaryShopEventsStayByteForByte) {
  for (
      const std::string properties :
      {R"({"order_id":"4111111111111111","total":129.9,"currency":"EUR","products":[{"product_id":)"
       R"("4006381333931","sku":"30569309025904","price":64.95,"quantity":2}],"coupon":"X-2026-11"})",
       R"({"ean":4006381333931,"at":"2026-11-21T10:02:03.123Z","ms":1795255323123,)"
       R"("us":1795255323123000,"phone":"+49 151 23456789","zip":"50667","image":"a@2x.png"})"}) {
    EXPECT_EQ(kept(properties), json::serialize(object(properties)));
    CollectNotes notes;
    kept(properties, {}, "E", &notes);
    EXPECT_EQ(total(notes), 0U);
  }
}

TEST(Drop, AnIdentifyCallsEMailAddressIsExpected) {
  RawEvent raw;
  raw.type = EventType::kIdentify;
  raw.traits = object(R"({"email":"jane@example.org","mail2":"jane@example.org",
                          "company":{"email":"jane@example.org"}})");
  raw.context = object(R"({"traits":{"email":"jane@example.org"},"locale":"de"})");
  RawEvent none = raw, all = raw;
  CollectNotes notes;
  drop_members(raw, {}, notes);
  EXPECT_EQ(json::serialize(raw.traits), R"({"email":"jane@example.org","company":{}})");
  EXPECT_EQ(json::serialize(raw.context),
            R"({"traits":{"email":"jane@example.org"},"locale":"de"})")
      << "traits wherever a client puts them";
  drop_members(none, {.keep = {}, .drop = {}, .expected = {}}, notes);
  EXPECT_EQ(json::serialize(none.traits), R"({"company":{}})");
  drop_members(all, {.keep = {}, .drop = {}, .expected = {"email", "traits.mail*"}}, notes);
  EXPECT_EQ(json::serialize(all.traits),
            R"({"email":"jane@example.org","mail2":"jane@example.org",)"
            R"("company":{"email":"jane@example.org"}})");
}

TEST(Drop, TheDenyListTakesNamesAndPaths) {
  const Privacy privacy = {.keep = {},
                           .drop = {"debug_*", "properties.address.street", "context.screen"},
                           .expected = {}};
  CollectNotes notes;
  EXPECT_EQ(kept(R"({"debug_a":1,"x":{"debug_b":{"c":1}},"address":{"street":"s","city":"c"},
                     "street":"kept","list":[{"debug_c":1,"d":2}]})",
                 privacy, "E", &notes),
            R"({"x":{},"address":{"city":"c"},"street":"kept","list":[{"d":2}]})");
  EXPECT_EQ(count(notes, Dropped::kLeftOut), 4U);
}

TEST(Drop, TheAllowListKeepsWhatTactReads) {
  const Privacy privacy = {.keep = {{"colour", "size_*"}}, .drop = {}, .expected = {}};
  EXPECT_EQ(kept(R"({"colour":{"any":1},"size_eu":42,"other":1,"total":5,"product_id":"p",
                     "title":"T","url":"/x"})",
                 privacy),
            R"({"colour":{"any":1},"size_eu":42,"total":5,"product_id":"p","url":"/x"})");
  EXPECT_EQ(kept(R"({"other":1,"total":5})", {.keep = {{}}, .drop = {}, .expected = {}}),
            R"({"total":5})");
}

TEST(Drop, WhatWasTypedIntoAFormIsNeverKept) {
  const std::string properties = R"({"form":"f","field":"name","value":"Jane","x":{"values":[1]},)"
                                 R"("input":2,"length":4})";
  const Privacy expects_all = {.keep = {{"*"}}, .drop = {}, .expected = {"*"}};
  CollectNotes notes;
  EXPECT_EQ(kept(properties, expects_all, "Form Field Left", &notes),
            R"({"form":"f","field":"name","x":{},"length":4})");
  EXPECT_EQ(count(notes, Dropped::kFormValue), 3U);
  EXPECT_EQ(kept(properties, expects_all, "Formed"), properties);
}

TEST(Drop, ManyMembersAreDroppedInOnePass) {
  std::string text = "{";
  for (int i = 0; i < 2'000; ++i) text += "\"k" + std::to_string(i) + "\":\"a@b.cc\",";
  CollectNotes notes;
  EXPECT_EQ(kept(text + "\"z\":1}", {}, "E", &notes), R"({"z":1})");
  EXPECT_EQ(count(notes, Dropped::kEmail), 2'000U);
}

}  // namespace
}  // namespace tact::internal
