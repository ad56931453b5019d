"""Data sets, the original's graph files, and training."""

from __future__ import annotations

import os
from typing import Any, NamedTuple, Optional, Sequence, Union

from . import _library as c
from . import _settings
from ._library import STRUCT, call, create, lib, path_bytes
from ._memory import Handle
from ._progress import Progress
from .pdfs import PDF
from .solving import ProgressLike
from .structures import Structure, StructureLike, as_structure


class Dataset(Sequence):
    """Structures with their PDFs: `dataset[i]` is (Structure, PDF).

    Dataset(structures) simulates the PDFs of structures of yours (Structure, ase.Atoms, files; 2 atoms or more), with
    the settings of `simulate`, and splits them 60/20/20 at random.
    """

    def __init__(self, structures: Sequence[StructureLike], **settings: Any):
        filled = _settings.fill("simulate", settings)
        clusters = [as_structure(thing) for thing in structures]
        addresses = (c.ctypes.c_void_p * len(clusters))(*[cluster._handle.address for cluster in clusters])
        self._adopt(create(lib.deepstruc_dataset_of_clusters, addresses, len(clusters), c.ctypes.byref(filled)))

    def _adopt(self, address):
        self._handle = Handle(None, address, lib.deepstruc_dataset_destroy)

    def __len__(self) -> int:
        return lib.deepstruc_dataset_size(self._handle)

    def __getitem__(self, i):
        if isinstance(i, slice):
            return [self[k] for k in range(*i.indices(len(self)))]
        i = i + len(self) if i < 0 else i
        if not 0 <= i < len(self):
            raise IndexError(f"structure {i} of {len(self)}")
        out = c.ctypes.c_void_p(), c.ctypes.c_void_p()
        call(lib.deepstruc_dataset_structure, self._handle, i, c.ctypes.byref(out[0]))
        structure = Structure._of(out[0].value)
        call(lib.deepstruc_dataset_pdf, self._handle, i, c.ctypes.byref(out[1]))
        return structure, PDF._of(out[1].value)

    def write(self, path: Union[str, os.PathLike], force: bool = False) -> None:
        """Writes the HDF5 file that `train` and the program read."""
        call(lib.deepstruc_dataset_write, self._handle, path_bytes(path), force)

    def __repr__(self) -> str:
        text = c.ctypes.create_string_buffer(512)
        lib.deepstruc_dataset_describe(self._handle, text, len(text))
        return f"<Dataset {text.value.decode()}>"


def read_dataset(path: Union[str, os.PathLike]) -> Dataset:
    """Reads a data set, one of the original DeepStruc's graph files (graph_*.h5), or a folder of those."""
    dataset = Dataset.__new__(Dataset)
    dataset._adopt(create(lib.deepstruc_dataset_read, path_bytes(path)))
    return dataset


class Training(NamedTuple):
    finished: bool  #: False: stopped by the time limit; resume=True goes on
    epochs: int
    steps: int
    loss: float  #: of the last whole epoch
    error: float  #: Å, validation: mean distance of atoms, rows in order, before the fit
    exact_count: float  #: share of validation structures with the right number of atoms


# What is trained on samples simulated on the fly: its settings, and what trains it.
_SIMULATED = {
    "sites": ("train-sites", lib.deepstruc_sites_train),
    "stacking": ("train-stacking", lib.deepstruc_layers_train),
}


def train(
    data: Union[Dataset, str, os.PathLike, None],
    output: Union[str, os.PathLike],
    *,
    force: bool = False,
    progress: ProgressLike = None,
    **settings: Any,
) -> Optional[Training]:
    """Trains a network into `output` (.safetensors), with `output`.checkpoint and `output`.csv beside it.

    data is a Dataset or its file for the published network, deepstruc-2023. arch="sites", the default model, and
    arch="stacking", sequences of close-packed layers, simulate their own samples: they want data=None (and answer None).
    `deepstruc.settings("train")`, `("train-sites")` and `("train-stacking")` list the settings.
    """
    arch = settings.get("arch")
    if arch in _SIMULATED:
        if data is not None:
            raise TypeError(f'arch="{arch}" simulates its samples: give None for data')
        name, run = _SIMULATED[arch]
        filled = _settings.fill(name, {keyword: value for keyword, value in settings.items() if keyword != "arch"})
        with Progress(progress) as p:
            call(run, path_bytes(output), c.ctypes.byref(filled), force, p.argument)
        return None
    filled = _settings.fill("train", settings)
    dataset = data if isinstance(data, Dataset) else read_dataset(data)
    result = STRUCT["deepstruc_train_result"]()
    with Progress(progress) as p:
        call(
            lib.deepstruc_train, dataset._handle, path_bytes(output), force, c.ctypes.byref(filled), p.argument,
            c.ctypes.byref(result),
        )  # fmt: skip
    return Training(*(getattr(result, name) for name in Training._fields))
