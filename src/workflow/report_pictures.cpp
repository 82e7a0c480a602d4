#include <algorithm>

#include "base/base64.h"
#include "base/fail.h"
#include "workflow/report_parts.h"

namespace inlay {
namespace {

constexpr std::int64_t kLargest = 320;

Color color_of(std::uint8_t label, const ClassTable& classes) {
  if (label == kIgnore) return {128, 128, 128};
  return label < classes.colors.size() ? classes.colors[label] : voc_color(label);
}

/// A picture (H, W, 3) made pixel by pixel.
template <class ColorAt>
Image paint(const Mask& mask, ColorAt&& color_at) {
  Image image{Tensor(DType::u8, {mask.height(), mask.width(), 3})};
  auto out = image.pixels.data<std::uint8_t>();
  for (std::size_t i = 0; i < out.size() / 3; ++i)
    std::ranges::copy(color_at(i), out.begin() + static_cast<std::ptrdiff_t>(3 * i));
  return image;
}

Image colored(const Mask& mask, const ClassTable& classes) {
  const auto labels = mask.labels.data<std::uint8_t>();
  return paint(mask, [&](std::size_t i) { return color_of(labels[i], classes); });
}

/// The picture, paled, with wrong pixels red and those that do not count grey.
Image errors(const Image& picture, const Mask& truth, const Mask& prediction) {
  const Image pale = as_u8(picture);
  const auto pixels = pale.pixels.data<std::uint8_t>();
  const auto want = truth.labels.data<std::uint8_t>(), got = prediction.labels.data<std::uint8_t>();
  return paint(truth, [&](std::size_t i) -> Color {
    if (want[i] == kIgnore) return {128, 128, 128};
    if (want[i] != got[i]) return {224, 48, 48};
    const auto lighter = [&](std::size_t c) { return static_cast<std::uint8_t>(160 + pixels[3 * i + c] * 80 / 255); };
    return {lighter(0), lighter(1), lighter(2)};
  });
}

std::string img(const Image& image, std::string_view what) {
  return fmt::format(R"(<img src="data:image/png;base64,{}" alt="{}">)", base64(encode_image(as_u8(image), ".png")),
                     escape_html(what));
}

}  // namespace

std::string sample_rows(std::span<const ReportSample> samples, const ClassTable& classes) {
  std::string html =
      R"(<div class="samples"><div class="head">image</div><div class="head">truth</div><div class="head">prediction</div>)"
      R"(<div class="head">errors in red</div>)";
  for (const ReportSample& sample : samples) {
    const std::int64_t longest = std::max(sample.image.height(), sample.image.width());
    const auto shrunk = [&](std::int64_t side) {
      return longest <= kLargest ? side : std::max<std::int64_t>(1, side * kLargest / longest);
    };
    const std::int64_t height = shrunk(sample.image.height()), width = shrunk(sample.image.width());
    const Image image = resize(sample.image, height, width);
    const Mask truth = resize(sample.truth, height, width), prediction = resize(sample.prediction, height, width);
    html += fmt::format(R"(<div class="name">{} &middot; mIoU {}</div>)", escape_html(sample.name),
                        score_text(sample.mean_iou));
    html += img(image, "image") + img(colored(truth, classes), "truth") +
            img(colored(prediction, classes), "prediction") + img(errors(image, truth, prediction), "errors");
  }
  return html + "</div>";
}

}  // namespace inlay
