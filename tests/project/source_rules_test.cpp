// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Rules of CONTRIBUTING.md that no compiler checks. Each is tried on bad examples first, then on the
// project itself.
#include "project/source_rules.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "support/catch2.hpp"

using namespace fmrx::project;
namespace fs = std::filesystem;

namespace {

const fs::path kCheckout = FMRX_SOURCE_DIR;

/// Build trees and what tools keep for themselves; .ci is ours.
bool is_foreign(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name.starts_with("build") || name == "LICENSES" || (name.starts_with('.') && name != ".ci");
}

std::vector<std::string> project_files() {
  std::vector<std::string> paths;
  auto at = fs::recursive_directory_iterator(kCheckout);
  for (; at != fs::recursive_directory_iterator(); ++at) {
    if (at->is_directory()) {
      if (is_foreign(at->path())) at.disable_recursion_pending();
    } else if (at->is_regular_file()) {
      paths.push_back(fs::relative(at->path(), kCheckout).generic_string());
    }
  }
  std::ranges::sort(paths);
  return paths;
}

std::string read(const std::string& path) {
  std::ifstream file(kCheckout / path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool is_cpp(const std::string& path) {
  return path.ends_with(".cpp") || path.ends_with(".hpp");
}

bool is_source(const std::string& path) {
  return is_cpp(path) || path.ends_with("CMakeLists.txt") || path.ends_with(".cmake") ||
         path.ends_with(".sh") || path == ".ci/run";
}

bool is_text(const std::string& path) {
  return is_source(path) || path.ends_with(".md") || path.ends_with(".json");
}

/// Runs `check` on every file that `applies` takes; reports lines "PATH:LINE: WHAT".
void check_project(const std::function<bool(const std::string&)>& applies,
                   const std::function<Findings(const std::string&, const std::string&)>& check) {
  std::string report;
  std::size_t checked = 0;
  for (const std::string& path : project_files()) {
    if (!applies(path)) continue;
    ++checked;
    for (const std::string& finding : check(path, read(path)))
      report.append("\n").append(path).append(":").append(finding);
  }
  INFO(report);
  CHECK(report.empty());
  CHECK(checked > 5);  // a check that finds no files proves nothing
}

}  // namespace

TEST_CASE("comments and literals are not code") {
  CHECK(without_comments_and_literals("a /* b\n c */ d") == "a     \n      d");
  CHECK(without_comments_and_literals("a // if\nb") == "a      \nb");
  CHECK(without_comments_and_literals(R"(f("a\"b", 'c'))") ==
        "f(" + std::string(6, ' ') + "," + std::string(4, ' ') + ")");
  CHECK(without_comments_and_literals("x = 48'000 + 1") == "x = 48'000 + 1");
  CHECK(without_comments_and_literals("f(R\"x(a)\" b)x\", c)") == "f(R" + std::string(11, ' ') + ", c)");
}

TEST_CASE("the include check finds what a layer may not know") {
  const std::string path =
      GENERATE("src/dsp/fir.cpp", "src/sim/band.cpp", "src/rds/group.hpp", "src/base/log.cpp");
  CHECK(check_includes(path, "#include \"rt/task.hpp\"\n").size() == 1);
  CHECK(check_includes(path, "#include <span>\n\n# include \"app/program.hpp\"\n").at(0).starts_with("3: "));
}

TEST_CASE("the include check lets the radio see interfaces only") {
  CHECK(check_includes("src/radio/pipeline.cpp", "#include \"source/source.hpp\"\n").empty());
  CHECK(check_includes("src/radio/pipeline.cpp", "#include \"source/rtlsdr.hpp\"\n").size() == 1);
}

TEST_CASE("the include check wants paths from src and folders it knows") {
  CHECK(check_includes("src/dsp/fir.cpp", "#include \"fir.hpp\"\n").size() == 1);
  CHECK(check_includes("src/dsp/fir.cpp", "#include \"../rt/task.hpp\"\n").size() == 1);
  CHECK(check_includes("src/misc/fir.cpp", "").size() == 1);
}

TEST_CASE("the include check keeps files, clocks and threads out of signal processing") {
  CHECK(check_includes("src/dsp/fir.cpp", "#include <thread>\n").size() == 1);
  CHECK(check_includes("src/rt/workers.cpp", "#include <thread>\n").empty());
}

TEST_CASE("the include check lets the program see everything") {
  CHECK(
      check_includes("src/app/program.cpp", "#include \"rt/task.hpp\"\n#include \"dsp/fir.hpp\"\n").empty());
  CHECK(check_includes("src/main.cpp", "#include \"app/program.hpp\"\n").empty());
}

TEST_CASE("the coroutine check finds awaiting in a condition") {
  const std::string code = GENERATE("if (co_await next()) {}", "while (x && co_await next()) {}",
                                    "do {} while (co_await next());", "for (auto x : co_await all()) {}",
                                    "switch (co_await next()) {}", "if (auto x = f(co_await g())) {}");
  const Findings findings = check_coroutine_shapes("Task<void> f() {\n  " + code + "\n}");
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().starts_with("2: awaits inside the parentheses"));
}

TEST_CASE("the coroutine check finds yielding a braced value") {
  const std::string code =
      GENERATE("co_yield {1, 2};", "co_yield Block{data, n};", "co_yield rt::Pair<int, int>{1, 2};");
  CHECK(check_coroutine_shapes(code).size() == 1);
}

TEST_CASE("the coroutine check finds coroutine lambdas with captures") {
  const std::string code =
      GENERATE("scope.spawn([&]() -> Task<void> { co_return; }());", "auto f = [this] { co_await x; };",
               "return [n](int i) mutable -> Task<int> { co_return i + n; };",
               "auto f = [&] { auto g = [](int) { return 1; }; co_yield g(1); };");
  CHECK(check_coroutine_shapes(code).size() == 1);
}

TEST_CASE("the coroutine check finds owning temporaries in a co_await expression") {
  const std::string code =
      GENERATE("co_await open({.path = p});", "co_await workers.run([data] { use(data); });",
               "co_await write(is_new ? header : header + body);", "f(co_await open(), Options{.path = p});");
  CHECK(check_coroutine_shapes(code).size() == 1);
}

TEST_CASE("the coroutine check accepts what every compiler gets right") {
  const std::string code =
      GENERATE("const auto r = co_await next();\nif (r) {}", "for (;;) { co_await next(); }",
               "while (true) co_await next();", "Block b{1, 2};\nco_yield b;", "co_yield make({1, 2});",
               "auto f = [](Loop& loop) -> Task<void> { co_await loop.x(); };",
               "auto f = [&] { return g([]() -> Task<void> { co_return; }); };",
               "co_await workers.run([&] { return a ? b : c; });", "co_await table[index](x);",
               "auto& [a, b] = c;\nco_await a;", "int x[3] = {};\nco_await y;",
               "// if (co_await x)\nauto s = \"while (co_await x)\";", "co_await f(x); g(a ? b : c);");
  CHECK(check_coroutine_shapes(code).empty());
}

TEST_CASE("the licence check finds missing and misplaced headers") {
  // REUSE-IgnoreStart
  const std::string holder = "// SPDX-FileCopyrightText: 2026 The fmrx authors\n";
  const std::string licence = "// SPDX-License-Identifier: GPL-2.0-or-later\n";
  // REUSE-IgnoreEnd
  CHECK(check_licence_header(holder + licence).empty());
  CHECK(check_licence_header("#!/bin/sh\n" + holder + licence).empty());
  CHECK(check_licence_header(licence + holder).size() == 2);
  CHECK(check_licence_header(holder + "// SPDX-License-Identifier: MIT\n").size() == 1);
  CHECK(check_licence_header("").size() == 2);
}

TEST_CASE("the path check finds what only one machine has") {
  const std::string home =
      "/ho"
      "me/";
  CHECK(check_paths("cd " + home + "ann/fmrx").size() == 1);
  CHECK(check_paths("a\n`" + home + "ann`").at(0).starts_with("2: "));
  CHECK(check_paths("/dev/null \"/proc/self\" kS/s, 1 / 2 / 3 https://x.org/a/ a/b/c").empty());
}

TEST_CASE("the link check finds links that lead nowhere") {
  const auto read = [](const std::string& path) -> std::optional<std::string> {
    if (path == "docs/b.md") return "# B\n\n## It's `-o`, and C\n";
    if (path == "src/main.cpp") return "";
    return std::nullopt;
  };
  const auto check = [&](const std::string& text) { return check_links("docs/a.md", text, read); };
  CHECK(check("[b](b.md), [b](b.md#b), [c](b.md#its--o-and-c), [m](../src/main.cpp), [x](https://x.org)")
            .empty());
  CHECK(check("# Here\n\n[here](#here)").empty());
  CHECK(check("```sh\n[ a ](c.md)\n```\n").empty());
  CHECK(check("a\n[b](b.md) [c](c.md)") == Findings{"2: leads to no file: c.md"});
  CHECK(check("[main](src/main.cpp)").size() == 1);
  CHECK(check("[b](b.md#c)") == Findings{"1: leads to no heading: b.md#c"});
  CHECK(check("[there](#there)\n```\n# There\n```").size() == 1);
}

TEST_CASE("every folder includes only what the layers allow") {
  check_project(is_cpp, [](const auto& path, const auto& text) { return check_includes(path, text); });
}

TEST_CASE("no coroutine has a shape that GCC 12 miscompiles") {
  check_project(is_cpp, [](const auto&, const auto& text) { return check_coroutine_shapes(text); });
}

TEST_CASE("every source file names its holder and licence") {
  check_project(is_source, [](const auto&, const auto& text) { return check_licence_header(text); });
}

TEST_CASE("nothing names a path of a particular machine") {
  check_project(is_text, [](const auto&, const auto& text) { return check_paths(text); });
}

TEST_CASE("every link of a page leads somewhere") {
  const auto read_page = [](const std::string& path) -> std::optional<std::string> {
    if (fs::is_directory(kCheckout / path)) return "";
    return fs::exists(kCheckout / path) ? std::optional(read(path)) : std::nullopt;
  };
  check_project([](const std::string& path) { return path.ends_with(".md"); },
                [&](const auto& path, const auto& text) { return check_links(path, text, read_page); });
}
