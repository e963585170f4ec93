#include "engine/playbooks.h"

#include "store/keys.h"

namespace tact {

Result<std::unique_ptr<Playbooks>> Playbooks::open(const Store& store) {
  auto playbooks = std::make_unique<Playbooks>();
  Status problem = ok();
  TACT_TRY(store.scan(Family::kPlaybooks, {}, {}, [&](std::string_view, std::string_view value) {
    auto files = unpack_playbook(value);
    if (!files.has_value()) {
      problem = files.error();
      return false;
    }
    // One that no longer compiles (a later version refuses more) still has facts, but no decisions
    // to derive again; it is left out.
    if (const Compilation compiled = compile_playbook(*files); compiled.ok()) {
      playbooks->experiments_.add(*compiled.playbook);
      playbooks->all_[compiled.playbook->hash] = compiled.playbook;
    }
    return true;
  }));
  TACT_TRY(problem);
  return playbooks;
}

Result<ContentHash> Playbooks::prepare(const PlaybookFiles& files, Batch& batch) {
  const Compilation compiled = compile_playbook(files);
  if (!compiled.ok()) return compiled.first_error();
  const std::lock_guard lock(mutex_);
  const ContentHash hash = compiled.playbook->hash;
  if (!all_.contains(hash)) {
    batch.put(Family::kPlaybooks, std::string(hash.bytes.begin(), hash.bytes.end()),
              pack_playbook(files));
    all_[hash] = compiled.playbook;
    experiments_.add(*compiled.playbook);
  }
  return hash;
}

void Playbooks::make_current(const ContentHash& hash) {
  const std::lock_guard lock(mutex_);
  auto state = std::make_shared<PlaybookState>();
  state->playbook = all_.at(hash);
  experiments_.add(*state->playbook);  // again: its words and goals hold
  state->experiments = experiments_;
  current_.set(std::move(state));
}

Result<std::shared_ptr<const Playbook>> Playbooks::find(const ContentHash& hash) const {
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(hash);
  if (found == all_.end()) {
    return make_error(ErrorCode::kNotFound,
                      "the playbook " + hash.to_text() + " is not stored here");
  }
  return found->second;
}

}  // namespace tact
