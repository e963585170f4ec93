#include "store/store.h"

#include "store/internal/rocks_store.h"

namespace tact {

Result<std::unique_ptr<Store>> Store::open(const std::string& directory, StoreOptions options) {
  TACT_ASSIGN(std::unique_ptr<Store> store, internal::RocksStore::open(directory, options));
  return store;
}

}  // namespace tact
