// Undoes Content-Encoding as a body arrives, within fixed memory: gzip, zlib and raw deflate.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tact {

enum class ContentCoding { kIdentity, kGzip, kDeflate };

// Reads a Content-Encoding value: identity (or empty), gzip, x-gzip, deflate, in any case.
// kNotFound for anything else, lists of codings included (HTTP 415).
Result<ContentCoding> parse_content_coding(std::string_view value);

struct InflateLimits {
  std::size_t output_max = 4u << 20;  // bytes
  std::size_t ratio_max = 100;        // output : input, once output is over ratio_from
  std::size_t ratio_from = 1u << 20;  // bytes
};

// Not thread-safe; about 45 KB while it lives.
class Inflater {
 public:
  explicit Inflater(ContentCoding coding, const InflateLimits& limits = {});
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;

  // Appends what `input` decodes to to `out`; out.size() never passes limits.output_max by this.
  // kTooLarge: over output_max or the ratio. kInvalid: broken data, or bytes after its end. After
  // an error the inflater is unusable.
  Status write(std::string_view input, std::string& out);
  // kInvalid if the data has ended too early.
  Status finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// All of it at once.
Result<std::string> inflate_all(ContentCoding coding, std::string_view input,
                                const InflateLimits& limits = {});

// gzip at level 9 without a time or name in its header: same input, same bytes. Empty if zlib
// fails.
std::string gzip_compress(std::string_view input);

}  // namespace tact
