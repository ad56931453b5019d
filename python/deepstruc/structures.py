"""Structures: atoms of one element in space, the builders of ideal ones, and the ways to ASE, diffpy and files."""

from __future__ import annotations

import os
from typing import Any, Iterable, Optional, Union

import numpy as np

from . import _library as c
from ._library import DeepstrucError, call, create, lib, path_bytes
from ._memory import Handle, doubles, view


class Structure:
    """A cluster of one element.

    `positions` is a view of the library's memory, (n_atoms, 3) in Å; writing into it moves the atoms.

    Structure("Au", positions) makes one from arrays; `build`, `read_structure` and `Structure.from_ase` are other ways.
    """

    def __init__(self, element: str, positions: Any, name: str = "", type: str = "unknown"):
        xyz = doubles(positions)
        if xyz.ndim != 2 or xyz.shape[1] != 3 or len(xyz) == 0:
            raise DeepstrucError(f"positions must be atoms x 3, not {' x '.join(map(str, xyz.shape))}")
        if not np.isfinite(xyz).all():
            raise DeepstrucError("a coordinate is not a finite number")
        if element != "X" and not lib.deepstruc_element_known(element.encode()):
            raise DeepstrucError(f"'{element}' is no element; X stands for one that is not known")
        self._adopt(create(lib.deepstruc_cluster_create, len(xyz)))
        self.positions[:] = xyz
        struct = self._handle.struct
        struct.element = element.encode()
        struct.name = name.encode()[:79]
        struct.type = lib.deepstruc_type_from_name(type.encode())
        struct.bond_length = lib.deepstruc_cluster_mean_bond(self._handle)

    def _adopt(self, address):
        self._handle = Handle("deepstruc_cluster", address, lib.deepstruc_cluster_destroy)

    @classmethod
    def _of(cls, address):
        structure = cls.__new__(cls)
        structure._adopt(address)
        return structure

    # ---- what it is

    @property
    def positions(self) -> np.ndarray:
        """(n_atoms, 3), Å."""
        struct = self._handle.struct
        return view(struct.xyz, (struct.n_atoms, 3), self._handle, writable=True)

    @property
    def n_atoms(self) -> int:
        return self._handle.struct.n_atoms

    @property
    def element(self) -> str:
        """Symbol; "X" when nobody knows it."""
        return self._handle.struct.element.decode()

    @property
    def type(self) -> str:
        """sc bcc fcc hcp icosahedron decahedron octahedron stacking twin unknown."""
        return lib.deepstruc_type_name(self._handle.struct.type).decode()

    @property
    def shape(self) -> str:
        """Says more than the type: "truncated octahedron"."""
        return self._handle.struct.shape.decode()

    @property
    def name(self) -> str:
        """The builder and its parameters: "decahedron 5,1,0"."""
        return self._handle.struct.name.decode()

    @property
    def bond_length(self) -> float:
        """Mean distance to the nearest neighbour, Å."""
        return lib.deepstruc_cluster_mean_bond(self._handle)

    def classify(self) -> str:
        """The type, read from the atoms themselves."""
        return lib.deepstruc_type_name(lib.deepstruc_cluster_classify(self._handle)).decode()

    def __len__(self) -> int:
        return self.n_atoms

    def __repr__(self) -> str:
        return f"<Structure {self.name or self.type}: {self.n_atoms} {self.element}, bond length {self.bond_length:.4f} Å>"

    # ---- other programs

    @classmethod
    def from_ase(cls, atoms: Any) -> "Structure":
        """From ase.Atoms of one element; cell and periodicity are left out."""
        symbols = sorted(set(atoms.get_chemical_symbols()))
        if len(symbols) != 1:
            raise DeepstrucError(f"holds {' and '.join(symbols)}; one element is treated: keep only the atoms of the metal")
        return cls(symbols[0], atoms.get_positions())

    def to_ase(self) -> Any:
        """As ase.Atoms (ASE must be installed)."""
        try:
            from ase import Atoms
        except ImportError:
            raise ImportError("ase.Atoms need ASE, which is not installed: apt install python3-ase, or pip install ase") from None
        return Atoms([self.element] * self.n_atoms, positions=self.positions, info={"name": self.name, "type": self.type})

    def write(self, path: Union[str, os.PathLike], biso: float = 0.3, force: bool = False) -> None:
        """Writes .xyz, .cif or .stru (PDFfit: diffpy and PDFgui; biso in Å²), by the ending of `path`."""
        name, struct = os.fspath(path), self._handle
        if name.endswith(".cif"):
            call(lib.deepstruc_cluster_write_cif, struct, path_bytes(path), force)
        elif name.endswith(".stru"):
            call(lib.deepstruc_cluster_write_stru, struct, path_bytes(path), biso, force)
        else:
            call(lib.deepstruc_cluster_write_xyz, struct, path_bytes(path), None, force)


StructureLike = Union[Structure, str, os.PathLike, Any]


def read_structure(path: Union[str, os.PathLike]) -> Structure:
    """Reads XYZ (plain or extended, first frame), PDFfit .stru or CIF (its symmetry applied), by the ending of `path`."""
    return Structure._of(create(lib.deepstruc_cluster_read, path_bytes(path)))


def as_structure(thing: StructureLike) -> Structure:
    """A Structure from whatever is one: a Structure, a candidate, ase.Atoms, a file, or (element, positions)."""
    if isinstance(thing, Structure):
        return thing
    if hasattr(thing, "structure"):
        return thing.structure
    if hasattr(thing, "get_chemical_symbols"):
        return Structure.from_ase(thing)
    if isinstance(thing, (str, os.PathLike)):
        return read_structure(thing)
    if isinstance(thing, tuple) and len(thing) == 2 and isinstance(thing[0], str):
        return Structure(*thing)
    raise TypeError(f"no structure: {type(thing).__name__}; wants a Structure, ase.Atoms, a file, or (element, positions)")


def build(
    type: str,
    *,
    layers: Optional[Iterable[int]] = None,
    size: Optional[Iterable[int]] = None,
    shells: Optional[int] = None,
    pqr: Optional[Iterable[int]] = None,
    length: Optional[int] = None,
    cut: int = 0,
    sequence: Optional[str] = None,
    element: str = "Au",
    bond_length: Optional[float] = None,
) -> Structure:
    """An ideal nanoparticle, as the program's `build`.

    build("fcc", layers=(2, 3, 4)) (sc, bcc alike), build("hcp", size=(4, 4, 4)), build("icosahedron", shells=3),
    build("decahedron", pqr=(3, 2, 1)), build("octahedron", length=6, cut=1),
    build("layers", sequence="ABCABA", size=(4, 5)). Bond lengths in Å (sc, bcc: the lattice constant); without one,
    twice the element's metallic radius.
    """
    numbers = {
        "sc": layers, "bcc": layers, "fcc": layers, "hcp": size, "decahedron": pqr,
        "icosahedron": None if shells is None else (shells,),
        "octahedron": None if length is None else (length, cut),
        "layers": None if sequence is None or size is None else (sequence.encode(), *size),
    }  # fmt: skip
    wants = {"hcp": "size", "icosahedron": "shells", "decahedron": "pqr", "octahedron": "length", "layers": "sequence and size"}
    if type not in numbers:
        raise DeepstrucError(f"'{type}' is no type; there are {', '.join(numbers)}")
    if numbers[type] is None:
        raise TypeError(f"build({type!r}) wants {wants.get(type, 'layers')}")
    recipe = getattr(lib, f"deepstruc_recipe_{type}")(*numbers[type])
    if bond_length is None:
        bond_length = 2 * lib.deepstruc_element_metallic_radius(element.encode())
        if not bond_length > 0:
            raise DeepstrucError(f"the metallic radius of {element} is not tabulated: give bond_length")
    return Structure._of(create(lib.deepstruc_cluster_build, c.ctypes.byref(recipe), bond_length, element.encode()))
