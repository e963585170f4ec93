// A whole set of files from bytes. "\n--- path\n" begins a file, so that the corpus stays readable;
// anything before the first one is signals.yaml. Compiling must end, be deterministic, and never
// throw.
#include <cstddef>
#include <cstdint>

#include "playbook/compile.h"

namespace {

tact::PlaybookFiles files_of(std::string_view text) {
  tact::PlaybookFiles files{{"playbook.yaml", "site: Fuzz\n"}};
  std::string path = "signals.yaml";
  while (!text.empty()) {
    const std::size_t next = text.find("\n--- ");
    files[path] = std::string(text.substr(0, next == text.npos ? next : next + 1));
    if (next == text.npos) break;
    text.remove_prefix(next + 5);
    const std::size_t end = text.find('\n');
    path = std::string(text.substr(0, end));
    if (end == text.npos) break;
    text.remove_prefix(end + 1);
  }
  return files;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const tact::PlaybookFiles files = files_of(text);
  const tact::Compilation first = tact::compile_playbook(files);
  const tact::Compilation second = tact::compile_playbook(files);
  CHECK(first.ok() == second.ok());
  CHECK(first.findings.size() == second.findings.size());
  bool error = false;
  for (std::size_t i = 0; i < first.findings.size(); ++i) {
    CHECK(first.findings[i].to_text() == second.findings[i].to_text());
    CHECK(first.findings[i].rule != "internal");
    error = error || first.findings[i].severity == tact::Severity::kError;
  }
  CHECK(first.ok() != error);
  const auto unpacked = tact::unpack_playbook(tact::pack_playbook(files));
  CHECK(unpacked.has_value() && *unpacked == files);
  (void)tact::unpack_playbook(text).has_value();
  return 0;
}
