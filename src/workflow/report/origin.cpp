#include "workflow/report/origin.h"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <map>
#include <memory>

#include "base/fail.h"
#include "base/threads.h"
#include "inlay/version.h"
#include "inlay/workflow.h"

namespace inlay {
namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) fail("SHA-256 cannot be had");
  }
  void add(std::string_view bytes) {
    if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) fail("SHA-256 failed");
  }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_DigestFinal_ex(context_.get(), digest.data(), &size) != 1) fail("SHA-256 failed");
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string sha256_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  Sha256 hash;
  std::vector<char> buffer(1 << 16);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0)
    hash.add({buffer.data(), static_cast<std::size_t>(file.gcount())});
  if (!file.eof()) fail("cannot read '{}'", path.string());
  return hash.hex();
}

std::string sha256_of_data(const Dataset& dataset) {
  std::map<std::filesystem::path, std::string> known;  // a list of polygons holds many masks
  const auto of_file = [&](const std::filesystem::path& path) -> const std::string& {
    const auto [entry, added] = known.try_emplace(path);
    if (added && !path.empty()) entry->second = sha256_of_file(path);
    return entry->second;
  };
  Sha256 all;
  for (const Split split : {Split::train, Split::val})
    for (std::int64_t i = 0; i < dataset.size(split); ++i) {
      const SamplePaths& paths = dataset.paths(split, i);
      all.add(fmt::format("{} {} {} {}\n", to_string(split), paths.name, of_file(paths.image), of_file(paths.mask)));
    }
  return all.hex();
}

std::vector<std::pair<std::string, std::string>> origin_of(const std::filesystem::path& run, const Dataset& dataset,
                                                           const std::string& command) {
  std::vector<std::pair<std::string, std::string>> lines;
  if (!command.empty()) lines.emplace_back("Command", command);
  lines.emplace_back("Inlay", kVersion);
  lines.emplace_back("Libraries", kLibraries);
  lines.emplace_back("Compiler", kCompiler);
  lines.emplace_back("Processor", fmt::format("{}, {} threads", workflow::tuning().processor, thread_count()));
  lines.emplace_back("SHA-256 of best.onnx", sha256_of_file(run / "best.onnx"));
  lines.emplace_back("SHA-256 of last.onnx", sha256_of_file(run / "last.onnx"));
  lines.emplace_back("SHA-256 of the data", sha256_of_data(dataset));
  return lines;
}

}  // namespace inlay
