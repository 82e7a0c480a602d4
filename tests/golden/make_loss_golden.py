"""Golden values of the losses of include/inlay/loss_ops.h, with their gradients: python make_loss_golden.py [FOLDER]

Written for PyTorch from the papers' formulas, in double precision; the gradients are autograd's. loss_ops.json is a list of
cases {name, loss, inputs: [logits, labels, class weights?, pixel weights?], value, gradient}; `loss` is the text that make_loss() takes,
`smoothing` its label smoothing. Read by tests/losses/golden_test.cpp.
"""
import json
import pathlib
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(20240611)
torch.set_default_dtype(torch.float64)
IGNORE = 255
cases = []


def draw(*shape):
    return (torch.randn(*shape) * 65536).round() / 65536  # exact in float, and without ties: there a subgradient is a matter of taste


def pack(tensor):
    data = [round(float(v), 9) for v in tensor.reshape(-1)]
    return {"shape": list(tensor.shape), "data": [int(v) if v == int(v) else v for v in data]}


def pixels(logits, labels):
    """(P, K) logits of K outcomes and (P) labels of the pixels that count; one logit x stands for the two logits 0 and x."""
    if logits.shape[1] == 1:
        logits = torch.cat([torch.zeros_like(logits), logits], 1)
    flat = logits.permute(0, 2, 3, 1).reshape(-1, logits.shape[1])
    kept = labels.reshape(-1) != IGNORE
    return flat[kept], labels.reshape(-1)[kept], kept


def weights_of(labels, kept, classes, of_pixel):
    w = torch.ones(labels.shape[0])
    if classes is not None:
        w = w * classes[labels]
    if of_pixel is not None:
        w = w * of_pixel.reshape(-1)[kept]
    return w


def focal(logits, labels, classes=None, of_pixel=None, gamma=2.0, smoothing=0.0):
    x, y, kept = pixels(logits, labels)
    log_p = F.log_softmax(x, 1)
    target = F.one_hot(y, x.shape[1]).double() * (1 - smoothing) + smoothing / x.shape[1]
    per_pixel = -(target * (1 - log_p.exp()) ** gamma * log_p).sum(1)
    w = weights_of(y, kept, classes, of_pixel)
    return (w * per_pixel).sum() / w.sum()


def smoothed(logits, labels, smoothing):
    """PyTorch's own, without weights."""
    return F.cross_entropy(logits, labels, ignore_index=IGNORE, label_smoothing=smoothing)


def tversky(logits, labels, alpha, beta):
    x, y, _ = pixels(logits, labels)
    p, truth = x.softmax(1), F.one_hot(y, x.shape[1]).double()
    if logits.shape[1] == 1:
        p, truth = p[:, 1:], truth[:, 1:]
    tp, fp, fn = (p * truth).sum(0), (p * (1 - truth)).sum(0), ((1 - p) * truth).sum(0)
    return 1 - ((tp + 0.5) / (tp + alpha * fp + beta * fn + 0.5)).mean()


def lovasz_gradient(truth):
    """Of 1 - IoU with respect to the sorted errors: Berman et al. 2018, algorithm 1."""
    total = truth.sum()
    intersection, union = total - truth.cumsum(0), total + (1 - truth).cumsum(0)
    jaccard = 1 - intersection / union
    return torch.cat([jaccard[:1], jaccard[1:] - jaccard[:-1]])


def lovasz_flat(logits, labels):
    if logits.shape[1] == 1:
        x, y, _ = pixels(logits, labels)
        truth = (y == 1).double()
        errors, order = torch.sort(1 - x[:, 1] * (2 * truth - 1), descending=True)
        return (F.relu(errors) * lovasz_gradient(truth[order])).sum()
    x, y, _ = pixels(logits, labels)
    p = x.softmax(1)
    losses = []
    for k in y.unique():
        truth = (y == k).double()
        errors, order = torch.sort((truth - p[:, k]).abs(), descending=True)
        losses.append((errors * lovasz_gradient(truth[order])).sum())
    return torch.stack(losses).mean()


def lovasz(logits, labels, per_image=False):
    if per_image:
        return torch.stack([lovasz_flat(logits[i:i + 1], labels[i:i + 1]) for i in range(len(logits))]).mean()
    return lovasz_flat(logits, labels)


def ohem(logits, labels, threshold, keep):
    """As BiSeNet's: all losses above the threshold, or the largest ones when they are too few."""
    x, y, _ = pixels(logits, labels)
    losses, _ = F.cross_entropy(x, y, reduction="none").sort(descending=True)
    least = -int(-keep * len(losses) // 1)
    hard = losses >= -torch.log(torch.tensor(threshold)) if threshold > 0 else losses < 0
    return losses[hard].mean() if hard.sum() >= least else losses[:least].mean()


def case(name, loss, function, logits, labels, *weights, smoothing=0.0):
    logits = logits.clone().requires_grad_()
    value = function(logits, labels, *weights)
    value.backward()
    cases.append({"name": name, "loss": loss, "smoothing": smoothing, "inputs": [pack(t.detach()) for t in (logits, labels, *weights)],
                  "value": round(float(value), 9), "gradient": [round(float(v), 10) for v in logits.grad.reshape(-1)]})


def data(n, k, h, w):
    labels = torch.randint(0, max(2, k), (n, h, w))
    labels[0, 0, 1] = labels[-1, -1, 0] = IGNORE
    return draw(n, k, h, w) * 2, labels


many, one = data(2, 4, 4, 5), data(2, 1, 4, 5)
class_weights, pixel_weights = draw(4).abs() + 0.25, draw(2, 4, 5).abs() + 0.25
for name, (logits, labels), of_class in (("softmax", many, class_weights), ("sigmoid", one, class_weights[:2])):
    case(f"{name}_default", "focal", focal, logits, labels)
    case(f"{name}_gamma3_weights", "focal:gamma=3", lambda *a: focal(*a, gamma=3.0), logits, labels, of_class, pixel_weights)
    case(f"{name}_smoothing", "focal:gamma=1.5", lambda *a: focal(*a, gamma=1.5, smoothing=0.2), logits, labels, smoothing=0.2)
    case(f"{name}_default", "tversky", lambda *a: tversky(*a, 0.3, 0.7), logits, labels)
    case(f"{name}_one_one", "tversky:alpha=1,beta=1", lambda *a: tversky(*a, 1.0, 1.0), logits, labels)
    case(f"{name}_batch", "lovasz", lovasz, logits, labels)
    case(f"{name}_per_image", "lovasz:per_image=true", lambda *a: lovasz(*a, per_image=True), logits, labels)
    case(f"{name}_threshold", "ohem:threshold=0.4,keep=0.1", lambda *a: ohem(*a, 0.4, 0.1), logits, labels)
    case(f"{name}_share", "ohem:threshold=0,keep=0.3", lambda *a: ohem(*a, 0.0, 0.3), logits, labels)
case("smoothing", "cross_entropy", lambda *a: smoothed(*a, 0.1), *many, smoothing=0.1)
rare = (many[0], torch.where(many[1] == 2, torch.tensor(0), many[1]))
case("absent_class", "lovasz", lovasz, *rare)

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
text = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
(folder / "loss_ops.json").write_text(f"[\n{text}\n]\n")
