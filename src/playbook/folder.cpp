// Folders, and the bytes a playbook is stored as:
//   "tact-playbook 1\n"  varint count  { bytes path, bytes text } × count, paths strictly ascending
// (varint and bytes as in base/bytes.h). One spelling per set of files, so the hash names the set.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/bytes.h"
#include "playbook/compile.h"
#include "playbook/internal/yaml_reader.h"

namespace tact {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kMagic = "tact-playbook 1\n";
constexpr std::size_t kMaxFiles = 1'000;
constexpr int kMaxFolderDepth = 8;

bool inside(const fs::path& root, const fs::path& path) {
  const auto mismatch = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return mismatch.first == root.end();
}

Result<std::string> read_file(const fs::path& path, const std::string& name) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return make_error(ErrorCode::kNotFound, "cannot read: " + error.message(), name);
  if (size > playbook_internal::kMaxFileBytes) {
    return make_error(ErrorCode::kTooLarge, "the file is larger than 1 MB", name);
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.gcount() != static_cast<std::streamsize>(text.size())) {
    return make_error(ErrorCode::kNotFound, "cannot read all of it", name);
  }
  return text;
}

}  // namespace

Result<PlaybookFiles> read_playbook_folder(const std::string& folder) {
  std::error_code error;
  const fs::path root = fs::canonical(folder, error);
  if (error || !fs::is_directory(root, error)) {
    return make_error(ErrorCode::kNotFound, "there is no such folder", folder);
  }
  PlaybookFiles files;
  // Linked folders are not entered (no loops); a linked file counts if it lies inside.
  fs::recursive_directory_iterator it(root, fs::directory_options::skip_permission_denied, error);
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    const std::string base = it->path().filename().string();
    std::error_code ignored;
    if (it->is_directory(ignored)) {
      if (base.starts_with('.') || it.depth() >= kMaxFolderDepth) it.disable_recursion_pending();
      continue;
    }
    const fs::path extension = it->path().extension();  // .yml is read to be refused by name
    if (base.starts_with('.') || (extension != ".yaml" && extension != ".yml")) continue;
    const std::string name = it->path().lexically_relative(root).generic_string();
    const fs::path real = fs::canonical(it->path(), ignored);
    if (ignored || !inside(root, real)) {
      return make_error(ErrorCode::kForbidden, "this link leads out of the folder", name);
    }
    if (!fs::is_regular_file(real, ignored)) continue;
    if (files.size() >= kMaxFiles) {
      return make_error(ErrorCode::kTooLarge, "more than 1,000 files", folder);
    }
    TACT_ASSIGN(std::string text, read_file(real, name));
    files.emplace(name, std::move(text));
  }
  if (error) return make_error(ErrorCode::kNotFound, "cannot list: " + error.message(), folder);
  return files;
}

std::string pack_playbook(const PlaybookFiles& files) {
  ByteWriter writer;
  writer.raw(kMagic);
  writer.varint(files.size());
  for (const auto& [path, text] : files) {
    writer.bytes(path);
    writer.bytes(text);
  }
  return writer.take();
}

Result<PlaybookFiles> unpack_playbook(std::string_view packed) {
  const auto corrupt = [] {
    return make_error(ErrorCode::kCorrupt, "these bytes are not a stored playbook", "playbook");
  };
  if (!packed.starts_with(kMagic)) return corrupt();
  ByteReader reader(packed.substr(kMagic.size()));
  const std::uint64_t count = reader.varint();
  PlaybookFiles files;
  for (std::uint64_t i = 0; i < count && !reader.failed(); ++i) {
    const std::string_view path = reader.bytes();
    const std::string_view text = reader.bytes();
    if (!files.empty() && path <= files.rbegin()->first) return corrupt();
    files.emplace_hint(files.end(), path, text);
  }
  if (reader.failed() || !reader.at_end()) return corrupt();
  return files;
}

}  // namespace tact
