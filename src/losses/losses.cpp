#include "inlay/losses.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include "base/fail.h"
#include "base/nearest_name.h"
#include "losses/parse.h"

namespace inlay {
namespace {

using Numbers = std::map<std::string, double, std::less<>>;

struct Inputs {
  Value logits, labels, class_weights, pixel_weights;
  LossTermOptions options;
  Numbers parameters;  // all of the loss's

  double parameter(std::string_view name) const { return parameters.find(name)->second; }
  bool binary() const { return logits.shape()[1] == 1; }
};

struct Parameter {
  std::string_view name;
  double value;
};

struct Loss {
  std::string_view name;
  bool takes_weights;    // of classes and pixels
  bool takes_smoothing;  // of labels
  std::vector<Parameter> parameters;
  Value (*build)(const Inputs&);
};

Value focal(const Inputs& in, double gamma) {
  return focal_loss(in.logits, in.labels, in.class_weights, in.pixel_weights,
                    {gamma, in.options.label_smoothing, in.options.ignore});
}

/// With the sigmoid for one output channel, else with the softmax.
Value entropy(const Inputs& in) {
  if (in.options.label_smoothing > 0) return focal(in, 0);
  const auto build = in.binary() ? binary_cross_entropy : cross_entropy;
  return build(in.logits, in.labels, in.class_weights, in.pixel_weights, {in.options.ignore});
}

Value build_cross_entropy(const Inputs& in) {
  if (in.binary())
    fail_input(
        "loss 'cross_entropy' needs a channel for each class, but the net has one output channel: use bce or dice");
  return entropy(in);
}

Value build_bce(const Inputs& in) {
  if (!in.binary())
    fail_input("loss 'bce' is for nets with one output channel, but the net has {}: use cross_entropy or dice",
               in.logits.shape()[1]);
  return entropy(in);
}

Value build_ohem(const Inputs& in) {
  Inputs hard = in;
  hard.class_weights = {};
  hard.pixel_weights = hard_pixels(in.logits, in.labels, in.class_weights, in.pixel_weights,
                                   {in.parameter("threshold"), in.parameter("keep"), in.options.ignore});
  return entropy(hard);
}

Value build_lovasz(const Inputs& in) {
  return lovasz_loss(in.logits, in.labels, {in.parameter("per_image") != 0, in.options.ignore});
}

Value build_tversky(const Inputs& in) {
  return tversky_loss(in.logits, in.labels, {in.parameter("alpha"), in.parameter("beta"), in.options.ignore});
}

const std::array<Loss, 7>& losses() {
  static const std::array<Loss, 7> all{
      Loss{"cross_entropy", true, true, {}, build_cross_entropy},
      Loss{"bce", true, true, {}, build_bce},
      Loss{"dice",
           false,
           false,
           {},
           [](const Inputs& in) { return dice_loss(in.logits, in.labels, {in.options.ignore}); }},
      Loss{"focal",
           true,
           true,
           {{"gamma", FocalOptions{}.gamma}},
           [](const Inputs& in) { return focal(in, in.parameter("gamma")); }},
      Loss{
          "tversky", false, false, {{"alpha", TverskyOptions{}.alpha}, {"beta", TverskyOptions{}.beta}}, build_tversky},
      Loss{"lovasz", false, false, {{"per_image", 0}}, build_lovasz},
      Loss{"ohem",
           true,
           true,
           {{"threshold", HardPixelOptions{}.threshold}, {"keep", HardPixelOptions{}.keep}},
           build_ohem},
  };
  return all;
}

const std::vector<std::string_view>& names() {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> result;
    for (const Loss& loss : losses()) result.push_back(loss.name);
    return result;
  }();
  return all;
}

const Loss& find_loss(std::string_view name) {
  for (const Loss& loss : losses())
    if (loss.name == name) return loss;
  fail_input("unknown loss '{}', expected one of {}, or a sum such as cross_entropy+0.5*dice{}", name,
             fmt::join(names(), ", "), suggestion(name, names()));
}

std::string signature(const Loss& loss) {
  std::string text(loss.name);
  for (const Parameter& parameter : loss.parameters)
    text += fmt::format("{}{}={}", text.size() == loss.name.size() ? ":" : ",", parameter.name, parameter.value);
  return text;
}

double parse_number(const Loss& loss, std::string_view name, std::string_view text) {
  if (text == "true" || text == "false") return text == "true" ? 1 : 0;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    fail_input("loss '{}': {} is '{}', expected a number, as in {}", loss.name, name, text, signature(loss));
  return value;
}

Numbers parameters_of(const Loss& loss, const LossTerm& term) {
  Numbers numbers;
  for (const Parameter& parameter : loss.parameters) numbers[std::string(parameter.name)] = parameter.value;
  for (const auto& [name, text] : term.parameters) {
    const auto found = numbers.find(name);
    if (found == numbers.end())
      fail_input("loss '{}' has no parameter '{}'{}", loss.name, name,
                 loss.parameters.empty() ? "; it has none at all" : fmt::format("; it is {}", signature(loss)));
    found->second = parse_number(loss, name, text);
  }
  return numbers;
}

void check_use(std::string_view name, const std::vector<const Loss*>& terms, bool weighted, double label_smoothing) {
  if (weighted && std::ranges::none_of(terms, &Loss::takes_weights))
    fail_input("loss '{}' takes no class or pixel weights: add cross_entropy or bce, or leave the weights out", name);
  if (!(label_smoothing >= 0 && label_smoothing < 1))
    fail_input("the label smoothing is {}, expected 0 or more and below 1", label_smoothing);
  if (label_smoothing > 0 && std::ranges::none_of(terms, &Loss::takes_smoothing))
    fail_input("loss '{}' takes no label smoothing: add cross_entropy or bce, or leave the smoothing out", name);
}

}  // namespace

std::span<const std::string_view> loss_names() { return names(); }

Value make_loss(std::string_view name, Value logits, Value labels, Value class_weights, Value pixel_weights,
                const LossTermOptions& options) {
  if (logits.shape().rank() != 4)
    fail_input("loss '{}': the logits are {}, expected f32 with shape NxKxHxW", name, to_string(logits.type()));
  const std::vector<LossTerm> terms = parse_loss(name);
  std::vector<const Loss*> losses;
  for (const LossTerm& term : terms) losses.push_back(&find_loss(term.name));
  check_use(name, losses, class_weights || pixel_weights, options.label_smoothing);
  Graph graph = logits.graph();
  const std::string scope = graph.scope();
  graph.set_scope("loss");
  Value sum;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    Value loss =
        losses[i]->build({logits, labels, class_weights, pixel_weights, options, parameters_of(*losses[i], terms[i])});
    if (terms[i].weight != 1) loss = affine(loss, terms[i].weight);
    sum = sum ? add(sum, loss) : loss;
  }
  graph.set_scope(scope);
  return sum;
}

}  // namespace inlay
