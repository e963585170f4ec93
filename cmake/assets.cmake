# Files inside the binary.
#
# tact_embed_assets(TARGET PREFIX /demo/ DIRECTORY web/shop/dist)   every file below the folder
# tact_embed_assets(TARGET PREFIX /tact.js FILE web/sdk/dist/tact.js)
#
# Paths are relative to the repository. The bytes get into the object file by the assembler's
# .incbin, with a gzip variant of text files beside them; src/serve/assets.h finds them by path. A
# folder that is not there yet gives a warning and no assets; the build looks again each time
# (CONFIGURE_DEPENDS), so build the web workspaces first or build twice.
# ccache notices .incbin "…" and does not cache that one object file.

find_program(TACT_GZIP gzip)

function(tact_embed_assets target)
  cmake_parse_arguments(ARG "" "PREFIX;DIRECTORY;FILE" "" ${ARGN})
  cmake_path(GET CMAKE_CURRENT_FUNCTION_LIST_DIR PARENT_PATH repository)
  if(ARG_FILE)
    file(GLOB files CONFIGURE_DEPENDS ${repository}/${ARG_FILE})
    set(root "")
  else()
    set(root ${repository}/${ARG_DIRECTORY})
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${root}/*)
    set_property(GLOBAL APPEND PROPERTY TACT_MOUNTS_${target} ${ARG_PREFIX})
  endif()
  if(NOT files)
    message(WARNING "${ARG_FILE}${ARG_DIRECTORY} is not built: no ${ARG_PREFIX} in this binary")
  endif()
  foreach(file IN LISTS files)
    if(file MATCHES "[\"\\\\;]")
      message(FATAL_ERROR "tact_embed_assets: unusable file name ${file}")
    endif()
    set(url ${ARG_PREFIX})
    if(root)
      file(RELATIVE_PATH below ${root} ${file})
      string(APPEND url ${below})
    endif()
    # A copy, because a bundler may replace its folder while this build runs.
    set(copy ${CMAKE_CURRENT_BINARY_DIR}/assets${url})
    cmake_path(GET copy PARENT_PATH folder)
    file(MAKE_DIRECTORY ${folder})
    file(COPY_FILE ${file} ${copy} RESULT failed ONLY_IF_DIFFERENT)
    if(failed)
      message(WARNING "${file} vanished while configuring; build again")
      continue()
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    set_property(GLOBAL APPEND PROPERTY TACT_ASSETS_${target} "${url}|${copy}")
  endforeach()
  get_property(deferred GLOBAL PROPERTY TACT_ASSETS_DEFERRED_${target})
  if(NOT deferred)
    set_property(GLOBAL PROPERTY TACT_ASSETS_DEFERRED_${target} TRUE)
    cmake_language(EVAL CODE "cmake_language(DEFER CALL tact_write_assets ${target})")
  endif()
endfunction()

# Appends the assembler lines that make `symbol` and `symbol`_size out of a file.
macro(tact_incbin symbol file)
  string(APPEND code "asm(R\"(\n.pushsection .rodata\n.balign 16\n${symbol}:\n.incbin \"${file}\"\n"
    "${symbol}_end:\n.byte 0\n.balign 8\n${symbol}_size:\n.quad ${symbol}_end - ${symbol}\n"
    ".global ${symbol}\n.global ${symbol}_size\n.popsection\n)\");\n"
    "extern \"C\" const char ${symbol}[];\nextern \"C\" const unsigned long ${symbol}_size;\n")
endmacro()

# Writes the one source file with all assets of a target, at the end of its directory.
function(tact_write_assets target)
  get_property(assets GLOBAL PROPERTY TACT_ASSETS_${target})
  get_property(mounts GLOBAL PROPERTY TACT_MOUNTS_${target})
  set(code "// Written by cmake/assets.cmake.\n#include \"serve/assets.h\"\n\n")
  set(table "")
  set(depends "")
  set(index 0)
  foreach(asset IN LISTS assets)
    string(REGEX MATCH "^([^|]*)\\|(.*)$" _ "${asset}")
    set(url "${CMAKE_MATCH_1}")
    set(file "${CMAKE_MATCH_2}")
    tact_incbin(tact_asset_${index} "${file}")
    list(APPEND depends ${file})
    set(gzip "{}")
    if(TACT_GZIP AND file MATCHES "\\.(js|mjs|css|html|svg|json|txt|map|xml|wasm|webmanifest)$")
      set(packed ${file}.gz)
      add_custom_command(OUTPUT ${packed} DEPENDS ${file} VERBATIM
        COMMAND sh -c "\"$1\" -9 -n -c \"$2\" > \"$3\"" sh ${TACT_GZIP} ${file} ${packed})
      tact_incbin(tact_asset_${index}_gz "${packed}")
      list(APPEND depends ${packed})
      set(gzip "{tact_asset_${index}_gz, tact_asset_${index}_gz_size}")
    endif()
    string(APPEND table
      "      {\"${url}\", {tact_asset_${index}, tact_asset_${index}_size}, ${gzip}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  list(JOIN mounts "\", \"" mount_list)
  string(APPEND code "\nnamespace tact {\n\nEmbeddedAssets embedded_assets() {\n  return {{\n"
    "${table}  }, {\"${mount_list}\"}};\n}\n\n}  // namespace tact\n")
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_assets.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "${code}" @ONLY)
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${depends}"
    SKIP_PRECOMPILE_HEADERS ON)
  target_sources(${target} PRIVATE ${source})
endfunction()
