import numpy as np
import pytest

import deepstruc
from conftest import ROOT


def test_two_atoms_give_a_peak_at_their_distance():
    pdf = deepstruc.simulate(("Au", [[0, 0, 0], [0, 0, 3.0]]), rmin=2, rmax=4, qmin=0, qmax=25)
    # Termination ripples shift a lone peak by less than a step of 0.01 Å.
    assert pdf.r[np.argmax(pdf.g)] == pytest.approx(3.0, abs=0.011)


def test_arrays_in_and_out(tmp_path, pdf):
    r, g = np.array(pdf.r), np.array(pdf.g)
    again = deepstruc.PDF(r, g, qmin=1, qmax=20, element="Au")
    assert np.array_equal(again.r, r) and np.array_equal(again.g, g) and again.dg is None
    assert (again.qmin, again.qmax, again.qdamp, again.element) == (1, 20, None, "Au")
    again.write(tmp_path / "a.gr")
    read = deepstruc.read_pdf(tmp_path / "a.gr")
    assert np.allclose(read.g, g, rtol=1e-11, atol=1e-11)  # 12 digits are written
    assert read.qmin == 1 and len(read) == len(r)


def test_arrays_are_views_that_cannot_be_written_and_outlive_their_pdf():
    pdf = deepstruc.read_pdf(ROOT / "examples/decahedron.gr")
    g = pdf.g
    with pytest.raises(ValueError):
        g[0] = 1
    total = g.sum()
    del pdf
    assert g.sum() == total


def test_compat_diffpy_differs_a_little_from_the_exact_sum(structure):
    exact = deepstruc.simulate(structure, rmax=10)
    diffpy = deepstruc.simulate(structure, rmax=10, compat="diffpy")
    difference = np.abs(exact.g - diffpy.g).max() / np.abs(exact.g).max()
    assert 1e-9 < difference < 0.05  # diffpy interpolates linearly
    with pytest.raises(ValueError, match="compat"):
        deepstruc.simulate(structure, compat="pdfgui")


def test_bad_input_says_what_the_program_says(tmp_path):
    (tmp_path / "bad.gr").write_text("1 2\n2 3\nthree 4\n3 4\n" * 3)
    with pytest.raises(deepstruc.DeepstrucError) as caught:
        deepstruc.read_pdf(tmp_path / "bad.gr")
    assert caught.value.file.endswith("bad.gr") and str(caught.value).startswith(str(tmp_path))
    with pytest.raises(deepstruc.DeepstrucError, match="does not rise"):
        deepstruc.PDF([0, 1, 1], [0, 0, 0])
    with pytest.raises(ValueError, match="equal length"):
        deepstruc.PDF([0, 1, 2], [0, 0])


def test_settings_are_checked_by_the_librarys_tables(structure):
    with pytest.raises(TypeError, match="did you mean qmax"):
        deepstruc.simulate(structure, qmaxx=20)
    with pytest.raises(deepstruc.DeepstrucError, match="qmax = -1 is outside its range"):
        deepstruc.simulate(structure, qmax=-1)
    default, text = deepstruc.settings("simulate")["biso"]
    assert default == 0.3 and text
    for name in ("solve", "refine", "latent", "train", "train-sites", "train-stacking"):
        assert "seed" in deepstruc.settings(name) or name == "latent"
