#include "inlay/ops.h"
#include "models/networks.h"
#include "models/settings.h"

namespace inlay {
namespace {

enum class WindowForm : std::uint8_t { dense, patch };
constexpr auto enum_names(WindowForm) { return std::array<std::string_view, 2>{"dense", "patch"}; }

struct SlidingWindowSettings {
  double width = 1;  // of 25, 50 and 100 channels
  WindowForm form = WindowForm::dense;
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("form", self.form);
  }
};

/// Layers for one patch, or for all patches of a picture at once. There, a pooling looks at every position instead of
/// every size-th, so that what was next to each other lies `apart` pixels apart for the layers after it.
class Layers {
 public:
  Layers(Value x, WindowForm form) : x_(x), dense_(form == WindowForm::dense) {}

  void conv(const Scope& scope, std::int64_t channels, std::int64_t kernel) {
    x_ = conv2d(scope, x_, channels, {.kernel = kernel, .dilation = apart_});
  }
  void conv_relu(const Scope& scope, std::int64_t channels, std::int64_t kernel) {
    conv(scope, channels, kernel);
    x_ = relu(x_);
  }
  void pool(std::int64_t size) {
    x_ = max_pool2d(x_, {.kernel = size, .stride = dense_ ? 1 : size, .dilation = apart_}).values;
    if (dense_) apart_ *= size;
  }
  Value result() const { return x_; }

 private:
  Value x_;
  bool dense_;
  std::int64_t apart_ = 1;
};

/// Of one pixel: 133 - 5 = 128, 128 / 8 = 16, 16 - 2 = 14, 14 / 2 = 7.
constexpr std::int64_t kPatch = 133;

SizeRule size_of(const ModelOptions& options) {
  const bool one = parse_settings<SlidingWindowSettings>("sliding_window", options.settings).form == WindowForm::patch;
  return {.least = kPatch, .most = one ? kPatch : 0, .margin = (kPatch - 1) / 2, .patch = kPatch};
}

Value sliding_window(const Scope& root, Value image, const ModelOptions& options) {
  const SlidingWindowSettings settings = parse_settings<SlidingWindowSettings>("sliding_window", options.settings);
  Layers layers(image, settings.form);
  layers.conv_relu(root / "conv1", scaled(25, settings.width), 6);
  layers.pool(8);
  layers.conv_relu(root / "conv2", scaled(50, settings.width), 3);
  layers.pool(2);
  layers.conv_relu(root / "full", scaled(100, settings.width), 7);
  layers.conv(root / "head", options.out_channels, 1);
  return layers.result();
}

}  // namespace

const Network kSlidingWindow{.name = "sliding_window",
                             .about = "Classifier of the patch around a pixel, run at every pixel",
                             .paper = "Pinheiro and Collobert, ICML 2014; Farabet et al., PAMI 2013",
                             .defaults = print_defaults<SlidingWindowSettings>,
                             .size = size_of,
                             .build = sliding_window};

}  // namespace inlay
