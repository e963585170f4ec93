#include "collect/source.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <thread>

#include "base/json.h"

namespace tact {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class KeyRingTest : public testing::Test {
 protected:
  KeyRingTest() {
    std::string name = (fs::temp_directory_path() / "tact-keys-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~KeyRingTest() override { fs::remove_all(folder_); }

  fs::path file() const { return folder_ / "keys"; }
  std::string text() const {
    std::ifstream in(file());
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(std::string_view content, mode_t mode = 0600) const {
    std::ofstream(file()) << content;
    ::chmod(file().c_str(), mode);
  }

  fs::path folder_;
};

TEST_F(KeyRingTest, MakesKeysAtTheFirstStartAndKeepsThem) {
  const auto first = KeyRing::open(folder_ / "data");
  ASSERT_TRUE(first.has_value()) << first.error().to_text();
  struct stat info{};
  ASSERT_EQ(::stat((folder_ / "data" / "keys").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "data"), {}), 1);  // nothing left aside

  ASSERT_EQ(first->sources().size(), 2U);
  const Source& website = first->sources()[0];
  EXPECT_EQ(website.kind, KeyKind::kWrite);
  EXPECT_TRUE(website.key.starts_with("wk_"));
  EXPECT_TRUE(website.consent_required);
  const Source& server = first->sources()[1];
  EXPECT_EQ(server.kind, KeyKind::kSecret);
  EXPECT_TRUE(server.key.starts_with("sk_"));

  const auto second = KeyRing::open(folder_ / "data");
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->sources()[0].key, website.key);
  EXPECT_EQ(second->sources()[1].id, server.id);
  EXPECT_EQ(second->install_key().to_hex(), first->install_key().to_hex());
  EXPECT_EQ(second->live_token(), first->live_token());
}

TEST_F(KeyRingTest, TwoInstallationsShareNoSecret) {
  const auto one = KeyRing::open(folder_ / "1");
  const auto two = KeyRing::open(folder_ / "2");
  ASSERT_TRUE(one.has_value() && two.has_value());
  EXPECT_NE(one->install_key().to_hex(), two->install_key().to_hex());
  EXPECT_NE(one->sources()[0].key, two->sources()[0].key);
  EXPECT_NE(one->live_token(), two->live_token());
}

TEST_F(KeyRingTest, StartingAtOnceGivesTheSameKeys) {
  std::vector<std::string> keys(8);
  std::vector<std::thread> starters;
  for (std::string& key : keys) {
    starters.emplace_back([this, &key] {
      const auto ring = KeyRing::open(folder_);
      if (ring.has_value()) key = ring->sources()[0].key;
    });
  }
  for (std::thread& starter : starters) starter.join();
  EXPECT_FALSE(keys[0].empty());
  EXPECT_THAT(keys, testing::Each(keys[0]));
}

TEST_F(KeyRingTest, FindsByKeyAndById) {
  const auto ring = KeyRing::open(folder_);
  ASSERT_TRUE(ring.has_value());
  for (const Source& source : ring->sources()) {
    ASSERT_NE(ring->find(source.key), nullptr);
    EXPECT_EQ(ring->find(source.key)->id, source.id);
    EXPECT_EQ(ring->find_id(source.id)->key, source.key);
    EXPECT_EQ(ring->find(source.key.substr(1)), nullptr);
    EXPECT_EQ(ring->find(source.key + "0"), nullptr);
  }
  EXPECT_EQ(ring->find(""), nullptr);
  EXPECT_EQ(ring->find_id(0), nullptr);
  EXPECT_TRUE(ring->is_live_token(ring->live_token()));
  EXPECT_FALSE(ring->is_live_token(""));
  EXPECT_THAT(text(), testing::Not(HasSubstr(ring->live_token())));  // derived, not stored
}

TEST_F(KeyRingTest, RefusesAFileThatOthersMayRead) {
  ASSERT_TRUE(KeyRing::open(folder_).has_value());
  for (const mode_t mode : {0640U, 0604U, 0660U, 0620U}) {
    ::chmod(file().c_str(), mode);
    const auto ring = KeyRing::open(folder_);
    ASSERT_FALSE(ring.has_value()) << mode;
    EXPECT_EQ(ring.error().code, ErrorCode::kForbidden);
    EXPECT_THAT(ring.error().message, HasSubstr("chmod 600 " + file().string()));
  }
  ::chmod(file().c_str(), 0400);
  EXPECT_TRUE(KeyRing::open(folder_).has_value());
}

TEST_F(KeyRingTest, NeverReplacesAFileItCannotRead) {
  for (const std::string_view broken : {"", "{", "[]", "null", R"({"version":1})"}) {
    write(broken);
    const auto ring = KeyRing::open(folder_);
    ASSERT_FALSE(ring.has_value()) << broken;
    EXPECT_EQ(ring.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(ring.error().where, HasSubstr(file().string()));
    EXPECT_EQ(text(), broken);
  }
}

TEST_F(KeyRingTest, NamesTheMemberThatIsWrong) {
  ASSERT_TRUE(KeyRing::open(folder_).has_value());
  const std::string good = text();
  const auto where_of = [&good](const std::function<void(json::object&)>& change) -> std::string {
    json::value file = *parse_json(good);
    change(file.as_object().at("sources").as_array().at(1).as_object());
    const auto ring = KeyRing::parse(to_string(file));
    return ring.has_value() ? "fine" : ring.error().where;
  };
  EXPECT_EQ(where_of([](json::object&) {}), "fine");
  EXPECT_EQ(where_of([](json::object& s) { s["id"] = 0; }), "sources[1].id");
  EXPECT_EQ(where_of([](json::object& s) { s["id"] = 65'535; }), "sources[1].id");
  EXPECT_EQ(where_of([](json::object& s) { s["id"] = "2"; }), "sources[1].id");
  EXPECT_EQ(where_of([](json::object& s) { s["id"] = 1; }), "sources[1].id");  // used twice
  EXPECT_EQ(where_of([](json::object& s) { s["key"] = "short"; }), "sources[1].key");
  EXPECT_EQ(where_of([](json::object& s) { s["kind"] = "root"; }), "sources[1].kind");
  EXPECT_EQ(where_of([](json::object& s) { s["consent"] = "maybe"; }), "sources[1].consent");
  EXPECT_EQ(where_of([](json::object& s) { s.erase("consent"); }), "sources[1].consent");
  EXPECT_EQ(where_of([](json::object& s) { s["consent"] = "granted"; }), "sources[1].basis");
  EXPECT_EQ(where_of([](json::object& s) {
              s["consent"] = "granted";
              s["basis"] = "contract";
            }),
            "fine");
  EXPECT_EQ(where_of([](json::object& s) { s["origins"] = {1}; }), "sources[1].origins");
  EXPECT_EQ(where_of([](json::object& s) { s["events_per_second"] = -1; }),
            "sources[1].events_per_second");
}

TEST(Source, OriginsAreCompared) {
  Source source;
  EXPECT_TRUE(origin_allowed(source, "https://any.example"));
  source.origins = {"https://shop.example", "http://localhost:5173"};
  EXPECT_TRUE(origin_allowed(source, "https://Shop.Example"));
  EXPECT_TRUE(origin_allowed(source, "http://localhost:5173"));
  EXPECT_TRUE(origin_allowed(source, ""));  // not a browser
  EXPECT_FALSE(origin_allowed(source, "http://shop.example"));
  EXPECT_FALSE(origin_allowed(source, "https://shop.example.evil.example"));
  EXPECT_FALSE(origin_allowed(source, "null"));
  source.origins = {"*"};
  EXPECT_TRUE(origin_allowed(source, "https://any.example"));
}

TEST(Source, AnImportHasItsBasis) {
  const Source source = import_source("contract");
  EXPECT_EQ(source.id, kImportSourceId);
  EXPECT_FALSE(source.consent_required);
  EXPECT_EQ(source.basis, "contract");
}

}  // namespace
}  // namespace tact
