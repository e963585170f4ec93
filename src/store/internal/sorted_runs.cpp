#include "store/internal/sorted_runs.h"

#include <rocksdb/slice.h>
#include <rocksdb/version.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace tact::internal {
namespace {

using rocksdb::MemTableRep;
using rocksdb::Slice;
using Compare = MemTableRep::KeyComparator;

// Get() below knows what MemTableRep::Get does, which is no part of its interface.
static_assert(ROCKSDB_MAJOR == 7 && ROCKSDB_MINOR == 8, "look at MemTableRep::Get again");

constexpr std::size_t kTail = 64;            // rows
constexpr std::size_t kLargestRun = 65'536;  // rows; a commit moves at most twice as many at once
constexpr std::size_t kSequenceBytes = 8;    // behind the user's key in RocksDB's
constexpr std::ptrdiff_t kAhead = 8;         // rows of a run that a cursor asks the memory for

// The first 16 bytes of a key as two numbers that are ordered as they are. Missing bytes are 0, so
// equal numbers decide nothing.
struct Prefix {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
};

struct Row {
  Prefix prefix;
  const char* bytes = nullptr;  // the length of RocksDB's key, the key, the value
};

using Run = std::vector<Row>;                            // ascending
using Sealed = std::vector<std::shared_ptr<const Run>>;  // the largest and oldest first

// The bytes from `from` on, most significant first.
std::uint64_t eight_bytes(const char* key, std::size_t size, std::size_t from) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t number = 0;
  if (size > from) std::memcpy(&number, key + from, std::min(size - from, sizeof(number)));
  return __builtin_bswap64(number);
}

Prefix prefix_of(const Slice& key) {
  const std::size_t size = key.size() - kSequenceBytes;
  return {eight_bytes(key.data(), size, 0), eight_bytes(key.data(), size, 8)};
}

// Whether a is before b where their prefixes say so; else what `otherwise` says.
template <typename Otherwise>
bool before(const Prefix& a, const Prefix& b, const Otherwise& otherwise) {
  if (a.high != b.high) return a.high < b.high;
  if (a.low != b.low) return a.low < b.low;
  return otherwise();
}

bool before(const Row& a, const Row& b, const Compare& compare) {
  return before(a.prefix, b.prefix, [&] { return compare(a.bytes, b.bytes) < 0; });
}

// The first row that is not before RocksDB's key `key`.
const Row* lower_bound(const Row* begin, const Row* end, const Slice& key, const Prefix& prefix,
                       const Compare& compare) {
  return std::partition_point(begin, end, [&](const Row& row) {
    return before(row.prefix, prefix, [&] { return compare(row.bytes, key) < 0; });
  });
}

// Storage of cursors that RocksDB asked for on an arena of its own. It ends them by a call of their
// destructor, and its arena's type is not public: so what a thread's cursors leave behind is kept
// for the next one of that thread.
class CursorStorage {
 public:
  void* take(std::size_t bytes) {
    if (free_.empty()) return ::operator new(bytes);
    void* const storage = free_.back();
    free_.pop_back();
    return storage;
  }
  void give_back(void* storage) {
    if (free_.size() == kMost) {
      ::operator delete(free_.front());
      free_.erase(free_.begin());
    }
    free_.push_back(storage);
  }
  CursorStorage() { free_.reserve(kMost); }
  ~CursorStorage() {
    for (void* const storage : free_) ::operator delete(storage);
  }
  CursorStorage(const CursorStorage&) = delete;
  CursorStorage& operator=(const CursorStorage&) = delete;

 private:
  static constexpr std::size_t kMost = 64;
  std::vector<void*> free_;
};

thread_local CursorStorage cursor_storage;

// All runs as one sequence. Of every run `at` is its first row that is not before the current one,
// so that both directions only look at where each run stands.
class Cursor final : public MemTableRep::Iterator {
 public:
  Cursor(const Compare& compare, Sealed sealed, Run tail, bool kept)
      : compare_(compare), sealed_(std::move(sealed)), tail_(std::move(tail)), kept_(kept) {
    places_.reserve(sealed_.size() + 1);
    for (const auto& run : sealed_) add(*run);
    add(tail_);
  }
  ~Cursor() override {
    if (kept_) cursor_storage.give_back(this);
  }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  bool Valid() const override { return current_ != nullptr; }
  const char* key() const override { return current_->at->bytes; }

  void Next() override {
    ++current_->at;
    // Rows lie where their commits put them: who reads them in order, as a flush does, would wait
    // for each one's memory.
    if (current_->end - current_->at > kAhead) __builtin_prefetch(current_->at[kAhead].bytes);
    to_least();
  }

  void Prev() override {
    Place* greatest = nullptr;
    for (Place& place : places_) {
      if (place.at == place.begin) continue;
      if (greatest == nullptr || before(greatest->at[-1], place.at[-1], compare_)) {
        greatest = &place;
      }
    }
    if (greatest != nullptr) --greatest->at;
    current_ = greatest;
  }

  void Seek(const Slice& key, const char* /*memtable_key*/) override {
    const Prefix prefix = prefix_of(key);
    for (Place& place : places_) {
      place.at = lower_bound(place.begin, place.end, key, prefix, compare_);
    }
    to_least();
  }

  void SeekForPrev(const Slice& key, const char* memtable_key) override {
    Seek(key, memtable_key);
    if (!Valid() || compare_(current_->at->bytes, key) > 0) Prev();
  }

  void SeekToFirst() override {
    for (Place& place : places_) place.at = place.begin;
    to_least();
  }

  void SeekToLast() override {
    for (Place& place : places_) place.at = place.end;
    Prev();
  }

 private:
  struct Place {
    const Row* begin;
    const Row* end;
    const Row* at;
  };

  void add(const Run& run) {
    if (!run.empty()) places_.push_back({run.data(), run.data() + run.size(), run.data()});
  }

  void to_least() {
    current_ = nullptr;
    for (Place& place : places_) {
      if (place.at == place.end) continue;
      if (current_ == nullptr || before(*place.at, *current_->at, compare_)) current_ = &place;
    }
  }

  const Compare& compare_;
  const Sealed sealed_;
  const Run tail_;
  const bool kept_;  // its storage is of cursor_storage
  std::vector<Place> places_;
  Place* current_ = nullptr;  // nullptr: before the first, or behind the last
};

class SortedRuns final : public MemTableRep {
 public:
  SortedRuns(const Compare& compare, rocksdb::Allocator* allocator)
      : MemTableRep(allocator), compare_(compare) {
    tail_.reserve(kTail);
  }

  void Insert(rocksdb::KeyHandle handle) override {
    Row row;
    row.bytes = static_cast<const char*>(handle);
    row.prefix = prefix_of(compare_.decode_key(row.bytes));
    {
      const std::lock_guard lock(mutex_);
      tail_.insert(
          std::upper_bound(tail_.begin(), tail_.end(), row,
                           [this](const Row& a, const Row& b) { return before(a, b, compare_); }),
          row);
    }
    if (tail_.size() >= kTail) seal();
  }

  bool Contains(const char* key) const override {
    Cursor cursor = this->cursor();
    cursor.Seek(compare_.decode_key(key), key);
    return cursor.Valid() && compare_(cursor.key(), key) == 0;
  }

  // RocksDB's own asks for an iterator, uses it and never frees it: it gets one of ours.
  void Get(const rocksdb::LookupKey& key, void* arguments,
           bool (*found)(void* arguments, const char* row)) override {
    Cursor cursor = this->cursor();
    lent_ = &cursor;
    MemTableRep::Get(key, arguments, found);
    lent_ = nullptr;
  }

  Iterator* GetDynamicPrefixIterator(rocksdb::Arena* arena) override {
    return arena == nullptr && lent_ != nullptr ? lent_ : GetIterator(arena);
  }

  Iterator* GetIterator(rocksdb::Arena* arena) override {
    auto [sealed, tail] = rows();
    if (arena == nullptr) return new Cursor(compare_, std::move(sealed), std::move(tail), false);
    return new (cursor_storage.take(sizeof(Cursor)))
        Cursor(compare_, std::move(sealed), std::move(tail), true);
  }

  std::size_t ApproximateMemoryUsage() override { return bytes_; }

 private:
  std::pair<Sealed, Run> rows() const {
    const std::lock_guard lock(mutex_);
    return {sealed_, tail_};
  }

  Cursor cursor() const {
    auto [sealed, tail] = rows();
    return {compare_, std::move(sealed), std::move(tail), false};
  }

  Run merged(const Run& a, const Run& b) const {
    Run both;
    both.reserve(a.size() + b.size());
    std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both),
               [this](const Row& x, const Row& y) { return before(x, y, compare_); });
    return both;
  }

  // Of the writer, who alone changes what is sealed: so readers wait for the exchange alone.
  void seal() {
    Sealed sealed = sealed_;
    Run run = tail_;
    while (!sealed.empty() && sealed.back()->size() < 2 * run.size() &&
           sealed.back()->size() + run.size() <= kLargestRun) {
      run = merged(*sealed.back(), run);
      sealed.pop_back();
    }
    sealed.push_back(std::make_shared<const Run>(std::move(run)));
    std::size_t rows = kTail;
    for (const auto& part : sealed) rows += part->size();
    const std::lock_guard lock(mutex_);
    sealed_.swap(sealed);
    tail_.clear();
    bytes_ = rows * sizeof(Row);
  }

  static thread_local Cursor* lent_;  // to MemTableRep::Get

  const Compare& compare_;
  mutable std::mutex mutex_;  // guards what follows
  Sealed sealed_;
  Run tail_;
  std::atomic<std::size_t> bytes_ = kTail * sizeof(Row);
};

thread_local Cursor* SortedRuns::lent_ = nullptr;

class Factory final : public rocksdb::MemTableRepFactory {
 public:
  const char* Name() const override { return "tact.SortedRuns"; }
  using MemTableRepFactory::CreateMemTableRep;
  MemTableRep* CreateMemTableRep(const Compare& compare, rocksdb::Allocator* allocator,
                                 const rocksdb::SliceTransform* /*prefix*/,
                                 rocksdb::Logger* /*logger*/) override {
    return new SortedRuns(compare, allocator);
  }
};

}  // namespace

std::shared_ptr<rocksdb::MemTableRepFactory> sorted_runs() { return std::make_shared<Factory>(); }

}  // namespace tact::internal
