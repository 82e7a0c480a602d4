"""Runs model files in ONNX Runtime.

    python run_onnxruntime.py JOB...

A job is MODEL,NxCxHxW,INPUT,OUTPUT: the file INPUT holds the picture as raw little-endian floats in row-major order; OUTPUT gets the
logits in the same form.
"""

import sys

import numpy
import onnxruntime


def run(model, shape, source, target):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    (image,) = session.get_inputs()
    outputs = [output.name for output in session.get_outputs()]
    if image.name != "image" or "logits" not in outputs:
        sys.exit(f"{model}: expected image and logits, got {image.name} and {outputs}")
    extents = [int(extent) for extent in shape.split("x")]
    picture = numpy.fromfile(source, "<f4").reshape(extents)
    (result,) = session.run(["logits"], {"image": picture})
    result.astype("<f4").tofile(target)


for job in sys.argv[1:]:
    run(*job.split(","))
