"""A plain PyTorch training loop over PNG files, channels_last: crops and mirrors by chance. JOB as JSON; prints the epochs' seconds."""
import json
import pathlib
import sys
import time

import numpy
import torch
from PIL import Image
from segnet_basic_torch import SegNetBasic


class Pictures(torch.utils.data.Dataset):
    def __init__(self, folder, height, width):
        self.files = sorted((pathlib.Path(folder) / "images").iterdir())
        self.height, self.width = height, width

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        image = torch.from_numpy(numpy.array(Image.open(self.files[i]))).permute(2, 0, 1).float() / 255
        mask = Image.open(self.files[i].parent.parent / "masks" / self.files[i].name)
        labels = torch.from_numpy(numpy.array(mask)).long()
        top = torch.randint(image.shape[1] - self.height + 1, ()).item()
        left = torch.randint(image.shape[2] - self.width + 1, ()).item()
        image = image[:, top:top + self.height, left:left + self.width]
        labels = labels[top:top + self.height, left:left + self.width]
        if torch.rand(()) < 0.5:
            image, labels = image.flip(2), labels.flip(1)
        return image - 0.5, labels


def train_epoch(net, loader, optimizer):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(images.to(memory_format=torch.channels_last)), labels, ignore_index=255)
        loss.backward()
        optimizer.step()


def main():
    job = json.loads(sys.argv[1])
    torch.set_num_threads(job["threads"])
    torch.manual_seed(0)
    data = Pictures(job["data"], job["height"], job["width"])
    loader = torch.utils.data.DataLoader(data, job["batch"], shuffle=True, num_workers=2, persistent_workers=True)
    net = SegNetBasic(3, job["classes"]).to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True)
    seconds = []
    for _ in range(job["epochs"]):
        start = time.perf_counter()
        train_epoch(net, loader, optimizer)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"epoch_seconds": seconds}))


main()
