# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Warnings, sanitizers and reproducible paths, for every target of the project.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough)
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
# GCC 12 finds impossible overlaps in the standard library's own strings (GCC bug 105329).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  add_compile_options(-Wno-restrict)
endif()
if(FMRX_WERROR)
  add_compile_options(-Werror)
endif()
if(FMRX_SANITIZE)
  add_compile_options(-fsanitize=${FMRX_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FMRX_SANITIZE})
endif()
if(FMRX_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
