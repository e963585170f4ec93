// Who may send: the keys of one installation and what each is allowed to do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "collect/identity_token.h"

namespace tact {

enum class KeyKind : std::uint8_t {
  kWrite,   // public, in browsers: sends events, asks decisions for its own visitor
  kSecret,  // servers and the console: everything; what it says about identity is trusted
};
std::string_view to_string(KeyKind kind);

// One key, or one import. Stored in each record by its id.
struct Source {
  std::uint16_t id = 0;
  std::string name, key;
  KeyKind kind = KeyKind::kWrite;
  bool consent_required = true;      // false: the source has a lawful basis of its own
  std::string basis;                 // that basis, in words; never empty if consent is not required
  std::vector<std::string> origins;  // browser origins that may use it; empty = any
  int events_per_second_limit = 0;   // 0 = none
  bool enriched = false;             // its facts are bought or guessed, not told by customers
  TokenKey identity;                 // of a write key: whose signature proves a userId
};

// Of the sources that `tact import --basis B` and `tact simulate` stand for; no file has them.
inline constexpr std::uint16_t kImportSourceId = 65'535;
Source import_source(std::string basis);
inline constexpr std::size_t kMaxSourceName = 64;

// May a page of `origin` ("https://shop.example") use this key? An empty origin (no browser) may.
bool origin_allowed(const Source& source, std::string_view origin);

// DATA/keys, mode 0600: the install key and the sources. Immutable once loaded.
class KeyRing {
 public:
  // Loads `data_dir`/keys; where it is absent, makes it with a random install key, one write key
  // (consent required) and one secret key. Two processes starting at once get the same keys.
  // kForbidden if others may read the file, kInvalid (with file and member) if it does not parse.
  static Result<KeyRing> open(const std::filesystem::path& data_dir);
  static Result<KeyRing> parse(std::string_view json);

  // The source of a presented key, or null. Takes the same time whichever bytes differ.
  const Source* find(std::string_view key) const;
  const Source* find_id(std::uint16_t id) const;
  const std::vector<Source>& sources() const { return sources_; }
  const InstallKey& install_key() const { return install_key_; }
  // Opens the live view and the reports for reading; derived from the install key.
  const std::string& live_token() const { return live_token_; }
  bool is_live_token(std::string_view token) const;

 private:
  InstallKey install_key_;
  std::vector<Source> sources_;
  std::string live_token_;
};

}  // namespace tact
