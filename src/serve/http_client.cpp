#include "serve/http_client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace tact {
namespace {
namespace asio = boost::asio;
namespace http = boost::beast::http;
}  // namespace

class HttpClient::Impl {
 public:
  Impl(std::string host, std::string port) : host_(std::move(host)), port_(std::move(port)) {}

  Result<ClientResponse> send(http::request<http::string_body> request) {
    request.version(11);
    request.set(http::field::host, host_ + ":" + port_);
    request.keep_alive(true);
    request.prepare_payload();
    const bool was_open = socket_.is_open();
    auto response = attempt(request);
    // A kept connection may have been closed meanwhile: that alone is worth one more try.
    return response.has_value() || !was_open ? std::move(response) : attempt(request);
  }

 private:
  Result<ClientResponse> attempt(const http::request<http::string_body>& request) {
    boost::system::error_code error;
    if (!socket_.is_open()) {
      asio::ip::tcp::resolver resolver(io_);
      const auto found = resolver.resolve(host_, port_, error);
      if (!error) asio::connect(socket_, found, error);
      if (!error) socket_.set_option(asio::ip::tcp::no_delay(true), error);
      if (error) return failed("cannot connect to " + host_ + ":" + port_ + ": " + error.message());
      buffer_.clear();
    }
    http::write(socket_, request, error);
    if (error) return failed("the connection broke while sending: " + error.message());
    http::response_parser<http::string_body> parser;
    parser.body_limit(64u << 20);
    http::read(socket_, buffer_, parser, error);
    if (error) return failed("the connection broke while reading: " + error.message());
    auto response = parser.release();
    if (!response.keep_alive()) close();
    return ClientResponse{static_cast<int>(response.result_int()), std::move(response.body())};
  }

  Error failed(std::string message) {
    close();
    return make_error(ErrorCode::kUnavailable, std::move(message));
  }

  void close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  std::string host_, port_;
  asio::io_context io_;
  asio::ip::tcp::socket socket_{io_};
  boost::beast::flat_buffer buffer_;
};

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::create(std::string_view base) {
  constexpr std::string_view kScheme = "http://";
  if (!base.starts_with(kScheme)) {
    return make_error(ErrorCode::kInvalid,
                      "an address starts with http://, e.g. http://127.0.0.1:8080",
                      std::string(base));
  }
  std::string_view rest = base.substr(kScheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t colon = rest.rfind(':');
  std::string port = colon == std::string_view::npos ? "80" : std::string(rest.substr(colon + 1));
  std::string host(rest.substr(0, colon));
  return HttpClient(std::make_unique<Impl>(std::move(host), std::move(port)));
}

Result<ClientResponse> HttpClient::get(std::string_view target, const Fields& fields) {
  http::request<http::string_body> request(http::verb::get, std::string(target), 11);
  for (const auto& [name, value] : fields) request.set(name, value);
  return impl_->send(std::move(request));
}

Result<ClientResponse> HttpClient::post(std::string_view target, std::string body,
                                        const Fields& fields) {
  http::request<http::string_body> request(http::verb::post, std::string(target), 11);
  for (const auto& [name, value] : fields) request.set(name, value);
  request.body() = std::move(body);
  return impl_->send(std::move(request));
}

}  // namespace tact
