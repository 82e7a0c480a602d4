#include <gmock/gmock.h>

#include <cmath>
#include <cstring>

#include "base/files.h"
#include "inlay/image.h"
#include "support/temp_folder.h"
#include "workflow/tensorboard/run_events.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

TEST(TensorBoard, Crc32cOfPublishedVectors) {  // RFC 3720, appendix B.4, and the usual check value
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(crc32c(""), 0u);
}

// What tensorboard.summary.writer.record_writer.RecordWriter of TensorBoard 2 writes for b"inlay".
TEST(TensorBoard, ARecordIsFramedAsTensorFlowDoes) {
  EXPECT_EQ(tf_record("inlay"),
            bytes({5, 0, 0, 0, 0, 0, 0, 0, 0xea, 0xb2, 0x04, 0x3e}) + "inlay" + bytes({0x62, 0x6c, 0xda, 0xeb}));
}

/// The payloads of a file's records; their checksums are those of tf_record().
std::vector<std::string> records(const std::string& file) {
  std::vector<std::string> list;
  for (std::size_t at = 0; at < file.size();) {
    std::uint64_t length = 0;
    std::memcpy(&length, file.data() + at, 8);
    list.push_back(file.substr(at + 12, length));
    EXPECT_EQ(file.substr(at, length + 16), tf_record(list.back()));
    at += length + 16;
  }
  return list;
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

TEST(TensorBoard, ScalarsAndPicturesAreWrittenByStep) {
  const TempFolder folder;
  Image image{Tensor(DType::u8, {2, 3, 3})};
  write_image(folder / "progress" / "epoch-2-0.png", image);
  workflow::RunEvents events(folder.path(), {"sky", "road"});
  EpochReport epoch;
  epoch.train_loss = 0.5;
  events.after_epoch(epoch);
  events.after_step({.epoch = 1, .step = 2, .steps_per_epoch = 4, .loss = 0.25, .learning_rate = 0.125});
  epoch.epoch = 1;
  epoch.val_class_iou = {0.75, NAN};
  events.after_epoch(epoch);
  const auto files = files_in(folder / "tensorboard");
  ASSERT_EQ(files.size(), 1u);
  EXPECT_THAT(files[0].filename().string(), ::testing::StartsWith("events.out.tfevents."));
  const std::vector<std::string> list = records(read_file(files[0]));
  ASSERT_EQ(list.size(), 5u);
  // Field 1, wall_time, is a double: 9 bytes. Field 3 of the first event is the version of the file.
  EXPECT_EQ(list[0].substr(9),
            "\x1a\x0d"
            "brain.Event:2");
  // step (2) = 7; summary (5) with two values (1) of tag (1) and simple_value (2).
  EXPECT_EQ(list[2].substr(9), bytes({0x10, 7, 0x2a, 0x28, 0x0a, 16, 0x0a, 9}) + "loss/step" +
                                   bytes({0x15, 0, 0, 0x80, 0x3e, 0x0a, 20, 0x0a, 13}) + "learning_rate" +
                                   bytes({0x15, 0, 0, 0, 0x3e}));
  EXPECT_THAT(list[3], AllOf(HasSubstr("class_iou/sky"), Not(HasSubstr("class_iou/road")), HasSubstr("loss/train"),
                             Not(HasSubstr("score/mean_iou"))));
  EXPECT_THAT(list[4], AllOf(HasSubstr("prediction/0"), HasSubstr(bytes({0x08, 2, 0x10, 3, 0x18, 3, 0x22})),
                             HasSubstr(read_file(folder / "progress" / "epoch-2-0.png"))));
  const workflow::RunEvents resumed(folder.path(), {});
  EXPECT_EQ(files_in(folder / "tensorboard").size(), 2u) << "nothing is written over";
}

}  // namespace
}  // namespace inlay::testing
