// Trains a small U-Net on a folder of images and masks. Usage: train_and_save DATA MODEL.onnx [EPOCHS]
#include <cstdio>
#include <cstdlib>

#include "inlay/dataset.h"
#include "inlay/model.h"
#include "inlay/train.h"

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "usage: train_and_save DATA MODEL.onnx [EPOCHS]\n"), 2;
  const long epochs = argc > 3 ? std::atol(argv[3]) : 50;

  auto data = inlay::open_dataset(argv[1]);
  auto model = inlay::create_model("unet", {.in_channels = data.channels(), .out_channels = data.classes().size()});
  inlay::TrainOptions options;
  options.epochs = epochs;
  options.seed = 7;
  options.on_epoch = [](const inlay::EpochReport& e) {
    std::printf("epoch %ld: val mIoU %.3f\n", long(e.epoch) + 1, e.val_mean_iou);
  };
  inlay::train(model, data, options);
  inlay::save_model(model, argv[2]);
}
