import math
from fractions import Fraction

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


def symop_text(turn, shift):
    """'x-y,x,z+1/2' of a matrix and a translation."""
    parts = []
    for row, constant in zip(turn, shift):
        text = "".join(f"{'+' if sign > 0 else '-'}{axis}" for sign, axis in zip(row, "xyz") if sign)
        fraction = Fraction(float(constant)).limit_denominator(24)
        parts.append(text + (f"+{fraction}" if fraction else ""))
    return ",".join(parts)


# Space group, cell and asymmetric unit: primitive to face-centred, general and special positions, thirds in few digits.
CRYSTALS = [
    (225, (4.08, 4.08, 4.08, 90, 90, 90), [(0, 0, 0)]),
    (227, (5.43, 5.43, 5.43, 90, 90, 90), [(0, 0, 0)]),
    (194, (3.21, 3.21, 5.21, 90, 90, 120), [(0.3333, 0.6667, 0.25)]),
    (166, (4.4, 4.4, 12.5, 90, 90, 120), [(0, 0, 0.1)]),
    (62, (11, 12, 13, 90, 90, 90), [(0.1, 0.25, 0.2), (0.31, 0.07, 0.42)]),
    (14, (13, 12, 17, 90, 103.5, 90), [(0.12, 0.23, 0.34), (0.45, 0.16, 0.07)]),
    (2, (15, 16, 17, 81, 95, 107), [(0.02, 0.1, 0.15), (0, 0, 0)]),
]


@pytest.mark.parametrize("number, cell, sites", CRYSTALS)
def test_symmetry_as_ase_applies_it(tmp_path, number, cell, sites):
    """ASE's space groups are tables of their own: both make the same distances, images included."""
    ase = pytest.importorskip("ase")
    from ase.spacegroup import Spacegroup, crystal

    setting = 2 if number == 227 else 1
    expected = crystal(["Au"] * len(sites), sites, spacegroup=number, setting=setting, cellpar=cell, symprec=1e-2)
    names = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
    lines = [f"_cell_{name} {value}" for name, value in zip(names, cell)] + ["loop_", "_space_group_symop_operation_xyz"]
    lines += [f"'{symop_text(*operation)}'" for operation in Spacegroup(number, setting).get_symop()]
    lines += ["loop_", "_atom_site_label", "_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z"]
    lines += [f"Au{i} {x} {y} {z}" for i, (x, y, z) in enumerate(sites)]
    (tmp_path / "crystal.cif").write_text("\n".join(lines))
    read = deepstruc.read_structure(tmp_path / "crystal.cif")
    assert read.n_atoms == len(expected)
    found = ase.Atoms("Au" * read.n_atoms, positions=read.positions, cell=expected.cell, pbc=True)
    distances = [np.sort(atoms.get_all_distances(mic=True).ravel()) for atoms in (found, expected)]
    assert np.abs(distances[0] - distances[1]).max() < 2e-3  # thirds in four digits: 1e-4 of 3.2 Å, at two atoms, and rounding



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
