#include "cli/paths.h"

#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>

#include "serve/http_client.h"
#include "store/keys.h"

namespace tact::cli {
namespace {

std::string address_file(const std::string& directory) { return directory + "/address"; }

const Source* secret_of(const KeyRing& keys) {
  for (const Source& source : keys.sources()) {
    if (source.kind == KeyKind::kSecret) return &source;
  }
  return nullptr;
}

// Our own answers hold documents of the depth that input may have inside of others.
Result<json::value> parse_answer(const std::string& text) {
  json::parse_options options;
  options.max_depth = 64;
  json::error_code error;
  json::value body = json::parse(text, error, {}, options);
  if (error)
    return make_error(ErrorCode::kInternal, "the server's answer is not JSON: " + error.message());
  return body;
}

Status check_data_directory(const std::string& directory) {
  if (std::filesystem::exists(directory + "/keys")) return ok();
  return make_error(ErrorCode::kNotFound, "this is no Tact data directory (it has no `keys` file)",
                    directory);
}

}  // namespace

Result<PlaybookFiles> read_good_playbook(const std::string& folder) {
  TACT_ASSIGN(PlaybookFiles files, read_playbook_folder(folder));
  const Compilation compiled = compile_playbook(files);
  if (!compiled.ok()) return compiled.first_error();
  return files;
}

Result<OpenedData> open_data(const std::string& directory) {
  TACT_TRY(check_data_directory(directory));
  TACT_ASSIGN(KeyRing keys, KeyRing::open(directory));
  StoreOptions options;
  options.create_if_missing = false;
  TACT_ASSIGN(auto store, Store::open(directory, options));
  TACT_ASSIGN(auto playbooks, Playbooks::open(*store));
  TACT_ASSIGN(const auto current, store->get(Family::kMeta, keys::meta("playbook")));
  const auto hash = current ? ContentHash::parse(*current) : std::nullopt;
  if (!hash)
    return make_error(ErrorCode::kNotFound, "no playbook was ever published here", directory);
  if (const auto known = playbooks->find(*hash); !known.has_value()) return known.error();
  playbooks->make_current(*hash);
  return OpenedData{std::move(keys), std::move(store), std::move(playbooks)};
}

Status write_address(const std::string& directory, const std::string& address) {
  std::ofstream out(address_file(directory), std::ios::trunc);
  out << address << "\n";
  if (!out.flush())
    return make_error(ErrorCode::kUnavailable, "cannot write", address_file(directory));
  return ok();
}

void remove_address(const std::string& directory) {
  std::error_code ignored;
  std::filesystem::remove(address_file(directory), ignored);
}

namespace {

using Send = std::function<Result<ClientResponse>(HttpClient&, const HttpClient::Fields&)>;

Result<std::string> ask(const std::string& directory, const Send& send) {
  TACT_TRY(check_data_directory(directory));
  const Error nobody =
      make_error(ErrorCode::kUnavailable, "no server has this directory open", directory);
  std::ifstream in(address_file(directory));
  std::string address;
  if (!std::getline(in, address)) return nobody;
  TACT_ASSIGN(const KeyRing keys, KeyRing::open(directory));
  const Source* secret = secret_of(keys);
  if (secret == nullptr)
    return make_error(ErrorCode::kNotFound, "there is no secret key", directory + "/keys");
  TACT_ASSIGN(HttpClient client, HttpClient::create(address));
  // A server that was killed leaves its address behind; another program may have the port by now.
  auto answered = send(client, {{"Authorization", "Bearer " + secret->key}});
  if (!answered.has_value() || answered->status == 401) return nobody;
  if (answered->status == 200) return std::move(answered->body);
  const auto body = parse_answer(answered->body);
  const std::string_view detail = body.has_value() && body->is_object()
                                      ? string_at(body->get_object(), "detail")
                                      : std::string_view{};
  return make_error(answered->status == 404 ? ErrorCode::kNotFound : ErrorCode::kInvalid,
                    std::string(detail));
}

}  // namespace

Result<std::string> ask_server_text(const std::string& directory, const std::string& target) {
  return ask(directory, [&](HttpClient& client, const HttpClient::Fields& fields) {
    return client.get(target, fields);
  });
}

Result<json::value> tell_server(const std::string& directory, const std::string& target) {
  TACT_ASSIGN(const std::string text,
              ask(directory, [&](HttpClient& client, const HttpClient::Fields& fields) {
                return client.post(target, {}, fields);
              }));
  return parse_answer(text);
}

Result<json::value> ask_server(const std::string& directory, const std::string& target) {
  TACT_ASSIGN(const std::string text, ask_server_text(directory, target));
  return parse_answer(text);
}

std::string percent_encode(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' ||
        c == '~') {
      out += c;
    } else {
      char escaped[4];
      std::snprintf(escaped, sizeof escaped, "%%%02X",
                    static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escaped;
    }
  }
  return out;
}

std::string default_playbook() { return std::string(TACT_SOURCE_DIR) + "/playbooks/shop"; }

}  // namespace tact::cli
