#include "log/log.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "event/codec.h"
#include "log/log_test_util.h"

namespace tact {
namespace {

TEST(PartitionState, IsByteForByteTheWorkedExample) {
  PartitionState state;
  state.last_offset = Offset{258};
  state.last_received = time_from_ms(1'795'255'323'123);
  state.records = 257;
  state.sum = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
  const std::string bytes = state.encode();
  EXPECT_EQ(to_hex(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()),
            "01"
            "0000000000000102"
            "000001a1fd8e49f3"
            "0000000000000101"
            "0f0e0d0c0b0a09080706050403020100"
            "5cff48f1e729b47a");
  const auto decoded = PartitionState::decode(bytes);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(*decoded, state);
}

TEST(PartitionState, EveryFlippedBitAndEveryTruncationIsRefused) {
  PartitionState state;
  state.last_offset = Offset{9};
  const std::string bytes = state.encode();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(PartitionState::decode(damaged).has_value()) << bit;
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(PartitionState::decode(bytes.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(PartitionState::decode(bytes + "x").has_value());
}

TEST(Log, AppendsFromOffsetOneAndReadsBack) {
  LogFixture log;
  const VisitorId ann = visitor(1), bob = visitor(2);
  EXPECT_EQ(log.append(ann, 10).value, 1U);
  EXPECT_EQ(log.append(bob, 20).value, 2U);
  EXPECT_EQ(log.append(ann, 30).value, 3U);
  log.commit();

  std::vector<std::uint64_t> offsets;
  EXPECT_TRUE(
      read_visitor(*log.store, ann, Offset{1}, Offset{~0ULL}, [&](Offset offset, const Record& r) {
        offsets.push_back(offset.value);
        EXPECT_EQ(r, record(offset.value * 10));
        return true;
      }).has_value());
  EXPECT_EQ(offsets, (std::vector<std::uint64_t>{1, 3}));

  std::vector<VisitorId> visitors;
  EXPECT_TRUE(read_partition(*log.store, kTestPartition, Offset{0},
                             [&](const VisitorId& who, Offset, const Record&) {
                               visitors.push_back(who);
                               return true;
                             })
                  .has_value());
  EXPECT_EQ(visitors, (std::vector<VisitorId>{ann, bob, ann}));
  EXPECT_EQ(read_record(*log.store, bob, Offset{2}).value(), record(20));
  EXPECT_EQ(visitor_at(*log.store, kTestPartition, Offset{2}).value(), bob);
  EXPECT_EQ(visitor_at(*log.store, kTestPartition, Offset{4}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(read_record(*log.store, ann, Offset{2}).error().code, ErrorCode::kNotFound);
}

TEST(Log, ReadsRangesAndStopsWhenTold) {
  LogFixture log;
  for (int i = 1; i <= 10; ++i) log.append(visitor(1), i);
  log.commit();
  std::vector<std::uint64_t> offsets;
  const auto collect = [&](Offset offset, const Record&) {
    offsets.push_back(offset.value);
    return offsets.size() < 3;
  };
  EXPECT_TRUE(read_visitor(*log.store, visitor(1), Offset{4}, Offset{5}, collect).has_value());
  EXPECT_EQ(offsets, (std::vector<std::uint64_t>{4, 5}));
  offsets.clear();
  EXPECT_TRUE(read_visitor(*log.store, visitor(1), Offset{4}, Offset{9}, collect).has_value());
  EXPECT_EQ(offsets, (std::vector<std::uint64_t>{4, 5, 6}));
  offsets.clear();
  EXPECT_TRUE(read_visitor_back(*log.store, visitor(1), collect).has_value());
  EXPECT_EQ(offsets, (std::vector<std::uint64_t>{10, 9, 8}));
  int visited = 0;
  EXPECT_TRUE(read_partition(*log.store, kTestPartition, Offset{9},
                             [&](const VisitorId&, Offset, const Record&) { return ++visited > 0; })
                  .has_value());
  EXPECT_EQ(visited, 2);
}

TEST(Log, GoesOnWhereItWasAfterReopening) {
  LogFixture log;
  log.append(visitor(1), 1'000);
  log.commit();
  const PartitionState before = log.log.state();
  log.reopen();
  EXPECT_EQ(log.log.state(), before);
  EXPECT_EQ(log.log.next_offset().value, 2U);
}

TEST(Log, ReceivedTimeNeverGoesBack) {
  LogFixture log;
  log.append(visitor(1), 1'000);
  EXPECT_EQ(to_ms(log.log.receive_time(time_from_ms(900))), 1'000);
  EXPECT_EQ(to_ms(log.log.receive_time(time_from_ms(1'100))), 1'100);
}

TEST(Log, OfAPartitionIgnoresTheOthers) {
  LogFixture log;
  log.append(visitor(1), 1);
  log.commit();
  VisitorId neighbour = visitor(1);
  neighbour.bytes[0] = kTestPartition.value + 1;
  auto other = PartitionLog::open(*log.store, neighbour.partition());
  ASSERT_TRUE(other.has_value());
  Batch batch;
  EXPECT_EQ(other->append(neighbour, record(5), batch).value, 1U);
  other->stage_state(batch);
  ASSERT_TRUE(log.store->commit(batch).has_value());
  for (const Partition partition : {kTestPartition, neighbour.partition()}) {
    const auto check = check_partition(*log.store, partition);
    ASSERT_TRUE(check.has_value());
    EXPECT_TRUE(check->agrees) << check->problem;
    EXPECT_EQ(check->records, 1U);
  }
}

TEST(Log, ADamagedRecordIsCorruptAndNamesItsPlace) {
  LogFixture log;
  log.append(visitor(1), 1);
  log.commit();
  std::string bytes = encode_record(record(1));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  log.put(Family::kHistory, keys::history(visitor(1), Offset{1}), bytes);
  const auto read = read_record(*log.store, visitor(1), Offset{1});
  EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(read.error().where, "partition 42, offset 1");
  EXPECT_EQ(read_visitor(*log.store, visitor(1), Offset{0}, Offset{9},
                         [](Offset, const Record&) { return true; })
                .error()
                .code,
            ErrorCode::kCorrupt);
  EXPECT_EQ(read_partition(*log.store, kTestPartition, Offset{0},
                           [](const VisitorId&, Offset, const Record&) { return true; })
                .error()
                .code,
            ErrorCode::kCorrupt);
}

TEST(Log, ARecordBehindTheStateRowIsRefusedAtOpen) {
  LogFixture log;
  log.append(visitor(1), 1);
  log.commit();
  log.put(Family::kOrder, keys::order(kTestPartition, Offset{2}), keys::profile(visitor(1)));
  EXPECT_EQ(PartitionLog::open(*log.store, kTestPartition).error().code, ErrorCode::kCorrupt);
}

// The sum is a property of the set of records, whatever was appended and removed in between.
TEST(Log, TheSumDoesNotDependOnTheOrderOfRemovals) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Rng rng(seed);
    LogFixture log;
    std::vector<std::pair<Offset, VisitorId>> live;
    for (int step = 0; step < 40; ++step) {
      if (!live.empty() && rng.chance(0.4)) {
        const auto at = live.begin() + static_cast<std::ptrdiff_t>(rng.below(live.size()));
        log.remove(at->second, at->first);
        live.erase(at);
      } else {
        const VisitorId who = visitor(static_cast<std::uint8_t>(rng.below(5)));
        live.emplace_back(log.append(who, step), who);
      }
      if (rng.chance(0.3)) log.commit();
    }
    log.commit();
    const auto check = check_partition(*log.store, kTestPartition);
    ASSERT_TRUE(check.has_value()) << check.error().to_text();
    EXPECT_TRUE(check->agrees) << check->problem;
    EXPECT_EQ(check->records, live.size());
  }
}

TEST(Log, SumsCommute) {
  Rng rng(3);
  std::vector<Sum128> hashes;
  for (int i = 0; i < 100; ++i) {
    const std::string key = std::to_string(rng.next());
    hashes.push_back(hash128(key, std::to_string(rng.next())));
  }
  Sum128 expected;
  for (const Sum128& hash : hashes) expected += hash;
  for (int round = 0; round < 50; ++round) {
    for (std::size_t i = hashes.size() - 1; i > 0; --i)
      std::swap(hashes[i], hashes[rng.below(i + 1)]);
    Sum128 sum;
    for (const Sum128& hash : hashes) sum += hash;
    EXPECT_EQ(sum, expected);
  }
}

}  // namespace
}  // namespace tact
