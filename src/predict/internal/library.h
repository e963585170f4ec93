// XGBoost's C API, loaded when the first model is fitted and kept from then on. Linked in, it would
// cost every start of the program 2 ms (docs/decisions/0009-xgboost-is-loaded-when-used.md).
#pragma once

#include <xgboost/c_api.h>

#include <string>

#include "base/result.h"

namespace tact::predict {

// The functions used, with the types of the header, so that a call is checked as if linked.
struct Library {
  decltype(&XGBoostVersion) version = nullptr;
  decltype(&XGBGetLastError) last_error = nullptr;
  decltype(&XGDMatrixCreateFromMat_omp) matrix_create = nullptr;
  decltype(&XGDMatrixSetFloatInfo) matrix_set = nullptr;
  decltype(&XGDMatrixFree) matrix_free = nullptr;
  decltype(&XGBoosterCreate) booster_create = nullptr;
  decltype(&XGBoosterFree) booster_free = nullptr;
  decltype(&XGBoosterSetParam) booster_set = nullptr;
  decltype(&XGBoosterUpdateOneIter) booster_update = nullptr;
  decltype(&XGBoosterPredict) booster_predict = nullptr;
};

// The library of the process. kUnavailable if it is not installed or not of the version known.
// Any thread.
Result<const Library*> library();

// The same from another file, for the tests of what happens where it is absent.
Result<Library> load_library(const std::string& file);

}  // namespace tact::predict
