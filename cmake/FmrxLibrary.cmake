# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later

# fmrx_library(name SOURCES a.cpp ... LINK other ...): one folder of src as a
# static library. Includes are written from src/: #include "rt/task.hpp".
function(fmrx_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${name} PUBLIC ${arg_LINK} PRIVATE ${arg_PRIVATE_LINK})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${name} INTERFACE ${arg_LINK})
  endif()
endfunction()

# fmrx_test(name SOURCES a.cpp ... LINK lib ... ARGUMENTS "~[tag]" ...): one Catch2
# program, one CTest entry. Catch2 3 brings its own main; for 2.13 tests/support has one.
function(fmrx_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;ARGUMENTS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${arg_LINK} fmrx_test_main)
  add_test(NAME ${name} COMMAND ${name} ${arg_ARGUMENTS})
endfunction()
