#include "serve/assets.h"

#include <gtest/gtest.h>

#include "serve/inflate.h"

namespace tact {
namespace {

const std::string kPage = "<!doctype html><title>x</title>";
const std::string kScript(2000, 'a');
const std::string kScriptGzip = gzip_compress(kScript);

AssetTable table() {
  return AssetTable(
      {{{"/demo/index.html", kPage, std::string_view("longer than the page itself!!!!!")},
        {"/demo/assets/index-Ab3_x-9Z.js", kScript, kScriptGzip},
        {"/tact.js", kScript, kScriptGzip}},
       {"/demo/", "/live/"}});
}

HttpRequest get(std::string path) {
  HttpRequest request;
  request.method = "GET";
  request.path = std::move(path);
  return request;
}

std::string field(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (iequals(key, name)) return value;
  }
  return {};
}

TEST(Assets, FilesAndClientSideRoutes) {
  const AssetTable assets = table();
  ASSERT_NE(assets.find("/tact.js"), nullptr);
  EXPECT_EQ(assets.find("/tact.js")->content_type, "text/javascript; charset=utf-8");
  for (const char* path : {"/demo/", "/demo/p/trail-shoe", "/demo/index.html"}) {
    ASSERT_NE(assets.find(path), nullptr) << path;
    EXPECT_EQ(assets.find(path)->bytes, kPage) << path;
  }
  for (const char* path : {"/demo/assets/gone.js", "/live/", "/other", "/demo", "/", ""}) {
    EXPECT_EQ(assets.find(path), nullptr) << path;
  }
}

TEST(Assets, SaysWhatTheBuildLacks) {
  using Paths = std::vector<std::string_view>;
  EXPECT_EQ(AssetTable({{}, {"", ""}}).missing(), (Paths{"/tact.js", "/demo/", "/live/"}));
  EXPECT_EQ(table().missing(), Paths{"/live/"});
}

TEST(Assets, CachingByName) {
  const AssetTable assets = table();
  EXPECT_EQ(assets.find("/demo/")->cache_control, "no-cache");
  EXPECT_EQ(assets.find("/demo/assets/index-Ab3_x-9Z.js")->cache_control,
            "public, max-age=31536000, immutable");
  EXPECT_EQ(assets.find("/tact.js")->cache_control, "public, max-age=300");
}

TEST(Assets, ServesGzipWhereAccepted) {
  const AssetTable assets = table();
  HttpRequest request = get("/tact.js");
  EXPECT_EQ(assets.serve(request)->shared.bytes, kScript);
  request.headers.add("Accept-Encoding", "br, gzip;q=0.8");
  const auto zipped = assets.serve(request);
  EXPECT_EQ(zipped->shared.bytes, kScriptGzip);
  EXPECT_EQ(field(*zipped, "Content-Encoding"), "gzip");
  EXPECT_EQ(field(*zipped, "Vary"), "Accept-Encoding");
  EXPECT_NE(field(*zipped, "ETag"), field(*assets.serve(get("/tact.js")), "ETag"));
  HttpRequest refusing = get("/tact.js");
  refusing.headers.add("Accept-Encoding", "gzip;q=0");
  EXPECT_EQ(assets.serve(refusing)->shared.bytes, kScript);
}

TEST(Assets, EtagsAndRedirects) {
  const AssetTable assets = table();
  HttpRequest again = get("/demo/");
  again.headers.add("If-None-Match", field(*assets.serve(again), "ETag"));
  EXPECT_EQ(assets.serve(again)->status, 304);
  HttpRequest bare = get("/demo");
  bare.query = "a=b";
  EXPECT_EQ(assets.serve(bare)->status, 308);
  EXPECT_EQ(field(*assets.serve(bare), "Location"), "/demo/?a=b");
  EXPECT_FALSE(assets.serve(get("/demo/x.js")).has_value());
  EXPECT_FALSE(assets.serve(get("/live")).has_value());
  HttpRequest post = get("/demo/");
  post.method = "POST";
  EXPECT_EQ(assets.serve(post)->status, 405);
  EXPECT_FALSE(field(*assets.serve(get("/demo/")), "Content-Security-Policy").empty());
}

}  // namespace
}  // namespace tact
