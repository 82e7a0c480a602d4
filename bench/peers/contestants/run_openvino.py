"""OpenVINO: shapes fixed, precision fp32; one request at a time (LATENCY), or a queue of as many as it likes (THROUGHPUT)."""
import contest
import inputs
import openvino

REQUESTS_PER_STREAM = 2  # a step of THROUGHPUT keeps every stream busy at least this often


def only_logits(model):
    """Without what a model file carries for training alone."""
    results = [result for result in model.get_results() if "logits" in result.get_output_tensor(0).get_names()]
    return openvino.Model(results, model.get_parameters())


def make(job):
    core = openvino.Core()
    model = only_logits(core.read_model(job["model"]))
    model.reshape({"image": job["shape"]})
    compiled = core.compile_model(model, "CPU", {
        "PERFORMANCE_HINT": job["hint"], "INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": job["threads"]})
    image = openvino.Tensor(inputs.image(job), shared_memory=True)
    if job["hint"] == "LATENCY":
        request = compiled.create_infer_request()
        return contest.Work(lambda: request.infer({0: image}, share_inputs=True, share_outputs=True),
                            lambda: request.get_output_tensor().data)

    queue = openvino.AsyncInferQueue(compiled)
    repeats = REQUESTS_PER_STREAM * len(queue)

    def step():
        for _ in range(repeats):
            queue.start_async({0: image}, share_inputs=True)
        queue.wait_all()

    return contest.Work(step, lambda: queue[0].get_output_tensor().data, repeats)


contest.serve(make)
