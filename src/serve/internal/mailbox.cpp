#include "serve/internal/mailbox.h"

#include <atomic>
#include <utility>

#include "serve/problem.h"

namespace tact::internal {
namespace {

thread_local DirectAnswer* direct_answer = nullptr;

}  // namespace

void Mailbox::post(Envelope envelope) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  const bool first = queue_.empty();
  queue_.push_back(std::move(envelope));
  if (first) wake_();
}

void Mailbox::take(std::vector<Envelope>& into) {
  into.clear();
  const std::lock_guard lock(mutex_);
  queue_.swap(into);
}

void Mailbox::close() {
  std::vector<Envelope> dropped;  // destroyed without the lock: answers may hold anything
  const std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(queue_);
}

DirectAnswer::DirectAnswer(const Mailbox* mailbox, std::uint64_t connection, std::uint64_t request)
    : mailbox_(mailbox), connection_(connection), request_(request), outer_(direct_answer) {
  direct_answer = this;
}

DirectAnswer::~DirectAnswer() { direct_answer = outer_; }

// The state behind every copy of one Respond.
class Reply {
 public:
  Reply(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection, std::uint64_t request)
      : mailbox_(std::move(mailbox)), connection_(connection), request_(request) {}
  ~Reply() {
    if (answered_.load(std::memory_order_relaxed)) return;
    answer(problem(make_error(ErrorCode::kInternal, "a handler gave no answer")));
  }
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  void answer(HttpResponse response) {
    if (answered_.exchange(true, std::memory_order_relaxed)) return;
    DirectAnswer* const direct = direct_answer;
    if (direct != nullptr && direct->mailbox_ == mailbox_.get() &&
        direct->connection_ == connection_ && direct->request_ == request_) {
      direct->response_ = std::move(response);
      return;
    }
    mailbox_->post({connection_, request_, std::move(response)});
  }

 private:
  const std::shared_ptr<Mailbox> mailbox_;
  const std::uint64_t connection_;
  const std::uint64_t request_;
  std::atomic<bool> answered_{false};
};

Respond make_respond(std::shared_ptr<Mailbox> mailbox, std::uint64_t connection,
                     std::uint64_t request) {
  auto reply = std::make_shared<Reply>(std::move(mailbox), connection, request);
  return [reply = std::move(reply)](HttpResponse response) { reply->answer(std::move(response)); };
}

}  // namespace tact::internal
