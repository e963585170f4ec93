#include "store/internal/background.h"

#include "base/thread.h"

namespace tact::internal {
namespace {

// Called on the thread that does the work. Each is of a pool that does nothing else.
class Priorities final : public rocksdb::EventListener {
 public:
  void OnFlushBegin(rocksdb::DB*, const rocksdb::FlushJobInfo&) override {
    let_others_go_first(kAfterRequests);
  }
  void OnCompactionBegin(rocksdb::DB*, const rocksdb::CompactionJobInfo&) override {
    let_others_go_first(kAfterThat);
  }
};

}  // namespace

std::shared_ptr<rocksdb::EventListener> background_priorities() {
  return std::make_shared<Priorities>();
}

}  // namespace tact::internal
