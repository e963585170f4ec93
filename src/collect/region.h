// Where an address is, as coarse as Tact keeps it: country and first-level subdivision.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/network.h"
#include "base/result.h"

struct MMDB_s;

namespace tact {

// ISO 3166-1, or 3166-2 where the subdivision is known: "DE", "DE-BY", in capitals. Empty if the
// country is not two letters; a subdivision that is not one to three letters or digits is left out.
std::string region_code(std::string_view country, std::string_view subdivision);

// A file in MaxMind's format (MaxMind DB File Format Specification 2.0) with `country.iso_code` and
// `subdivisions[0].iso_code`, as of GeoLite2 or DB-IP. Read by mapping it into memory.
// Concurrency: constant once opened; any thread may ask.
class RegionDatabase {
 public:
  // kNotFound: no such file; kInvalid: not such a database.
  static Result<RegionDatabase> open(const std::string& file);

  // Empty: not in there, or of a country without a code.
  std::string region_of(const IpAddress& address) const;

 private:
  struct Close {
    void operator()(MMDB_s* database) const;
  };
  explicit RegionDatabase(std::unique_ptr<MMDB_s, Close> database)
      : database_(std::move(database)) {}

  std::unique_ptr<MMDB_s, Close> database_;
};

}  // namespace tact
