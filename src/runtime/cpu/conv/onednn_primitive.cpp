#include "runtime/cpu/conv/onednn_primitive.h"

namespace inlay::onednn {
namespace {

using Algorithm = dnnl::algorithm;
using Dims = dnnl::memory::dims;

struct Geometry {
  Dims strides, dilates, before, after;
};

Geometry dims_of(const ConvGeometry& g) {
  return {{g.stride.h, g.stride.w},
          {g.dilation.h - 1, g.dilation.w - 1},
          {g.padding.top, g.padding.left},
          // What oneDNN calls right padding must give the output size exactly: rows that no window reaches are negative
          // padding.
          {(g.oh - 1) * g.stride.h + g.dilation.h * (g.kh - 1) + 1 - g.h - g.padding.top,
           (g.ow - 1) * g.stride.w + g.dilation.w * (g.kw - 1) + 1 - g.w - g.padding.left}};
}

// In the two directions that know a bias.
dnnl::memory::desc bias_of(const ConvProblem& p) { return p.bias ? vector(p.geometry.m) : dnnl::memory::desc(); }

#if DNNL_VERSION_MAJOR >= 3

dnnl::convolution_forward::primitive_desc forward(const ConvProblem& p, Algorithm algorithm, dnnl::prop_kind kind,
                                                  const dnnl::primitive_attr& attr) {
  const Geometry d = dims_of(p.geometry);
  return {engine(),
          kind,
          algorithm,
          picture(p.x()),
          any_weights(p.weight_shape(), p.geometry.groups),
          bias_of(p),
          picture(p.y()),
          d.strides,
          d.dilates,
          d.before,
          d.after,
          attr};
}

dnnl::convolution_backward_data::primitive_desc backward_data(const ConvProblem& p, Algorithm algorithm,
                                                              const dnnl::convolution_forward::primitive_desc& hint) {
  const Geometry d = dims_of(p.geometry);
  return {engine(),       algorithm, picture(p.x()), any_weights(p.weight_shape(), p.geometry.groups),
          picture(p.y()), d.strides, d.dilates,      d.before,
          d.after,        hint,      attributes()};
}

dnnl::convolution_backward_weights::primitive_desc backward_weights(
    const ConvProblem& p, Algorithm algorithm, const dnnl::convolution_forward::primitive_desc& hint) {
  const Geometry d = dims_of(p.geometry);
  return {engine(),   algorithm,      picture(p.x()), any_weights(p.weight_shape(), p.geometry.groups),
          bias_of(p), picture(p.y()), d.strides,      d.dilates,
          d.before,   d.after,        hint,           attributes()};
}

#else

dnnl::convolution_forward::primitive_desc forward(const ConvProblem& p, Algorithm algorithm, dnnl::prop_kind kind,
                                                  const dnnl::primitive_attr& attr) {
  const Geometry d = dims_of(p.geometry);
  return {{kind, algorithm, picture(p.x()), any_weights(p.weight_shape(), p.geometry.groups), bias_of(p),
           picture(p.y()), d.strides, d.dilates, d.before, d.after},
          attr,
          engine()};
}

dnnl::convolution_backward_data::primitive_desc backward_data(const ConvProblem& p, Algorithm algorithm,
                                                              const dnnl::convolution_forward::primitive_desc& hint) {
  const Geometry d = dims_of(p.geometry);
  return {{algorithm, picture(p.x()), any_weights(p.weight_shape(), p.geometry.groups), picture(p.y()), d.strides,
           d.dilates, d.before, d.after},
          attributes(),
          engine(),
          hint};
}

dnnl::convolution_backward_weights::primitive_desc backward_weights(
    const ConvProblem& p, Algorithm algorithm, const dnnl::convolution_forward::primitive_desc& hint) {
  const Geometry d = dims_of(p.geometry);
  return {{algorithm, picture(p.x()), any_weights(p.weight_shape(), p.geometry.groups), bias_of(p), picture(p.y()),
           d.strides, d.dilates, d.before, d.after},
          attributes(),
          engine(),
          hint};
}

#endif

dnnl::primitive_attr epilogue(const ConvProblem& p, bool adds, bool activates) {
  dnnl::post_ops ops;
  if (adds) ops.append_sum();
  if (activates) {
    const auto slope = static_cast<float>(p.activation == Activation::leaky_relu ? p.slope : 0);
#if DNNL_VERSION_MAJOR >= 3
    ops.append_eltwise(Algorithm::eltwise_relu, slope, 0.f);
#else
    ops.append_eltwise(1.f, Algorithm::eltwise_relu, slope, 0.f);
#endif
  }
  dnnl::primitive_attr attr = attributes();
  attr.set_post_ops(ops);
  return attr;
}

bool is_unavailable(const dnnl::error& error) {
  return error.status == dnnl_unimplemented || error.status == dnnl_invalid_arguments;
}

std::string_view name_of(const std::string& implementation, Algorithm algorithm) {
  if (is_reference(implementation)) return "reference";
  if (algorithm == Algorithm::convolution_winograd) return "onednn_winograd";
  return implementation.find("gemm") != std::string::npos ? "gemm" : "direct";
}

/// With as much of the epilogue as the implementation does well: a slope for every channel leads to reference code, and
/// a sum makes "gemm" four times as slow.
ConvPrimitive make_forward(const ConvProblem& p, Algorithm algorithm) {
  // In inference form Winograd wants transformed weights, and oneDNN's transformation is ten times slower than its
  // convolution.
  const auto kind = p.constant_weights ? dnnl::prop_kind::forward_inference : dnnl::prop_kind::forward_training;
  const auto make = [&](bool adds, bool activates) -> ConvPrimitive {
    const auto desc = forward(p, algorithm, kind, epilogue(p, adds, activates));
    return {name_of(desc.impl_info_str(), algorithm),
            dnnl::convolution_forward(desc),
            desc.weights_desc(),
            desc.scratchpad_desc(),
            adds,
            activates};
  };
  const ConvPrimitive plain = make(false, false);
  const bool one_slope = p.activation == Activation::relu || p.activation == Activation::leaky_relu;
  if (p.add && plain.algorithm != "direct") return plain;
  for (const bool activates : {one_slope, false}) {
    if (!p.add && !activates) continue;
    try {
      ConvPrimitive fused = make(p.add, activates);
      if (fused.algorithm == plain.algorithm) return fused;
    } catch (const dnnl::error& error) {
      if (!is_unavailable(error)) throw;
    }
  }
  return plain;
}

ConvPrimitive make(const ConvProblem& p, Algorithm algorithm) {
  if (p.direction == ConvDirection::forward) return make_forward(p, algorithm);
  const auto hint = forward(p, Algorithm::convolution_direct, dnnl::prop_kind::forward_training, attributes());
  if (p.direction == ConvDirection::backward_data) {
    const auto desc = backward_data(p, algorithm, hint);
    return {name_of(desc.impl_info_str(), algorithm), dnnl::convolution_backward_data(desc), desc.weights_desc(),
            desc.scratchpad_desc()};
  }
  const auto desc = backward_weights(p, algorithm, hint);
  return {name_of(desc.impl_info_str(), algorithm), dnnl::convolution_backward_weights(desc), desc.diff_weights_desc(),
          desc.scratchpad_desc()};
}

}  // namespace

std::vector<ConvPrimitive> conv_primitives(const ConvProblem& problem) {
  std::vector<ConvPrimitive> found;
  for (const Algorithm algorithm : {Algorithm::convolution_direct, Algorithm::convolution_winograd}) {
    try {
      ConvPrimitive primitive = make(problem, algorithm);
      if (found.empty() || primitive.algorithm != "reference") found.push_back(std::move(primitive));
    } catch (const dnnl::error& error) {
      if (!is_unavailable(error)) throw;
    }
  }
  return found;
}

}  // namespace inlay::onednn
