// Labels one picture with a trained model. Usage: segment MODEL.onnx PICTURE MASK.png
#include "inlay/segment.h"

#include <cstdio>

#include "inlay/image.h"

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: segment MODEL.onnx PICTURE MASK.png\n"), 2;
  inlay::Segmenter segment(argv[1]);
  inlay::Mask mask = segment(inlay::read_image(argv[2]));  // any size
  inlay::write_mask(argv[3], mask);
}
