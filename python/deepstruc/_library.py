"""The C library: found, described by itself, called.

No struct of the library is written down here. `deepstruc_layout`, a table inside of the library, names every member of
every public struct with its place, and the classes of `STRUCT` are made from it at import. The functions are the C
declarations themselves, word for word; a test holds them against the headers.
"""

import ctypes
import os
import pathlib
import re

VERSION = "0.1.0"  # of the library that this module was written for

DECLARATIONS = """
const char *deepstruc_version(void);
const char *deepstruc_build_facts(void);
void deepstruc_diag_text(const deepstruc_diag *diag, char *out, size_t size);
const char *deepstruc_status_text(deepstruc_status status);
deepstruc_status deepstruc_fields_check(const deepstruc_field *fields, const void *settings, deepstruc_diag *diag);
deepstruc_status deepstruc_model_find(char *out, size_t size, const char *name, deepstruc_diag *diag);

const char *deepstruc_type_name(deepstruc_type type);
deepstruc_type deepstruc_type_from_name(const char *name);
const char *deepstruc_type_family(deepstruc_type type);
deepstruc_status deepstruc_cluster_create(deepstruc_cluster **out, size_t n_atoms, deepstruc_diag *diag);
void deepstruc_cluster_destroy(deepstruc_cluster *cluster);
deepstruc_recipe deepstruc_recipe_sc(int h, int k, int l);
deepstruc_recipe deepstruc_recipe_bcc(int h, int k, int l);
deepstruc_recipe deepstruc_recipe_fcc(int h, int k, int l);
deepstruc_recipe deepstruc_recipe_hcp(int a, int b, int c);
deepstruc_recipe deepstruc_recipe_icosahedron(int n_shells);
deepstruc_recipe deepstruc_recipe_decahedron(int p, int q, int r);
deepstruc_recipe deepstruc_recipe_octahedron(int length, int cutoff);
deepstruc_recipe deepstruc_recipe_layers(const char *sequence, int a, int b);
deepstruc_status deepstruc_cluster_build(deepstruc_cluster **out, const deepstruc_recipe *recipe, double bond_length,
                                         const char *element, deepstruc_diag *diag);
double deepstruc_cluster_mean_bond(const deepstruc_cluster *cluster);
deepstruc_type deepstruc_cluster_classify(const deepstruc_cluster *cluster);
bool deepstruc_element_known(const char *symbol);
double deepstruc_element_metallic_radius(const char *symbol);
deepstruc_status deepstruc_cluster_read(deepstruc_cluster **out, const char *path, deepstruc_diag *diag);
deepstruc_status deepstruc_cluster_write_xyz(const deepstruc_cluster *cluster, const char *path, const char *comment,
                                             bool force, deepstruc_diag *diag);
deepstruc_status deepstruc_cluster_write_cif(const deepstruc_cluster *cluster, const char *path, bool force,
                                             deepstruc_diag *diag);
deepstruc_status deepstruc_cluster_write_stru(const deepstruc_cluster *cluster, const char *path, double biso,
                                              bool force, deepstruc_diag *diag);

deepstruc_status deepstruc_pdf_read(deepstruc_pdf **out, const char *path, deepstruc_diag *diag);
deepstruc_status deepstruc_pdf_create(deepstruc_pdf **out, const double *r, const double *g, const double *dg, size_t n,
                                      deepstruc_diag *diag);
void deepstruc_pdf_destroy(deepstruc_pdf *pdf);
deepstruc_status deepstruc_pdf_write(const deepstruc_pdf *pdf, const char *path, bool force, deepstruc_diag *diag);
deepstruc_pdf_settings deepstruc_pdf_settings_default(void);
deepstruc_status deepstruc_pdf_simulate(deepstruc_pdf **out, const deepstruc_cluster *cluster,
                                        const deepstruc_pdf_settings *settings, deepstruc_mode mode,
                                        deepstruc_diag *diag);

deepstruc_refine_settings deepstruc_refine_settings_default(void);
deepstruc_solve_settings deepstruc_solve_settings_default(void);
const char *deepstruc_verdict_name(deepstruc_verdict_kind kind);
deepstruc_status deepstruc_solve(deepstruc_solution **out, const deepstruc_pdf *pdf,
                                 const deepstruc_solve_settings *settings, const deepstruc_progress *progress,
                                 deepstruc_diag *diag);
deepstruc_status deepstruc_solve_given(deepstruc_solution **out, const deepstruc_pdf *pdf,
                                       const deepstruc_cluster *const *given, size_t n,
                                       const deepstruc_solve_settings *settings, deepstruc_diag *diag);
void deepstruc_solution_destroy(deepstruc_solution *solution);
deepstruc_status deepstruc_report_write(const deepstruc_solution *solution, const deepstruc_pdf *pdf, const char *dir,
                                        bool force, deepstruc_diag *diag);

deepstruc_calibrate_settings deepstruc_calibrate_settings_default(void);
deepstruc_status deepstruc_calibrate(deepstruc_calibration **out, const deepstruc_pdf *pdf,
                                     const deepstruc_calibrate_settings *settings, deepstruc_diag *diag);
void deepstruc_calibration_destroy(deepstruc_calibration *calibration);
deepstruc_status deepstruc_instrument_write(const deepstruc_calibration *calibration, const char *path, bool force,
                                            deepstruc_diag *diag);
deepstruc_status deepstruc_instrument_read(deepstruc_instrument *out, const char *path, deepstruc_diag *diag);

deepstruc_status deepstruc_latent_locate(deepstruc_latent_map *map, deepstruc_latent_reading *reading,
                                         const deepstruc_pdf *const *pdf, size_t n, const char *model_path,
                                         const deepstruc_refine_settings *settings, deepstruc_diag *diag);
void deepstruc_latent_map_clear(deepstruc_latent_map *map);
deepstruc_status deepstruc_report_latent(const deepstruc_latent_map *map, const deepstruc_latent_place *place,
                                         size_t n_places, const char *path, bool force, deepstruc_diag *diag);

deepstruc_status deepstruc_dataset_of_clusters(deepstruc_dataset **out, const deepstruc_cluster *const *cluster,
                                               size_t n, const deepstruc_pdf_settings *settings, deepstruc_diag *diag);
deepstruc_status deepstruc_dataset_read(deepstruc_dataset **out, const char *path, deepstruc_diag *diag);
deepstruc_status deepstruc_dataset_write(const deepstruc_dataset *dataset, const char *path, bool force,
                                         deepstruc_diag *diag);
void deepstruc_dataset_destroy(deepstruc_dataset *dataset);
size_t deepstruc_dataset_size(const deepstruc_dataset *dataset);
void deepstruc_dataset_describe(const deepstruc_dataset *dataset, char *out, size_t size);
deepstruc_status deepstruc_dataset_structure(const deepstruc_dataset *dataset, size_t i, deepstruc_cluster **out,
                                             deepstruc_diag *diag);
deepstruc_status deepstruc_dataset_pdf(const deepstruc_dataset *dataset, size_t i, deepstruc_pdf **out,
                                       deepstruc_diag *diag);
deepstruc_train_settings deepstruc_train_settings_default(void);
deepstruc_status deepstruc_train(const deepstruc_dataset *dataset, const char *path, bool force,
                                 const deepstruc_train_settings *settings, const deepstruc_progress *progress,
                                 deepstruc_train_result *result, deepstruc_diag *diag);
deepstruc_layers_training deepstruc_layers_training_default(void);
deepstruc_status deepstruc_layers_train(const char *path, const deepstruc_layers_training *settings, bool force,
                                        const deepstruc_progress *progress, deepstruc_diag *diag);
deepstruc_sites_training deepstruc_sites_training_default(void);
deepstruc_status deepstruc_sites_train(const char *path, const deepstruc_sites_training *settings, bool force,
                                       const deepstruc_progress *progress, deepstruc_diag *diag);
"""


class DeepstrucError(RuntimeError):
    """A call of the library that failed. The text is the program's own: file, place, what is wrong and how to mend it.

    Attributes: `status` (the kind of failure in words), `file`, `line` (1-based, 0 for none), `message`.
    """

    def __init__(self, text, status="", file="", line=0, message=""):
        super().__init__(text)
        self.status, self.file, self.line, self.message = status, file, line, message or text


# ---- finding and describing -------------------------------------------------------------------------------------


def _find():
    """In order: $DEEPSTRUC_LIBRARY; beside this file (a wheel); in the installed tree around it; wherever the system looks."""
    if os.environ.get("DEEPSTRUC_LIBRARY"):
        return os.environ["DEEPSTRUC_LIBRARY"]
    here = pathlib.Path(__file__).resolve()
    places = [here.with_name("libdeepstruc.so.0")]
    if len(here.parents) > 4:  # PREFIX/lib/python3/dist-packages/deepstruc/_library.py
        places += sorted((here.parents[4] / "lib").glob("libdeepstruc.so.0"))
        places += sorted((here.parents[4] / "lib").glob("*-linux-*/libdeepstruc.so.0"))
    return str(next((place for place in places if place.exists()), "libdeepstruc.so.0"))


class _Row(ctypes.Structure):  # deepstruc_layout_row: the one struct that cannot describe itself
    _fields_ = [
        ("structure", ctypes.c_char_p),
        ("member", ctypes.c_char_p),
        ("of", ctypes.c_char_p),
        ("code", ctypes.c_char),
        ("offset", ctypes.c_size_t),
        ("count", ctypes.c_size_t),
    ]


_SCALARS = {
    b"d": ctypes.c_double,
    b"f": ctypes.c_float,
    b"?": ctypes.c_bool,
    b"c": ctypes.c_char,
    b"B": ctypes.c_ubyte,
    b"i": ctypes.c_int,
    b"I": ctypes.c_uint,
    b"l": ctypes.c_long,
    b"L": ctypes.c_ulong,
    b"P": ctypes.c_void_p,
}


def _read_layout(library):
    """{struct name: ctypes class}, the members where the library says they are."""
    rows = ctypes.cast(library.deepstruc_layout, ctypes.POINTER(_Row))
    sizes, members = {}, {}
    for row in _rows(rows):
        if not row.member:
            sizes[row.structure] = row.offset
            members[row.structure] = []
        else:
            members[row.structure].append((row.member, row.of, row.code, row.offset, row.count))
    structs = {}

    def make(name):
        if name in structs:
            return structs[name]
        fields, end = [], 0
        for member, of, code, offset, count in members[name]:
            kind = make(of) if code == b"T" else _SCALARS[code]
            if offset > end:
                fields.append((f"_gap_{end}", ctypes.c_ubyte * (offset - end)))
            fields.append((member.decode(), kind * count if count > 1 else kind))
            end = offset + ctypes.sizeof(kind) * count
        if sizes[name] > end:
            fields.append((f"_gap_{end}", ctypes.c_ubyte * (sizes[name] - end)))
        structs[name] = type(name.decode(), (ctypes.Structure,), {"_pack_": 1, "_fields_": fields})
        assert ctypes.sizeof(structs[name]) == sizes[name], name
        return structs[name]

    return {name.decode(): make(name) for name in members}


def _rows(rows):
    i = 0
    while rows[i].structure:
        yield rows[i]
        i += 1


def _ctype(words):
    """The ctypes type of a C type; the word before the last may be a parameter's name."""
    if "*" in words:
        return ctypes.c_char_p if re.match(r"const char \*\w*$", words) else ctypes.c_void_p
    base = words.split()[0]
    plain = {
        "void": None,
        "double": ctypes.c_double,
        "bool": ctypes.c_bool,
        "int": ctypes.c_int,
        "long": ctypes.c_long,
        "size_t": ctypes.c_size_t,
    }
    return plain[base] if base in plain else STRUCT.get(base, ctypes.c_int)  # else an enum


def _declare(library):
    for result, name, parameters in re.findall(r"([\w ]+[ *]+)(deepstruc_\w+)\(([^)]*)\);", DECLARATIONS):
        function = getattr(library, name)
        function.restype = _ctype(result.strip())
        function.argtypes = [_ctype(" ".join(p.split())) for p in parameters.split(",") if p.strip() != "void"]


def _load():
    path = _find()
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"the library of deepstruc cannot be loaded ({error}); install it, or name it in DEEPSTRUC_LIBRARY")
    return library


lib = _load()
STRUCT = _read_layout(lib)
_declare(lib)

__version__ = lib.deepstruc_version().decode()
if __version__.split(".")[:2] != VERSION.split(".")[:2]:
    raise ImportError(f"this Python package belongs to deepstruc {VERSION}, the library found is {__version__}: install both alike")


# ---- calling ----------------------------------------------------------------------------------------------------


def call(function, *arguments):
    """Calls a function that wants a deepstruc_diag at its end. DeepstrucError unless it answers DEEPSTRUC_OK.

    ctypes lets other Python threads run meanwhile; every call has its own diagnostics.
    """
    diag = STRUCT["deepstruc_diag"]()
    if function(*arguments, ctypes.byref(diag)) != 0:
        raise error_of(diag)


def error_of(diag):
    text = ctypes.create_string_buffer(1024)
    lib.deepstruc_diag_text(ctypes.byref(diag), text, len(text))
    status = lib.deepstruc_status_text(diag.status).decode()
    return DeepstrucError(
        text.value.decode(errors="replace"),
        status,
        diag.file.decode(errors="replace"),
        diag.line,
        diag.message.decode(errors="replace"),
    )


def create(function, *arguments):
    """The address that a `create`-like function leaves behind its first argument."""
    out = ctypes.c_void_p()
    call(function, ctypes.byref(out), *arguments)
    return out.value


def at(name, address):
    """The struct `name` that lies at an address."""
    return STRUCT[name].from_address(address)


def notes(struct):
    """A deepstruc_notes as a list of texts."""
    texts = ctypes.cast(struct.text, ctypes.POINTER(ctypes.c_char_p))
    return [texts[i].decode(errors="replace") for i in range(struct.n)]


def path_bytes(path):
    return os.fsencode(os.fspath(path))
