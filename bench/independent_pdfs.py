#!/usr/bin/env python3
"""PDFs of clusters made without this project's code, to hold `solve` against: independent_pdfs.py FOLDER N [SEED]

Spheres and polyhedra cut from lattices about any centre, and icosahedra, some with surface atoms lost or atoms displaced;
Debye's formula as a plain sum, then a plain sine transform. Qmin is anything from 0 to 1, and the header says it, or
names the metal alone, or is not there. A file's name is its truth: NUMBER_SHAPE_ATOMS.gr; FOLDER/cases.txt has the rest.
Wants NumPy."""

import pathlib
import sys

import numpy as np

BONDS = {"Au": 2.88, "Pt": 2.78, "Pd": 2.75, "Ag": 2.89, "Cu": 2.56, "Ni": 2.49, "Rh": 2.69, "Ir": 2.71}  # Å
BCC, HCP = {"Fe": 2.48}, {"Co": 2.51, "Ru": 2.68}


def lattice(basis, sites, cells=12):
    """Points at unit nearest distance: sites (fractions) in every cell of the basis (rows)."""
    n = np.stack(np.meshgrid(*[np.arange(-cells, cells + 1)] * 3), -1).reshape(-1, 1, 3)
    return ((n + np.array(sites)).reshape(-1, 3)) @ np.array(basis, float)


def fcc():
    return lattice(np.eye(3) * np.sqrt(2), [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])


def bcc():
    return lattice(np.eye(3) * 2 / np.sqrt(3), [[0, 0, 0], [0.5, 0.5, 0.5]])


def hcp():
    basis = [[1, 0, 0], [0.5, np.sqrt(0.75), 0], [0, 0, np.sqrt(8 / 3)]]
    return lattice(basis, [[0, 0, 0], [1 / 3, 1 / 3, 0.5]])


def sphere(points, random, radius):
    p = points - random.uniform(0, 1, 3) * random.integers(0, 2)
    return p[np.linalg.norm(p, axis=1) < radius]


def polyhedron(random, radius):
    """{111} and {100} faces: octahedra, truncated ones, cuboctahedra and cubes, about an atom or a hole."""
    p = fcc() - np.array([random.choice([0, 0.5]) * np.sqrt(2), 0, 0])
    faces_111, faces_100 = np.abs(p).sum(1) / np.sqrt(3), np.abs(p).max(1)
    return p[(faces_111 < radius * random.uniform(0.8, 1.3)) & (faces_100 < radius * random.uniform(0.8, 1.3))]


def icosahedron(shells):
    golden = (1 + np.sqrt(5)) / 2
    corner = np.array([[0, a, b * golden] for a in (1, -1) for b in (1, -1)])
    corner = np.concatenate([np.roll(corner, k, 1) for k in range(3)]) / 2
    near = np.abs(np.linalg.norm(corner[:, None] - corner, axis=2) - 1) < 0.01
    sites = {(0.0, 0.0, 0.0)}
    for s in range(1, shells):
        for a, b, c in ((a, b, c) for a in range(12) for b in range(a) for c in range(b)):
            if near[a, b] and near[b, c] and near[a, c]:
                sites |= {tuple(np.round(i * corner[a] + j * corner[b] + (s - i - j) * corner[c], 6) + 0.0)
                          for i in range(s + 1) for j in range(s + 1 - i)}
    return np.array(sorted(sites))


def draw(random):
    kind, radius = random.choice(["fcc", "bcc", "hcp", "polyhedron", "icosahedron"]), random.uniform(1.5, 4.5)
    if kind == "icosahedron":
        return kind, BONDS, icosahedron(random.integers(3, 7))
    if kind == "polyhedron":
        return kind, BONDS, polyhedron(random, radius)
    points, metals = {"fcc": (fcc, BONDS), "bcc": (bcc, BCC), "hcp": (hcp, HCP)}[kind]
    return kind, metals, sphere(points(), random, radius)


def distances(x):
    return np.linalg.norm(x[:, None] - x, axis=2)[np.triu_indices(len(x), 1)]


def lose_atoms(x, bond, random):
    neighbours = (np.linalg.norm(x[:, None] - x, axis=2) < 1.2 * bond).sum(1)
    weak = np.flatnonzero(neighbours <= np.quantile(neighbours, 0.3))
    return np.delete(x, random.choice(weak, min(len(weak), 1 + len(x) // 50), replace=False), 0)


def reduced_pdf(x, r, q, biso, delta2, qdamp, noise, random):
    """G(r) of F(Q) = 2/N sum sin(Qd)/d exp(-(sigma Q)²/2), sigma² = Biso/(4 pi²) (1 - delta2/d²), on the Q given."""
    d, count = np.unique(np.round(distances(x), 3), return_counts=True)
    variance = biso / (4 * np.pi**2) * np.clip(1 - delta2 / d**2, 0.1, 1)
    f = np.array([2 / len(x) * (count * np.sin(k * d) / d * np.exp(-variance * k * k / 2)).sum() for k in q])
    f += noise * f.std() * random.normal(size=len(q)) * np.sqrt(q / q.mean())
    return np.exp(-((qdamp * r) ** 2) / 2) * (2 / np.pi * (q[1] - q[0]) * np.sin(np.outer(r, q)) @ f)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: independent_pdfs.py FOLDER N [SEED]")
    folder, n, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int((sys.argv + ["1"])[3])
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    cases = []
    while len(cases) < n:
        kind, metals, x = draw(random)
        if not 20 <= len(x) <= 600:
            continue
        metal = random.choice(list(metals))
        bond = metals[metal] * random.uniform(0.97, 1.01)
        x = x * bond
        if random.random() < 0.3:
            x = lose_atoms(x, bond, random)
        x = x + random.choice([0, 0.05]) * random.normal(size=x.shape)
        qmin, qmax = random.choice([0, 0.1, 0.3, 0.5, 0.7, 1]), random.uniform(17, 27)
        biso, delta2, qdamp = random.uniform(0.2, 1.2), random.choice([0, 2.5]), random.choice([0, 0.02, 0.04])
        noise, rmax, header = random.choice([0, 0.02, 0.05]), random.choice([15, 20, 30]), random.integers(3)
        r, q = np.arange(0, rmax, 0.02), np.arange(qmin, qmax, np.pi / (10 * rmax))
        g = reduced_pdf(x, r, q, biso, delta2, qdamp, noise, random)
        name = f"{len(cases):03d}_{kind}_{len(x)}"
        lines = [[], [f"composition = {metal}"], [f"composition = {metal}", f"qmin = {qmin}", f"qmax = {qmax:.3f}"]]
        np.savetxt(folder / f"{name}.gr", np.stack([r, g], 1), "%.6g", header="\n".join(lines[header]))
        cases.append(f"{name} {metal} bond {bond:.3f} Biso {biso:.2f} delta2 {delta2} qdamp {qdamp} Q {qmin}-{qmax:.1f} "
                     f"noise {noise} header {header}")
    (folder / "cases.txt").write_text("\n".join(cases) + "\n")


if __name__ == "__main__":
    main()
