#include "serve/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "serve/http.h"

namespace tact {
namespace {

constexpr int kGzipWindow = 15 + 16;
constexpr int kZlibWindow = 15;
constexpr int kRawWindow = -15;
// zlib reads at most UINT_MAX at once; smaller slices also bound what a step may produce.
constexpr std::size_t kSlice = 16 * 1024;

// zlib's API is not const-correct (next_in); it does not write through it.
Bytef* as_input(std::string_view bytes) {
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
}

// RFC 9110 8.4.1.2 says "deflate" is zlib-wrapped; some clients send raw deflate. The first two
// bytes tell: a zlib header has method 8, a window ≤ 32 KB and is a multiple of 31 (RFC 1950 2.2).
bool looks_like_zlib(char first_char, char second_char) {
  const auto first = static_cast<unsigned char>(first_char);
  const auto second = static_cast<unsigned char>(second_char);
  return (first & 0x0f) == 8 && (first >> 4) <= 7 && (first * 256 + second) % 31 == 0;
}

}  // namespace

Result<ContentCoding> parse_content_coding(std::string_view value) {
  if (value.empty() || iequals(value, "identity")) return ContentCoding::kIdentity;
  if (iequals(value, "gzip") || iequals(value, "x-gzip")) return ContentCoding::kGzip;
  if (iequals(value, "deflate")) return ContentCoding::kDeflate;
  return make_error(ErrorCode::kNotFound, "unknown Content-Encoding; send gzip, deflate or none");
}

struct Inflater::State {
  explicit State(ContentCoding c, const InflateLimits& l) : coding(c), limits(l) {}
  ~State() {
    if (started) inflateEnd(&zlib);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  bool start(int window) {
    started = inflateInit2(&zlib, window) == Z_OK;
    return started;
  }
  Status feed(std::string_view input, std::string& out);
  Status after_end(std::string_view rest);
  Status check_limits(std::size_t appended);

  ContentCoding coding;
  InflateLimits limits;
  z_stream zlib{};
  bool started = false;
  bool ended = false;
  std::string held;             // the first byte of a deflate stream, until the second is known
  std::size_t input_total = 0;  // bytes
  std::size_t output_total = 0;
};

Inflater::Inflater(ContentCoding coding, const InflateLimits& limits)
    : state_(std::make_unique<State>(coding, limits)) {}
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

Status Inflater::State::check_limits(std::size_t appended) {
  output_total += appended;
  if (output_total > limits.output_max) {
    return make_error(ErrorCode::kTooLarge,
                      "the decoded body is over " + std::to_string(limits.output_max) + " bytes");
  }
  if (output_total > limits.ratio_from && output_total / limits.ratio_max > input_total) {
    return make_error(ErrorCode::kTooLarge, "the body is compressed more than " +
                                                std::to_string(limits.ratio_max) + " : 1");
  }
  return ok();
}

// gzip allows several members one after another (RFC 1952 2.2).
Status Inflater::State::after_end(std::string_view rest) {
  if (rest.empty()) return ok();
  if (coding != ContentCoding::kGzip || inflateReset(&zlib) != Z_OK) {
    return make_error(ErrorCode::kInvalid, "bytes after the end of the compressed body");
  }
  ended = false;
  return ok();
}

Status Inflater::State::feed(std::string_view input, std::string& out) {
  std::array<char, kSlice> buffer;
  zlib.next_in = as_input(input);
  zlib.avail_in = static_cast<uInt>(input.size());
  for (;;) {
    if (ended) TACT_TRY(after_end(input.substr(input.size() - zlib.avail_in)));
    if (ended) return ok();
    // One byte over the limit is asked for, so that "exactly at the limit" is not refused.
    const std::size_t room = std::min(buffer.size(), limits.output_max - output_total + 1);
    zlib.next_out = reinterpret_cast<Bytef*>(buffer.data());
    zlib.avail_out = static_cast<uInt>(room);
    const uInt before = zlib.avail_in;
    const int code = ::inflate(&zlib, Z_NO_FLUSH);
    const std::size_t produced = room - zlib.avail_out;
    input_total += before - zlib.avail_in;
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
      return make_error(ErrorCode::kInvalid, "the compressed body is corrupt");
    }
    TACT_TRY(check_limits(produced));
    out.append(buffer.data(), produced);
    ended = code == Z_STREAM_END;
    if (!ended && zlib.avail_in == 0 && zlib.avail_out > 0) return ok();
    if (code == Z_BUF_ERROR && produced == 0) return ok();
  }
}

Status Inflater::write(std::string_view input, std::string& out) {
  State& s = *state_;
  if (s.coding == ContentCoding::kIdentity) {
    s.input_total += input.size();
    TACT_TRY(s.check_limits(input.size()));
    out.append(input);
    return ok();
  }
  if (!s.started) {
    int window = kGzipWindow;
    if (s.coding == ContentCoding::kDeflate) {
      while (s.held.size() < 2 && !input.empty()) {
        s.held += input.front();
        input.remove_prefix(1);
      }
      if (s.held.size() < 2) return ok();
      window = looks_like_zlib(s.held[0], s.held[1]) ? kZlibWindow : kRawWindow;
    }
    if (!s.start(window)) return make_error(ErrorCode::kInternal, "zlib has no memory");
    if (!s.held.empty()) TACT_TRY(s.feed(s.held, out));
  }
  while (!input.empty()) {
    const std::string_view slice = input.substr(0, kSlice);
    TACT_TRY(s.feed(slice, out));
    input.remove_prefix(slice.size());
  }
  return ok();
}

Status Inflater::finish() const {
  if (state_->coding == ContentCoding::kIdentity || state_->ended) return ok();
  return make_error(ErrorCode::kInvalid, "the compressed body ends too early");
}

Result<std::string> inflate_all(ContentCoding coding, std::string_view input,
                                const InflateLimits& limits) {
  Inflater inflater(coding, limits);
  std::string out;
  TACT_TRY(inflater.write(input, out));
  TACT_TRY(inflater.finish());
  return out;
}

std::string gzip_compress(std::string_view input) {
  z_stream zlib{};
  if (deflateInit2(&zlib, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, 9, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    return {};
  }
  std::string out(deflateBound(&zlib, input.size()), '\0');
  zlib.next_in = as_input(input);
  zlib.avail_in = static_cast<uInt>(input.size());
  zlib.next_out = reinterpret_cast<Bytef*>(out.data());
  zlib.avail_out = static_cast<uInt>(out.size());
  const int code = deflate(&zlib, Z_FINISH);
  out.resize(code == Z_STREAM_END ? out.size() - zlib.avail_out : 0);
  deflateEnd(&zlib);
  return out;
}

}  // namespace tact
