import pytest

import deepstruc
from conftest import SHARED


def test_an_instrument_file_gives_what_is_not_given(tmp_path, structure, pdf):
    (tmp_path / "i.json").write_text('{"qdamp": 0.05, "qbroad": 0.01}')
    by_file = deepstruc.simulate(structure, instrument=tmp_path / "i.json", rmax=5)
    by_hand = deepstruc.simulate(structure, qdamp=0.05, qbroad=0.01, rmax=5)
    assert (by_file.g == by_hand.g).all()
    mixed = deepstruc.simulate(structure, instrument=tmp_path / "i.json", qdamp=0, rmax=5)
    assert (mixed.g == deepstruc.simulate(structure, qdamp=0, qbroad=0.01, rmax=5).g).all()
    assert deepstruc.refine((pdf.r, pdf.g), structure, instrument=tmp_path / "i.json").settings["qdamp"] == 0.05
    with pytest.raises(deepstruc.DeepstrucError, match="absent.json: cannot be opened"):
        deepstruc.simulate(structure, instrument=tmp_path / "absent.json")


def test_nickel(tmp_path):
    path = SHARED / "data/experimental/Ni.gr"
    if not path.exists():
        pytest.skip("no measured nickel at ../shared")
    calibration = deepstruc.calibrate(path)
    # Refined elsewhere: a = 3.5248(8) Å, qdamp 0.045; half a per mille and a tenth are wide of both uncertainties.
    assert calibration.standard == "Ni" and calibration.rw < 0.06
    assert calibration.terms["a"].value == pytest.approx(3.5248, rel=5e-4)
    assert calibration.terms["qdamp"].value == pytest.approx(0.045, rel=0.1) and calibration.terms["qdamp"].esd > 0
    assert abs(calibration.fit().difference).max() < abs(calibration.fit().g).max()
    calibration.write(tmp_path / "i.json")
    assert "qdamp" in (tmp_path / "i.json").read_text()


def test_what_is_no_standard(structure):
    with pytest.raises(deepstruc.DeepstrucError):
        deepstruc.calibrate(deepstruc.simulate(structure), standard="Unobtainium")
