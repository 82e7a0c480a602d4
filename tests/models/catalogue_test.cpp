#include "inlay/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/nn.h"
#include "models/networks.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;

TEST(Catalogue, ListsEveryNetworkAtASizeThatItTakes) {
  const std::vector<CatalogueEntry> entries = catalogue();
  ASSERT_EQ(entries.size(), networks().size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const CatalogueEntry& entry = entries[i];
    EXPECT_EQ(entry.network.name, networks()[i]->name);
    EXPECT_EQ(entry.side, entry.size.fit(512));
    EXPECT_EQ(entry.figures.rows[0].output, (Shape{1, 3, entry.side, entry.side}));
    EXPECT_GT(entry.figures.parameters, 0);
    EXPECT_GT(entry.figures.multiply_adds, 0);
    EXPECT_FALSE(entry.network.about.empty());
    EXPECT_FALSE(entry.network.paper.empty());
  }
}

TEST(Catalogue, TakesSettingsAndSizes) {
  const CatalogueEntry entry = catalogue_entry("unet", {.in_channels = 1, .settings = {{"depth", "3"}}}, 100);
  EXPECT_EQ(entry.network.name, "unet");
  EXPECT_EQ(entry.size.multiple, 8);
  EXPECT_EQ(entry.side, 104);
  EXPECT_EQ(entry.figures.rows[0].output, (Shape{1, 1, 104, 104}));
  EXPECT_THAT(input_error([] { catalogue_entry("unte", {}); }), HasSubstr("did you mean 'unet'?"));
}

}  // namespace
}  // namespace inlay
