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

ConvPrimitive make(const ConvProblem& p, Algorithm algorithm) {
  const auto name = [&](const char* implementation) -> std::string_view {
    if (is_reference(implementation)) return "reference";
    if (algorithm == Algorithm::convolution_winograd) return "onednn_winograd";
    return std::string_view(implementation).find("gemm") != std::string_view::npos ? "gemm" : "direct";
  };
  if (p.direction == ConvDirection::forward) {
    dnnl::primitive_attr attr = attributes();
    if (p.relu) {
      dnnl::post_ops ops;
#if DNNL_VERSION_MAJOR >= 3
      ops.append_eltwise(Algorithm::eltwise_relu, 0.f, 0.f);
#else
      ops.append_eltwise(1.f, Algorithm::eltwise_relu, 0.f, 0.f);
#endif
      attr.set_post_ops(ops);
    }
    // In inference form Winograd wants transformed weights, and oneDNN's transformation is ten times slower than its
    // convolution.
    const auto kind = p.constant_weights ? dnnl::prop_kind::forward_inference : dnnl::prop_kind::forward_training;
    const auto desc = forward(p, algorithm, kind, attr);
    return {name(desc.impl_info_str()), dnnl::convolution_forward(desc), desc.weights_desc(), desc.scratchpad_desc()};
  }
  const auto hint = forward(p, Algorithm::convolution_direct, dnnl::prop_kind::forward_training, attributes());
  if (p.direction == ConvDirection::backward_data) {
    const auto desc = backward_data(p, algorithm, hint);
    return {name(desc.impl_info_str()), dnnl::convolution_backward_data(desc), desc.weights_desc(),
            desc.scratchpad_desc()};
  }
  const auto desc = backward_weights(p, algorithm, hint);
  return {name(desc.impl_info_str()), dnnl::convolution_backward_weights(desc), desc.diff_weights_desc(),
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
      if (error.status != dnnl_unimplemented && error.status != dnnl_invalid_arguments) throw;
    }
  }
  return found;
}

}  // namespace inlay::onednn
