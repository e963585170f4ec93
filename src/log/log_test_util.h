// What the log's tests share: one partition on a disk in memory.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string_view>
#include <utility>

#include "log/log.h"
#include "store/keys.h"
#include "store/testing/fault_env.h"

namespace tact {

inline constexpr Partition kTestPartition{42};

inline VisitorId visitor(std::uint8_t number) {
  VisitorId id;
  id.bytes[0] = kTestPartition.value;
  id.bytes[15] = number;
  return id;
}

inline Record record(std::uint64_t ms) {
  Record result;
  result.received_at = time_from_ms(static_cast<std::int64_t>(ms));
  result.event_time = result.received_at;
  Event event;
  event.message_id = "m" + std::to_string(ms);
  event.name = "Product Viewed";
  result.body = event;
  return result;
}

struct LogFixture {
  testing::FaultEnv disk;
  std::unique_ptr<Store> store;
  PartitionLog log;
  Batch batch;

  LogFixture() { reopen(); }

  void reopen() {
    store.reset();
    StoreOptions options;
    options.block_cache_bytes = 1 << 20;
    options.write_buffer_bytes = 1 << 20;
    options.env = disk.env();
    auto opened = Store::open("/data", options);
    ASSERT_TRUE(opened.has_value()) << opened.error().to_text();
    store = std::move(opened).value();
    auto partition = PartitionLog::open(*store, kTestPartition);
    ASSERT_TRUE(partition.has_value()) << partition.error().to_text();
    log = std::move(partition).value();
  }
  Offset append(const VisitorId& who, std::int64_t ms) {
    return log.append(who, record(static_cast<std::uint64_t>(ms)), batch);
  }
  void remove(const VisitorId& who, Offset offset) {
    commit();  // what was staged must be readable
    const auto stored = store->get(Family::kHistory, keys::history(who, offset));
    ASSERT_TRUE(stored.has_value() && stored->has_value());
    const Status removed = log.remove(*store, who, offset, **stored, batch);
    ASSERT_TRUE(removed.has_value()) << removed.error().to_text();
  }
  void commit() {
    log.stage_state(batch);
    const Status committed = store->commit(batch);
    ASSERT_TRUE(committed.has_value()) << committed.error().to_text();
    batch.clear();
  }
  // Past the log, as damage would.
  void put(Family family, std::string_view key, std::string_view value) {
    Batch damage;
    damage.put(family, key, value);
    ASSERT_TRUE(store->commit(damage).has_value());
  }
  void erase(Family family, std::string_view key) {
    Batch damage;
    damage.erase(family, key);
    ASSERT_TRUE(store->commit(damage).has_value());
  }
};

}  // namespace tact
