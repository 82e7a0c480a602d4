#include <algorithm>
#include <map>

#include "base/fail.h"
#include "graph/operator.h"
#include "graph/text.h"
#include "inlay/graph.h"

namespace inlay {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  while (!trim(text).empty()) {
    const auto at = text.find(separator);
    parts.push_back(trim(text.substr(0, at)));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + separator.size());
  }
  return parts;
}

/// What stands before `separator`; `text` keeps what stands behind it.
std::string_view take(std::string_view& text, std::string_view separator) {
  const auto at = text.find(separator);
  if (at == std::string_view::npos) fail_input("expected '{}' in '{}'", separator, text);
  const std::string_view head = trim(text.substr(0, at));
  text = trim(text.substr(at + separator.size()));
  return head;
}

TensorType parse_type(std::string_view text) {
  const auto words = split(text, " ");
  if (words.size() != 2) fail_input("expected a type such as 'f32 1x3x8x8', got '{}'", text);
  return {parse_dtype(words[0]), parse_shape(words[1])};
}

Initializer parse_initializer(std::span<const std::string_view> words) {
  if (words.empty()) return {};
  const auto kind = std::ranges::find(kInitializerNames, words[0]);
  if (kind == kInitializerNames.end())
    fail_input("unknown initializer '{}'; expected one of {}", words[0], fmt::join(kInitializerNames, ", "));
  Initializer initializer{static_cast<Initializer::Kind>(kind - kInitializerNames.begin()), 0};
  if (words.size() > 1) {
    const auto value = parse_attribute(words[1]);
    const auto* whole = std::get_if<std::int64_t>(&value);
    const auto* real = std::get_if<double>(&value);
    if (!whole && !real) fail_input("'{}' is no number", words[1]);
    initializer.value = whole ? static_cast<double>(*whole) : *real;
  }
  return initializer;
}

class Parser {
 public:
  explicit Parser(OperatorLookup find) : find_(find) {}

  void line(std::string_view text) {
    for (std::size_t kind = 0; kind < kLeafKindNames.size(); ++kind) {
      if (text.starts_with(kLeafKindNames[kind]) && text.substr(kLeafKindNames[kind].size()).starts_with(" ")) {
        leaf(static_cast<LeafKind>(kind), text.substr(kLeafKindNames[kind].size()));
        return;
      }
    }
    if (text.starts_with("output ")) {
      text.remove_prefix(7);
      const auto name = take(text, "=");
      graph.set_output(std::string(name), value(text));
      return;
    }
    node(text);
  }

  Graph graph;

 private:
  void leaf(LeafKind kind, std::string_view text) {
    const auto name = take(text, ":");
    const auto words = split(text, " ");
    if (words.size() < 2) fail_input("expected a type such as 'f32 1x3x8x8', got '{}'", text);
    const TensorType type{parse_dtype(words[0]), parse_shape(words[1])};
    values_[std::string(name)] =
        graph.add_leaf(kind, std::string(name), type, parse_initializer(std::span(words).subspan(2)));
  }

  void node(std::string_view text) {
    const auto names = split(take(text, "="), ",");
    const auto op_name = take(text, "(");
    const Operator* op = find_(op_name);
    if (!op) fail_input("unknown operator '{}'", op_name);
    std::vector<Value> inputs;
    for (std::string_view input : split(take(text, ")"), ",")) inputs.push_back(value(input));
    const Attributes attributes = parse_attributes(take(text, ":"));
    const auto quote = text.find('"');
    const auto types = split(text.substr(0, quote), ",");
    if (quote != std::string_view::npos) set_scope(text.substr(quote + 1, text.rfind('"') - quote - 1));
    const auto outputs = graph.add_node(*op, attributes, inputs);
    if (outputs.size() != names.size() || types.size() != names.size())
      fail_input("'{}' has {} outputs, the line names {} and gives {} types", op_name, outputs.size(), names.size(),
                 types.size());
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (parse_type(types[i]) != outputs[i].type())
        fail_input("the line says {} is {}, the operator makes {}", names[i], types[i], to_string(outputs[i].type()));
      values_[std::string(names[i])] = outputs[i];
    }
  }

  void set_scope(std::string_view node_name) {
    const auto slash = node_name.rfind('/');
    graph.set_scope(slash == std::string_view::npos ? "" : std::string(node_name.substr(0, slash)));
  }

  Value value(std::string_view name) const {
    if (name == "-") return {};
    const auto found = values_.find(name);
    if (found == values_.end()) fail_input("'{}' is not defined before its use", name);
    return found->second;
  }

  OperatorLookup find_;
  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace

Graph parse_graph(std::string_view text, OperatorLookup find) {
  Parser parser(find);
  int number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    try {
      parser.line(line);
    } catch (const InputError& error) {
      fail_input("line {}: {}", number, error.what());
    }
  }
  parser.graph.set_scope("");
  return parser.graph;
}

}  // namespace inlay
