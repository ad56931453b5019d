"""The default model's map, and where PDFs lie on it."""

from __future__ import annotations

import os
from typing import Any, List, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np

from . import _library as c
from . import _settings
from ._library import STRUCT, call, lib, path_bytes
from ._memory import view
from .pdfs import PDFLike, as_pdf


class Reading(NamedTuple):
    """What the model reads off one PDF."""

    mean: Tuple[float, float]  #: place on the map's two axes
    sigma: Tuple[float, float]
    type: str
    n_atoms: float  #: median
    n_atoms_68: Tuple[float, float]  #: 68 % interval
    bond_length: float  #: Å
    bond_length_sd: float  #: Å
    biso: float  #: Å²


class LatentMap:
    """Points of the model's map: `x`, `y` (n,), `types` (n,), `n_atoms` (n,); `readings`, one per PDF."""

    def __init__(self, struct, readings):
        self._map, self._readings = _Map(struct), readings
        n = struct.n_points
        self.x = view(struct.x, (n,), self._map, "f4")
        self.y = view(struct.y, (n,), self._map, "f4")
        self.n_atoms = view(struct.n_atoms, (n,), self._map, "i4")
        names = np.array([lib.deepstruc_type_name(i).decode() for i in range(256)])
        self.types = names[view(struct.type, (n,), self._map, "u1")]

    @property
    def readings(self) -> List[Reading]:
        return [
            Reading(
                tuple(r.place.mean),
                tuple(r.place.sigma),
                lib.deepstruc_type_name(r.type).decode(),
                r.n_atoms,
                (r.n_atoms_low, r.n_atoms_high),
                r.bond_length,
                r.bond_length_sd,
                r.biso,
            )
            for r in self._readings
        ]

    def write(self, path: Union[str, os.PathLike], names: Optional[Sequence[str]] = None, force: bool = False) -> None:
        """The map as .svg, .png or .pdf, with a cross and rings of 1, 2, 3 sigma for each PDF."""
        n = len(self._readings)
        places = (STRUCT["deepstruc_latent_place"] * max(n, 1))()
        kept = [c.ctypes.create_string_buffer(str(name).encode()) for name in (names or range(1, n + 1))]
        for i, reading in enumerate(self._readings):
            places[i] = reading.place
            places[i].name = c.ctypes.addressof(kept[i])
        call(lib.deepstruc_report_latent, c.ctypes.byref(self._map.struct), places, n, path_bytes(path), force)


class _Map:
    """Keeps the library's arrays for as long as somebody looks at them."""

    def __init__(self, struct):
        self.struct = struct

    def __del__(self):
        lib.deepstruc_latent_map_clear(c.ctypes.byref(self.struct))


def latent(data: Union[PDFLike, List[PDFLike]] = (), *, model: Optional[str] = None, **settings: Any) -> LatentMap:
    """The default model's map with the given PDFs (one, a list, or none) on it.

    Settings: qmin, qmax, qdamp (1/Å) over the header; `deepstruc.settings("latent")` lists them.
    """
    filled = _settings.fill("latent", settings)
    path = c.ctypes.create_string_buffer(4096)
    call(lib.deepstruc_model_find, path, len(path), None if model is None else model.encode())
    several = isinstance(data, list) or data == ()
    pdfs = [as_pdf(one) for one in (data if several else [data])]
    addresses = (c.ctypes.c_void_p * max(len(pdfs), 1))(*[pdf._handle.address for pdf in pdfs])
    readings = (STRUCT["deepstruc_latent_reading"] * max(len(pdfs), 1))()
    struct = STRUCT["deepstruc_latent_map"]()
    call(lib.deepstruc_latent_locate, c.ctypes.byref(struct), readings, addresses, len(pdfs), path.value, c.ctypes.byref(filled))
    return LatentMap(struct, [readings[i] for i in range(len(pdfs))])
