"""TensorFlow: tf.function with fixed shapes, oneDNN as it is by default; weights frozen into the graph for inference."""
import contest
import inputs
import numpy
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from unet_tensorflow import unet


def make(job):
    tf.config.threading.set_intra_op_parallelism_threads(job["threads"])
    tf.config.threading.set_inter_op_parallelism_threads(1)
    arrays = inputs.weights(job["model"])
    net = unet(arrays, job["shape"][1], inputs.unet_levels(arrays))
    image = tf.constant(inputs.image(job).transpose(0, 2, 3, 1))
    return training(job, net, image) if job["mode"] == "train" else inference(net, image)


def inference(net, image):
    forward = tf.function(lambda x: net(x, training=False))
    frozen = convert_variables_to_constants_v2(forward.get_concrete_function(image))
    result = []

    def step():
        result[:] = frozen(image)

    def logits():
        return numpy.ascontiguousarray(result[0].numpy().transpose(0, 3, 1, 2))

    return contest.Work(step, logits)


def training(job, net, image):
    labels = tf.constant(inputs.labels(job).astype("i4"))
    optimizer = tf.keras.optimizers.Adam(job["rate"], epsilon=1e-8)
    cross_entropy = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def update(x, y):
        with tf.GradientTape() as tape:
            loss = cross_entropy(y, net(x, training=True))
        optimizer.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))
        return loss

    return contest.Work(lambda: update(image, labels).numpy(), None)


contest.serve(make)
