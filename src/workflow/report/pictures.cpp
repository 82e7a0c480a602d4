#include <algorithm>

#include "base/base64.h"
#include "base/fail.h"
#include "workflow/label_pictures.h"
#include "workflow/report/parts.h"

namespace inlay {
namespace {

constexpr std::int64_t kLargest = 320;

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
