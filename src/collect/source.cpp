#include "collect/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "base/crypto.h"
#include "base/json.h"
#include "event/event.h"

namespace tact {
namespace {

constexpr std::string_view kFileName = "keys";
constexpr std::size_t kMaxFileBytes = 1024 * 1024;
constexpr std::size_t kMinKeyChars = 16;

Error io_error(std::string_view what, const std::filesystem::path& path) {
  return make_error(ErrorCode::kUnavailable, std::string(what) + ": " + std::strerror(errno),
                    path.string());
}

class File {
 public:
  File(const std::filesystem::path& path, int flags, mode_t mode = 0)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

Result<std::string> read_private_file(const std::filesystem::path& path) {
  const File file(path, O_RDONLY);
  if (!file.is_open()) return io_error("cannot read the keys", path);
  struct stat info{};
  if (::fstat(file.descriptor(), &info) != 0) return io_error("cannot read the keys", path);
  if ((info.st_mode & 077) != 0) {
    return make_error(ErrorCode::kForbidden,
                      "others may read the keys; run: chmod 600 " + path.string(), path.string());
  }
  std::string text;
  char buffer[4096];
  while (true) {
    const ssize_t read = ::read(file.descriptor(), buffer, sizeof buffer);
    if (read == 0) return text;
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return io_error("cannot read the keys", path);
    text.append(buffer, static_cast<std::size_t>(read));
    if (text.size() > kMaxFileBytes) {
      return make_error(ErrorCode::kInvalid, "the file of keys is over 1 MB", path.string());
    }
  }
}

Status write_all(int descriptor, std::string_view text, const std::filesystem::path& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return io_error("cannot write the keys", path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) return io_error("cannot write the keys", path);
  return ok();
}

json::object source_object(int id, std::string_view name, std::string key, KeyKind kind) {
  return {{"id", id},
          {"name", name},
          {"kind", to_string(kind)},
          {"key", std::move(key)},
          {"consent", "required"},
          {"origins", json::array()},
          {"events_per_second", 0}};
}

std::string first_keys() {
  const json::object file = {
      {"version", 1},
      {"install_key", InstallKey::generate().to_hex()},
      {"sources",
       json::array{source_object(1, "website", "wk_" + random_token(16), KeyKind::kWrite),
                   source_object(2, "server", "sk_" + random_token(24), KeyKind::kSecret)}}};
  return to_pretty_string(file);
}

// Written aside and linked into place: the name never shows half a file, and of two processes that
// start at once the second finds the first one's keys.
Status create_keys(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / kFileName;
  const std::filesystem::path aside = directory / (".keys." + random_token(8));
  {
    const File file(aside, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (!file.is_open()) return io_error("cannot create the keys", path);
    const Status written = write_all(file.descriptor(), first_keys(), path);
    if (!written.has_value()) {
      ::unlink(aside.c_str());
      return written;
    }
  }
  const bool linked = ::link(aside.c_str(), path.c_str()) == 0 || errno == EEXIST;
  const Error failure = linked ? Error{} : io_error("cannot create the keys", path);
  ::unlink(aside.c_str());
  if (!linked) return failure;
  const File folder(directory, O_RDONLY | O_DIRECTORY);
  if (!folder.is_open() || ::fsync(folder.descriptor()) != 0) {
    return io_error("cannot create the keys", path);
  }
  return ok();
}

Error invalid(std::string message, std::string where) {
  return make_error(ErrorCode::kInvalid, std::move(message), std::move(where));
}

// "identity": {"alg": "HS256", "key": TEXT} or {"alg": "EdDSA", "key": 64 hex digits}
Result<TokenKey> parse_identity(const json::object& identity, const std::string& where) {
  const std::string_view algorithm = string_at(identity, "alg");
  const std::string_view key = string_at(identity, "key");
  if (algorithm == "HS256") {
    // RFC 7518 section 3.2: a key of the hash's size or more.
    if (key.size() < 32) return invalid("must have at least 32 characters", where + ".key");
    return TokenKey{TokenKey::Algorithm::kHs256, std::string(key)};
  }
  if (algorithm != "EdDSA") return invalid("must be HS256 or EdDSA", where + ".alg");
  auto bytes = decode_hex(key);
  if (!bytes || bytes->size() != 32) return invalid("must be 64 hex digits", where + ".key");
  return TokenKey{TokenKey::Algorithm::kEdDsa, std::move(*bytes)};
}

Result<Source> parse_source(const json::value& value, const std::string& where) {
  const json::object* object = value.if_object();
  if (object == nullptr) return invalid("must be an object", where);
  Source source;
  const json::value* id = find_member(*object, "id");
  if (id == nullptr || !id->is_int64() || id->get_int64() < 1 ||
      id->get_int64() >= kImportSourceId) {
    return invalid("must be a number from 1 to 65534", where + ".id");
  }
  source.id = static_cast<std::uint16_t>(id->get_int64());
  source.name = string_at(*object, "name");
  source.key = string_at(*object, "key");
  if (source.key.size() < kMinKeyChars) {
    return invalid("must have at least 16 characters", where + ".key");
  }
  const std::string_view kind = string_at(*object, "kind");
  if (kind != "write" && kind != "secret")
    return invalid("must be write or secret", where + ".kind");
  source.kind = kind == "write" ? KeyKind::kWrite : KeyKind::kSecret;
  const std::string_view consent = string_at(*object, "consent");
  if (consent != "required" && consent != "granted") {
    return invalid("must be required or granted", where + ".consent");
  }
  source.consent_required = consent == "required";
  source.basis = string_at(*object, "basis");
  if (!source.consent_required && source.basis.empty()) {
    return invalid("consent: granted needs the lawful basis in words", where + ".basis");
  }
  if (const json::array* origins = array_at(*object, "origins")) {
    for (const json::value& origin : *origins) {
      if (!origin.is_string()) return invalid("must be texts", where + ".origins");
      source.origins.emplace_back(origin.get_string());
    }
  }
  if (const json::value* limit = find_member(*object, "events_per_second")) {
    if (!limit->is_int64() || limit->get_int64() < 0 || limit->get_int64() > 1'000'000'000) {
      return invalid("must be a number, 0 for no limit", where + ".events_per_second");
    }
    source.events_per_second_limit = static_cast<int>(limit->get_int64());
  }
  if (const json::value* enriched = find_member(*object, "enriched")) {
    if (!enriched->is_bool()) return invalid("must be true or false", where + ".enriched");
    source.enriched = enriched->get_bool();
  }
  if (source.kind == KeyKind::kSecret && source.name == kVisitorOrigin) {
    return invalid("a secret key cannot be called visitor: facts of visitors have that origin",
                   where + ".name");
  }
  if (const json::object* identity = object_at(*object, "identity")) {
    TACT_ASSIGN(source.identity, parse_identity(*identity, where + ".identity"));
  }
  return source;
}

bool same_origin(std::string_view a, std::string_view b) {
  const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [&fold](char x, char y) { return fold(x) == fold(y); });
}

}  // namespace

std::string_view to_string(KeyKind kind) { return kind == KeyKind::kWrite ? "write" : "secret"; }

Source import_source(std::string basis) {
  Source source;
  source.id = kImportSourceId;
  source.name = "import";
  source.kind = KeyKind::kSecret;
  source.consent_required = false;
  source.basis = std::move(basis);
  return source;
}

bool origin_allowed(const Source& source, std::string_view origin) {
  if (origin.empty() || source.origins.empty()) return true;
  return std::any_of(source.origins.begin(), source.origins.end(), [origin](std::string_view one) {
    return one == "*" || same_origin(one, origin);
  });
}

Result<KeyRing> KeyRing::open(const std::filesystem::path& data_dir) {
  std::error_code failed;
  std::filesystem::create_directories(data_dir, failed);
  if (failed) {
    return make_error(ErrorCode::kUnavailable, "cannot make the folder: " + failed.message(),
                      data_dir.string());
  }
  const std::filesystem::path path = data_dir / kFileName;
  if (!std::filesystem::exists(path, failed)) TACT_TRY(create_keys(data_dir));
  TACT_ASSIGN(const std::string text, read_private_file(path));
  Result<KeyRing> ring = parse(text);
  if (!ring.has_value()) {
    Error error = std::move(ring).error();
    error.where = error.where.empty() ? path.string() : path.string() + ": " + error.where;
    return error;
  }
  return ring;
}

Result<KeyRing> KeyRing::parse(std::string_view text) {
  TACT_ASSIGN(const json::value file, parse_json(text));
  if (!file.is_object()) return invalid("must be an object", "");
  const json::object& members = file.get_object();
  const json::value* version = find_member(members, "version");
  if (version == nullptr || *version != 1) return invalid("must be 1", "version");
  KeyRing ring;
  Result<InstallKey> install_key = InstallKey::from_hex(string_at(members, "install_key"));
  if (!install_key.has_value()) return invalid("must be 64 hex digits", "install_key");
  ring.install_key_ = *install_key;
  ring.live_token_ = ring.install_key_.derive_token("live-token");
  const json::array* sources = array_at(members, "sources");
  if (sources == nullptr) return invalid("must be an array", "sources");
  std::set<std::uint16_t> ids;
  std::set<std::string> keys;
  for (std::size_t i = 0; i < sources->size(); ++i) {
    const std::string where = "sources[" + std::to_string(i) + "]";
    TACT_ASSIGN(Source source, parse_source((*sources)[i], where));
    if (!ids.insert(source.id).second) return invalid("is used twice", where + ".id");
    if (!keys.insert(source.key).second) return invalid("is used twice", where + ".key");
    ring.sources_.push_back(std::move(source));
  }
  return ring;
}

const Source* KeyRing::find(std::string_view key) const {
  const Source* found = nullptr;
  for (const Source& source : sources_) {  // no early end: time must not tell which key is near
    if (equal_in_constant_time(source.key, key)) found = &source;
  }
  return found;
}

const Source* KeyRing::find_id(std::uint16_t id) const {
  const auto found = std::find_if(sources_.begin(), sources_.end(),
                                  [id](const Source& source) { return source.id == id; });
  return found == sources_.end() ? nullptr : &*found;
}

bool KeyRing::is_live_token(std::string_view token) const {
  return equal_in_constant_time(live_token_, token);
}

}  // namespace tact
