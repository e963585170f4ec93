// What plain RocksDB does with the bytes that Tact would write: records of a size in synced
// batches, and nothing else. The distance from here to Tact is what Tact costs.
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <cstdio>
#include <memory>
#include <random>
#include <string>

#include "histogram.h"
#include "options.h"

int main(int argc, char** argv) {
  using namespace bench;
  const Options options(argc, argv, {"dir", "record", "batch", "seconds", "megabytes"},
                        "bench_rocksdb_raw --dir DIR  --record BYTES (300)  --batch RECORDS (100)\n"
                        "  --seconds S (5)  --megabytes M (1000): ends at whichever comes first");
  const std::string path = options.text("dir", ".") + "/bench_rocksdb";
  const auto record_bytes = static_cast<std::size_t>(options.number("record", 300, 1, 1 << 20));
  const auto batch_records = static_cast<int>(options.number("batch", 100, 1, 100000));
  const double bytes_max = options.number("megabytes", 1000, 1, 100000) * 1e6;
  const double seconds = options.number("seconds", 5, 0.1, 600);

  rocksdb::Options database_options;
  database_options.create_if_missing = true;
  rocksdb::DestroyDB(path, database_options);
  rocksdb::DB* raw = nullptr;
  if (!rocksdb::DB::Open(database_options, path, &raw).ok()) die("cannot open RocksDB in " + path);
  std::unique_ptr<rocksdb::DB> database(raw);
  rocksdb::WriteOptions synced;
  synced.sync = true;

  // Half of each value repeats, as JSON does; the rest does not.
  std::mt19937_64 random(1);
  std::string key(24, 'k');
  std::string value(record_bytes, 'v');
  Histogram commits;
  double bytes = 0;
  const std::int64_t began = now_ns();
  const std::int64_t end = began + static_cast<std::int64_t>(seconds * 1e9);
  std::int64_t now = began;
  while (now < end && bytes < bytes_max) {
    rocksdb::WriteBatch batch;
    for (int i = 0; i < batch_records; ++i) {
      for (std::size_t at = 0; at < key.size(); ++at) key[at] = static_cast<char>(random() & 0xff);
      for (std::size_t at = 0; at < value.size() / 2; ++at)
        value[at] = static_cast<char>(random() & 0xff);
      batch.Put(key, value);
      bytes += static_cast<double>(key.size() + value.size());
    }
    const std::int64_t before = now_ns();
    if (!database->Write(synced, &batch).ok()) die("RocksDB refused a batch in " + path);
    now = now_ns();
    commits.add(now - before);
  }
  const double took = static_cast<double>(now - began) / 1e9;
  const double records = static_cast<double>(commits.count()) * batch_records;
  database.reset();
  rocksdb::DestroyDB(path, database_options);
  std::printf(
      "{\"record_bytes\": %zu, \"batch_records\": %d, \"records_per_second\": %.1f, "
      "\"megabytes_per_second\": %.3f, \"commit_us\": %s}\n",
      record_bytes, batch_records, records / took, bytes / took / 1e6, commits.to_json().c_str());
  return 0;
}
