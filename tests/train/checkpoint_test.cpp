#include "train/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/files.h"
#include "inlay/error.h"
#include "tensor/safetensors.h"
#include "train/train_data.h"

namespace inlay {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Checkpoint, ComesBackBitForBit) {
  const TemporaryFolder folder("checkpoint");
  const std::filesystem::path path = folder.path() / "state.safetensors";
  Progress progress;
  progress.epoch = 3;
  progress.step = 7;
  progress.total_steps = 37;
  progress.loss_sum = 0.1 + 0.2;
  progress.first_loss = 1.0 / 13;
  progress.seconds = 1.5;
  progress.last_rate = 1e-3 / 3;
  progress.plateau = {0.25, 1.0 / 3, 2};
  progress.scored_epoch = 2;
  progress.replanned = 1;
  progress.recoveries = 2;
  progress.trivial_validations = 4;
  progress.stale_validations = 3;
  progress.asked_epochs = 5;
  progress.best_epoch = 1;
  progress.best_score = 2.0 / 3;
  EpochReport report;
  report.epoch = 2;
  report.train_loss = 1.0 / 7;
  report.best = true;
  report.waiting = 1.0 / 9;
  progress.history.push_back(report);
  progress.mean = {0.1, 1.0 / 3};
  progress.stddev = {0.7};
  progress.class_weights = {0.1f, 3.3f};
  progress.epochs = 9;
  progress.threads = 2;
  const Settings settings{{"seed", "1"}, {"batch", "8"}};
  save_checkpoint(path, progress, settings, {{"model/w", Tensor::of<float>({2}, {1, 2})}});

  const Checkpoint loaded = load_checkpoint(path);
  const Progress& p = loaded.progress;
  EXPECT_EQ(loaded.settings, settings);
  EXPECT_EQ(p.epoch, 3);
  EXPECT_EQ(p.step, 7);
  EXPECT_EQ(p.total_steps, 37);
  EXPECT_EQ(p.loss_sum, progress.loss_sum);
  EXPECT_EQ(p.first_loss, 1.0 / 13);
  EXPECT_EQ(p.seconds, 1.5);
  EXPECT_EQ(p.last_rate, progress.last_rate);
  EXPECT_EQ(p.plateau.factor, 0.25);
  EXPECT_EQ(p.plateau.best, progress.plateau.best);
  EXPECT_EQ(p.plateau.bad_epochs, 2);
  EXPECT_EQ(p.scored_epoch, 2);
  EXPECT_EQ(p.replanned, 1);
  EXPECT_EQ(p.recoveries, 2);
  EXPECT_EQ(p.trivial_validations, 4);
  EXPECT_EQ(p.stale_validations, 3);
  EXPECT_FALSE(loaded.good);
  EXPECT_EQ(p.asked_epochs, 5);
  EXPECT_EQ(p.best_epoch, 1);
  EXPECT_EQ(p.best_score, progress.best_score);
  ASSERT_EQ(p.history.size(), 1u);
  EXPECT_EQ(p.history[0].waiting, 1.0 / 9);
  EXPECT_FALSE(p.history[0].validated);
  EXPECT_EQ(p.history[0].epoch, 2);
  EXPECT_EQ(p.history[0].train_loss, report.train_loss);
  EXPECT_TRUE(std::isnan(p.history[0].val_mean_iou));
  EXPECT_TRUE(p.history[0].best);
  EXPECT_EQ(p.mean, progress.mean);
  EXPECT_EQ(p.stddev, progress.stddev);
  EXPECT_EQ(p.class_weights, progress.class_weights);
  EXPECT_EQ(p.epochs, 9);
  EXPECT_EQ(p.threads, 2);

  Tensor target(DType::f32, {2});
  restore_tensors(loaded, {{"model/w", target}}, path);
  EXPECT_EQ(target.data<float>()[1], 2);
  EXPECT_THAT(
      [&] {
        restore_tensors(loaded, {{"model/v", target}}, path);
      },
      ThrowsMessage<InputError>(AllOf(HasSubstr(path.string()), HasSubstr("lacks the tensor 'model/v'"))));
  EXPECT_THAT(
      [&] {
        restore_tensors(loaded, {{"model/w", Tensor(DType::f32, {3})}}, path);
      },
      ThrowsMessage<InputError>(HasSubstr("the tensor 'model/w' has shape 2, the net's has 3")));
}

TEST(Checkpoint, KeepsTheMomentToGoBackTo) {
  const TemporaryFolder folder("checkpoint");
  const std::filesystem::path path = folder.path() / "state.safetensors";
  Moment good{{}, {{"model/w", Tensor::of<float>({2}, {3, 4})}}};
  good.progress.epoch = 2;
  save_checkpoint(path, {}, {}, {{"model/w", Tensor::of<float>({2}, {1, 2})}}, &good);
  const Checkpoint loaded = load_checkpoint(path);
  ASSERT_TRUE(loaded.good);
  EXPECT_EQ(loaded.good->progress.epoch, 2);
  ASSERT_EQ(loaded.good->tensors.size(), 1u);
  EXPECT_EQ(loaded.good->tensors.at("model/w").data<float>()[1], 4);
  ASSERT_EQ(loaded.tensors.size(), 1u);
  EXPECT_EQ(loaded.tensors.at("model/w").data<float>()[1], 2);
}

TEST(Checkpoint, RefusesOtherFiles) {
  const TemporaryFolder folder("nocheckpoint");
  const std::filesystem::path path = folder.path() / "state.safetensors";
  write_safetensors(path, {});
  EXPECT_THAT([&] { load_checkpoint(path); }, ThrowsMessage<InputError>(HasSubstr("is no state of a training run")));
  write_safetensors(path, {{}, {{"inlay.state", "99"}}});
  EXPECT_THAT([&] { load_checkpoint(path); },
              ThrowsMessage<InputError>(HasSubstr("is a state of format 99, this program reads format 1")));
  write_safetensors(path, {{}, {{"inlay.state", "1"}, {"progress", "{}"}, {"settings", "{}"}}});
  EXPECT_THAT([&] { load_checkpoint(path); },
              ThrowsMessage<InputError>(AllOf(HasSubstr(path.string()), HasSubstr("is damaged"))));
  write_file(path, "rubbish");
  EXPECT_THROW(load_checkpoint(path), InputError);
}

TEST(CheckSettings, NamesTheDifference) {
  EXPECT_NO_THROW(check_settings({{"a", "1"}}, {{"a", "1"}}, "s"));
  EXPECT_THAT(
      [] {
        check_settings({{"a", "1"}, {"b", "2"}}, {{"a", "1"}, {"b", "3"}}, "s");
      },
      ThrowsMessage<InputError>(
          "'s' was made with b = 2, now it is 3; a resumed run must keep its settings: give the old "
          "value, or start a new run in another folder"));
  EXPECT_THAT(
      [] {
        check_settings({}, {{"width", "8"}}, "s");
      },
      ThrowsMessage<InputError>(HasSubstr("width = (none), now it is 8")));
  EXPECT_THAT(
      [] {
        check_settings({{"width", "8"}}, {}, "s");
      },
      ThrowsMessage<InputError>(HasSubstr("width = 8, now it is (none)")));
}

}  // namespace
}  // namespace inlay
