#include "data/class_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/error.h"
#include "support/data_folder.h"

namespace inlay {
namespace {

using testing::DataFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::message_of;

ClassFile with(const std::string& name, const std::string& content) {
  const DataFolder folder;
  folder.text(name, content);
  return read_class_file(folder.path());
}

std::string error_in(const std::string& name, const std::string& content) {
  return message_of<InputError>([&] { with(name, content); });
}

TEST(ClassesTxt, IndexNameAndColour) {
  const auto entries = with("classes.txt", "# a comment\n2 tall tree 1 2 3\r\n\n0 sky # blue\n7 VOID 0 0 0\n").entries;
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[0].name, "sky");
  EXPECT_FALSE(entries[0].color.has_value());
  EXPECT_EQ(entries[1].name, "tall tree");
  EXPECT_THAT(entries[1].values, ElementsAre(2));
  EXPECT_EQ(entries[1].color, (Color{1, 2, 3}));
  EXPECT_FALSE(entries[1].ignored);
  EXPECT_TRUE(entries[2].ignored);
}

TEST(ClassesTxt, NamesAloneCountFromZero) {
  const auto entries = with("classes.txt", "background\naeroplane\n").entries;
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[1].name, "aeroplane");
  EXPECT_THAT(entries[1].values, ElementsAre(1));
}

TEST(ClassesTxt, ErrorsNameTheLine) {
  EXPECT_THAT(error_in("classes.txt",
                       "0 Himmel\n1 Stra\xdf"
                       "e\n"),
              HasSubstr("line 2: the text is not in UTF-8"));
  EXPECT_EQ(with("classes.txt", "Straße\n").entries[0].name, "Straße");
  EXPECT_THAT(error_in("classes.txt", "0 a\n5\n"), HasSubstr("classes.txt', line 2: expected 'index name [r g b]'"));
  EXPECT_THAT(error_in("classes.txt", "0 a 1 2 300"), HasSubstr("line 1: the colour value 300 is not in 0..255"));
  EXPECT_THAT(error_in("classes.txt", "70000 a"), HasSubstr("the index 70000 is not in 0..65535"));
  EXPECT_THAT(error_in("classes.txt", "0 a\n0 b"), HasSubstr("the mask value 0 is given to two classes"));
  EXPECT_THAT(error_in("classes.txt", "0 a\n1 a"), HasSubstr("two classes are named 'a'"));
  EXPECT_THAT(error_in("classes.txt", "0 a 1 1 1\n1 b 1 1 1"), HasSubstr("'b' has the colour of another class"));
  EXPECT_THAT(error_in("classes.txt", "0 void"), HasSubstr("every class in its list is ignored"));
  std::string many;
  for (int i = 0; i < 256; ++i) many += "c" + std::to_string(i) + "\n";
  EXPECT_THAT(error_in("classes.txt", many), HasSubstr("256 classes are listed, at most 255"));
}

TEST(DatasetToml, EveryKey) {
  const ClassFile file = with("dataset.toml", R"(
    images = "photos"
    masks = "labels"
    image_suffix = "_sat.jpg"
    mask_suffix = "_mask.png"
    threshold = 100
    ignore = [9, 255]
    [[classes]]
    name = "ground"
    values = [0, 3]
    [[classes]]
    name = "road"
    value = 7
    color = [1, 2, 3])");
  EXPECT_EQ(file.images, "photos");
  EXPECT_EQ(file.masks, "labels");
  EXPECT_EQ(file.image_suffix, "_sat.jpg");
  EXPECT_EQ(file.mask_suffix, "_mask.png");
  EXPECT_EQ(file.threshold, 100);
  EXPECT_THAT(file.ignore, ElementsAre(9, 255));
  ASSERT_EQ(file.entries.size(), 2u);
  EXPECT_THAT(file.entries[0].values, ElementsAre(0, 3));
  EXPECT_THAT(file.entries[1].values, ElementsAre(7));
  EXPECT_EQ(file.entries[1].color, (Color{1, 2, 3}));
}

TEST(DatasetToml, DefaultsAndClassesFromTheOtherFile) {
  const DataFolder folder;
  folder.text("classes.txt", "0 a\n1 b");
  folder.text("dataset.toml", "images = 'photos'");
  const ClassFile file = read_class_file(folder.path());
  EXPECT_EQ(file.images, "photos");
  EXPECT_EQ(file.masks, "masks");
  EXPECT_EQ(file.entries.size(), 2u);
  const ClassFile plain = with("dataset.toml", "[[classes]]\n[[classes]]\nname='b'");
  EXPECT_EQ(plain.entries[0].name, "class 0");
  EXPECT_THAT(plain.entries[1].values, ElementsAre(1));
  const ClassFile none = read_class_file(DataFolder().path());
  EXPECT_THAT(none.entries, IsEmpty());
}

TEST(DatasetToml, ErrorsNameTheKey) {
  EXPECT_THAT(error_in("dataset.toml", "a = \n"), HasSubstr("dataset.toml', line 1"));
  EXPECT_THAT(error_in("dataset.toml", "image = 'x'"),
              HasSubstr("the key 'image' is unknown; known here: images, masks"));
  EXPECT_THAT(error_in("dataset.toml", "images = 3"), HasSubstr("'images' is not as expected: a text in quotes"));
  EXPECT_THAT(error_in("dataset.toml", "threshold = -1"),
              HasSubstr("'threshold' is not as expected: whole numbers from 0 to 65535"));
  EXPECT_THAT(error_in("dataset.toml", "ignore = 255"), HasSubstr("a list of whole numbers"));
  EXPECT_THAT(error_in("dataset.toml", "classes = 4"), HasSubstr("tables, each under [[classes]]"));
  EXPECT_THAT(error_in("dataset.toml", "[[classes]]\nname='a'\n[[classes]]\nvalue=1\nvalues=[2]"),
              HasSubstr("class 1: give either 'value' or 'values'"));
  EXPECT_THAT(error_in("dataset.toml", "[[classes]]\ncolor=[1,2]"), HasSubstr("'color' has 2 numbers"));
  EXPECT_THAT(error_in("dataset.toml", "[[classes]]\ncolour=[1,2,3]"), HasSubstr("the key 'colour' is unknown"));
  EXPECT_THAT(error_in("dataset.toml", "threshold = 1\n[[classes]]\n[[classes]]\n[[classes]]"),
              HasSubstr("a threshold makes two classes, 3 are listed"));
}

TEST(IgnoredNames, InAnyCase) {
  for (const char* name : {"void", "Void", "IGNORE", "ignored", "Unlabelled", "unlabeled"})
    EXPECT_TRUE(is_ignored_name(name)) << name;
  EXPECT_FALSE(is_ignored_name("avoid"));
}

TEST(ClassList, IsReadFromOneFileAlone) {
  const DataFolder folder;
  folder.text("a.txt", "0 sky\n1 void\n");
  folder.text("b.toml", "[[classes]]\nname = \"road\"\n");
  folder.text("empty.txt", "# nothing\n");
  folder.text("none.toml", "threshold = 3\n");
  const auto entries = read_class_list(folder / "a.txt");
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[1].name, "void");
  EXPECT_TRUE(entries[1].ignored);
  EXPECT_EQ(read_class_list(folder / "b.toml").at(0).name, "road");
  const auto error = [&](const char* name) { return message_of<InputError>([&] { read_class_list(folder / name); }); };
  EXPECT_THAT(error("empty.txt"), HasSubstr("empty.txt' names no class"));
  EXPECT_THAT(error("none.toml"), HasSubstr("none.toml' names no class"));
  EXPECT_THAT(error("missing.txt"), HasSubstr("missing.txt"));
  folder.text("twice.txt", "0 a\n1 a\n");
  EXPECT_THAT(error("twice.txt"), HasSubstr("twice.txt': two classes are named 'a'"));
}

}  // namespace
}  // namespace inlay
