#!/usr/bin/env python3
"""Makes tests/golden/deepstruc-2023.json with PyTorch: outputs, losses and gradients of one batch through the published
network, at its full size. Parameters and inputs come from a hash that C repeats exactly, so that nothing large is stored: of
each parameter's gradient the file keeps its norm, its sum and 12 of its elements.

Run with Debian's python3-torch (1.13): /usr/bin/python3 tools/golden_deepstruc_2023.py
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

N_POINTS, N_ATOMS, LATENT = 2800, 200, 2
SIZES = [13, 5, 40, 1]  # atoms of the batch's graphs
BETA = 0.25


def uniform(stream, n):
    """n numbers in [-1, 1) from a hash of (stream, index)."""
    x = np.arange(n, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64((stream + 1) * 0xD1B54A32D192ED03 % 2**64)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return (x >> np.uint64(40)).astype(np.float64) * 2.0**-23 - 1.0


class Network:
    def __init__(self):
        self.parameters, self.gradients = {}, {}

    def tensor(self, name, *shape):
        fan_in = shape[1] if len(shape) == 2 else 16
        values = uniform(100 + len(self.parameters), int(np.prod(shape))) * np.sqrt(6.0 / fan_in)
        self.parameters[name] = torch.tensor(values.reshape(shape), dtype=torch.float64, requires_grad=True)

    def dense(self, name, n_in, n_out):
        self.tensor(name + ".weight", n_out, n_in)
        self.tensor(name + ".bias", n_out)

    def declare(self):
        for stack in "prior", "branch":
            widths = [N_POINTS, 384, 192, 24, 2 * LATENT if stack == "prior" else 256]
            for l, (a, b) in enumerate(zip(widths, widths[1:])):
                self.dense(f"{stack}.{l}", a, 2 * b)
        widths = [3, 1024, 512, 256, 128, 64, 256]
        for l, (a, b) in enumerate(zip(widths, widths[1:])):
            self.tensor(f"encoder.{l}.weight", b, a)
            for part in "att_src", "att_dst", "bias":
                self.tensor(f"encoder.{l}.{part}", b)
        self.dense("pool.gate", 256, 1)
        self.dense("pool.value", 256, 256)
        for stack, widths in (("posterior", [512, 256, 128, 64, 2 * LATENT]),
                              ("decoder", [LATENT, 32, 64, 128, 256, 512, 1024, 3 * N_ATOMS])):
            for l, (a, b) in enumerate(zip(widths, widths[1:])):
                self.dense(f"{stack}.{l}", a, b)

    def linear(self, name, x):
        return F.linear(x, self.parameters[name + ".weight"], self.parameters[name + ".bias"])

    def gated(self, name, x):
        for l in range(4):
            h, g = self.linear(f"{name}.{l}", x).chunk(2, dim=1)
            x = h * torch.sigmoid(g)
            x = F.leaky_relu(x, 0.01) if l < 3 else x
        return x

    def stack(self, name, n, x):
        for l in range(n):
            x = self.linear(f"{name}.{l}", x)
            x = F.leaky_relu(x, 0.01) if l + 1 < n else x
        return x

    def attention(self, name, x, source, target):
        """GATConv, one head: the edges' softmax by target, written with index_add."""
        p = self.parameters
        h = x @ p[name + ".weight"].T
        at_source, at_target = h @ p[name + ".att_src"], h @ p[name + ".att_dst"]
        score = F.leaky_relu(at_source.index_select(0, source) + at_target.index_select(0, target), 0.2)
        weight = torch.exp(score - score.max())
        total = torch.zeros(len(x), dtype=x.dtype).index_add(0, target, weight)
        alpha = weight / total.index_select(0, target)
        return torch.zeros_like(h).index_add(0, target, alpha[:, None] * h.index_select(0, source)) + p[name + ".bias"]

    def encode(self, n, x, source, target, graph):
        for l in range(6):
            x = self.attention(f"encoder.{l}", x, source, target)
            x = F.leaky_relu(x, 0.01) if l < 5 else x
        weight = torch.exp(self.linear("pool.gate", x)[:, 0])
        total = torch.zeros(n, dtype=x.dtype).index_add(0, graph, weight)
        values = self.linear("pool.value", x) * (weight / total.index_select(0, graph))[:, None]
        return torch.zeros(n, values.shape[1], dtype=x.dtype).index_add(0, graph, values)


def make_inputs():
    n, source, target, graph, first = len(SIZES), [], [], [], 0
    for g, size in enumerate(SIZES):  # atom i sees itself, i +- 1 and i +- 3
        for i in range(size):
            for step in -3, -1, 0, 1, 3:
                if 0 <= i + step < size:
                    source.append(first + i + step)
                    target.append(first + i)
        graph += [g] * size
        first += size
    real = lambda stream, *shape: torch.tensor(uniform(stream, int(np.prod(shape))).reshape(shape), dtype=torch.float64)
    weight = torch.ones(n, N_ATOMS, 3, dtype=torch.float64)
    aim = real(4, n, N_ATOMS, 3)
    for g, size in enumerate(SIZES):
        aim[g, size:] = -1
        weight[g, size:] = 0.1
    return dict(pdf=real(1, n, N_POINTS), nodes=(real(2, first, 3) + 1) / 2, noise=real(3, 2, n, LATENT), aim=aim,
                weight=weight, source=torch.tensor(source), target=torch.tensor(target), graph=torch.tensor(graph))


def losses(net, inputs, published):
    """Errors through the posterior and the prior, KL divergence, their weighted total, and what they come from."""
    n = len(inputs["pdf"])
    pooled = net.encode(n, inputs["nodes"], inputs["source"], inputs["target"], inputs["graph"])
    joined = torch.cat([pooled, net.gated("branch", inputs["pdf"])], dim=1)
    q_mean, q_s = net.stack("posterior", 4, joined).chunk(2, dim=1)
    p_mean, p_s = net.gated("prior", inputs["pdf"]).chunk(2, dim=1)
    q_log, p_log = (F.softplus(q_s), F.softplus(p_s)) if published else (q_s, p_s)
    z = torch.cat([q_mean + torch.exp(q_log / 2) * inputs["noise"][0], p_mean + torch.exp(p_log / 2) * inputs["noise"][1]])
    rows = net.stack("decoder", 7, z).reshape(2, n, N_ATOMS, 3)
    error = [(inputs["weight"] * (rows[k] - inputs["aim"]) ** 2).mean() for k in range(2)]
    kl = ((p_log - q_log + torch.exp(q_log - p_log) + (q_mean - p_mean) ** 2 * torch.exp(-p_log) - 1) / 2).sum() / n
    total = error[0] + BETA * kl + (0 if published else error[1])
    return error, kl, total, p_mean, p_log, rows


def run(inputs, published):
    net = Network()
    net.declare()
    error, kl, total, p_mean, p_log, rows = losses(net, inputs, published)
    total.backward()
    gradients = {}
    for name, p in net.parameters.items():
        g = p.grad.numpy().ravel()
        gradients[name] = dict(norm=float(np.linalg.norm(g)), sum=float(g.sum()),
                               some=[float(v) for v in g[np.arange(12) * (len(g) - 1) // 11]])
    return dict(reconstruction=float(error[0]), prior_reconstruction=0.0 if published else float(error[1]), kl=float(kl),
                total=float(total), p_mean=p_mean.flatten().tolist(), p_log_var=p_log.flatten().tolist(),
                rows=rows[0].flatten()[::97].tolist(), gradients=gradients)


def rounded(x):
    if isinstance(x, dict):
        return {k: rounded(v) for k, v in x.items()}
    if isinstance(x, list):
        return [rounded(v) for v in x]
    return float(f"{x:.9g}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    data = make_inputs()
    golden = dict(command="/usr/bin/python3 tools/golden_deepstruc_2023.py", torch=torch.__version__, beta=BETA, sizes=SIZES,
                  repaired=rounded(run(data, False)), published=rounded(run(data, True)))
    path = pathlib.Path(__file__).resolve().parents[1] / "tests/golden/deepstruc-2023.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(golden, indent=0) + "\n")
