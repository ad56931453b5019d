import math

import numpy as np
import pytest

import deepstruc


def test_a_built_cluster_has_the_bond_length_that_was_asked_for():
    structure = deepstruc.build("octahedron", length=2, element="Pt", bond_length=2.8)
    assert (structure.n_atoms, structure.element, structure.type) == (6, "Pt", "octahedron")
    distances = np.linalg.norm(structure.positions[:, None] - structure.positions[None], axis=2)
    # An octahedron of 6 atoms: 12 edges of one bond, 3 diagonals of sqrt(2) bonds.
    edges = np.sort(distances[np.triu_indices(6, 1)])
    assert np.allclose(edges, [2.8] * 12 + [2.8 * math.sqrt(2)] * 3, atol=1e-9)


@pytest.mark.parametrize(
    "type, how, n_atoms",
    [
        ("fcc", dict(layers=(2, 3, 4)), None),
        ("hcp", dict(size=(3, 3, 3)), 54),
        ("icosahedron", dict(shells=3), 55),
        ("decahedron", dict(pqr=(2, 2, 0)), 13),
        ("layers", dict(sequence="ABC", size=(3, 3)), None),
    ],
)
def test_every_type_is_built(type, how, n_atoms):
    structure = deepstruc.build(type, **how)
    assert n_atoms is None or structure.n_atoms == n_atoms
    assert structure.classify() != "" and structure.bond_length > 2


def test_positions_are_the_librarys_memory(structure):
    copy = deepstruc.Structure("Au", structure.positions)
    before = copy.bond_length
    copy.positions[:] *= 1.1
    assert copy.bond_length == pytest.approx(1.1 * before, rel=1e-12)
    kept = copy.positions
    del copy
    assert np.isfinite(kept).all()  # the array keeps the memory


def test_files_round_trip(structure, tmp_path):
    path = tmp_path / "a.xyz"
    structure.write(path)
    again = deepstruc.read_structure(path)
    assert np.allclose(again.positions, structure.positions, atol=1e-8)  # eight decimals are written
    assert (again.element, again.type, again.name) == (structure.element, structure.type, structure.name)
    with pytest.raises(deepstruc.DeepstrucError, match="exists already"):
        structure.write(path)
    structure.write(path, force=True)
    structure.write(tmp_path / "a.cif")
    structure.write(tmp_path / "a.stru", biso=0.5)
    assert "format pdffit" in (tmp_path / "a.stru").read_text()


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda: deepstruc.Structure("Au", [[0, 0]]), "atoms x 3"),
        (lambda: deepstruc.Structure("Au", [[0, 0, math.nan]]), "finite"),
        (lambda: deepstruc.Structure("Qq", [[0, 0, 0]]), "no element"),
        (lambda: deepstruc.build("cube"), "no type"),
        (lambda: deepstruc.build("fcc", layers=(0, 0, 0)), ""),
        (lambda: deepstruc.read_structure("absent.xyz"), "absent.xyz: cannot be opened"),
    ],
)
def test_bad_structures_are_refused_in_words(make, text):
    with pytest.raises(deepstruc.DeepstrucError, match=text):
        make()


def test_ase(structure):
    ase = pytest.importorskip("ase")
    atoms = structure.to_ase()
    assert isinstance(atoms, ase.Atoms) and set(atoms.get_chemical_symbols()) == {"Au"}
    assert np.array_equal(atoms.positions, structure.positions)
    assert np.array_equal(deepstruc.Structure.from_ase(atoms).positions, structure.positions)
    assert len(deepstruc.simulate(atoms, rmax=5)) == 500
    atoms.symbols[0] = "Pt"
    with pytest.raises(deepstruc.DeepstrucError, match="one element"):
        deepstruc.Structure.from_ase(atoms)


class NotQuiteAse:
    """What the package uses of ase.Atoms, so that this way is tested where ASE is absent."""

    def __init__(self, symbols, positions):
        self.symbols, self.positions = symbols, positions

    def get_chemical_symbols(self):
        return self.symbols

    def get_positions(self):
        return self.positions


def test_atoms_are_taken_wherever_a_structure_is(structure, pdf):
    atoms = NotQuiteAse(["Au"] * structure.n_atoms, np.array(structure.positions))
    assert np.allclose(deepstruc.simulate(atoms, qmin=1, qmax=20, rmax=8, rstep=0.05).g, pdf.g, atol=0)
    assert deepstruc.refine(pdf, atoms)[0].rw < 0.02
    with pytest.raises(deepstruc.DeepstrucError, match="Au and Pt"):
        deepstruc.simulate(NotQuiteAse(["Au", "Pt"], [[0, 0, 0], [0, 0, 3]]))
