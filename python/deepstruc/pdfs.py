"""Pair distribution functions: read, made from arrays, simulated."""

from __future__ import annotations

import math
import os
from typing import Any, List, Optional, Union

import numpy as np

from . import _library as c
from . import _settings
from ._library import call, create, lib, path_bytes
from ._memory import Handle, doubles, pointer, view
from .structures import StructureLike, as_structure

_EXACT, _DIFFPY = range(2)  # deepstruc_mode


class PDF:
    """G(r) with what a file's header said about it.

    `r` (Å), `g` (1/Å²) and `dg` (standard deviation of g, or None) are views of the library's memory. `qmin`, `qmax`,
    `qdamp`, `qbroad` (1/Å) are hints from the header, None where it says nothing.

    PDF(r, g) makes one from arrays; `read_pdf` and `simulate` are other ways.
    """

    def __init__(self, r: Any, g: Any, dg: Any = None, **header: Any):
        r, g = doubles(r), doubles(g)
        dg = None if dg is None else doubles(dg)
        if r.ndim != 1 or r.shape != g.shape or (dg is not None and dg.shape != r.shape):
            raise ValueError("r, g and dg must be one-dimensional and of equal length")
        self._adopt(create(lib.deepstruc_pdf_create, pointer(r), pointer(g), pointer(dg), len(r)))
        for name, value in header.items():
            if name not in ("qmin", "qmax", "qdamp", "qbroad", "element"):
                raise TypeError(f"a PDF has no {name!r}; there are qmin, qmax, qdamp, qbroad, element")
            setattr(self._handle.struct, name, value.encode() if name == "element" else value)

    def _adopt(self, address):
        self._handle = Handle("deepstruc_pdf", address, lib.deepstruc_pdf_destroy)

    @classmethod
    def _of(cls, address):
        pdf = cls.__new__(cls)
        pdf._adopt(address)
        return pdf

    def _column(self, name):
        struct = self._handle.struct
        return view(getattr(struct, name), (struct.n_points,), self._handle)

    def _hint(self, name):
        value = getattr(self._handle.struct, name)
        return None if math.isnan(value) else value

    r = property(lambda self: self._column("r"), doc="Å, rising; (n_points,)")
    g = property(lambda self: self._column("g"), doc="1/Å²; (n_points,)")
    dg = property(lambda self: self._column("dg"), doc="Standard deviation of g, 1/Å²; None where the file has none that is real.")
    qmin = property(lambda self: self._hint("qmin"), doc="1/Å, of the header; None where it says nothing.")
    qmax = property(lambda self: self._hint("qmax"), doc="1/Å, of the header; None where it says nothing.")
    qdamp = property(lambda self: self._hint("qdamp"), doc="1/Å, of the header; None where it says nothing.")
    qbroad = property(lambda self: self._hint("qbroad"), doc="1/Å, of the header; None where it says nothing.")

    @property
    def element(self) -> Optional[str]:
        """The metal of the header's composition that scatters most; None where it names none."""
        return self._handle.struct.element.decode() or None

    @property
    def dialect(self) -> str:
        """Who wrote the file: PDFgetX3, PDFgetN, PDFgui, plain, ..."""
        return self._handle.struct.dialect.decode()

    @property
    def notes(self) -> List[str]:
        """What was assumed while reading."""
        return c.notes(self._handle.struct.notes)

    def write(self, path: Union[str, os.PathLike], force: bool = False) -> None:
        """Writes a .gr file with the known header values."""
        call(lib.deepstruc_pdf_write, self._handle, path_bytes(path), force)

    def __len__(self) -> int:
        return self._handle.struct.n_points

    def __repr__(self) -> str:
        return f"<PDF of {len(self)} points, r = {self.r[0]:g} to {self.r[-1]:g} Å>"


PDFLike = Union[PDF, str, os.PathLike, tuple, np.ndarray]


def read_pdf(path: Union[str, os.PathLike]) -> PDF:
    """Reads a .gr file of any dialect."""
    return PDF._of(create(lib.deepstruc_pdf_read, path_bytes(path)))


def as_pdf(thing: PDFLike) -> PDF:
    """A PDF from a PDF, a file, (r, g) or (r, g, dg), or an array of two or three rows."""
    if isinstance(thing, PDF):
        return thing
    if isinstance(thing, (str, os.PathLike)):
        return read_pdf(thing)
    columns = tuple(thing) if isinstance(thing, (tuple, list)) or getattr(thing, "ndim", 0) == 2 else ()
    if len(columns) in (2, 3):
        return PDF(*columns)
    raise TypeError(f"no PDF: {type(thing).__name__}; wants a PDF, a file, (r, g) or (r, g, dg)")


def simulate(structure: StructureLike, *, compat: Optional[str] = None, **settings: Any) -> PDF:
    """The PDF of a structure, by the Debye sum.

    Settings as of the program: qmin=0.7, qmax=25, qdamp=0, qbroad=0 (1/Å), delta1, delta2, biso=0.3 (Å²), rmin=0,
    rmax=30, rstep=0.01 (Å), scale=1; `deepstruc.settings("simulate")` lists them. compat="diffpy" evaluates as
    libdiffpy's DebyePDFCalculator does.
    """
    if compat not in (None, "diffpy"):
        raise ValueError(f"compat knows 'diffpy', not {compat!r}")
    filled = _settings.fill("simulate", settings)
    cluster = as_structure(structure)._handle
    mode = _DIFFPY if compat else _EXACT
    return PDF._of(create(lib.deepstruc_pdf_simulate, cluster.address, c.ctypes.byref(filled), mode))
