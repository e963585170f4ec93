// Beast's HTTP/1 parser, writing straight into an HttpRequest. Included by http_server.cpp and the
// gate's fuzzer only: the header is heavy.
#pragma once

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/optional.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "serve/http.h"
#include "serve/http_gate.h"
#include "serve/inflate.h"

namespace tact::internal {

namespace http = boost::beast::http;
using error_code = boost::beast::error_code;

// Parses one request. feed() the bytes that follow; after the head is complete, check() it once
// against the gate before feeding its body.
class RequestParser : public http::basic_parser<true> {
 public:
  explicit RequestParser(const GateLimits& limits) : limits_(&limits) {
    header_limit(static_cast<std::uint32_t>(limits.head_bytes_max));
    body_limit(boost::none);  // set in accept_body(), when the route is known
  }

  // Takes what it can of `bytes`; returns how much. A refusal() ends the request.
  std::size_t feed(std::string_view bytes) {
    error_code error;
    const std::size_t used = put({bytes.data(), bytes.size()}, error);
    if (error && error != http::error::need_more && !refusal_) refusal_ = refusal_of(error);
    return used;
  }

  // The gate. `raw` is the head as received; Precondition: is_header_done().
  void check(std::string_view raw) {
    if (refusal_) return;
    const RequestHead head{raw, request_.method, target_, version_, &request_.headers};
    refusal_ = check_head(head, *limits_);
    if (refusal_) return;
    length_ = tact::content_length(request_.headers).value_or(0);
    const TargetParts parts = split_target(target_);
    request_.path = parts.path;
    request_.query = parts.query;
    request_.head_only = request_.method == "HEAD";
    if (request_.head_only) request_.method = "GET";
  }

  // Sets the body's limits. Precondition: checked, no body byte fed.
  void accept_body(std::size_t bytes_max, InflateLimits inflate) {
    const auto coding = parse_content_coding(request_.headers.get("Content-Encoding"));
    if (!coding) {
      refusal_ = Refusal{415, "Content-Encoding must be gzip, deflate or identity"};
      return;
    }
    if (length_ > bytes_max) {
      refusal_ = Refusal{413, "the body is too large for this route"};
      return;
    }
    body_limit(boost::optional<std::uint64_t>(bytes_max));
    if (*coding != ContentCoding::kIdentity && has_body()) {
      inflate.output_max = std::min(inflate.output_max, bytes_max);
      inflater_.emplace(*coding, inflate);
    } else {
      // The client's word is believed for a first reservation only this far.
      request_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(length_, 65536)));
    }
  }

  // Precondition of these two: checked.
  bool has_body() const { return length_ > 0 || chunked(); }
  bool expects_continue() const {
    return version_ >= 11 && has_body() && request_.headers.has("Expect");
  }
  const std::optional<Refusal>& refusal() const { return refusal_; }
  HttpRequest& request() { return request_; }
  int http_version() const { return version_; }
  bool started() const { return got_some(); }

 private:
  using string_view = boost::beast::string_view;
  static std::string_view std_view(string_view text) { return {text.data(), text.size()}; }

  static Refusal refusal_of(const error_code& error) {
    if (error == http::error::header_limit) return {431, "the header is too large"};
    if (error == http::error::body_limit) return {413, "the body is too large for this route"};
    if (error == http::error::bad_chunk || error == http::error::bad_chunk_extension) {
      return {400, "the chunked body is malformed"};
    }
    return {400, "not a well-formed HTTP/1 request"};
  }

  void refuse(int status, std::string_view detail, error_code& error) {
    refusal_ = Refusal{status, detail};
    error = http::error::bad_value;  // any error stops Beast; refusal_ says which
  }

  void on_request_impl(http::verb, string_view method, string_view target, int version,
                       error_code& error) override {
    request_.method = std_view(method);
    version_ = version;
    if (target.size() > limits_->target_bytes_max) return refuse(414, "the URI is too long", error);
    target_ = std_view(target);
  }

  void on_response_impl(int, string_view, int, error_code&) override {}  // requests only

  void on_field_impl(http::field, string_view name, string_view value, error_code& error) override {
    if (head_done_) return;  // a trailer: allowed, and not used
    if (request_.headers.size() >= limits_->fields_max) {
      return refuse(431, "too many header fields", error);
    }
    request_.headers.add(std_view(name), std_view(value));
  }

  void on_header_impl(error_code&) override { head_done_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}

  std::size_t on_body_impl(string_view bytes, error_code& error) override {
    if (!inflater_) {
      request_.body.append(bytes.data(), bytes.size());
      return bytes.size();
    }
    refuse_if_broken(inflater_->write(std_view(bytes), request_.body), error);
    return bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code& error) override {
    return on_body_impl(bytes, error);
  }

  void on_finish_impl(error_code& error) override {
    if (inflater_) refuse_if_broken(inflater_->finish(), error);
    inflater_.reset();
  }

  void refuse_if_broken(const Status& status, error_code& error) {
    if (status.has_value()) return;
    if (status.error().code == ErrorCode::kTooLarge) {
      return refuse(413, "the decoded body is too large", error);
    }
    refuse(400, "the compressed body is corrupt", error);
  }

  const GateLimits* limits_;
  HttpRequest request_;
  std::string target_;
  int version_ = 11;
  bool head_done_ = false;
  std::uint64_t length_ = 0;  // Content-Length
  std::optional<Inflater> inflater_;
  std::optional<Refusal> refusal_;
};

}  // namespace tact::internal
