# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Warnings, sanitizers and reproducible paths, for every target of the project.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough)
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
if(FMRX_WERROR)
  add_compile_options(-Werror)
endif()
if(FMRX_SANITIZE)
  add_compile_options(-fsanitize=${FMRX_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FMRX_SANITIZE})
endif()
