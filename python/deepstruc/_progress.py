"""Progress and interruption of long calls."""

import ctypes
import signal
import sys
import threading
import time

from ._library import STRUCT, DeepstrucError

_REPORT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_double)
_CANCELLED = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p)


class _Bar:
    """One line on stderr that is drawn over itself: works on terminals and below notebook cells."""

    WIDTH, FIRST, INTERVAL = 30, 1.0, 0.2  # characters; seconds before the first and between two drawings

    def __init__(self):
        self.began = self.last = time.monotonic()
        self.drawn = False

    def __call__(self, stage, fraction):
        now = time.monotonic()
        if now - self.began < self.FIRST or now - self.last < self.INTERVAL:
            return
        self.last, self.drawn = now, True
        filled = int(fraction * self.WIDTH)
        sys.stderr.write(f"\r{stage:<22.22} [{'#' * filled}{'.' * (self.WIDTH - filled)}] {fraction:4.0%} ")
        sys.stderr.flush()

    def end(self):
        if self.drawn:
            sys.stderr.write("\r" + " " * (self.WIDTH + 34) + "\r")
            sys.stderr.flush()


def _wants_bar():
    return "ipykernel" in sys.modules or (sys.stderr is not None and sys.stderr.isatty())


class Progress:
    """`with Progress(choice) as p:` gives what the library wants as its progress argument, `p.argument`.

    `choice`: None (a bar in notebooks and on terminals), True, False, or a function of (stage, fraction in [0, 1]).
    An exception in that function, or Ctrl-C, ends the library's call cleanly and goes on from the `with` block.
    """

    def __init__(self, choice=None):
        self.bar = _Bar() if choice is True or (choice is None and _wants_bar()) else None
        self.function = self.bar or (choice if callable(choice) else None)
        self.raised = None
        self.previous = None

    def _report(self, _user, stage, fraction):
        if self.function and self.raised is None:
            try:
                self.function(stage.decode(), fraction)
            except BaseException as exception:  # an exception cannot pass through C
                self.raised = exception

    def _interrupt(self, _number, _frame):
        self.raised = KeyboardInterrupt()

    def __enter__(self):
        self.kept = _REPORT(self._report), _CANCELLED(lambda _user: self.raised is not None)
        self.struct = STRUCT["deepstruc_progress"]()
        self.struct.report, self.struct.cancelled = (ctypes.cast(f, ctypes.c_void_p).value for f in self.kept)
        self.argument = ctypes.byref(self.struct)
        # Python's own handler would raise inside of a callback, where ctypes can only drop it.
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            self.previous = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, kind, exception, _traceback):
        if self.previous is not None:
            signal.signal(signal.SIGINT, self.previous)
        if self.bar:
            self.bar.end()
        if self.raised is not None and (exception is None or isinstance(exception, DeepstrucError)):
            raise self.raised from None
        return False
