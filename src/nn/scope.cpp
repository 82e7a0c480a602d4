#include "base/fail.h"
#include "inlay/nn.h"

namespace inlay {
namespace {

std::string join(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}/{}", path, name);
}

}  // namespace

Scope Scope::operator/(std::string_view name) const { return Scope(graph_, join(path_, name)); }

const Scope& Scope::enter() const {
  Graph(graph_).set_scope(path_);
  return *this;
}

Value Scope::parameter(std::string_view name, const Shape& shape, Initializer initializer) const {
  return Graph(graph_).add_leaf(LeafKind::parameter, join(path_, name), {DType::f32, shape}, initializer);
}

Value Scope::state(std::string_view name, const Shape& shape, double value) const {
  return Graph(graph_).add_leaf(LeafKind::state, join(path_, name), {DType::f32, shape},
                                {Initializer::Kind::constant, value});
}

}  // namespace inlay
