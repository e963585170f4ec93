// The keyed hash by which reports tell firms apart.
#include <gmock/gmock.h>

#include <set>

#include "base/hash.h"
#include "collect/collect.h"
#include "event/named_id.h"

namespace tact {
namespace {

Source source_of(KeyKind kind) {
  Source source;
  source.id = 1;
  source.kind = kind;
  return source;
}

Result<Record> collect(const json::value& call, const InstallKey* key, KeyKind kind) {
  const Source source = source_of(kind);
  RequestInfo info;
  info.source = &source;
  info.now = *parse_time("2026-11-21T10:00:00Z");
  info.key = key;
  TACT_ASSIGN(RawEvent raw, parse_event_line(json::serialize(call)));
  return collect_event(std::move(raw), info, Playbook{});
}

Event collected(const json::value& call, const InstallKey* key, KeyKind kind = KeyKind::kWrite) {
  auto record = collect(call, key, kind);
  EXPECT_TRUE(record.has_value()) << record.error().to_text();
  return record.has_value() ? std::get<Event>(record->body) : Event{};
}

InstallKey install(char digit) { return *InstallKey::from_hex(std::string(64, digit)); }

json::object group(const std::string& group_id) {
  return {{"type", "group"}, {"anonymousId", "a"}, {"groupId", group_id}};
}

// The firm as this installation tells it from others.
std::uint64_t account_of(const std::string& group_id, char digit = '7') {
  const InstallKey key = install(digit);
  return collected(group(group_id), &key).account;
}

TEST(Accounts, AreToldApartByAKeyOfTheInstallation) {
  const std::uint64_t acme = account_of("acme.example");
  EXPECT_NE(acme, 0U);
  EXPECT_EQ(account_of("acme.example"), acme) << "whoever of the firm calls, and whenever";
  EXPECT_NE(account_of("acme.example", '8'), acme) << "another installation's say nothing here";
  EXPECT_NE(account_of("other.example"), acme);
  EXPECT_EQ(account_of(""), 0U);
  EXPECT_EQ(collected(group("acme.example"), nullptr).account, 0U)
      << "without the installation's key anybody could guess the id";
  const InstallKey key = install('7');
  const json::object track = {{"type", "track"}, {"event", "E"}, {"anonymousId", "a"}};
  EXPECT_EQ(collected(track, &key).account, 0U) << "names no firm";
}

// None may be cut or folded to another one.
TEST(Accounts, AreToldApartWhateverTheirIdsAre) {
  const std::string longest(256, 'x');
  const std::vector<std::string> ids = {"a",
                                        "A",
                                        " a",
                                        "a ",
                                        "group id",
                                        "a\u0301",
                                        "\u00e1",
                                        "\xF0\x9F\x8F\xA2",
                                        "0",
                                        "../../etc/passwd",
                                        "'; DROP TABLE facts;--",
                                        R"({"$ne":null})",
                                        longest,
                                        longest.substr(1) + "y",
                                        longest.substr(1)};
  std::set<std::uint64_t> seen;
  for (const std::string& id : ids) seen.insert(account_of(id));
  EXPECT_EQ(seen.size(), ids.size());
  EXPECT_EQ(seen.count(0), 0U);
  const InstallKey key = install('7');
  for (const std::string& refused : {longest + "x", std::string("a\0b", 3)}) {
    const auto record = collect(group(refused), &key, KeyKind::kWrite);
    ASSERT_FALSE(record.has_value());
    EXPECT_EQ(record.error().where, "groupId");
  }
}

std::uint64_t number_at(const VisitorId& visitor, std::size_t begin) {
  std::uint64_t number = 0;
  for (std::size_t i = begin; i < begin + 8; ++i) number = number << 8 | visitor.bytes[i];
  return number;
}

TEST(Accounts, HaveAKeyThatIsNoPartOfAVisitorsId) {
  const InstallKey key = install('7');
  const std::uint64_t firm = account_of("anna");
  std::vector<VisitorId> visitors;
  for (const std::string_view kind : {kAnonymousKind, kUserKind})
    visitors.push_back(visitor_named(key, kind, "anna"));
  // A source that may name further ids cannot name this kind: its name has a space.
  const auto further = [](const char* type) {
    return json::object{
        {"id", "anna"}, {"type", type}, {"collection", "users"}, {"encoding", "none"}};
  };
  const json::array ids = {further("group id"), further("group")};
  const Event event = collected({{"type", "track"},
                                 {"event", "E"},
                                 {"userId", "u"},
                                 {"context", json::object{{"externalIds", ids}}}},
                                &key, KeyKind::kSecret);
  for (const FurtherId& id : event.further_ids) visitors.push_back(id.visitor);
  ASSERT_EQ(visitors.size(), 4U);
  for (const VisitorId& visitor : visitors) {
    EXPECT_NE(firm, number_at(visitor, 0));
    EXPECT_NE(firm, number_at(visitor, 8));
  }
}

}  // namespace
}  // namespace tact
