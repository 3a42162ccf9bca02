# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Run by cpack in the files that become a .deb: what debhelper does for dpkg-buildpackage.
cmake_minimum_required(VERSION 3.22)
set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY})
execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/arrange.sh ${root} COMMAND_ERROR_IS_FATAL ANY)

set(docs ${root}/usr/share/doc/fmrx)
file(COPY ${CMAKE_CURRENT_LIST_DIR}/copyright DESTINATION ${docs} NO_SOURCE_PERMISSIONS)
file(RENAME ${docs}/CHANGELOG.md ${docs}/changelog)
string(TIMESTAMP DATE "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(VERSION ${CPACK_PACKAGE_VERSION})
configure_file(${CMAKE_CURRENT_LIST_DIR}/changelog.in ${docs}/changelog.Debian @ONLY NO_SOURCE_PERMISSIONS)
# -n: without the time, so that two builds are the same.
execute_process(COMMAND gzip -9n ${docs}/changelog ${docs}/changelog.Debian ${root}/usr/share/man/man1/fmrx.1
  COMMAND_ERROR_IS_FATAL ANY)
