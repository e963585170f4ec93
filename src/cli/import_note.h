// How far the import of a file came: DATA/imports/HASH. For cmd_import.cpp alone.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "base/hash.h"
#include "base/json.h"
#include "base/result.h"

namespace tact::cli {

// -----------------------------------------------------------------------

struct FileIdentity {
  std::string hash;
  std::uint64_t lines = 0;
};

// Reads the file once, with bounded memory: a chain of content hashes over blocks of 1 MB.
inline Result<FileIdentity> identify(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return make_error(ErrorCode::kNotFound, "cannot open the file", path);
  FileIdentity identity;
  std::string block(std::size_t{1} << 20, '\0');
  std::string chained;
  char last = '\n';
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())).gcount() > 0) {
    const std::string_view bytes(block.data(), static_cast<std::size_t>(in.gcount()));
    identity.lines += static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    last = bytes.back();
    chained = content_hash(chained.append(bytes)).to_text();
  }
  if (in.bad() || chained.empty()) {
    return make_error(ErrorCode::kInvalid,
                      chained.empty() ? "the file is empty" : "the file could not be read", path);
  }
  if (last != '\n') ++identity.lines;
  identity.hash = chained.substr(3, 32);
  return identity;
}

struct ImportNote {  // DATA/imports/HASH
  std::string hash, file, basis, map_hash;
  std::uint64_t line = 0;  // every row that begins at or before it is durable, or rejected
  std::uint64_t read = 0, stored = 0, duplicate = 0, without_consent = 0, rejected = 0;
  std::uint64_t personal_data = 0, bots = 0;  // values dropped; events of bots
  std::uint64_t rejected_bytes = 0;           // of DATA/imports/HASH.rejected
  bool finished = false;
};

inline std::string note_path(const std::string& data, const std::string& hash) {
  return data + "/imports/" + hash;
}
inline std::string rejected_path(const std::string& data, const std::string& hash) {
  return note_path(data, hash) + ".rejected";
}

inline Result<std::optional<ImportNote>> load_note(const std::string& data,
                                                   const std::string& hash) {
  const std::string path = note_path(data, hash);
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::optional<ImportNote>();
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto parsed = parse_json(text);
  if (!parsed.has_value() || !parsed->is_object()) {
    return make_error(
        ErrorCode::kCorrupt,
        "this note of an import cannot be read; remove it to import from the beginning", path);
  }
  const json::object& object = parsed->get_object();
  const auto number = [&object](std::string_view key) -> std::uint64_t {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_int64() ? static_cast<std::uint64_t>(value->get_int64())
                                                 : 0;
  };
  const json::value* finished = object.if_contains("finished");
  return std::optional<ImportNote>(
      ImportNote{.hash = hash,
                 .file = std::string(string_at(object, "file")),
                 .basis = std::string(string_at(object, "basis")),
                 .map_hash = std::string(string_at(object, "map")),
                 .line = number("line"),
                 .read = number("read"),
                 .stored = number("stored"),
                 .duplicate = number("duplicate"),
                 .without_consent = number("without_consent"),
                 .rejected = number("rejected"),
                 .personal_data = number("personal_data"),
                 .bots = number("bots"),
                 .rejected_bytes = number("rejected_bytes"),
                 .finished = finished != nullptr && *finished == true});
}

// Atomic, and synced: were the note lost with the power, more lines than dedupe remembers would be
// read again.
inline Status save_note(const std::string& data, const ImportNote& note) {
  const json::object object{
      {"file", note.file},           {"basis", note.basis},
      {"map", note.map_hash},        {"line", note.line},
      {"read", note.read},           {"stored", note.stored},
      {"duplicate", note.duplicate}, {"without_consent", note.without_consent},
      {"rejected", note.rejected},   {"personal_data", note.personal_data},
      {"bots", note.bots},           {"rejected_bytes", note.rejected_bytes},
      {"finished", note.finished}};
  const std::string path = note_path(data, note.hash);
  const std::string text = to_string(object) + "\n";
  const int file = ::open((path + ".new").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  written = written && ::fdatasync(file) == 0;
  if (file >= 0) ::close(file);
  if (!written || std::rename((path + ".new").c_str(), path.c_str()) != 0) {
    return make_error(ErrorCode::kUnavailable, "cannot note how far the import came", path);
  }
  return ok();
}

}  // namespace tact::cli
