#include "collect/region.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "collect/internal/text.h"

namespace tact {
namespace {

// "in capitals", or empty if there is anything but `most` letters (and digits) in it.
std::string code(std::string_view text, std::size_t least, std::size_t most, bool digits) {
  if (text.size() < least || text.size() > most) return {};
  std::string out;
  for (const char c : text) {
    if (!internal::is_letter(c) && !(digits && internal::is_digit(c))) return {};
    out += c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

sockaddr_in as_ipv4(const IpAddress& address) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  std::memcpy(&out.sin_addr, address.data() + 12, 4);
  return out;
}

sockaddr_in6 as_ipv6(const IpAddress& address) {
  sockaddr_in6 out{};
  out.sin6_family = AF_INET6;
  std::memcpy(&out.sin6_addr, address.data(), address.size());
  return out;
}

// A database may keep IPv4 addresses under ::/96 alone, not under ::ffff:0:0/96, too.
MMDB_lookup_result_s look_up(const MMDB_s& database, const IpAddress& address, int& error) {
  static const Network kIpv4 = *parse_network("::ffff:0:0/96");
  if (kIpv4.contains(address)) {
    const sockaddr_in ipv4 = as_ipv4(address);
    return MMDB_lookup_sockaddr(&database, reinterpret_cast<const sockaddr*>(&ipv4), &error);
  }
  const sockaddr_in6 ipv6 = as_ipv6(address);
  return MMDB_lookup_sockaddr(&database, reinterpret_cast<const sockaddr*>(&ipv6), &error);
}

std::string_view text_at(MMDB_lookup_result_s& found, const char* const* path) {
  MMDB_entry_data_s data{};
  if (MMDB_aget_value(&found.entry, &data, path) != MMDB_SUCCESS || !data.has_data ||
      data.type != MMDB_DATA_TYPE_UTF8_STRING) {
    return {};
  }
  return {data.utf8_string, data.data_size};
}

}  // namespace

std::string region_code(std::string_view country, std::string_view subdivision) {
  std::string region = code(country, 2, 2, false);
  if (region.empty()) return {};
  const std::string part = code(subdivision, 1, 3, true);
  if (!part.empty()) region.append("-").append(part);
  return region;
}

void RegionDatabase::Close::operator()(MMDB_s* database) const {
  MMDB_close(database);
  delete database;
}

Result<RegionDatabase> RegionDatabase::open(const std::string& file) {
  auto raw = std::make_unique<MMDB_s>();
  const int status = MMDB_open(file.c_str(), MMDB_MODE_MMAP, raw.get());
  if (status == MMDB_FILE_OPEN_ERROR) {
    return make_error(ErrorCode::kNotFound, "cannot open the region database", file);
  }
  if (status != MMDB_SUCCESS) {
    return make_error(ErrorCode::kInvalid,
                      std::string("not a region database: ") + MMDB_strerror(status), file);
  }
  return RegionDatabase(std::unique_ptr<MMDB_s, Close>(raw.release()));
}

std::string RegionDatabase::region_of(const IpAddress& address) const {
  static constexpr const char* kCountry[] = {"country", "iso_code", nullptr};
  static constexpr const char* kSubdivision[] = {"subdivisions", "0", "iso_code", nullptr};
  int error = MMDB_SUCCESS;
  MMDB_lookup_result_s found = look_up(*database_, address, error);
  if (error != MMDB_SUCCESS || !found.found_entry) return {};
  return region_code(text_at(found, kCountry), text_at(found, kSubdivision));
}

}  // namespace tact
