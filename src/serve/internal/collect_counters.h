// What collecting took out and whom it set apart, since the process began: lines of /metrics.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "collect/collect.h"

namespace tact {

// Self-synchronised: any I/O thread adds.
class CollectCounters {
 public:
  void add(const CollectNotes& notes);
  void note_event(std::uint8_t flags);   // of a record that is about to be stored
  void note_decide(std::uint8_t flags);  // of a question

  // Prometheus text format 0.0.4. Every label is there from the beginning.
  void append_to(std::string& out) const;

 private:
  struct Nobody {
    std::atomic<std::uint64_t> bots{0}, staff{0};
    void note(std::uint8_t flags);
  };
  std::array<std::atomic<std::uint64_t>, kDroppedKinds> dropped_{};
  Nobody events_, decides_;
};

}  // namespace tact
