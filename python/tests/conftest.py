import pathlib

import pytest

import deepstruc

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
QUICK = dict(methods="library", catalogue="paper", max_atoms=60, progress=False)


@pytest.fixture(scope="session")
def structure():
    return deepstruc.build("icosahedron", shells=2, element="Au")


@pytest.fixture(scope="session")
def pdf(structure):
    return deepstruc.simulate(structure, qmin=1, qmax=20, rmax=8, rstep=0.05)


@pytest.fixture(scope="session")
def solution(pdf):
    return deepstruc.solve(pdf, **QUICK)
