# Flags every target gets, and tact_module(): one static library per module with its tests,
# fuzzers and benchmarks beside it.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
if(TACT_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()

# What the program calls most is linked into it: calls and thread-local variables cost more across
# the border of a shared library, 5 % of a decision's instructions (docs/operations/benchmarks.md).
set(Boost_USE_STATIC_LIBS ${TACT_STATIC})

# tact_static(TARGET LIBRARY...): an interface to these static libraries, each before those it needs.
function(tact_static target)
  add_library(${target} INTERFACE)
  foreach(library IN LISTS ARGN)
    find_library(TACT_STATIC_${library} NAMES lib${library}.a REQUIRED)
    target_link_libraries(${target} INTERFACE ${TACT_STATIC_${library}})
  endforeach()
  target_link_libraries(${target} INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
endfunction()

if(TACT_STATIC)
  tact_static(tact_rocksdb rocksdb gflags snappy bz2 lz4 zstd z)  # what librocksdb-dev depends on
  tact_static(tact_jemalloc jemalloc)
else()
  foreach(library rocksdb jemalloc)
    pkg_check_modules(TACT_${library} REQUIRED IMPORTED_TARGET ${library})
    add_library(tact_${library} INTERFACE)
    target_link_libraries(tact_${library} INTERFACE PkgConfig::TACT_${library})
  endforeach()
endif()

add_library(tact_flags INTERFACE)
target_include_directories(tact_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
# -ffp-contract=off: fold and decide must give the same bits on every CPU (ARCHITECTURE.md, truth 1).
target_compile_options(tact_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                       -Wold-style-cast -Wno-missing-field-initializers -ffp-contract=off
                       $<$<NOT:$<CONFIG:Release>>:-fno-omit-frame-pointer>)
# g++ clears and copies what is a little larger by rep stos and rep movs, which take some thirty
# cycles to begin; the C library's functions do not.
set(moving_memory unrolled_loop:64:noalign,libcall:-1:noalign)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(tact_flags INTERFACE $<$<CONFIG:Release>:-mmemset-strategy=${moving_memory}>
                         $<$<CONFIG:Release>:-mmemcpy-strategy=${moving_memory}>)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(tact_flags INTERFACE -fpch-preprocess)  # for ccache beside a precompiled header
  # g++ 12 reports false positives for these in optimised std::string and std::optional code.
  target_compile_options(tact_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized
                         -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # libstdc++ 12's own stable_sort uses what it declares deprecated.
  target_compile_options(tact_flags INTERFACE -Wno-deprecated-declarations)
endif()
if(TACT_WERROR)
  target_compile_options(tact_flags INTERFACE -Werror)
endif()
if(TACT_SANITIZE)
  target_compile_options(tact_flags INTERFACE -fsanitize=${TACT_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(tact_flags INTERFACE -fsanitize=${TACT_SANITIZE})
endif()

# What nearly every source includes, compiled once: 2 to 4 CPU seconds less for each. Sources include
# what they use all the same; -DTACT_PCH=OFF shows one that does not (nothing runs that by itself).
option(TACT_PCH "Precompile the heavy headers" ON)
function(tact_precompile name)
  if(TACT_PCH)
    find_package(Boost 1.81 REQUIRED COMPONENTS json)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cpp CONTENT "// Carries the precompiled header.\n")
    add_library(${name} STATIC ${CMAKE_BINARY_DIR}/${name}.cpp)
    target_link_libraries(${name} PRIVATE tact_flags Boost::json)
    target_precompile_headers(${name} PRIVATE <algorithm> <cstdint> <functional> <map> <memory> <mutex> <optional>
                              <string> <string_view> <unordered_map> <variant> <vector> <boost/json.hpp> ${ARGN})
  endif()
endfunction()
tact_precompile(tact_pch)
if(TACT_TESTS)
  tact_precompile(tact_test_pch <gtest/gtest.h>)
  if(TACT_PCH)
    target_link_libraries(tact_test_pch PRIVATE GTest::gtest)
  endif()
endif()

# tact_use_pch(TARGET PCH)
function(tact_use_pch target pch)
  if(TACT_PCH)
    target_precompile_headers(${target} REUSE_FROM ${pch})
  endif()
endfunction()

if(TACT_FUZZ)
  add_custom_target(fuzzers)  # all of them, and no more of the modules than they link
endif()

# tact_module(NAME
#   SOURCES a.cpp …            the library
#   TESTS a_test.cpp …         one executable NAME_test
#   FUZZERS a_fuzz.cpp …       one libFuzzer executable each (TACT_FUZZ), and a test that runs it for a while
#   BENCHES a_bench.cpp …      one Google Benchmark executable NAME_bench (TACT_BENCH)
#   PUBLIC lib …               what its public headers show
#   PRIVATE lib …)             what only its sources use
function(tact_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;TESTS;FUZZERS;BENCHES;PUBLIC;PRIVATE" ${ARGN})
  if(ARG_SOURCES)
    add_library(tact_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(tact_${name} PUBLIC tact_flags ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
    tact_use_pch(tact_${name} tact_pch)
  else()
    add_library(tact_${name} INTERFACE)
    target_link_libraries(tact_${name} INTERFACE tact_flags ${ARG_PUBLIC})
  endif()
  if(TACT_TESTS AND ARG_TESTS)
    add_executable(${name}_test ${ARG_TESTS})
    target_link_libraries(${name}_test PRIVATE tact_${name} ${ARG_PRIVATE} GTest::gmock GTest::gtest_main)
    tact_use_pch(${name}_test tact_test_pch)
    gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST
                         PROPERTIES LABELS unit WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
  if(TACT_FUZZ AND ARG_FUZZERS)
    foreach(source IN LISTS ARG_FUZZERS)
      get_filename_component(target ${source} NAME_WE)
      add_executable(${target} ${source})
      target_link_libraries(${target} PRIVATE tact_${name} ${ARG_PRIVATE})
      target_link_options(${target} PRIVATE -fsanitize=fuzzer)
      add_dependencies(fuzzers ${target})
      add_test(NAME fuzz.${target} COMMAND ${CMAKE_SOURCE_DIR}/tools/fuzz $<TARGET_FILE:${target}>)
      set_tests_properties(fuzz.${target} PROPERTIES LABELS fuzz)
    endforeach()
  endif()
  if(TACT_BENCH AND ARG_BENCHES)
    find_package(benchmark REQUIRED)
    add_executable(${name}_bench ${ARG_BENCHES})
    target_link_libraries(${name}_bench PRIVATE tact_${name} ${ARG_PRIVATE} benchmark::benchmark_main)
  endif()
endfunction()
