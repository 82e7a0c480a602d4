#include "cli/program.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace inlay::testing {

std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

Outcome run_shell(const TempFolder& folder, const std::string& line) {
  const std::string out = (folder / "stdout.txt").string(), err = (folder / "stderr.txt").string();
  const std::filesystem::path script = folder / "script.sh";
  std::ofstream(script) << "PROGRAM=" << INLAY_PROGRAM << "\ninlay() { \"$PROGRAM\" \"$@\"; }\ncd " << folder.path()
                        << "\n"
                        << line << "\n";
  const int result = std::system(("/bin/sh " + script.string() + " >" + out + " 2>" + err + " </dev/null").c_str());
  Outcome run;
  run.status = WIFEXITED(result) ? WEXITSTATUS(result) : 128 + WTERMSIG(result);
  run.out = contents(out);
  run.err = contents(err);
  for (const std::string& file : {out, err, script.string()}) std::filesystem::remove(file);
  return run;
}

Outcome run_inlay(const TempFolder& folder, const std::string& arguments) {
  return run_shell(folder, "inlay " + arguments);
}

std::vector<std::string> files_below(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) names.push_back(std::filesystem::relative(entry.path(), folder).string());
  std::ranges::sort(names);
  return names;
}

void draw_cells(const TempFolder& folder) {
  const Outcome run = run_inlay(folder, "data synth --count 12 --size 32x32 --seed 1 -o cells");
  ASSERT_EQ(run.status, 0) << run.err;
}

}  // namespace inlay::testing
