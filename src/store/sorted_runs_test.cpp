#include "store/internal/sorted_runs.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace tact {
namespace {

using rocksdb::DB;
using Iterator = std::unique_ptr<rocksdb::Iterator>;

rocksdb::Options options(rocksdb::Env& env, bool runs) {
  rocksdb::Options result;
  result.env = &env;
  result.create_if_missing = true;
  result.allow_concurrent_memtable_write = false;
  result.info_log_level = rocksdb::FATAL_LEVEL;
  if (runs) result.memtable_factory = internal::sorted_runs();
  return result;
}

// A database in memory: with RocksDB's skip list, which is the reference, or with sorted runs.
class Opened {
 public:
  explicit Opened(bool runs) : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())), runs_(runs) {
    open();
  }
  void open() {
    db_.reset();
    DB* raw = nullptr;
    const rocksdb::Status status = DB::Open(options(*env_, runs_), "/db", &raw);
    ASSERT_TRUE(status.ok()) << status.ToString();
    db_.reset(raw);
  }
  DB* operator->() { return db_.get(); }
  std::optional<std::string> get(const std::string& key, const rocksdb::ReadOptions& read = {}) {
    std::string value;
    const rocksdb::Status status = db_->Get(read, key, &value);
    EXPECT_TRUE(status.ok() || status.IsNotFound()) << status.ToString();
    return status.ok() ? std::optional(value) : std::nullopt;
  }
  Iterator iterator(const rocksdb::ReadOptions& read = {}) {
    return Iterator(db_->NewIterator(read));
  }

 private:
  std::unique_ptr<rocksdb::Env> env_;
  bool runs_;
  std::unique_ptr<DB> db_;
};

// Short ones, long ones, ones that begin alike past the 16 bytes that stand beside a row, zeros
// (which look like missing bytes), bytes above 127.
std::string random_key(std::mt19937_64& random) {
  static const std::array<std::string, 5> kBegins = {"", std::string(7, '\0'), std::string(16, 'a'),
                                                     "abcdefghabcdefg", std::string(24, '\xFF')};
  constexpr std::array<char, 4> kBytes = {'\0', 'a', 'b', '\xFF'};
  std::string key = kBegins[random() % kBegins.size()];
  for (std::size_t more = random() % 5; more > 0; --more) key += kBytes[random() % kBytes.size()];
  return key;
}

using Rows = std::vector<std::pair<std::string, std::string>>;

using Step = void (rocksdb::Iterator::*)();

Rows all_rows(const Iterator& at, Step start, Step step) {
  Rows rows;
  for ((*at.*start)(); at->Valid(); (*at.*step)()) {
    rows.emplace_back(at->key().ToString(), at->value().ToString());
  }
  EXPECT_TRUE(at->status().ok());
  return rows;
}

Rows forwards(const Iterator& at) {
  return all_rows(at, &rocksdb::Iterator::SeekToFirst, &rocksdb::Iterator::Next);
}

Rows backwards(const Iterator& at) {
  return all_rows(at, &rocksdb::Iterator::SeekToLast, &rocksdb::Iterator::Prev);
}

std::string place(const Iterator& at) {
  return at->Valid() ? at->key().ToString() + "=" + at->value().ToString() : "nowhere";
}

// The same steps in any direction from the same key end in the same places.
void walk(std::mt19937_64& random, const Iterator& expected, const Iterator& found) {
  const std::string key = random_key(random);
  if (random() % 2 == 0) {
    expected->Seek(key);
    found->Seek(key);
  } else {
    expected->SeekForPrev(key);
    found->SeekForPrev(key);
  }
  for (int step = 0; step < 12; ++step) {
    ASSERT_EQ(place(expected), place(found));
    if (!expected->Valid()) return;
    if (random() % 2 == 0) {
      expected->Next();
      found->Next();
    } else {
      expected->Prev();
      found->Prev();
    }
  }
}

class Pair {
 public:
  explicit Pair(std::uint64_t seed) : random_(seed), expected_(false), found_(true) {}

  void commit() {
    rocksdb::WriteBatch batch;
    for (std::size_t rows = 1 + random_() % 20; rows > 0; --rows) {
      const std::string key = random_key(random_);
      const auto status = random_() % 4 == 0
                              ? batch.Delete(key)
                              : batch.Put(key, std::to_string(random_() % 1'000'000));
      ASSERT_TRUE(status.ok());
    }
    rocksdb::WriteBatch same(batch);
    ASSERT_TRUE(expected_->Write({}, &batch).ok());
    ASSERT_TRUE(found_->Write({}, &same).ok());
  }

  void look_up() {
    const std::string key = random_key(random_);
    ASSERT_EQ(expected_.get(key), found_.get(key));
  }

  // Iterators stay open while more is written, flushed and merged.
  void keep_iterators() {
    if (kept_.size() == 8) kept_.erase(kept_.begin());
    kept_.emplace_back(expected_.iterator(), found_.iterator());
  }

  void use_iterators() {
    for (const auto& [expected, found] : kept_) {
      ASSERT_NO_FATAL_FAILURE(walk(random_, expected, found));
      ASSERT_EQ(forwards(expected), forwards(found));
      ASSERT_EQ(backwards(expected), backwards(found));
    }
  }

  void flush() {
    ASSERT_TRUE(expected_->Flush({}).ok());
    ASSERT_TRUE(found_->Flush({}).ok());
  }

  void reopen() {
    kept_.clear();
    ASSERT_NO_FATAL_FAILURE(expected_.open());
    ASSERT_NO_FATAL_FAILURE(found_.open());
  }

  void step() {
    const std::uint64_t what = random_() % 200;
    if (what == 0) return reopen();
    if (what == 1) return flush();
    if (what < 10) return keep_iterators();
    if (what < 20) return use_iterators();
    return what < 100 ? look_up() : commit();
  }

 private:
  std::mt19937_64 random_;
  Opened expected_;
  Opened found_;
  std::vector<std::pair<Iterator, Iterator>> kept_;
};

TEST(SortedRuns, AreReadAsTheSkipListIs) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Pair pair(seed);
    for (int step = 0; step < 600; ++step) {
      ASSERT_NO_FATAL_FAILURE(pair.step()) << "seed " << seed << ", step " << step;
    }
    ASSERT_NO_FATAL_FAILURE(pair.use_iterators());
  }
}

// Past the tail and some merges, each value of a key in its order.
TEST(SortedRuns, ASnapshotSeesTheValueOfItsTime) {
  Opened db(true);
  std::vector<const rocksdb::Snapshot*> snapshots;
  for (int version = 0; version < 300; ++version) {
    ASSERT_TRUE(db->Put({}, "key", std::to_string(version)).ok());
    ASSERT_TRUE(db->Put({}, "other" + std::to_string(version), "").ok());
    snapshots.push_back(db->GetSnapshot());
  }
  for (int version = 0; version < 300; ++version) {
    rocksdb::ReadOptions read;
    read.snapshot = snapshots[static_cast<std::size_t>(version)];
    EXPECT_EQ(db.get("key", read), std::to_string(version));
    EXPECT_EQ(forwards(db.iterator(read)).size(), static_cast<std::size_t>(version) + 2);
    db->ReleaseSnapshot(read.snapshot);
  }
}

TEST(SortedRuns, SayWhatMemoryTheyTake) {
  Opened db(true);
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(db->Put({}, std::to_string(i), "").ok());
  std::uint64_t bytes = 0;
  ASSERT_TRUE(db->GetIntProperty(DB::Properties::kCurSizeActiveMemTable, &bytes));
  EXPECT_GT(bytes, 10'000u * (24 + 14));
}

// One writer; readers see all that was written before they looked, in order, once.
TEST(SortedRuns, AreReadWhileTheyAreWritten) {
  Opened db(true);
  std::atomic<std::uint64_t> written = 0;
  std::atomic<int> reading = 2;
  const auto key = [](std::uint64_t number) {
    return std::to_string(number * 0x9E37'79B9'7F4A'7C15);  // odd: no two are alike
  };
  const auto read = [&] {
    for (int round = 0; round < 40; ++round) {
      const std::uint64_t before = written;
      EXPECT_EQ(db.get(key(before - 1)).has_value(), before > 0);
      const Rows rows = forwards(db.iterator());
      EXPECT_GE(rows.size(), before);
      const auto disorder =
          std::adjacent_find(rows.begin(), rows.end(),
                             [](const auto& a, const auto& b) { return a.first >= b.first; });
      EXPECT_EQ(disorder, rows.end());
    }
    --reading;
  };
  std::thread first(read), second(read);
  while (reading > 0 && written < 30'000) {
    EXPECT_TRUE(db->Put({}, key(written), "value").ok());
    ++written;
  }
  first.join();
  second.join();
}

// The storage of a cursor is kept for the thread that ended it, which need not have made it.
TEST(SortedRuns, AnIteratorMayEndOnAnotherThread) {
  Opened db(true);
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(db->Put({}, std::to_string(i), "value").ok());
  for (int round = 0; round < 20; ++round) {
    std::vector<Iterator> made;
    for (int i = 0; i < 20; ++i) made.push_back(db.iterator());
    std::thread([&made] {
      for (const Iterator& at : made) EXPECT_EQ(forwards(at).size(), 200u);
      made.clear();
    }).join();
  }
}

}  // namespace
}  // namespace tact
