#include "serve/assets.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "base/hash.h"
#include "serve/cors.h"
#include "serve/problem.h"

namespace tact {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".avif", "image/avif"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".txt", "text/plain; charset=utf-8"},
    {".xml", "application/xml"},
    {".wasm", "application/wasm"},
}};

std::string_view last_segment(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 = 0: all of it
}

std::string_view content_type_of(std::string_view path) {
  const std::string_view name = last_segment(path);
  const std::size_t dot = name.rfind('.');
  const std::string_view extension = dot == std::string_view::npos ? "" : name.substr(dot);
  for (const auto& [suffix, type] : kTypes) {
    if (extension == suffix) return type;
  }
  return "application/octet-stream";
}

// Vite names what it has hashed NAME-HASH8.EXT below assets/.
bool has_hashed_name(std::string_view path) {
  if (path.find("/assets/") == std::string_view::npos) return false;
  const std::string_view name = last_segment(path);
  const std::size_t dot = name.find('.');
  return dot != std::string_view::npos && dot >= 9 && name[dot - 9] == '-';
}

std::string_view cache_control_of(std::string_view path, bool is_page) {
  if (is_page) return "no-cache";
  if (has_hashed_name(path)) return "public, max-age=31536000, immutable";
  return "public, max-age=300";
}

std::string etag_of(std::string_view bytes) {
  std::array<char, 24> text;
  const int size = std::snprintf(text.data(), text.size(), "\"%016llx\"",
                                 static_cast<unsigned long long>(hash64(bytes)));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string gzip_etag(const std::string& etag) { return etag.substr(0, etag.size() - 1) + "-gz\""; }

// "gzip" in Accept-Encoding, and not with q=0.
bool accepts_gzip(std::string_view accept) {
  while (!accept.empty()) {
    const std::size_t comma = accept.find(',');
    std::string_view item = accept.substr(0, comma);
    accept = comma == std::string_view::npos ? "" : accept.substr(comma + 1);
    item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
    const std::string_view name = item.substr(0, item.find_first_of("; \t"));
    if (!iequals(name, "gzip")) continue;
    const std::size_t q = item.find("q=");
    return q == std::string_view::npos ||
           item.find_first_of("123456789", q) != std::string_view::npos;
  }
  return false;
}

const AssetTable& table() {
  static const AssetTable instance(embedded_assets());
  return instance;
}

}  // namespace

AssetTable::AssetTable(const EmbeddedAssets& embedded) : mounts_(embedded.mounts) {
  std::erase(mounts_, "");
  for (const EmbeddedAssets::File& file : embedded.files) {
    Asset asset;
    asset.bytes = file.bytes;
    if (file.gzip.size() < file.bytes.size()) asset.gzip = file.gzip;
    asset.content_type = content_type_of(file.path);
    asset.is_page = asset.content_type.starts_with("text/html");
    asset.cache_control = cache_control_of(file.path, asset.is_page);
    asset.etag = etag_of(file.bytes);
    assets_.emplace(file.path, std::move(asset));
  }
}

const Asset* AssetTable::find(std::string_view path) const {
  const auto found = assets_.find(std::string(path));
  if (found != assets_.end()) return &found->second;
  if (last_segment(path).find('.') != std::string_view::npos) return nullptr;
  for (const std::string& mount : mounts_) {
    if (!path.starts_with(mount)) continue;
    const auto index = assets_.find(mount + "index.html");
    return index == assets_.end() ? nullptr : &index->second;
  }
  return nullptr;
}

std::optional<HttpResponse> AssetTable::serve(const HttpRequest& request) const {
  const auto path = percent_decode(request.path);
  if (!path) return std::nullopt;
  const Asset* const asset = find(*path);
  if (asset == nullptr) {
    const bool is_mount = std::find(mounts_.begin(), mounts_.end(), *path + "/") != mounts_.end();
    if (!is_mount || find(*path + "/") == nullptr) return std::nullopt;
    HttpResponse response;
    response.status = 308;
    const std::string query = request.query.empty() ? "" : "?" + request.query;
    return response.header("Location", *path + "/" + query);
  }
  if (request.method != "GET") return method_not_allowed("GET, HEAD");
  const bool zip = !asset->gzip.empty() && accepts_gzip(request.headers.get("Accept-Encoding"));
  const std::string etag = zip ? gzip_etag(asset->etag) : asset->etag;
  HttpResponse response;
  response.header("ETag", etag).header("Cache-Control", std::string(asset->cache_control));
  if (!asset->gzip.empty()) response.header("Vary", "Accept-Encoding");
  if (asset->is_page) {
    add_page_security_headers(response);
  } else {
    add_security_headers(response);
  }
  if (request.headers.get("If-None-Match").find(etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.content_type = asset->content_type;
  if (zip) response.header("Content-Encoding", "gzip");
  response.shared.bytes = zip ? asset->gzip : asset->bytes;
  return response;
}

std::vector<std::string_view> AssetTable::missing() const {
  std::vector<std::string_view> out = {"/tact.js", "/demo/", "/live/"};
  std::erase_if(out, [this](std::string_view path) { return find(path) != nullptr; });
  return out;
}

const Asset* find_asset(std::string_view path) { return table().find(path); }

std::optional<HttpResponse> serve_asset(const HttpRequest& request) {
  return table().serve(request);
}

std::vector<std::string_view> missing_assets() { return table().missing(); }

}  // namespace tact
