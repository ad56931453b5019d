"""deepstruc: the atomic structure of metallic nanoparticles from pair distribution functions.

    import deepstruc
    solution = deepstruc.solve("sample.gr")     # ranked, refined candidates; shows itself in a notebook
    best = solution[0]                          # best.rw, best.bond_length, best.esd, best.group, ...
    atoms = best.to_ase()                       # ase.Atoms
    fit = solution.fit(0)                       # fit.r, fit.g, fit.gcalc, fit.difference

Lengths in Å, Q in 1/Å, G in 1/Å², B in Å². Errors are DeepstrucError, with the text that the program prints. Calls let
other threads run; objects may be shared by threads that only read them.
"""

from ._library import DeepstrucError, __version__, lib as _lib
from ._settings import settings
from .calibration import Calibration, calibrate
from .latents import LatentMap, Reading, latent
from .pdfs import PDF, read_pdf, simulate
from .solving import Candidate, Evidence, Fit, Solution, Term, Verdict, refine, solve
from .structures import Structure, build, read_structure
from .training import Dataset, Training, read_dataset, train

build_facts: str = _lib.deepstruc_build_facts().decode()

__all__ = [
    "Calibration", "Candidate", "Dataset", "DeepstrucError", "Evidence", "Fit", "LatentMap", "PDF", "Reading", "Solution", "Structure",
    "Term", "Training", "Verdict", "__version__", "build", "build_facts", "calibrate", "latent", "read_dataset", "read_pdf", "read_structure", "refine",
    "settings", "simulate", "solve", "train",
]  # fmt: skip
