"""Memory of the library as NumPy arrays, without copies."""

import ctypes
import weakref

import numpy as np

from ._library import at

_TYPES = {"f8": ctypes.c_double, "f4": ctypes.c_float, "u1": ctypes.c_ubyte, "i4": ctypes.c_int32}


class Handle:
    """Owns one object of the library and frees it when the last Python object that looks into it is gone.

    Pass the handle itself to the library's functions: the call then keeps what it works on.
    """

    def __init__(self, struct, address, destroy):
        self.address = address
        self._as_parameter_ = ctypes.c_void_p(address)
        self.struct = at(struct, address) if struct else None
        weakref.finalize(self, destroy, address)


def view(address, shape, owner, kind="f8", writable=False):
    """An array over memory that `owner` keeps alive; None for a NULL pointer."""
    if not address:
        return None
    count = 1
    for n in shape:
        count *= n
    memory = (_TYPES[kind] * count).from_address(address)
    memory.owner = owner  # the array's base: what keeps the memory is kept by it
    array = np.frombuffer(memory, dtype=kind).reshape(shape) if count else np.empty(shape, kind)
    array.flags.writeable = writable
    return array


def doubles(values):
    """A contiguous array of float64; the array itself where it is one."""
    return np.ascontiguousarray(values, dtype=np.float64)


def pointer(array):
    return None if array is None else array.ctypes.data
