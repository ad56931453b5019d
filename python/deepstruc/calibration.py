"""Calibration: what an instrument does to a PDF, from the PDF of a bulk standard."""

from __future__ import annotations

import math
import os
from typing import Any, Dict, List, Union

import numpy as np

from . import _library as c
from . import _settings
from ._library import call, create, lib, path_bytes
from ._memory import Handle, view
from .pdfs import PDFLike, as_pdf
from .solving import Fit, Term


class Calibration:
    """`terms` by name: qdamp and qbroad (1/Å), the lattice constant a (Å), biso, delta2, ..., each with its esd."""

    def __init__(self, address: int):
        self._handle = Handle("deepstruc_calibration", address, lib.deepstruc_calibration_destroy)

    standard = property(lambda self: self._handle.struct.standard.decode(), doc="Ni, CeO2, ...")
    rw = property(lambda self: self._handle.struct.rw)
    converged = property(lambda self: self._handle.struct.converged)

    @property
    def terms(self) -> Dict[str, Term]:
        struct = self._handle.struct
        return {
            _settings.text(t.name): Term(t.value, None if math.isnan(t.esd) else t.esd, _settings.text(t.unit), t.free)
            for t in struct.term[: struct.n_terms]
        }

    @property
    def assumed(self) -> List[str]:
        """Everything that was assumed about the data."""
        return c.notes(self._handle.struct.assumed)

    def fit(self) -> Fit:
        """The curves of the fit."""
        struct = self._handle.struct
        g, gcalc = (view(curve, (struct.n,), self._handle) for curve in (struct.g, struct.gcalc))
        return Fit(struct.rmin + struct.rstep * np.arange(struct.n), g, gcalc, g - gcalc)

    def write(self, path: Union[str, os.PathLike], force: bool = False) -> None:
        """The instrument file that instrument=... of the other calls, and the program's --instrument, take."""
        call(lib.deepstruc_instrument_write, self._handle, path_bytes(path), force)

    def __repr__(self) -> str:
        numbers = ", ".join(f"{name} {self.terms[name].value:.4f}" for name in ("qdamp", "qbroad") if name in self.terms)
        return f"<Calibration on {self.standard}: {numbers}, Rw {self.rw:.3f}>"


def calibrate(data: PDFLike, **settings: Any) -> Calibration:
    """Fits a bulk standard. Settings: standard="Ni" (else by the composition in the header), fit_rmin, fit_rmax (Å), qmax
    (1/Å), refine="a,biso,delta2,qdamp,qbroad"; `deepstruc.settings("calibrate")` lists them.
    """
    filled = _settings.fill("calibrate", settings)
    return Calibration(create(lib.deepstruc_calibrate, as_pdf(data)._handle, c.ctypes.byref(filled)))
