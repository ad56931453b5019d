#!/usr/bin/env python3
"""Makes examples/NAME.gr: a PDF as a beamline would hand it over, of a particle that is known, with noise.

usage: tools/make_example.py PROGRAM      (the built `deepstruc`; writes into examples/)

Noise is Gaussian in F(Q) between qmin and qmax, scaled to NOISE of G's rms over 1.5 to 20 A, and damped by the same
envelope. Standard library only; the same seed gives the same bytes.
"""
import math, pathlib, random, subprocess, sys, tempfile

if {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

NAME, ELEMENT, BOND, SEED, NOISE = "decahedron", "Pt", 2.76, 20260, 0.03
SHAPE = ["decahedron", "--pqr", "3,3,1"]
QMIN, QMAX, QDAMP, BISO, RMAX, RSTEP = 0.9, 22.0, 0.03, 0.6, 30.0, 0.01

program, here = sys.argv[1], pathlib.Path(__file__).resolve().parent.parent
with tempfile.TemporaryDirectory() as folder:
    xyz, gr = f"{folder}/a.xyz", f"{folder}/a.gr"
    subprocess.run([program, "build", *SHAPE, "--element", ELEMENT, "--bond-length", str(BOND), "-o", xyz], check=True)
    subprocess.run([program, "simulate", xyz, "-o", gr, "--qmin", str(QMIN), "--qmax", str(QMAX), "--qdamp", str(QDAMP),
                    "--biso", str(BISO), "--rmax", str(RMAX), "--rstep", str(RSTEP)], check=True)
    atoms = int(open(xyz).readline())
    rows = [tuple(map(float, line.split())) for line in open(gr) if line[:1].isdigit()]

stream, dq = random.Random(SEED), math.pi / (2 * RMAX)
noise = [0.0] * len(rows)
for k in range(math.ceil(QMIN / dq), math.floor(QMAX / dq) + 1):
    amplitude = stream.gauss(0, 1)
    for i, (r, _) in enumerate(rows):
        noise[i] += amplitude * math.sin(k * dq * r)
noise = [n * math.exp(-(QDAMP * r) ** 2 / 2) for n, (r, _) in zip(noise, rows)]
fitted = [i for i, (r, _) in enumerate(rows) if 1.5 <= r <= 20]
rms = lambda values: math.sqrt(sum(v * v for v in values) / len(values))
scale = NOISE * rms([rows[i][1] for i in fitted]) / rms([noise[i] for i in fitted])

header = f"""[DEFAULT]

# simulated: {' '.join(SHAPE)}, {atoms} {ELEMENT} atoms, bond length {BOND}, Biso {BISO}, qdamp {QDAMP}, {NOISE:.0%} noise
# made by tools/make_example.py, seed {SEED}

dataformat = QA
outputtype = gr
mode = xray
composition = {ELEMENT}
rpoly = 0.9
qmaxinst = {QMAX + 1}
qmin = {QMIN}
qmax = {QMAX}
rmin = 0
rmax = {RMAX - RSTEP:g}
rstep = {RSTEP}

#### start data
#S 1
#L r($\\AA$)  G($\\AA^{{-2}}$)
"""
out = here / "examples" / f"{NAME}.gr"
out.parent.mkdir(exist_ok=True)
out.write_text(header + "".join(f"{r:g} {g + scale * n:.6g}\n" for (r, g), n in zip(rows, noise)))
print(out.relative_to(here), len(rows), "points,", atoms, "atoms")
