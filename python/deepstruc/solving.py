"""From a PDF to structures: solve, refine, and what they answer."""

from __future__ import annotations

import math
import os
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np

from . import _library as c
from . import _settings
from ._library import call, create, lib, path_bytes
from ._memory import Handle, view
from ._progress import Progress
from .pdfs import PDF, PDFLike, as_pdf
from .structures import Structure, StructureLike, as_structure

ProgressLike = Union[None, bool, Callable[[str, float], Any]]


class Verdict(NamedTuple):
    kind: str  #: cluster, bulk, not-a-metal-cluster or ambiguous
    flags: List[str]  #: mixture, too-large, outside-training
    type: str
    n_atoms: int
    why: str  #: one sentence
    i_best: int  #: solution[i_best] is what it is about: of a cluster the most probable candidate, else the first


class Interval(NamedTuple):
    mean: float
    low: float  #: low to high holds 68 %
    high: float


class Family(NamedTuple):
    type: str  #: fcc stands for octahedra too
    probability: float  #: within what was tried; all families together have 1
    n_shapes: int  #: fitted
    best: int  #: index of its best candidate


class Unnamed(NamedTuple):
    """Structures whose atoms show no family: they take no part in the families' probabilities."""

    odds: float  #: their mean weight over the sum of the families' mean weights
    n_shapes: int
    best: int  #: index of their best candidate


class Kind(NamedTuple):
    """Candidates of a group that are alike: of one family and about one size."""

    group: int  #: 1 or 2
    family: str
    best: int  #: index of its best candidate
    n_candidates: int
    n_atoms: Tuple[int, int]  #: the fewest and the most
    share: Optional[float]  #: of the evidence of all families; None for an unknown one
    difference: float  #: rms of the best one's curve less rank 1's, over that of the data
    differs_at_r: Optional[float]  #: Å: middle of the 2 Å that hold most of it; None for rank 1's own kind
    told_at_rw: Optional[float]  #: once rank 1 fits that well, the data tell them apart; None as differs_at_r


class Evidence(NamedTuple):
    """What the candidates say together; docs/theory-refine.md says how it is weighed."""

    families: List[Family]  #: most probable first
    n_atoms: Interval
    diameter: Interval  #: Å, of the sphere with the same volume
    unnamed: Optional[Unnamed]  #: None: every structure shows a family
    kinds: List[Kind]  #: what the first groups come to, by group and rank


class Fit(NamedTuple):
    """The curves of one fit, 1/Å², on the fit's grid `r` (Å); all of (n,)."""

    r: np.ndarray
    g: np.ndarray  #: measured
    gcalc: np.ndarray  #: calculated, scaled
    difference: np.ndarray  #: g - gcalc


class Term(NamedTuple):
    value: float
    esd: Optional[float]  #: None for what was not free, and at a bound
    unit: str
    free: bool


def _or_none(value: float) -> Optional[float]:
    return None if math.isnan(value) else value


class Candidate:
    """One refined structure of a solution.

    `rank` from 1, `rw`, `scale`, `expansion`, `bond_length` (Å), `biso` (Å²); `esd`, a dictionary of their standard
    deviations (None at a bound); `group`: 1 holds rank 1 and all that the data cannot tell from it; `method`, `type`,
    `shape`, `name`, `n_atoms`, `element`; `structure`, refined.
    """

    def __init__(self, owner: Handle, address: int, rank: int):
        self._owner, self._struct, self.rank = owner, c.at("deepstruc_candidate", address), rank
        self._cluster = c.at("deepstruc_cluster", self._struct.cluster)

    def _number(self, name):
        return _or_none(getattr(self._struct.fit, name))

    rw = property(lambda self: self._number("rw"), doc="sqrt(sum (g - gcalc)² / sum g²) over the fit range.")
    rw_weighted = property(lambda self: self._number("rw_weighted"), doc="With weights 1/dG²; None where dG is not real.")
    scale = property(lambda self: self._number("scale"))
    expansion = property(lambda self: self._number("expansion"), doc="Isotropic, of the structure as it was proposed.")
    biso = property(lambda self: self._number("biso"), doc="Å².")
    bond_length = property(lambda self: self._number("bond_length"), doc="Å, refined mean nearest-neighbour distance.")
    converged = property(lambda self: self._struct.fit.converged)
    at_bound = property(lambda self: self._struct.fit.at_bound, doc="Expansion or Biso ended at a bound.")
    group = property(lambda self: self._struct.group)
    weight = property(lambda self: self._struct.weight, doc="Evidence over that for rank 1.")
    method = property(lambda self: _settings.text(self._struct.method))
    n_atoms = property(lambda self: self._cluster.n_atoms)
    element = property(lambda self: self._cluster.element.decode())
    type = property(lambda self: lib.deepstruc_type_name(self._cluster.type).decode())
    shape = property(lambda self: self._cluster.shape.decode())
    name = property(lambda self: self._cluster.name.decode())

    @property
    def esd(self) -> Dict[str, Optional[float]]:
        """Standard deviations of scale, expansion, biso and bond_length; None at a bound."""
        esd = {name: self._number(f"esd_{name}") for name in ("scale", "expansion", "biso")}
        relative = None if esd["expansion"] is None else esd["expansion"] / self.expansion
        return {**esd, "bond_length": None if relative is None else relative * self.bond_length}

    @property
    def terms(self) -> Dict[str, "Term"]:
        """What was fitted beyond scale, expansion and Biso (refine="qdamp,delta2"), by name."""
        fit = self._struct.fit
        return {
            _settings.text(t.name): Term(t.value, _or_none(t.esd), _settings.text(t.unit), t.free)
            for t in fit.term[: fit.n_terms]
        }

    @property
    def positions(self) -> np.ndarray:
        """(n_atoms, 3), Å, refined; a view of the solution's memory."""
        return view(self._cluster.xyz, (self._cluster.n_atoms, 3), self._owner)

    @property
    def structure(self) -> Structure:
        """A copy of its own, with all ways out of `Structure`."""
        copy = Structure(self.element, self.positions, self.name, self.type)
        copy._handle.struct.shape = self._cluster.shape
        return copy

    def to_ase(self) -> Any:
        """The refined structure as ase.Atoms; the fit stands in `info`."""
        atoms = self.structure.to_ase()
        atoms.info.update(self.row())
        return atoms

    def to_diffpy(self) -> Dict[str, Any]:
        """Parameters for a diffpy-cmi or PDFgui fit that starts here, with the structure in PDFfit's format.

        `stru`: text for diffpy.structure.Structure().readStr(text, "pdffit"), coordinates already expanded;
        `scale`, `Uiso` (Å²), `zoomscale` (1: the expansion is in the coordinates); `qmin`, `qmax`, `qdamp` (1/Å) of
        the calculator; `rmin`, `rmax` (Å) of the fit.
        """
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "candidate.stru")
            self.structure.write(path, biso=self.biso)
            with open(path) as file:
                text = file.read()
        target = c.at("deepstruc_target", self._owner.struct.target)
        return {
            "stru": text, "scale": self.scale, "zoomscale": 1.0, "Uiso": self.biso / (8 * math.pi**2),
            "qmin": target.qmin, "qmax": target.qmax, "qdamp": target.qdamp,
            "rmin": target.rmin, "rmax": target.rmin + (target.n - 1) * target.rstep,
        }  # fmt: skip

    def write(self, path: Union[str, os.PathLike], force: bool = False) -> None:
        """Writes .xyz, .cif or .stru, by the ending of `path`."""
        self.structure.write(path, biso=self.biso, force=force)

    def row(self) -> Dict[str, Any]:
        """Its numbers by name, as in candidates.csv; pandas.DataFrame(solution.rows()) is the table."""
        names = "rank method type shape name n_atoms rw scale expansion bond_length biso group weight converged at_bound"
        return {name: getattr(self, name) for name in names.split()}

    def __repr__(self) -> str:
        return f"<Candidate {self.rank}: {self.name or self.type}, {self.n_atoms} {self.element}, Rw {self.rw:.4f}, group {self.group}>"


class Solution(Sequence):
    """Ranked, refined candidates: `solution[0]` is the best, `len(solution)` how many there are.

    Shows itself in notebooks as the fit's plot and a table.
    """

    def __init__(self, address: int, pdf: PDF, settings: Any):
        self._handle = Handle("deepstruc_solution", address, lib.deepstruc_solution_destroy)
        self._texts = settings._kept  # the solution's settings point to them
        self.pdf = pdf

    def __len__(self) -> int:
        return self._handle.struct.n_candidates

    def __getitem__(self, i):
        if isinstance(i, slice):
            return [self[k] for k in range(*i.indices(len(self)))]
        i = i + len(self) if i < 0 else i
        if not 0 <= i < len(self):
            raise IndexError(f"candidate {i} of {len(self)}")
        size = c.ctypes.sizeof(c.STRUCT["deepstruc_candidate"])
        return Candidate(self._handle, self._handle.struct.candidate + i * size, i + 1)

    def __iter__(self) -> Iterator[Candidate]:
        return (self[i] for i in range(len(self)))

    @property
    def candidates(self) -> List[Candidate]:
        return list(self)

    @property
    def verdict(self) -> Verdict:
        v = self._handle.struct.verdict
        flags = [flag for flag in v.flags.decode().split(",") if flag]
        kind = lib.deepstruc_verdict_name(v.kind).decode()
        return Verdict(kind, flags, lib.deepstruc_type_name(v.type).decode(), v.n_atoms, v.why.decode(), v.i_best)

    @property
    def evidence(self) -> Evidence:
        e = self._handle.struct.evidence
        families = [
            Family(lib.deepstruc_type_name(f.type).decode(), f.probability, f.n_shapes, f.i_best)
            for f in e.family[: e.n_families]
        ]
        n_atoms, diameter = (Interval(i.mean, i.low, i.high) for i in (e.n_atoms, e.diameter))
        unnamed = Unnamed(e.unnamed.odds, e.unnamed.n_shapes, e.unnamed.i_best) if e.unnamed.n_shapes else None
        return Evidence(families, n_atoms, diameter, unnamed, self._kinds())

    def _kinds(self) -> List[Kind]:
        size = c.ctypes.sizeof(c.STRUCT["deepstruc_kind"])
        solution = self._handle.struct
        kinds = [c.at("deepstruc_kind", solution.kind + i * size) for i in range(solution.n_kinds)]
        return [
            Kind(
                k.group, lib.deepstruc_type_name(k.family).decode(), k.i_best, k.n, (k.n_atoms_low, k.n_atoms_high),
                _or_none(k.share), k.difference, _or_none(k.r), _or_none(k.told_rw),
            )  # fmt: skip
            for k in kinds
        ]

    @property
    def element(self) -> str:
        """Of the sample; "X" when nobody knows it."""
        return self._handle.struct.element.decode()

    @property
    def assumed(self) -> List[str]:
        """Everything that was assumed about the data."""
        return self.pdf.notes + c.notes(self._target.assumed)

    @property
    def settings(self) -> Dict[str, Any]:
        """The settings that took effect, by keyword."""
        return _settings.read("solve", self._handle.struct.settings)

    @property
    def _target(self):
        return c.at("deepstruc_target", self._handle.struct.target)

    @property
    def n_fits(self) -> int:
        """How many candidates, from the best, have their curves kept."""
        return self._handle.struct.n_fits

    def fit(self, i: int = 0) -> Fit:
        """The curves of candidate i (from 0, below `n_fits`)."""
        if not 0 <= i < self.n_fits:
            raise IndexError(f"curves are kept of the first {self.n_fits} candidates, not of {i}")
        target = self._target
        g = view(target.g, (target.n,), self._handle)
        gcalc = view(self._handle.struct.gcalc, (self.n_fits, target.n), self._handle)[i]
        return Fit(target.rmin + target.rstep * np.arange(target.n), g, gcalc, g - gcalc)

    def rows(self) -> List[Dict[str, Any]]:
        """One dictionary per candidate, for pandas.DataFrame."""
        return [candidate.row() for candidate in self]

    def write(self, folder: Union[str, os.PathLike], force: bool = False) -> None:
        """The folder that the program writes: report.html, result.json, candidates.csv, structures, fits, plots."""
        call(lib.deepstruc_report_write, self._handle, self.pdf._handle, path_bytes(folder), force)

    def __repr__(self) -> str:
        return f"<Solution: {self.verdict.why} {len(self)} candidates>"

    def _repr_html_(self) -> str:
        from .notebook import solution_html

        return solution_html(self)


# The models that solve uses, by their keywords, and the names under which they are installed.
_MODELS = {"model": "default", "tree": "tree", "plain_cvae": "plain-cvae"}


def solve(data: PDFLike, *, progress: ProgressLike = None, **settings: Any) -> Solution:
    """Solves a PDF: proposes structures, fits each of them, ranks and groups them.

    data      a .gr file, (r, g) or (r, g, dg) in Å and 1/Å², or a PDF
    progress  None: a bar in notebooks and on terminals; False: none; or a function of (stage, fraction)
    settings  as of the program, e.g. methods="library", catalogue="paper", element="Pt", focus="decahedron",
              fit_rmin, fit_rmax (Å), qmin, qmax, qdamp (1/Å), seed, threads; model, the name or file of the generative
              model (None: the default one, where it is installed); `deepstruc.settings("solve")` lists them
    """
    models = {keyword: _model(settings.get(keyword), name) for keyword, name in _MODELS.items()}
    filled = _settings.fill("solve", {**settings, **models})
    pdf = as_pdf(data)
    with Progress(progress) as p:
        address = create(lib.deepstruc_solve, pdf._handle, c.ctypes.byref(filled), p.argument)
    return Solution(address, pdf, filled)


def refine(data: PDFLike, structures: Union[StructureLike, Sequence[StructureLike]], **settings: Any) -> Solution:
    """Fits scale, expansion and Biso of given structures (Structure, ase.Atoms, candidate, file; one or several).

    Coordinates are taken as they are and may grow or shrink by expansion_range. Settings: fit_rmin, fit_rmax (Å), qmin,
    qmax, qdamp (1/Å), element, ...; refine="delta2,qdamp" frees more terms, which `candidate.terms` then holds;
    `deepstruc.settings("refine")` lists them all. All candidates keep their curves.
    """
    filled = _settings.fill("refine", settings)
    pdf = as_pdf(data)
    several = isinstance(structures, (list, Solution))
    clusters = [as_structure(thing) for thing in (structures if several else [structures])]
    for cluster in clusters:
        if cluster.n_atoms < 2:
            raise c.DeepstrucError("has one atom and hence no distances to fit; give a structure of 2 or more")
    addresses = (c.ctypes.c_void_p * len(clusters))(*[cluster._handle.address for cluster in clusters])
    address = create(lib.deepstruc_solve_given, pdf._handle, addresses, len(clusters), c.ctypes.byref(filled))
    return Solution(address, pdf, filled)


def _model(asked: Optional[str], name: str) -> Optional[str]:
    """The file of a model; None when none was asked for and `name` is not installed: its method then has no part."""
    out = c.ctypes.create_string_buffer(4096)
    try:
        call(lib.deepstruc_model_find, out, len(out), (asked or name).encode())
    except c.DeepstrucError:
        if asked is None:
            return None
        raise
    return out.value.decode()


__all__ = [
    "Candidate", "Evidence", "Family", "Fit", "Interval", "Kind", "Solution", "Term", "Unnamed", "Verdict", "refine", "solve",
]  # fmt: skip
