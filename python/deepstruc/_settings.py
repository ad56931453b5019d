"""Settings structs, filled from keyword arguments by the library's own tables of names, ranges and help."""

import ctypes
import difflib
import math
import types

from ._library import STRUCT, call, lib, path_bytes

_DOUBLE, _LONG, _FLAG, _TEXT = range(4)

# What each call's settings are made of: the struct, and its tables with the member that each of them describes.
CALLS = {
    "solve": (
        "deepstruc_solve_settings",
        lib.deepstruc_solve_settings_default,
        [("deepstruc_solve_settings_fields", None), ("deepstruc_refine_settings_fields", "refine")],
        ("seed", "threads"),
    ),
    "refine": (
        "deepstruc_solve_settings",
        lib.deepstruc_solve_settings_default,
        [("deepstruc_refine_settings_fields", "refine")],
        ("element", "seed", "threads"),
    ),
    "simulate": (
        "deepstruc_pdf_settings",
        lib.deepstruc_pdf_settings_default,
        [("deepstruc_pdf_settings_fields", None)],
        (),
    ),
    "calibrate": (
        "deepstruc_calibrate_settings",
        lib.deepstruc_calibrate_settings_default,
        [("deepstruc_calibrate_settings_fields", None)],
        (),
    ),
    "latent": (
        "deepstruc_refine_settings",
        lib.deepstruc_refine_settings_default,
        [("deepstruc_refine_settings_fields", None)],
        (),
    ),
    "train": (
        "deepstruc_train_settings",
        lib.deepstruc_train_settings_default,
        [("deepstruc_train_settings_fields", None)],
        ("seed", "threads"),
    ),
    "train-sites": (
        "deepstruc_sites_training",
        lib.deepstruc_sites_training_default,
        [("deepstruc_sites_training_fields", None)],
        ("seed",),
    ),
    "train-stacking": (
        "deepstruc_layers_training",
        lib.deepstruc_layers_training_default,
        [("deepstruc_layers_training_fields", None)],
        ("seed",),
    ),
}
# The program's common options are no rows of the tables; they are members all the same.
_COMMON = {
    "seed": (_LONG, "random seed"),
    "threads": (_LONG, "threads; 0: all"),
    "element": (_TEXT, "the sample's metal; else from the header"),
}


def rows(table):
    """The rows of a table of settings."""
    address = ctypes.addressof(ctypes.c_char.in_dll(lib, table))
    size = ctypes.sizeof(STRUCT["deepstruc_field"])
    while True:
        row = STRUCT["deepstruc_field"].from_address(address)
        if not row.name:
            return
        yield row
        address += size


def text(address):
    return ctypes.cast(address, ctypes.c_char_p).value.decode() if address else None


def _places(name, base):
    """{keyword: (kind, address of the value, help, may be NaN)} of a settings struct."""
    _, _, tables, common = CALLS[name]
    found = {}
    for table, member in tables:
        start = ctypes.addressof(base) + (getattr(type(base), member).offset if member else 0)
        for row in rows(table):
            keyword = text(row.name).replace("-", "_")
            found[keyword] = (row.kind, start + row.offset, text(row.help), row.optional)
    for keyword in common:
        kind, help_text = _COMMON[keyword]
        found[keyword] = (kind, ctypes.addressof(base) + getattr(type(base), keyword).offset, help_text, True)
    return found


def _get(kind, address):
    if kind == _DOUBLE:
        value = ctypes.c_double.from_address(address).value
        return None if math.isnan(value) else value
    if kind == _LONG:
        return ctypes.c_long.from_address(address).value
    if kind == _FLAG:
        return ctypes.c_bool.from_address(address).value
    return text(ctypes.c_void_p.from_address(address).value)


def _set(kind, address, value, keyword, kept):
    if kind == _DOUBLE:
        ctypes.c_double.from_address(address).value = math.nan if value is None else float(value)
    elif kind == _LONG:
        if value != int(value):
            raise TypeError(f"{keyword} wants a whole number, not {value!r}")
        ctypes.c_long.from_address(address).value = int(value)
    elif kind == _FLAG:
        ctypes.c_bool.from_address(address).value = bool(value)
    else:
        if isinstance(value, (list, tuple)):
            value = ",".join(value)
        kept.append(None if value is None else ctypes.create_string_buffer(str(value).encode()))
        ctypes.c_void_p.from_address(address).value = kept[-1] and ctypes.addressof(kept[-1])


def fill(name, keywords):
    """(settings struct, what must outlive it). TypeError for an unknown keyword, DeepstrucError for a value out of range."""
    _, default, tables, _ = CALLS[name]
    base, kept = default(), []
    places = _places(name, base)
    if "qdamp" in places and "instrument" in keywords:
        keywords = {**_instrument(keywords["instrument"]), **keywords}
        del keywords["instrument"]
    for keyword, value in keywords.items():
        if keyword not in places:
            near = difflib.get_close_matches(keyword, places, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(sorted(places))}"
            raise TypeError(f"{name} has no setting {keyword!r}{hint}")
        kind, address, _, _ = places[keyword]
        _set(kind, address, value, keyword, kept)
    for table, member in tables:
        part = ctypes.addressof(base) + (getattr(type(base), member).offset if member else 0)
        call(lib.deepstruc_fields_check, ctypes.c_void_p(ctypes.addressof(ctypes.c_char.in_dll(lib, table))), part)
    base._kept = kept
    return base


def _instrument(path):
    """qdamp and qbroad of an instrument file, those that it knows."""
    instrument = STRUCT["deepstruc_instrument"]()
    call(lib.deepstruc_instrument_read, ctypes.byref(instrument), path_bytes(path))
    values = {name: getattr(instrument, name) for name in ("qdamp", "qbroad")}
    return {name: value for name, value in values.items() if not math.isnan(value)}


def settings(name: str = "solve") -> "types.MappingProxyType[str, tuple]":
    """The settings that a call takes as keywords: {keyword: (default, help)}.

    `name` is one of solve, refine, simulate, calibrate, latent, train, train-sites, train-stacking. A default of None means
    that the value is chosen from the data. Solve, refine, simulate and latent take instrument=FILE, too, as
    `Calibration.write` made it: its qdamp and qbroad, where none are given.
    """
    base = CALLS[name][1]()
    return types.MappingProxyType(
        {keyword: (_get(kind, address), help_text) for keyword, (kind, address, help_text, _) in _places(name, base).items()}
    )


def read(name, base):
    """{keyword: value} of a filled struct."""
    return {keyword: _get(kind, address) for keyword, (kind, address, _, _) in _places(name, base).items()}
