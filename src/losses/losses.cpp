#include "inlay/losses.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/fail.h"
#include "base/nearest_name.h"

namespace inlay {
namespace {

struct Inputs {
  Value logits, labels, class_weights, pixel_weights;
  LossOptions options;
};

struct Loss {
  std::string_view name;
  bool takes_weights;
  Value (*build)(const Inputs&);
};

constexpr std::array kLosses{
    Loss{"cross_entropy", true,
         [](const Inputs& in) {
           if (in.logits.shape()[1] == 1)
             fail_input(
                 "loss 'cross_entropy' needs a channel for each class, but the net has one output channel: use bce or "
                 "dice");
           return cross_entropy(in.logits, in.labels, in.class_weights, in.pixel_weights, in.options);
         }},
    Loss{"bce", true,
         [](const Inputs& in) {
           if (in.logits.shape()[1] != 1)
             fail_input("loss 'bce' is for nets with one output channel, but the net has {}: use cross_entropy or dice",
                        in.logits.shape()[1]);
           return binary_cross_entropy(in.logits, in.labels, in.class_weights, in.pixel_weights, in.options);
         }},
    Loss{"dice", false, [](const Inputs& in) { return dice_loss(in.logits, in.labels, in.options); }},
};

constexpr auto kNames = [] {
  std::array<std::string_view, kLosses.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kLosses[i].name;
  return names;
}();

struct Term {
  double weight;
  const Loss* loss;
};

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

Term parse_term(std::string_view text, std::string_view whole) {
  Term term{1, nullptr};
  std::string_view name = trim(text);
  if (const auto star = name.find('*'); star != std::string_view::npos) {
    const std::string_view number = trim(name.substr(0, star));
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), term.weight);
    if (error != std::errc{} || end != number.data() + number.size() || !(term.weight > 0) ||
        !std::isfinite(term.weight))
      fail_input("loss '{}': the weight '{}' is no positive number; expected a term such as 0.5*dice", whole, number);
    name = trim(name.substr(star + 1));
  }
  for (const Loss& loss : kLosses)
    if (loss.name == name) term.loss = &loss;
  if (term.loss == nullptr)
    fail_input("unknown loss '{}', expected one of {}, or a sum such as cross_entropy+0.5*dice{}", name,
               fmt::join(kNames, ", "), suggestion(name, kNames));
  return term;
}

std::vector<Term> parse(std::string_view whole) {
  std::vector<Term> terms;
  for (std::size_t start = 0; start <= whole.size();) {
    const std::size_t plus = std::min(whole.find('+', start), whole.size());
    terms.push_back(parse_term(whole.substr(start, plus - start), whole));
    start = plus + 1;
  }
  return terms;
}

}  // namespace

std::span<const std::string_view> loss_names() { return kNames; }

Value make_loss(std::string_view name, Value logits, Value labels, Value class_weights, Value pixel_weights,
                std::int64_t ignore) {
  if (logits.shape().rank() != 4)
    fail_input("loss '{}': the logits are {}, expected f32 with shape NxKxHxW", name, to_string(logits.type()));
  const std::vector<Term> terms = parse(name);
  const bool weighted = class_weights || pixel_weights;
  if (weighted && std::ranges::none_of(terms, [](const Term& term) { return term.loss->takes_weights; }))
    fail_input("loss '{}' takes no class or pixel weights: add cross_entropy or bce, or leave the weights out", name);
  Graph graph = logits.graph();
  const std::string scope = graph.scope();
  graph.set_scope("loss");
  Value sum;
  for (const Term& term : terms) {
    Value loss = term.loss->build({logits, labels, class_weights, pixel_weights, {ignore}});
    if (term.weight != 1) loss = affine(loss, term.weight);
    sum = sum ? add(sum, loss) : loss;
  }
  graph.set_scope(scope);
  return sum;
}

}  // namespace inlay
