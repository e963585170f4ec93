#include "predict/internal/library.h"

#include <dlfcn.h>
#include <xgboost/version_config.h>

namespace tact::predict {
namespace {

// Debian's soname; the number of the upstream version is not in it, so that is asked for as well.
constexpr const char* kFile = "libxgboost.so.0";

template <typename Function>
bool find(void* handle, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(handle, name));  // NOLINT: what dlsym is for
  return function != nullptr;
}

}  // namespace

Result<Library> load_library(const std::string& file) {
  // Local: its symbols, and those of its OpenMP, meet nobody else's.
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    return make_error(ErrorCode::kUnavailable,
                      "XGBoost cannot be loaded; install the package libxgboost0", file);
  }
  Library found;
  const bool complete = find(handle, "XGBoostVersion", found.version) &&
                        find(handle, "XGBGetLastError", found.last_error) &&
                        find(handle, "XGDMatrixCreateFromMat_omp", found.matrix_create) &&
                        find(handle, "XGDMatrixSetFloatInfo", found.matrix_set) &&
                        find(handle, "XGDMatrixFree", found.matrix_free) &&
                        find(handle, "XGBoosterCreate", found.booster_create) &&
                        find(handle, "XGBoosterFree", found.booster_free) &&
                        find(handle, "XGBoosterSetParam", found.booster_set) &&
                        find(handle, "XGBoosterUpdateOneIter", found.booster_update) &&
                        find(handle, "XGBoosterPredict", found.booster_predict);
  int major = 0;
  if (complete) found.version(&major, nullptr, nullptr);
  if (major != XGBOOST_VER_MAJOR) {
    dlclose(handle);
    return make_error(ErrorCode::kUnavailable,
                      "this is not XGBoost " + std::to_string(XGBOOST_VER_MAJOR) +
                          "; install the package libxgboost0 of Debian 12",
                      file);
  }
  return found;
}

Result<const Library*> library() {
  static const Result<Library> loaded = load_library(kFile);
  if (!loaded) return loaded.error();
  return &loaded.value();
}

}  // namespace tact::predict
