// Somebody, or a disk, changes what is stored: opening refuses, verify finds it, or explain says
// so.
#include <gtest/gtest.h>

#include <functional>

#include "crash_world.h"
#include "engine/check.h"
#include "engine/derive.h"
#include "event/codec.h"
#include "log/log.h"
#include "store/keys.h"

namespace tact::crash {
namespace {

std::string largest(const testing::FaultEnv::Image& image, std::string_view ending) {
  std::string best;
  for (const auto& [name, bytes] : image) {
    if (name.ends_with(ending) && (best.empty() || bytes.size() > image.at(best).size()))
      best = name;
  }
  return best;
}

// A closed directory with some hundred records and one decision of a-1.
DecisionId filled(World& world) {
  world.open();
  for (int i = 0; i < 40; ++i) world.send({world.track("a-" + std::to_string(i % 7), 4)});
  const RequestPtr asked = world.decide("a-1", 3);
  world.send({asked, world.identify("a-2", "u-1")});
  world.close();
  const json::object& decision = asked->answer.at("decisions").at(0).get_object();
  return DecisionId::parse(string_at(decision, "id")).value_or(DecisionId{});
}

// Flips a bit here and there in the file; each must be refused at opening or found by verify.
void expect_flips_found(World& world, const std::string& file, std::size_t flips) {
  ASSERT_FALSE(file.empty());
  const auto image = world.disk.image();
  const std::size_t size = image.at(file).size();
  for (std::size_t i = 0; i < flips; ++i) {
    const std::size_t at = size * (2 * i + 1) / (2 * flips);
    world.disk.restore(image);
    world.disk.flip(file, at, 0x10);
    StoreOptions options;
    options.create_if_missing = false;
    options.env = world.disk.env();
    const auto opened = Store::open("/data", options);
    if (!opened.has_value()) {
      EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt) << opened.error().to_text();
      continue;
    }
    const auto playbooks = Playbooks::open(**opened);
    if (!playbooks.has_value()) continue;  // a damaged playbook row: an error, too
    Batch unused;
    (*playbooks)->make_current(*(*playbooks)->prepare(world.files, unused));
    const auto report = verify(**opened, **playbooks, {});
    EXPECT_TRUE(!report.has_value() || !report->ok())
        << "byte " << at << " of " << size << " in " << file << " was not noticed";
  }
  world.disk.restore(image);
}

TEST(Tamper, AFlippedBitInTheWriteAheadLogIsRefused) {
  World world;
  filled(world);
  expect_flips_found(world, largest(world.disk.image(), ".log"), 8);
}

TEST(Tamper, AFlippedBitInATableIsFound) {
  World world;
  filled(world);
  world.open_store().reset();  // recovery writes the log's rows into tables
  expect_flips_found(world, largest(world.disk.image(), ".sst"), 8);
}

// Rewrites the decision's record, well-formed; with_sum: and the partition's count and sum with it,
// as one does who knows the format.
void rewrite_decision(World& world, const DecisionId& id, bool with_sum,
                      const std::function<void(DecisionRecord&)>& change) {
  const auto store = world.open_store();
  const auto visitor = visitor_at(*store, id.partition, id.offset);
  ASSERT_TRUE(visitor.has_value());
  auto record = read_record(*store, *visitor, id.offset);
  ASSERT_TRUE(record.has_value());
  change(std::get<DecisionRecord>(record->body));
  const std::string row = keys::history(*visitor, id.offset);
  Batch batch;
  if (with_sum) {
    auto bytes = store->get(Family::kMeta, keys::partition_state(id.partition));
    auto state = PartitionState::decode(**bytes);
    ASSERT_TRUE(state.has_value());
    const auto before = store->get(Family::kHistory, row);
    state->sum -= hash128(row, **before);
    state->sum += hash128(row, encode_record(*record));
    batch.put(Family::kMeta, keys::partition_state(id.partition), state->encode());
  }
  batch.put(Family::kHistory, row, encode_record(*record));
  ASSERT_TRUE(store->commit(batch).has_value());
}

struct Findings {
  bool verified = false, agrees = false;
};

Findings look(World& world, const DecisionId& id) {
  const auto store = world.open_store();
  const auto playbooks = world.open_playbooks(*store);
  const auto report = verify(*store, *playbooks, {});
  const auto explained = explain_decision(*store, *playbooks, world.key, id);
  EXPECT_TRUE(report.has_value() && explained.has_value());
  return {report.has_value() && report->ok(),
          explained.has_value() && explained->at("agrees").get_bool()};
}

TEST(Tamper, ARewrittenDecisionIsFoundByVerifyAndByExplain) {
  World world;
  const DecisionId id = filled(world);
  const Findings untouched = look(world, id);
  ASSERT_TRUE(untouched.verified && untouched.agrees);
  ASSERT_NO_FATAL_FAILURE(
      rewrite_decision(world, id, false, [](DecisionRecord& d) { d.propensity_ppm = 123'456; }));
  const Findings found = look(world, id);
  EXPECT_FALSE(found.verified) << "the log's sum";
  EXPECT_FALSE(found.agrees);
}

// Without a key nothing keeps a writer of the database from making the sums right again; that the
// decision does not follow from the log stays visible.
TEST(Tamper, ARewrittenDecisionWithARightSumIsFoundByExplain) {
  const std::vector<std::function<void(DecisionRecord&)>> changes = {
      [](DecisionRecord& d) { d.propensity_ppm = 123'456; },
      [](DecisionRecord& d) { d.variant = "another"; }, [](DecisionRecord& d) { ++d.why_digest; },
      [](DecisionRecord& d) { d.held_out_moment = !d.held_out_moment; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    World world;
    const DecisionId id = filled(world);
    ASSERT_NO_FATAL_FAILURE(rewrite_decision(world, id, true, changes[i]));
    EXPECT_FALSE(look(world, id).agrees) << "change " << i;
  }
}

}  // namespace
}  // namespace tact::crash
