#include "infer/ready_nets.h"

#include <algorithm>

#include "base/fail.h"
#include "compiler/keep_dropout.h"
#include "graph/rewrite.h"
#include "infer/logits.h"
#include "ops/operators.h"

namespace inlay {
namespace {

void check_logits(const Shape& image, const Shape& logits, std::int64_t margin) {
  if (logits[0] == image[0] && logits[2] == image[2] - 2 * margin && logits[3] == image[3] - 2 * margin) return;
  fail_input("the model turns {} into {}; it must give one logit per pixel{}", to_string(image), to_string(logits),
             margin > 0 ? fmt::format(", but for {} on each side", margin) : "");
}

/// Labels in place of the logits.
Graph labelling(Graph graph) {
  graph.set_output("labels", graph.add_node(kMostLikely, {}, {graph.output("logits")})[0]);
  return live_part(graph, false, [](std::string_view name) { return name == "labels"; });
}

bool serves(const ReadyNet& net, const Shape& image, NetForm form) {
  return net.image == image && (net.form == form || (form == NetForm::labels && net.form == NetForm::inference));
}

}  // namespace

Mask ReadyNet::labels(std::int64_t index, std::int64_t height, std::int64_t width) const {
  if (form != NetForm::labels) return most_likely(view_of(output, index, height, width));
  Mask mask{Tensor(DType::u8, {height, width})};
  const Shape& shape = output.shape();
  const std::uint8_t* from = output.data<std::uint8_t>().data() + index * shape[1] * shape[2];
  std::uint8_t* to = mask.labels.data<std::uint8_t>().data();
  for (std::int64_t y = 0; y < height; ++y) std::copy_n(from + y * shape[2], width, to + y * width);
  return mask;
}

ReadyNet& ReadyNets::at(const Shape& image, NetForm form) {
  const auto found = std::ranges::find_if(nets_, [&](const ReadyNet& net) { return serves(net, image, form); });
  if (found != nets_.end()) {
    nets_.splice(nets_.begin(), nets_, found);
    return nets_.front();
  }
  if (form == NetForm::inference)
    std::erase_if(nets_, [&](const ReadyNet& net) { return net.image == image && net.form == NetForm::labels; });
  while (!nets_.empty() && nets_.size() >= options_.cached_programs) nets_.pop_back();
  Graph graph = instantiate(model_.graph, {{"image", image}});
  check_logits(image, graph.output("logits").shape(), model_.info.size.margin);
  if (form == NetForm::sampling) graph = keep_dropout(graph);
  if (form == NetForm::labels) graph = labelling(graph);
  ProgramOptions program_options;
  program_options.threads = options_.threads;
  program_options.tune = options_.tune;
  program_options.log = options_.log;
  Program program(graph, model_.tensors, {}, program_options);
  Tensor input = program.input("image"), output = program.output(form == NetForm::labels ? "labels" : "logits");
  nets_.push_front({image, form, std::move(program), std::move(input), std::move(output)});
  return nets_.front();
}

void ReadyNets::shed(std::int64_t height, std::int64_t width, std::int64_t bytes) {
  for (auto net = nets_.begin(); net != nets_.end();) {
    const bool other = net->image[2] != height || net->image[3] != width;
    if (other) bytes -= static_cast<std::int64_t>(net->program.arena_bytes() + net->program.packed_bytes());
    net = other && bytes < 0 ? nets_.erase(net) : std::next(net);
  }
}

}  // namespace inlay
