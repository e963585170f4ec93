#include "serve/inflate.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace tact {
namespace {

std::string deflated(std::string_view input, int window) {
  z_stream zlib{};
  EXPECT_EQ(deflateInit2(&zlib, 9, Z_DEFLATED, window, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&zlib, input.size()), '\0');
  const std::string copy(input);
  zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(copy.data()));
  zlib.avail_in = static_cast<uInt>(copy.size());
  zlib.next_out = reinterpret_cast<Bytef*>(out.data());
  zlib.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&zlib, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - zlib.avail_out);
  deflateEnd(&zlib);
  return out;
}

std::string sample(std::size_t size) {
  std::string text;
  while (text.size() < size) text += "{\"n\":" + std::to_string(text.size() * 2654435761u) + "}";
  text.resize(size);
  return text;
}

ErrorCode code_of(const Result<std::string>& result) {
  return result ? ErrorCode::kNotFound : result.error().code;
}

TEST(Inflate, EveryWrapping) {
  const std::string text = sample(100'000);
  EXPECT_EQ(inflate_all(ContentCoding::kGzip, gzip_compress(text)).value(), text);
  EXPECT_EQ(inflate_all(ContentCoding::kDeflate, deflated(text, 15)).value(), text);
  EXPECT_EQ(inflate_all(ContentCoding::kDeflate, deflated(text, -15)).value(), text);
  EXPECT_EQ(inflate_all(ContentCoding::kIdentity, text).value(), text);
  EXPECT_EQ(inflate_all(ContentCoding::kGzip, gzip_compress("")).value(), "");
  EXPECT_EQ(gzip_compress(text), gzip_compress(text));
}

TEST(Inflate, ByteByByteGivesTheSame) {
  const std::string text = sample(3'000);
  for (const auto& [coding, bytes] : {std::pair(ContentCoding::kGzip, gzip_compress(text)),
                                      std::pair(ContentCoding::kDeflate, deflated(text, 15)),
                                      std::pair(ContentCoding::kDeflate, deflated(text, -15))}) {
    Inflater inflater(coding);
    std::string out;
    for (const char c : bytes) {
      EXPECT_FALSE(inflater.finish().has_value());
      ASSERT_TRUE(inflater.write(std::string_view(&c, 1), out).has_value());
    }
    EXPECT_TRUE(inflater.finish().has_value());
    EXPECT_EQ(out, text);
  }
}

TEST(Inflate, GzipMembersJoin) {
  const std::string both = gzip_compress("one ") + gzip_compress("two");
  EXPECT_EQ(inflate_all(ContentCoding::kGzip, both).value(), "one two");
}

TEST(Inflate, CorruptIsInvalid) {
  const std::string good = gzip_compress(sample(5'000));
  EXPECT_EQ(code_of(inflate_all(ContentCoding::kGzip, "not gzip")), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(inflate_all(ContentCoding::kGzip, "")), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(inflate_all(ContentCoding::kGzip, good.substr(0, good.size() - 1))),
            ErrorCode::kInvalid);
  EXPECT_EQ(code_of(inflate_all(ContentCoding::kGzip, good + "x")), ErrorCode::kInvalid);
  std::string flipped = good;
  flipped[good.size() - 5] = static_cast<char>(flipped[good.size() - 5] ^ 1);  // its CRC
  EXPECT_EQ(code_of(inflate_all(ContentCoding::kGzip, flipped)), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(inflate_all(ContentCoding::kDeflate, deflated("abc", 15) + "x")),
            ErrorCode::kInvalid);
  EXPECT_EQ(code_of(inflate_all(ContentCoding::kDeflate, "x")), ErrorCode::kInvalid);
}

TEST(Inflate, LimitIsExact) {
  const std::string text = sample(10'000);
  InflateLimits limits;
  limits.output_max = text.size();
  EXPECT_TRUE(inflate_all(ContentCoding::kGzip, gzip_compress(text), limits).has_value());
  limits.output_max = text.size() - 1;
  EXPECT_EQ(code_of(inflate_all(ContentCoding::kGzip, gzip_compress(text), limits)),
            ErrorCode::kTooLarge);
}

TEST(Inflate, BombStopsAtTheRatio) {
  const std::string bomb = gzip_compress(std::string(64u << 20, '\0'));  // about 1000 : 1
  Inflater inflater(ContentCoding::kGzip);
  std::string out;
  const Status status = inflater.write(bomb, out);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kTooLarge);
  EXPECT_LE(out.size(), 2u << 20);
  // 900 KB at the same ratio is below ratio_from.
  EXPECT_TRUE(inflate_all(ContentCoding::kGzip, gzip_compress(std::string(900'000, 'a'))));
}

TEST(Inflate, Codings) {
  EXPECT_EQ(parse_content_coding("").value(), ContentCoding::kIdentity);
  EXPECT_EQ(parse_content_coding("GZip").value(), ContentCoding::kGzip);
  EXPECT_EQ(parse_content_coding("x-gzip").value(), ContentCoding::kGzip);
  EXPECT_EQ(parse_content_coding("deflate").value(), ContentCoding::kDeflate);
  EXPECT_FALSE(parse_content_coding("br").has_value());
  EXPECT_FALSE(parse_content_coding("gzip, gzip").has_value());
}

}  // namespace
}  // namespace tact
