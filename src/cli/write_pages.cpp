// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Run by the build, on the machine that builds: write_pages FOLDER VERSION DATE writes the
// manual page and the shells' completions into the folder.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "cli/completion.hpp"
#include "cli/manual.hpp"

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: write_pages FOLDER VERSION DATE\n", stderr);
    return EXIT_FAILURE;
  }
  const std::filesystem::path folder(argv[1]);
  try {
    write(folder / "fmrx.1", fmrx::cli::manual_page(argv[2], argv[3]));
    write(folder / "completions" / "fmrx.bash", fmrx::cli::bash_completion());
    write(folder / "completions" / "_fmrx", fmrx::cli::zsh_completion());
    write(folder / "completions" / "fmrx.fish", fmrx::cli::fish_completion());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "write_pages: %s\n", error.what());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
