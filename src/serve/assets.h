// The web pages and the SDK inside the binary (cmake/assets.cmake puts them there).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "serve/http.h"

namespace tact {

// What the build embedded; views into the binary.
struct EmbeddedAssets {
  struct File {
    std::string path;  // "/demo/index.html"
    std::string_view bytes;
    std::string_view gzip;  // the same compressed; empty for types that do not compress
  };
  std::vector<File> files;
  std::vector<std::string> mounts;  // prefixes of single-page applications, "/demo/"
};
EmbeddedAssets embedded_assets();  // generated

struct Asset {
  std::string_view bytes;
  std::string_view gzip;  // empty if not smaller than bytes
  std::string_view content_type;
  std::string_view cache_control;
  std::string etag;      // quoted; the gzip variant's has "-gz" before the closing quote
  bool is_page = false;  // HTML: gets the page's security headers
};

// Constant after construction.
class AssetTable {
 public:
  explicit AssetTable(const EmbeddedAssets& embedded);
  // By decoded path. Below a mount, a path whose last segment has no '.' gets the mount's
  // index.html (client-side routes). nullptr if there is none.
  const Asset* find(std::string_view path) const;
  // The whole answer: 200, 304, 308 from "/demo" to "/demo/", 405; nullopt if the path is no asset.
  std::optional<HttpResponse> serve(const HttpRequest& request) const;
  // Of what a whole build embeds, what is not there: "/tact.js", "/demo/", "/live/".
  std::vector<std::string_view> missing() const;

 private:
  std::unordered_map<std::string, Asset> assets_;
  std::vector<std::string> mounts_;
};

// The same on what the build embedded. The bytes live as long as the program.
const Asset* find_asset(std::string_view path);
std::optional<HttpResponse> serve_asset(const HttpRequest& request);
std::vector<std::string_view> missing_assets();

}  // namespace tact
