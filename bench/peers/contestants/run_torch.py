"""PyTorch. Settings in the job: channels_last, compile (inductor; frozen for inference), bf16 (autocast)."""
import contest
import inputs
import torch
from torch._inductor import config as inductor
from unet_torch import UNet


def make(job):
    torch.set_num_threads(job["threads"])
    memory_format = torch.channels_last if job.get("channels_last") else torch.contiguous_format
    arrays = inputs.weights(job["model"])
    net = UNet(job["shape"][1], job["classes"], inputs.unet_levels(arrays)).load(arrays).to(memory_format=memory_format)
    image = torch.from_numpy(inputs.image(job)).to(memory_format=memory_format)
    precision = torch.autocast("cpu", torch.bfloat16, enabled=job.get("bf16", False))
    make_mode = training if job["mode"] == "train" else inference
    return make_mode(job, net, image, precision)


def inference(job, net, image, precision):
    net.eval()
    if job.get("compile"):
        inductor.freezing = True
        net = torch.compile(net)
    result = []

    def step():
        with torch.no_grad(), precision:
            result[:] = [net(image)]

    return contest.Work(step, lambda: result[0].float().contiguous().numpy())


def training(job, net, image, precision):
    net.train()
    labels = torch.from_numpy(inputs.labels(job)).long()
    optimizer = torch.optim.Adam(net.parameters(), lr=job["rate"], fused=True)

    def loss_of(x, y):
        return torch.nn.functional.cross_entropy(net(x), y)

    forward = torch.compile(loss_of) if job.get("compile") else loss_of

    def step():
        optimizer.zero_grad()
        with precision:
            loss = forward(image, labels)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return contest.Work(step, None)


contest.serve(make)
