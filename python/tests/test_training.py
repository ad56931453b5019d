import numpy as np
import pytest

import deepstruc
from conftest import SHARED


@pytest.fixture(scope="module")
def dataset():
    return deepstruc.Dataset([deepstruc.build("icosahedron", shells=n) for n in (2, 3)] * 5)


def test_a_data_set_of_own_structures(dataset, tmp_path):
    assert len(dataset) == 10 and "6 training" in repr(dataset)
    structure, pdf = dataset[1]
    assert structure.n_atoms == 55 and structure.type == "icosahedron"
    # Kept as 32-bit floats.
    assert np.allclose(pdf.g, deepstruc.simulate(structure).g, rtol=1e-5, atol=1e-5)
    dataset.write(tmp_path / "d.h5")
    again = deepstruc.read_dataset(tmp_path / "d.h5")
    assert np.array_equal(again[1][0].positions, structure.positions) and len(again) == 10
    with pytest.raises(IndexError):
        dataset[10]


def test_training_runs_and_says_how_it_went(dataset, tmp_path):
    answer = deepstruc.train(dataset, tmp_path / "m.safetensors", epochs=1, batch=5, progress=False)
    assert answer.finished and answer.epochs == 1 and answer.loss > 0
    assert (tmp_path / "m.safetensors.csv").exists()
    with pytest.raises(deepstruc.DeepstrucError, match="exists already"):
        deepstruc.train(dataset, tmp_path / "m.safetensors", epochs=1, progress=False)


@pytest.mark.parametrize("arch", ["sites", "stacking"])
def test_models_that_simulate_their_samples(dataset, tmp_path, arch):
    small = dict(arch=arch, steps=1, batch=8, trunk=8, decoder=8, last=8, progress=False)
    assert deepstruc.train(None, tmp_path / "m.safetensors", **small) is None
    assert (tmp_path / "m.safetensors").exists() and (tmp_path / "m.safetensors.checkpoint").exists()
    with pytest.raises(TypeError, match="None"):
        deepstruc.train(dataset, tmp_path / "s.safetensors", **small)
    with pytest.raises(TypeError, match="did you mean trunk"):
        deepstruc.train(None, tmp_path / "s.safetensors", arch=arch, trunc=8)


def test_the_originals_graph_files():
    folder = SHARED / "data/simulated"
    if not folder.exists():
        pytest.skip("no published graph files at ../shared")
    dataset = deepstruc.read_dataset(folder)
    structure, pdf = next(pair for pair in dataset if pair[0].type == "icosahedron")
    assert structure.n_atoms == 55 and structure.element == "V" and len(pdf) == 3000
    # Their PDFs are diffpy's: within its linear interpolation of ours.
    ours = deepstruc.simulate(structure, compat="diffpy")
    assert np.abs(pdf.g - ours.g[: len(pdf)]).max() < 1e-3 * np.abs(pdf.g).max()
