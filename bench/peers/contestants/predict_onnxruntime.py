"""Labels one grey picture with ONNX Runtime: MODEL PICTURE MASK THREADS."""
import sys

import numpy
import onnxruntime
from PIL import Image

model, picture, mask, threads = sys.argv[1:]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(threads)
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
image = numpy.asarray(Image.open(picture), "f4")[None, None] / 255
(logits,) = session.run(None, {"image": image})
Image.fromarray(logits[0].argmax(0).astype("u1")).save(mask)
