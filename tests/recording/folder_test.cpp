// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording/folder.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;
using recording::Existing;
using recording::Folder;
using recording::NewFile;

namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <class Action>
int error_of(Action action) {
  try {
    action();
  } catch (const std::system_error& error) {
    return error.code().value();
  }
  return 0;
}

void write(Folder& folder, const std::string& name, const std::string& text,
           Existing existing = Existing::keep) {
  const auto file = folder.create(name, existing);
  file->write(bytes_of(text));
  file->finish(name);
}

}  // namespace

TEST_CASE("a file can be gone back into, cut and gone on with") {
  const test::TemporaryFolder where;
  const auto folder = recording::open_folder(where.file("."), false);
  const auto file = folder->create("x", Existing::keep);
  file->write(bytes_of("hello world"));
  file->write_at(0, bytes_of("J"));
  file->truncate(5);
  file->write(bytes_of("!"));
  CHECK(file->size() == 6);
  CHECK(file->finish("x") == "x");
  CHECK(contents(where.file("x")) == "Jello!");
}

TEST_CASE("a file may be finished under another name than it began with") {
  const test::TemporaryFolder where;
  const auto folder = recording::open_folder(where.file("."), false);
  const auto file = folder->create("a.wav", Existing::keep);
  CHECK(file->finish("later/b.wav") == "later/b.wav");
  CHECK(std::filesystem::exists(where.file("later/b.wav")));
  CHECK_FALSE(std::filesystem::exists(where.file("a.wav.part")));
}

TEST_CASE("names that are taken are counted on") {
  const test::TemporaryFolder where;
  const auto folder = recording::open_folder(where.file("."), false);
  for (const char* expected : {"a.b/x.wav", "a.b/x-1.wav", "a.b/x-2.wav"}) {
    const auto file = folder->create("a.b/y.wav", Existing::keep);
    CHECK(file->finish("a.b/x.wav") == expected);
  }
  const auto file = folder->create("plain", Existing::keep);
  write(*folder, "a.b/plain", "");
  CHECK(file->finish("a.b/plain") == "a.b/plain-1");
}

TEST_CASE("an existing file stays until the new one is whole") {
  const test::TemporaryFolder where;
  const auto folder = recording::open_folder(where.file("."), false);
  write(*folder, "x", "old");
  CHECK(error_of([&] { return folder->create("x", Existing::keep); }) == EEXIST);
  const auto file = folder->create("x", Existing::replace);
  file->write(bytes_of("new"));
  CHECK(contents(where.file("x")) == "old");
  file->finish("x");
  CHECK(contents(where.file("x")) == "new");
}

TEST_CASE("no name leads out of the folder, by itself or through a link") {
  const test::TemporaryFolder where;
  const test::TemporaryFolder outside;
  const auto folder = recording::open_folder(where.file("."), false);
  for (const char* name : {"", ".", "..", "../x", "a/../../x", "a//b", "/etc/x"}) {
    CAPTURE(name);
    CHECK(error_of([&] { return folder->create(name, Existing::replace); }) == EINVAL);
  }
  std::filesystem::create_directory_symlink(outside.file("."), where.file("link"));
  CHECK(error_of([&] { return folder->create("link/x", Existing::replace); }) != 0);
  // Neither is what a link at the file's own name points to written.
  std::ofstream(outside.file("victim")) << "precious";
  std::filesystem::create_symlink(outside.file("victim"), where.file("y.part"));
  CHECK(error_of([&] { return folder->create("y", Existing::replace); }) != 0);
  CHECK(error_of([&] { folder->append_line("y.part", "line\n"); }) != 0);
  CHECK(contents(outside.file("victim")) == "precious");
}

TEST_CASE("a file that is deleted while it is written is noticed when it is synced") {
  const test::TemporaryFolder where;
  const auto folder = recording::open_folder(where.file("."), false);
  const auto file = folder->create("x", Existing::keep);
  file->write(bytes_of("hello"));
  file->sync();
  std::filesystem::remove(where.file("x.part"));
  CHECK(error_of([&] { file->sync(); }) == ENOENT);
}

TEST_CASE("lines are appended, also to a file that ends within one") {
  const test::TemporaryFolder where;
  const auto folder = recording::open_folder(where.file("."), false);
  CHECK_FALSE(folder->read("index").has_value());
  folder->append_line("index", "a\n");
  folder->append_line("index", "b\n");
  CHECK(folder->read("index") == "a\nb\n");
  std::ofstream(where.file("index"), std::ios::app) << "torn";
  folder->append_line("index", "c\n");
  CHECK(folder->read("index") == "a\nb\ntorn\nc\n");
}
