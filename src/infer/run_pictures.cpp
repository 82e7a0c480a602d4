#include "infer/run_pictures.h"

#include "base/fail.h"

namespace inlay {
namespace {

Model with_checked_interface(Model model) {
  const Graph& graph = model.graph;
  const Value image = graph.find_leaf("image");
  if (!image || image.shape().rank() != 4 || image.type().dtype != DType::f32)
    fail_input("the model has no input 'image' of shape (N, C, H, W), which a segmentation net needs");
  if (const Value logits = graph.output("logits"); logits.shape().rank() != 4)
    fail_input("the model's output 'logits' has shape {}, expected (N, K, H, W)", to_string(logits.shape()));
  return model;
}

}  // namespace

PictureRunner::PictureRunner(Model model, const SegmenterOptions& options)
    : model_(with_checked_interface(std::move(model))),
      options_(options),
      input_(normalisation_of(model_)),
      nets_(model_, options) {}

Cut PictureRunner::cut(const PictureFacts& picture, std::int64_t taken, std::int64_t passes) {
  const TileWish wish{options_.tile, options_.overlap};
  const SizeRule& rule = model_.info.size;
  if (options_.memory == 0 && (wish.largest == 0 || rule.margin > 0))
    return {line_of_tiles(picture.height, rule, {}, wish), line_of_tiles(picture.width, rule, {}, wish)};
  if (!memory_) memory_.emplace(model_);
  const CutRequest request{picture, wish,   options_.memory,
                           taken,   passes, options_.augmentation != TestAugmentation::none};
  Cut cut = memory_->choose(request);
  if (options_.memory > 0)
    nets_.shed(cut.rows.side, cut.columns.side, options_.memory - taken - memory_->need(request, cut).total());
  return cut;
}

ReadyNet& PictureRunner::run(std::span<const Image> images, const Cut& cut, NetForm form) {
  const std::int64_t margin = model_.info.size.margin, height = cut.rows.side, width = cut.columns.side;
  ReadyNet& net = nets_.at({std::ssize(images), model_.in_channels(), height, width}, form);
  const auto in = static_cast<std::size_t>(net.input.elements() / std::ssize(images));
  for (std::size_t i = 0; i < images.size(); ++i)
    input_.fill(images[i], {-margin, -margin, height, width}, net.input.data<float>().subspan(i * in, in));
  net.program.run();
  return net;
}

std::vector<LogitsView> PictureRunner::run_whole(std::span<const Image> images, const Cut& cut) {
  const ReadyNet& net = run(images, cut, NetForm::inference);
  std::vector<LogitsView> views;
  for (std::size_t i = 0; i < images.size(); ++i)
    views.push_back(view_of(net.output, static_cast<std::int64_t>(i), images[i].height(), images[i].width()));
  return views;
}

std::vector<Mask> PictureRunner::label_whole(std::span<const Image> images, const Cut& cut) {
  const ReadyNet& net = run(images, cut, NetForm::labels);
  std::vector<Mask> masks;
  for (std::size_t i = 0; i < images.size(); ++i)
    masks.push_back(net.labels(static_cast<std::int64_t>(i), images[i].height(), images[i].width()));
  return masks;
}

void PictureRunner::check_channels(std::int64_t channels) const {
  const std::int64_t wanted = model_.in_channels();
  if (channels == wanted || (channels == 1 && wanted == 3) || (channels == 3 && wanted == 1)) return;
  fail_input("the picture has {} channels and the model reads {}; only grey and RGB are converted into each other",
             channels, wanted);
}

std::unique_ptr<Bands> PictureRunner::bands(PictureReader& reader, Cut cut, BandRequest request) {
  return std::make_unique<Bands>(model_, nets_, input_, reader, std::move(cut), std::move(request));
}

}  // namespace inlay
