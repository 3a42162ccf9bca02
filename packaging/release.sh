#!/bin/sh
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# packaging/release.sh [FOLDER]: writes what packages are built from into FOLDER (build/release-files): the
# archive of the last commit, and the recipes that refer to it. packaging/README.md says how each is used.
# $FMRX_URL is where the archive will be published; without it, recipes refer to the file itself.
set -eu
umask 022
cd "$(dirname "$0")/.."
mkdir -p "${1:-build/release-files}"
folder=$(cd "${1:-build/release-files}" && pwd)

version=$(sed -n 's/^project(fmrx VERSION \([0-9.]*\) .*/\1/p' CMakeLists.txt)
name=fmrx-$version
archive=$folder/$name.tar.gz
git archive --format=tar --prefix="$name/" HEAD | gzip -9n >"$archive"
hash=$(sha256sum "$archive" | cut -d' ' -f1)
when=$(git log -1 --format=%ct)

# The version has one source, CMakeLists.txt, so recipes are filled in here.
fill_in() {
  sed -e "s|@VERSION@|$version|g" -e "s|@SHA256@|$hash|g" \
    -e "s|@URL@|${FMRX_URL:-file://$archive}|g" \
    -e "s|@DATE@|$(LC_ALL=C date -u -R -d "@$when")|g" \
    -e "s|@RPM_DATE@|$(LC_ALL=C date -u -d "@$when" '+%a %b %d %Y')|g" "$1" >"$2"
}

fill_in packaging/fmrx.spec.in "$folder/fmrx.spec"
fill_in packaging/PKGBUILD.in "$folder/PKGBUILD"
fill_in packaging/fmrx.rb.in "$folder/fmrx.rb"

rm -rf "${folder:?}/$name"
tar -C "$folder" -xzf "$archive"
ln -f "$archive" "$folder/fmrx_$version.orig.tar.gz"
cp -R packaging/debian "$folder/$name/debian"
rm "$folder/$name/debian/changelog.in" "$folder/$name/debian/cpack.cmake"
fill_in packaging/debian/changelog.in "$folder/$name/debian/changelog"
echo "$folder"
