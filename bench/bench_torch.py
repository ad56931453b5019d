#!/usr/bin/env python3
"""A training epoch of deepstruc-2023 by PyTorch beside the program's own, in one run, on batches of the same sizes.

    /usr/bin/python3 bench/bench_torch.py PROGRAM [BATCHES]   (Debian's python3-torch; without it, one line)

PyTorch runs the network of the tests' golden values (tools/golden_deepstruc_2023.py), in single precision:
attention written with index_select and index_add as PyG writes it, PyTorch's Adam, one thread. Batches are 64 graphs of
the training set's sizes (three in five of its structures, drawn at random); each atom has 10 neighbours, about what the
published cutoff gives. The numbers in them are random, which does not change the time. BATCHES (4) are timed after one
that warms up, and their mean is taken for each of the epoch's 36; the program times its own epoch before and after.
"""
import importlib.util
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

BATCH, NEIGHBOURS, RATE = 64, 10, 1e-4
ROW = "epoch_deepstruc_2023"


def golden():
    path = pathlib.Path(__file__).resolve().parents[1] / "tools/golden_deepstruc_2023.py"
    spec = importlib.util.spec_from_file_location("golden", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def training_sizes(program):
    """Atoms of as many structures as an epoch has."""
    listed = subprocess.run([program, "dataset", "--list"], check=True, capture_output=True, text=True).stdout
    sizes = [int(line.split("\t")[2]) for line in listed.splitlines()]  # name, type, atoms, element
    return random.Random(0).sample(sizes, round(0.6 * len(sizes)))


def make_batch(torch, module, sizes):
    source, target, graph, first = [], [], [], 0
    for g, size in enumerate(sizes):
        for i in range(size):
            near = {(i + step) % size for step in range(-NEIGHBOURS // 2, NEIGHBOURS // 2 + 1)}  # itself among them
            source += [first + j for j in near]
            target += [first + i] * len(near)
        graph += [g] * size
        first += size
    n, atoms = len(sizes), module.N_ATOMS
    return dict(pdf=torch.rand(n, module.N_POINTS), nodes=torch.rand(first, 3), noise=torch.randn(2, n, module.LATENT),
                aim=torch.rand(n, atoms, 3), weight=torch.ones(n, atoms, 3), source=torch.tensor(source),
                target=torch.tensor(target), graph=torch.tensor(graph))


def epoch_of_torch(torch, module, sizes, n_timed):
    """Seconds, and those of a product of 1024 cubed at the same time."""
    torch.set_num_threads(1)
    net = module.Network()
    net.declare()
    net.parameters = {name: p.detach().float().requires_grad_() for name, p in net.parameters.items()}
    adam = torch.optim.Adam(net.parameters.values(), lr=RATE)
    step_s = product_s = 0.0
    square = torch.rand(1024, 1024)
    for k in range(n_timed + 1):
        batch = make_batch(torch, module, sizes[k * BATCH:(k + 1) * BATCH])
        began = time.perf_counter()
        adam.zero_grad()
        module.losses(net, batch, published=False)[2].backward()
        adam.step()
        stepped = time.perf_counter()
        square @ square
        if k > 0:  # the first one fills PyTorch's caches
            step_s += stepped - began
            product_s += time.perf_counter() - stepped
    return step_s / n_timed * -(-len(sizes) // BATCH), product_s / n_timed


def epoch_of_program(program):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "bench.json"
        command = [program, "bench", ROW, "--threads", "1", "--json", out]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return json.loads(out.read_text())["rows"][0]["median_s"]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # OpenBLAS, of which PyTorch takes its products, does not ask PyTorch
    try:
        import torch
    except ImportError:
        print("bench_torch: skipped, PyTorch is not installed (Debian: python3-torch)")
        return
    program, n_timed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 4
    sizes = training_sizes(program)
    before = epoch_of_program(program)
    peer, product = epoch_of_torch(torch, golden(), sizes, n_timed)
    after = epoch_of_program(program)
    ours = (before + after) / 2
    print(f"epoch of {len(sizes)} graphs, {sum(sizes)} atoms, one thread, wall time:")
    print(f"  this program      {before:.1f} s before, {after:.1f} s after")
    print(f"  PyTorch {torch.__version__:<9s} {peer:.1f} s by {n_timed} batches; a product of 1024³ {1e3 * product:.0f} ms")
    print(f"  ratio             {peer / ours:.1f}")


main()
