#include "workflow/report/origin.h"

#include <gmock/gmock.h>

#include <fstream>

#include "inlay/error.h"
#include "inlay/synth.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

TEST(Origin, Sha256OfPublishedVectors) {  // FIPS 180-2, appendix B
  const TempFolder folder;
  std::ofstream(folder / "abc") << "abc";
  std::ofstream(folder / "empty");
  std::ofstream(folder / "a") << std::string(1000000, 'a');
  EXPECT_EQ(sha256_of_file(folder / "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_of_file(folder / "empty"), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of_file(folder / "a"), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_THROW(sha256_of_file(folder / "none"), Error);
}

TEST(Origin, TheDataAreKnownByTheirBytes) {
  const TempFolder folder;
  synthesise({.count = 6, .height = 16, .width = 16}, folder / "a");
  std::filesystem::copy(folder / "a", folder / "b", std::filesystem::copy_options::recursive);
  const std::string hash = sha256_of_data(open_dataset(folder / "a"));
  EXPECT_EQ(sha256_of_data(open_dataset(folder / "b")), hash) << "a copy is the same data";
  const Dataset b = open_dataset(folder / "b");
  std::ofstream(b.paths(Split::val, 0).mask, std::ios::app) << "x";
  EXPECT_NE(sha256_of_data(b), hash);
}

TEST(Origin, VersionsAreKnown) {
  for (const std::string_view text : {kLibraries, kCompiler}) {
    EXPECT_EQ(text.find('@'), std::string_view::npos) << text;
    EXPECT_EQ(text.find(" ,"), std::string_view::npos) << "a version is missing: " << text;
  }
  EXPECT_TRUE(kLibraries.find("oneDNN 2") != std::string_view::npos ||
              kLibraries.find("oneDNN 3") != std::string_view::npos)
      << kLibraries;
}

}  // namespace
}  // namespace inlay::testing
