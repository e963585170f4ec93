// What is shown of a visitor beside what they did: affinities, and what they answer to.
#include <gmock/gmock.h>

#include "engine/engine_test_util.h"
#include "engine/population.h"

namespace tact {
namespace {

class KnownTest : public EngineTest {
 protected:
  Record told(const std::string& visitor, const std::string& name, int hour) {
    Record record = event(visitor, name);
    std::get<Event>(record.body).where.local_minute_of_week =
        static_cast<std::uint16_t>(hour * 60 + 1);
    return record;
  }

  // `sent` e-mails at that hour, of which the first `answered` are answered by their link.
  void email(const std::string& visitor, int hour, int sent, int answered) {
    std::vector<Record> records;
    for (int i = 0; i < sent; ++i) {
      records.push_back(told(visitor, "Email Delivered", hour));
      if (i < answered) records.push_back(told(visitor, "Email Link Clicked", hour));
    }
    ASSERT_TRUE(track(std::move(records)).has_value());
  }

  json::object shown(const std::string& visitor) {
    auto picture = engine_->show_visitor(named(visitor));
    EXPECT_TRUE(picture.has_value());
    return picture.has_value() ? *std::move(picture) : json::object{};
  }

  ResponseSums sums() {
    auto read = Population().read(engine_->store());
    EXPECT_TRUE(read.has_value());
    return read.has_value() ? *read : ResponseSums{};
  }

  // Forty people: of every ten e-mails two are answered, in the morning as in the evening.
  void write_to_everybody() {
    for (int i = 0; i < 40; ++i) {
      const std::string who = "n-" + std::to_string(i);
      email(who, 8, 5, i % 2 == 0 ? 2 : 0);
      email(who, 19, 5, i % 2 == 0 ? 2 : 0);
    }
  }
};

TEST_F(KnownTest, AffinitiesAreListedTheStrongestFirst) {
  std::vector<Record> records;
  for (const auto& [product, brand] :
       {std::pair("p1", "Fellwind"), {"p2", "Northfold"}, {"p3", "Northfold"}}) {
    records.push_back(event("a-1", "Product Viewed", product));
    std::get<Event>(records.back().body).products[0].brand = brand;
  }
  records.push_back(event("a-1", "page", "p1"));
  std::get<Event>(records.back().body).where.topic = "fit";
  ASSERT_TRUE(track(std::move(records)).has_value());
  const json::object picture = shown("a-1");
  const json::object& affinities = picture.at("affinities").as_object();
  EXPECT_EQ(affinities.at("category").at(0).at("name"), "shoes");
  EXPECT_NEAR(affinities.at("category").at(0).at("affinity").as_double(), 0.6, 1e-9);
  EXPECT_EQ(affinities.at("brand").at(0).at("name"), "Northfold");
  EXPECT_NEAR(affinities.at("brand").at(0).at("affinity").as_double(), 0.4, 1e-9);
  EXPECT_EQ(affinities.at("brand").at(1).at("name"), "Fellwind");
  EXPECT_EQ(affinities.at("topic").at(0).at("name"), "fit");
  EXPECT_EQ(picture.at("answers").at("says"), "nothing reached this visitor yet");
}

TEST_F(KnownTest, SaysWhereAndWhenSomebodyAnswersBest) {
  email("a-1", 19, 8, 6);
  EXPECT_EQ(shown("a-1").at("answers").at("says"),
            "too few people were reached yet to say what is usual");
  write_to_everybody();
  engine_.reset();
  open();
  const json::object answers = shown("a-1").at("answers").as_object();
  EXPECT_THAT(std::string(answers.at("says").as_string()),
              testing::MatchesRegex("answers best by e-mail in the evening: [0-9]+ % .*, "
                                    "everybody: 22 %"));
  const json::object& evening = answers.at("rates").at(1).as_object();
  EXPECT_EQ(evening.at("part"), "evening");
  EXPECT_EQ(evening.at("reached"), 8);
  EXPECT_EQ(evening.at("answered"), 6);
  EXPECT_GT(evening.at("rate").as_double(), 0.3);
  EXPECT_LT(evening.at("rate").as_double(), 0.75) << "drawn towards everybody";
  email("a-2", 19, 2, 2);
  EXPECT_EQ(shown("a-2").at("answers").at("says"), "reached too seldom to say");
}

// The sums of all partitions are those of the visitors as they are: after more answers, a join, its
// undoing, and a restart. `verify` compares them partition by partition.
TEST_F(KnownTest, TheSumsFollowTheVisitors) {
  write_to_everybody();
  EXPECT_EQ(sums().rates[1][ResponseSums::kAllDay].trials, 400U);
  EXPECT_EQ(sums().rates[1][ResponseSums::kAllDay].hits, 80U);
  email("a-1", 8, 3, 1);
  email("a-2", 8, 4, 0);
  ASSERT_TRUE(track({identify("a-1", "u-1")}).has_value());
  ASSERT_TRUE(track({identify("a-2", "u-1")}).has_value());
  engine_.reset();
  open();
  email("a-2", 19, 2, 1);  // now the known person's
  const stats::RateSums all = sums().rates[1][ResponseSums::kAllDay];
  EXPECT_EQ(all.trials, 409U);
  EXPECT_EQ(all.hits, 82U);
  EXPECT_EQ(all.trial_pairs, 40U * 90U + 72U) << "nine e-mails of one person, not 3, 4 and 2";
  EXPECT_TRUE(closed_and_verified().ok());
}

TEST_F(KnownTest, VerifyFindsWrongSumsAndRebuildMendsThem) {
  email("a-1", 8, 3, 1);
  const ResponseSums right = sums();
  const Partition partition = visitor_named(key_, kAnonymousKind, "a-1").partition();
  engine_.reset();
  auto store = Store::open(directory_.string());
  ASSERT_TRUE(store.has_value());
  auto playbooks = Playbooks::open(**store);
  Batch batch;
  (*playbooks)->make_current(*(*playbooks)->prepare(files_, batch));
  ResponseSums wrong = right;
  wrong.rates[0][0].add(5, 1);
  batch.put(Family::kMeta, keys::responses(partition), wrong.encode());
  ASSERT_TRUE((*store)->commit(batch).has_value());
  const auto found = verify(**store, **playbooks, {});
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->problems_total, 1U);
  ASSERT_TRUE(rebuild(**store, **playbooks, {}).has_value());
  EXPECT_TRUE(verify(**store, **playbooks, {})->ok());
  EXPECT_EQ(*Population().read(**store), right);
}

}  // namespace
}  // namespace tact
