// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording/index.hpp"

#include <filesystem>
#include <fstream>

#include "recording/folder.hpp"
#include "recording/keep.hpp"
#include "recording/recovery.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using recording::FileRecord;
using recording::IndexedFile;

namespace {

const UtcTime kNow = *parse_utc("2026-11-21T12:00:00Z");

FileRecord record_of(const std::string& name, UtcTime end) {
  FileRecord record;
  record.file = name;
  record.start = end - 1h;
  record.end = end;
  return record;
}

/// A folder with an index of files that each have so many bytes.
struct Archive {
  void add(const std::string& name, std::chrono::nanoseconds age, std::size_t bytes = 1'000) {
    std::ofstream(path(name)) << std::string(bytes, 'x');
    folder->append_line("index.jsonl", index_line(record_of(name, kNow - age)));
  }
  [[nodiscard]] std::string path(const std::string& name) const { return where.file(name); }
  [[nodiscard]] bool has(const std::string& name) const { return std::filesystem::exists(path(name)); }

  test::TemporaryFolder where;
  std::unique_ptr<recording::Folder> folder = recording::open_folder(where.file("."), false);
};

}  // namespace

TEST_CASE("a line of the index tells all of a file") {
  FileRecord record = record_of("a.flac", kNow);
  record.frames = 172'800'000;
  record.gaps = {{480, 96}};
  record.outages = {{kNow - 10s, kNow - 5s}};
  record.cn = {10.04, 30.06, 50};
  record.clock_error = -12'345us;
  record.ps = {"A \"quoted\" \x1b name", "\xff bad UTF-8"};
  const std::string line = index_line(record);
  CHECK(line.back() == '\n');
  CHECK(std::count(line.begin(), line.end(), '\n') == 1);
  CHECK_THAT(line, ContainsSubstring(R"("file":"a.flac","start":"2026-11-21T11:00:00.000Z")"));
  CHECK_THAT(line, ContainsSubstring(R"("frames":172800000)") && ContainsSubstring(R"("complete":true)"));
  CHECK_THAT(line, ContainsSubstring(R"("gaps":[{"frame":480,"frames":96}])"));
  CHECK_THAT(line,
             ContainsSubstring(
                 R"("no_signal":[{"start":"2026-11-21T11:59:50.000Z","end":"2026-11-21T11:59:55.000Z"}])"));
  CHECK_THAT(line, ContainsSubstring(R"("cn_db":{"min":10.0,"mean":30.1,"max":50.0})"));
  CHECK_THAT(line, ContainsSubstring(R"("clock_error_s":-0.012)"));
  CHECK_THAT(line, ContainsSubstring(R"("A \"quoted\" \u001b name")"));
  CHECK(recording::read_index(line) == std::vector{IndexedFile{"a.flac", kNow}});
}

TEST_CASE("an index is read around what is torn, deleted or none of ours") {
  const std::string text =
      index_line(record_of("a.wav", kNow - 2h)) + index_line(record_of("b.wav", kNow - 1h)) +
      recording::deletion_line("a.wav", kNow) + "[1,2]\n\"x\"\n{\"type\":\"file\",\"file\":3}\n" +
      "{\"type\":\"file\",\"file\":\"c.wav\",\"end\":\"yesterday\"}\n" +
      index_line(record_of("d.wav", kNow)).substr(0, 40);
  CHECK(recording::read_index(text) == std::vector{IndexedFile{"b.wav", kNow - 1h}});
}

TEST_CASE("what has the wrong type in an index is left out") {
  for (const char* line : {R"({"type":"file","file":"a.wav","end":3})", R"({"type":7,"file":"a.wav"})",
                           R"({"type":"begun","file":"a.wav","start":{}})", R"({"type":"file","file":""})"}) {
    CAPTURE(line);
    CHECK(recording::read_index(line).empty());
    CHECK(recording::read_unfinished(line).empty());
  }
}

TEST_CASE("what was begun is unfinished until a line says what became of it") {
  const recording::BegunFile begun{"a.wav", kNow - 1h, 48'000, "92.7 MHz"};
  const auto unfinished = recording::read_unfinished(recording::begin_line(begun));
  REQUIRE(unfinished.size() == 1);
  CHECK(unfinished[0].file == "a.wav");
  CHECK(unfinished[0].start == kNow - 1h);
  CHECK(unfinished[0].first_frame == 48'000);
  CHECK(unfinished[0].frequency == "92.7 MHz");
  CHECK(recording::read_index(recording::begin_line(begun)).empty());
  CHECK(recording::read_unfinished(recording::begin_line(begun) + index_line(record_of("a.wav", kNow)))
            .empty());
  CHECK(recording::read_unfinished(index_line(record_of("a.wav", kNow)) + recording::begin_line(begun))
            .size() == 1);
}

TEST_CASE("what a run that was cut short has left is named and listed, and deleted in its time") {
  Archive archive;
  std::ofstream(archive.path("a.wav.part")) << "left over";
  archive.folder->append_line("index.jsonl", recording::begin_line({"a.wav", kNow - 5h, 0, "92.7 MHz"}));
  archive.folder->append_line("index.jsonl", recording::begin_line({"gone.wav", kNow - 4h, 0, "92.7 MHz"}));
  archive.folder->append_line("index.jsonl", recording::begin_line({"../up.wav", kNow - 4h, 0, "92.7 MHz"}));
  archive.folder->append_line("index.jsonl", recording::begin_line({"busy.wav", kNow - 3h, 0, "92.7 MHz"}));
  const auto busy = archive.folder->create("busy.wav", recording::Existing::keep);

  const auto an_hour = [](int) { return std::optional<std::uint64_t>(3600 * 48'000); };
  recover_unfinished(*archive.folder, "index.jsonl", an_hour);
  CHECK(archive.has("a-1.wav"));
  CHECK_FALSE(archive.has("a.wav.part"));
  CHECK(archive.has("busy.wav.part"));
  const std::string text = archive.folder->read("index.jsonl").value();
  CHECK(recording::read_index(text) == std::vector{IndexedFile{"a-1.wav", kNow - 4h}});
  CHECK_THAT(text, ContainsSubstring(R"("frames":172800000,"bytes":9,"complete":false,"problem":")"));

  recover_unfinished(*archive.folder, "index.jsonl", an_hour);  // once
  CHECK(archive.folder->read("index.jsonl") == text);
  delete_old_files(*archive.folder, "index.jsonl", {3h, {}}, kNow);
  CHECK_FALSE(archive.has("a-1.wav"));
}

TEST_CASE("a year of ten-minute files is read in no time") {
  // Quadratic, it would take 1.4e9 comparisons.
  std::string text;
  for (int i = 0; i < 52'560; ++i) text += index_line(record_of(std::to_string(i) + ".wav", kNow));
  CHECK(recording::read_index(text).size() == 52'560);
}

TEST_CASE("files older than their age are deleted, and no others") {
  Archive archive;
  archive.add("old.wav", 49h);
  archive.add("new.wav", 47h);
  std::ofstream(archive.path("mine.wav")) << "not recorded by fmrx";
  delete_old_files(*archive.folder, "index.jsonl", {48h, {}}, kNow);
  CHECK_FALSE(archive.has("old.wav"));
  CHECK(archive.has("new.wav"));
  CHECK(archive.has("mine.wav"));
  CHECK(recording::read_index(*archive.folder->read("index.jsonl")).size() == 1);
}

TEST_CASE("the oldest files are deleted until the rest fits") {
  Archive archive;
  archive.add("2.wav", 2h);
  archive.add("3.wav", 3h);
  archive.add("1.wav", 1h);
  delete_old_files(*archive.folder, "index.jsonl", {{}, 2'500}, kNow);
  CHECK_FALSE(archive.has("3.wav"));
  CHECK(archive.has("2.wav"));
  CHECK(archive.has("1.wav"));
}

TEST_CASE("an index cannot make anything outside the folder be deleted") {
  const test::TemporaryFolder outside;
  Archive archive;
  std::ofstream(outside.file("victim.wav")) << "precious";
  std::ofstream(archive.path("target.wav")) << "precious";
  std::filesystem::create_symlink(outside.file("."), archive.path("link"));
  std::filesystem::create_symlink(archive.path("target.wav"), archive.path("link.wav"));
  std::filesystem::create_directory(archive.path("folder.wav"));
  const std::string up =
      "../" + std::filesystem::path(outside.file("victim.wav")).parent_path().filename().string();
  for (const std::string& name :
       {outside.file("victim.wav"), up + "/victim.wav", std::string("link/victim.wav"),
        std::string("link.wav"), std::string("folder.wav"), std::string(".")}) {
    archive.folder->append_line("index.jsonl", index_line(record_of(name, kNow - 1000h)));
  }
  delete_old_files(*archive.folder, "index.jsonl", {1h, {}}, kNow);
  CHECK(std::filesystem::exists(outside.file("victim.wav")));
  CHECK(archive.has("target.wav"));
  CHECK(std::filesystem::is_symlink(archive.path("link.wav")));
  CHECK(archive.has("folder.wav"));
}
