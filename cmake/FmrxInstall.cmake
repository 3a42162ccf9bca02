# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
# What `cmake --install` puts where, and the .deb that `cpack` makes of it.
include(GNUInstallDirs)

set(FMRX_DONGLE_GROUP plugdev CACHE STRING "Group that librtlsdr's udev rules give dongles to, for the service")

install(TARGETS fmrx)
install(FILES ${PROJECT_BINARY_DIR}/fmrx.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_BINARY_DIR}/completions/fmrx.bash
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME fmrx)
install(FILES ${PROJECT_BINARY_DIR}/completions/_fmrx DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${PROJECT_BINARY_DIR}/completions/fmrx.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

install(FILES README.md CHANGELOG.md LICENSES/GPL-2.0-or-later.txt DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY packaging/examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  configure_file(packaging/systemd/fmrx@.service.in packaging/fmrx@.service @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/packaging/fmrx@.service DESTINATION lib/systemd/system)
endif()

# packaging/debian/control is where Debian's fields stand.
file(READ packaging/debian/control control)
string(REGEX MATCH "\nDescription: ([^\n]*)\n(.*)" description "${control}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${CMAKE_MATCH_1}")
string(REGEX REPLACE "(^|\n) \\.?" "\\1" CPACK_DEBIAN_PACKAGE_DESCRIPTION "${CMAKE_MATCH_2}")
string(REGEX MATCH "Maintainer: ([^\n]*)" maintainer "${control}")
set(CPACK_PACKAGE_CONTACT "${CMAKE_MATCH_1}")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/debian/cpack.cmake)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION hamradio)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS libasound2-plugins)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS sox)
include(CPack)
