// How both directions of a convolution are written to and read from ONNX: Conv and ConvTranspose share their
// attributes.
#pragma once

#include <string>

#include "ops/onnx_attributes.h"

namespace inlay {

/// Adds the node with x, weight, bias and the attributes of `options`.
template <class Options>
void conv_to_onnx(OnnxExporter& onnx, const Node& node, std::string type, const Options& o) {
  const Shape& w = node.inputs[1].shape();
  OnnxNode conv{
      std::move(type), {onnx.name(node.inputs[0]), onnx.name(node.inputs[1])}, {onnx.name(node.outputs[0])}, {}};
  if (node.inputs[2]) conv.inputs.push_back(onnx.name(node.inputs[2]));
  conv.attributes.set("kernel_shape", std::vector{w[2], w[3]});
  conv.attributes.set("strides", to_attribute(o.stride));
  conv.attributes.set("pads", to_attribute(o.padding));
  conv.attributes.set("dilations", to_attribute(o.dilation));
  if constexpr (requires { o.output_padding; }) conv.attributes.set("output_padding", to_attribute(o.output_padding));
  conv.attributes.set("group", o.groups);
  onnx.add(std::move(conv));
}

template <class Options>
Options conv_from_onnx(const OnnxNode& node) {
  if (node.attributes.find("output_shape")) fail_input("output_shape is not supported, only explicit pads");
  if (const auto pad = onnx_attribute<std::string>(node, "auto_pad", "NOTSET"); pad != "NOTSET")
    fail_input("auto_pad '{}' is not supported, only explicit pads", pad);
  Options o;
  o.stride = onnx_attribute(node, "strides", o.stride);
  o.padding = onnx_attribute(node, "pads", o.padding);
  o.dilation = onnx_attribute(node, "dilations", o.dilation);
  if constexpr (requires { o.output_padding; })
    o.output_padding = onnx_attribute(node, "output_padding", o.output_padding);
  o.groups = onnx_attribute(node, "group", o.groups);
  return o;
}

}  // namespace inlay
