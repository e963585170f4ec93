// What plain RocksDB does with exactly the bytes that Tact has written: reads the batches that are
// left in the write-ahead log of a database, and writes them again, one synced write each, into an
// empty database with RocksDB's own defaults. The distance from here to Tact is what Tact costs.
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/transaction_log.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "histogram.h"
#include "options.h"

namespace bench {
namespace {

constexpr const char* kUsage =
    "bench_rocksdb_replay --from DIR  --dir DIR  --count FAMILY  --seconds S (5)\n"
    "  DIR of --from: a closed database; it is copied. FAMILY: whose rows are counted as records";

using Handles = std::vector<rocksdb::ColumnFamilyHandle*>;

void must(const rocksdb::Status& status, const char* what) {
  if (!status.ok()) die(std::string(what) + ": " + status.ToString());
}

// Rows put into one family.
class Count final : public rocksdb::WriteBatch::Handler {
 public:
  explicit Count(std::uint32_t family) : family_(family) {}
  rocksdb::Status PutCF(std::uint32_t family, const rocksdb::Slice& key,
                        const rocksdb::Slice& value) override {
    ++all;
    bytes += key.size() + value.size();
    if (family == family_) ++counted;
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(std::uint32_t, const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  void LogData(const rocksdb::Slice&) override {}

  std::uint64_t counted = 0, all = 0, bytes = 0;

 private:
  std::uint32_t family_;
};

struct Recorded {
  std::vector<std::string> batches;
  std::vector<std::string> families;  // by their ids; an id that is not used any more is empty
  std::uint32_t counted_id = 0;
};

std::unique_ptr<rocksdb::DB> open(const rocksdb::DBOptions& options, const std::string& path,
                                  const std::vector<std::string>& names, Handles& handles) {
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) {
    families.emplace_back(name, rocksdb::ColumnFamilyOptions());
  }
  rocksdb::DB* raw = nullptr;
  must(rocksdb::DB::Open(options, path, families, &handles, &raw), "opening a database");
  return std::unique_ptr<rocksdb::DB>(raw);
}

void close(std::unique_ptr<rocksdb::DB> database, Handles& handles) {
  for (auto* handle : handles) must(database->DestroyColumnFamilyHandle(handle), "closing");
  handles.clear();
}

// From a copy: opening recovers, and would move its logs.
Recorded read(const std::string& from, const std::string& copy, const std::string& counted) {
  std::filesystem::copy(from, copy, std::filesystem::copy_options::recursive);
  rocksdb::DBOptions options;
  options.WAL_ttl_seconds = 3600;  // keep what recovery has read
  std::vector<std::string> names;
  must(rocksdb::DB::ListColumnFamilies(options, copy, &names), "reading the families");
  Recorded recorded;
  Handles handles;
  auto database = open(options, copy, names, handles);
  for (auto* handle : handles) {
    recorded.families.resize(std::max<std::size_t>(recorded.families.size(), handle->GetID() + 1));
    recorded.families[handle->GetID()] = handle->GetName();
    if (handle->GetName() == counted) recorded.counted_id = handle->GetID();
  }
  if (recorded.counted_id == 0) die("no family " + counted + " in " + from);
  rocksdb::VectorLogPtr logs;
  must(database->GetSortedWalFiles(logs), "listing the logs");
  std::unique_ptr<rocksdb::TransactionLogIterator> row;
  if (!logs.empty())
    must(database->GetUpdatesSince(logs.front()->StartSequence(), &row), "reading");
  for (; row && row->Valid(); row->Next()) {
    recorded.batches.push_back(row->GetBatch().writeBatchPtr->Data());
  }
  if (recorded.batches.empty()) die("no batch in the logs of " + from);
  row.reset();
  close(std::move(database), handles);
  std::filesystem::remove_all(copy);
  return recorded;
}

struct Figures {
  Histogram commits;
  std::uint64_t records = 0, rows = 0, bytes = 0;
  double seconds = 0;
};

Figures replay(const Recorded& recorded, const std::string& path, double seconds) {
  rocksdb::DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  Handles handles;
  auto database = open(options, path, recorded.families, handles);
  for (std::size_t i = 0; i < handles.size(); ++i) {
    if (handles[i]->GetID() != i) die("the families got other ids");
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  Figures figures;
  Count count(recorded.counted_id);
  const std::int64_t began = now_ns();
  std::int64_t now = began;
  for (std::size_t i = 0; now - began < static_cast<std::int64_t>(seconds * 1e9); ++i) {
    rocksdb::WriteBatch batch(recorded.batches[i % recorded.batches.size()]);
    const std::int64_t before = now_ns();
    must(database->Write(synced, &batch), "writing");
    now = now_ns();
    figures.commits.add(now - before);
    must(batch.Iterate(&count), "counting");
  }
  figures.seconds = static_cast<double>(now - began) / 1e9;
  figures.records = count.counted;
  figures.rows = count.all;
  figures.bytes = count.bytes;
  close(std::move(database), handles);
  return figures;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  using namespace bench;
  const Options options(argc, argv, {"from", "dir", "count", "seconds"}, kUsage);
  const std::string path = options.text("dir", ".") + "/bench_replay";
  std::filesystem::remove_all(path);
  const Recorded recorded =
      read(options.text("from", ""), path + ".copy", options.text("count", "history"));
  const Figures figures = replay(recorded, path, options.number("seconds", 5, 0.1, 600));
  std::filesystem::remove_all(path);
  std::printf(
      "{\"batches\": %zu, \"records_per_second\": %.1f, \"records_per_batch\": %.1f, "
      "\"rows_per_record\": %.2f, \"bytes_per_record\": %.1f, \"commit_us\": %s}\n",
      recorded.batches.size(), static_cast<double>(figures.records) / figures.seconds,
      static_cast<double>(figures.records) / static_cast<double>(figures.commits.count()),
      static_cast<double>(figures.rows) / static_cast<double>(figures.records),
      static_cast<double>(figures.bytes) / static_cast<double>(figures.records),
      figures.commits.to_json().c_str());
  return 0;
}
