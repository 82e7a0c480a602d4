#include "infer/ready_nets.h"

#include <algorithm>

#include "base/fail.h"
#include "compiler/keep_dropout.h"

namespace inlay {
namespace {

void check_logits(const Shape& image, const Shape& logits, std::int64_t margin) {
  if (logits[0] == image[0] && logits[2] == image[2] - 2 * margin && logits[3] == image[3] - 2 * margin) return;
  fail_input("the model turns {} into {}; it must give one logit per pixel{}", to_string(image), to_string(logits),
             margin > 0 ? fmt::format(", but for {} on each side", margin) : "");
}

}  // namespace

ReadyNet& ReadyNets::at(const Shape& image, NetForm form) {
  const auto found =
      std::ranges::find_if(nets_, [&](const ReadyNet& net) { return net.image == image && net.form == form; });
  if (found != nets_.end()) {
    nets_.splice(nets_.begin(), nets_, found);
    return nets_.front();
  }
  while (!nets_.empty() && nets_.size() >= options_.cached_programs) nets_.pop_back();
  Graph graph = instantiate(model_.graph, {{"image", image}});
  check_logits(image, graph.output("logits").shape(), model_.info.size.margin);
  if (form == NetForm::sampling) graph = keep_dropout(graph);
  ProgramOptions program_options;
  program_options.threads = options_.threads;
  program_options.tune = options_.tune;
  program_options.log = options_.log;
  Program program(graph, model_.tensors, {}, program_options);
  Tensor input = program.input("image"), output = program.output("logits");
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
