#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "base/fail.h"
#include "base/files.h"
#include "base/threads.h"
#include "graph/operator.h"
#include "inlay/inspection.h"
#include "inlay/segment.h"
#include "workflow/file_part.h"
#include "workflow/inspect/evidence.h"
#include "workflow/inspect/feature_sheet.h"
#include "workflow/inspect/heat.h"
#include "workflow/inspect/inspect_page.h"
#include "workflow/inspect/inspect_request.h"
#include "workflow/inspect/layers.h"
#include "workflow/inspect/saliency.h"

namespace inlay::workflow {
namespace {

namespace fs = std::filesystem;

/// One or three channels of it.
Image shown_picture(const Image& image) {
  const std::int64_t channels = image.channels() >= 3 ? 3 : 1;
  if (channels == image.channels()) return image;
  Tensor pixels(image.pixels.type(), {image.height(), image.width(), channels});
  const std::size_t from = static_cast<std::size_t>(image.channels()) * size_of(pixels.type()),
                    to = static_cast<std::size_t>(channels) * size_of(pixels.type());
  for (std::size_t i = 0; i < static_cast<std::size_t>(image.height() * image.width()); ++i)
    std::copy_n(image.pixels.raw() + i * from, to, pixels.raw() + i * to);
  return {pixels};
}

/// But for a few.
float largest_logit(const Tensor& logits) {
  std::vector<float> sizes;
  for (const float z : logits.data<float>()) sizes.push_back(std::abs(z));
  return std::max(heat_range(sizes).high, std::numeric_limits<float>::min());
}

class Inspector {
 public:
  explicit Inspector(const InspectRequest& request)
      : request_(request), image_(read_image(request.image)), model_(load_model(request.model)) {
    check(request, image_);
    classes_ = classes_of(model_);
    chosen_ = chosen_classes(request, classes_);
    picture_ = shown_picture(image_);
    result_.height = image_.height();
    result_.width = image_.width();
    result_.pixel = request.pixel;
  }

  Inspection run() {
    SegmenterOptions options;
    options.threads = request_.threads;
    options.tune = request_.tune;
    options.log = request_.log;
    Segmenter segmenter(model_, options);
    input_ = net_input(model_, image_);
    const Graph graph = instantiate(model_.graph, {{"image", input_.numbers.shape()}});
    const std::vector<Layer> layers = choose_layers(graph, request_.layers);
    evidence_ = evidence_of(segmenter.logits(image_));
    describe_classes();
    steps_ = std::ssize(layers);
    for (const Inspection::Class& entry : result_.classes) steps_ += is_explained(entry) ? 1 : 0;
    write_result();
    write_layers(graph, layers);
    write_classes(graph);
    if (!result_.interrupted) write_page();
    return result_;
  }

 private:
  fs::path write(const fs::path& name, const Image& image) const {
    write_image(request_.output / name, image);
    return name;
  }
  ProgramOptions program_options() const {
    ProgramOptions options;
    options.threads = request_.threads;
    options.tune = request_.tune;
    return options;
  }
  /// False when the user wants to stop.
  bool go_on() {
    result_.interrupted = result_.interrupted || (request_.stop && request_.stop());
    return !result_.interrupted;
  }
  void note_step() {
    if (request_.progress) request_.progress(++done_, steps_);
  }

  std::string class_file(const char* kind, const Inspection::Class& entry) const {
    return fmt::format("classes/{}_{}_{}.png", entry.index, file_part(entry.name), kind);
  }

  void describe_classes();
  bool is_explained(const Inspection::Class& entry) const;
  bool has_saliency(const Inspection::Class& entry) const;
  void write_result();
  void write_layers(const Graph& graph, const std::vector<Layer>& layers);
  void write_classes(const Graph& graph);
  void write_page();

  const InspectRequest& request_;
  Image image_, picture_;
  Model model_;
  std::vector<ModelClass> classes_;
  std::vector<std::int64_t> chosen_;
  Evidence evidence_;
  NetInput input_;
  Inspection result_;
  std::int64_t done_ = 0, steps_ = 0;
};

void Inspector::describe_classes() {
  const auto labels = evidence_.labels.labels.data<std::uint8_t>();
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    Inspection::Class& entry = result_.classes.emplace_back();
    entry.index = static_cast<std::int64_t>(i);
    entry.name = classes_[i].name;
    entry.color = classes_[i].color;
    entry.share =
        static_cast<double>(std::ranges::count(labels, entry.index)) / static_cast<double>(std::ssize(labels));
    entry.mean_probability = mean(plane(evidence_.probabilities, entry.index));
  }
}

bool Inspector::is_explained(const Inspection::Class& entry) const {
  constexpr float kWorthALook = 0.1f;
  if (!chosen_.empty()) return std::ranges::count(chosen_, entry.index) > 0;
  return entry.share > 0 || std::ranges::max(plane(evidence_.probabilities, entry.index)) > kWorthALook;
}

bool Inspector::has_saliency(const Inspection::Class& entry) const {
  if (!is_explained(entry)) return false;
  if (!chosen_.empty()) return true;
  if (!request_.pixel) return entry.share > 0;
  const std::int64_t at = request_.pixel->row * image_.width() + request_.pixel->column;
  return evidence_.labels.labels.data<std::uint8_t>()[static_cast<std::size_t>(at)] == entry.index;
}

void Inspector::write_result() {
  std::vector<Color> palette;
  for (const ModelClass& entry : classes_) palette.push_back(entry.color);
  result_.picture = write("picture.png", as_u8(picture_));
  result_.labels = "labels.png";
  write_mask(request_.output / result_.labels, evidence_.labels, palette);
  result_.overlay = write("overlay.png", overlay(picture_, evidence_.labels, palette));
  const auto entropy = evidence_.entropy.data<float>(), margin = evidence_.margin.data<float>();
  result_.mean_entropy = mean(entropy);
  result_.mean_margin = mean(margin);
  result_.entropy = write("entropy.png", heat_map(entropy, image_.height(), image_.width(), {0, 1}));
  result_.margin = write("margin.png", heat_map(margin, image_.height(), image_.width(), {1, 0}));
}

void Inspector::write_layers(const Graph& graph, const std::vector<Layer>& layers) {
  run_layers(graph, model_.tensors, input_, layers, program_options(), [&](std::size_t i, const Tensor& maps) {
    if (!go_on()) return false;
    const Node& node = *layers[i].value.node();
    const ReceptiveField& field = layers[i].field;
    const Shape& shape = maps.shape();
    const std::string name = node.name;
    const std::vector<Channel> shown = strongest_channels(maps, request_.channels);
    const std::string file = fmt::format("layers/{:03}_{}.png", i + 1, file_part(name));
    result_.layers.push_back({name, std::string(node.op->name), shape[0], shape[1], shape[2], field.h, field.w,
                              field.step_h, field.step_w, shown, write(file, feature_sheet(maps, shown))});
    note_step();
    return true;
  });
}

void Inspector::write_classes(const Graph& graph) {
  const float largest = largest_logit(evidence_.logits);
  std::optional<Saliency> saliency;
  for (Inspection::Class& entry : result_.classes) {
    if (!is_explained(entry)) continue;
    if (!go_on()) return;
    const auto logit = plane(evidence_.logits, entry.index);
    std::vector<float> strength(logit.begin(), logit.end());
    for (float& z : strength) z /= largest;
    entry.logit = write(class_file("logit", entry), class_heat(picture_, strength, entry.color));
    entry.probability = write(class_file("probability", entry),
                              class_heat(picture_, plane(evidence_.probabilities, entry.index), entry.color));
    if (has_saliency(entry)) {
      if (!saliency) saliency.emplace(graph, model_.tensors, input_, program_options());
      const auto& pixel = request_.pixel;
      const std::int64_t channels = model_.out_channels();
      const Tensor map =
          saliency->of(pixel ? pixel_weights(evidence_.labels, entry.index, channels, pixel->row, pixel->column)
                             : class_weights(evidence_.labels, entry.index, channels));
      const HeatRange range{0, heat_range(map.data<float>()).high};
      entry.saliency =
          write(class_file("saliency", entry), heat_map(map.data<float>(), image_.height(), image_.width(), range));
    }
    note_step();
  }
}

void Inspector::write_page() {
  result_.page = "index.html";
  const InspectedNet net{request_.image.filename().string(), request_.model.filename().string(),
                         model_.info.architecture};
  write_file(request_.output / result_.page, to_html(result_, net));
}

}  // namespace

Inspection inspect(const InspectRequest& request) {
  check_output(request);
  const ThreadScope threads(request.threads);
  const auto start = std::chrono::steady_clock::now();
  Inspection result = Inspector(request).run();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace inlay::workflow
