"""How results show themselves in notebooks."""

from __future__ import annotations

import html
import os
import re
import tempfile

_ROWS = 10


def _plot(solution) -> str:
    """The library's own fit plot as SVG."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "solution")
        solution.write(path)
        with open(os.path.join(path, "fit.svg")) as file:
            svg = file.read()
    return re.sub(r"<\?xml[^>]*\?>\s*", "", svg)


def _cells(candidate) -> list:
    def number(name, digits):
        value, esd = getattr(candidate, name), candidate.esd[name]
        return f"{value:.{digits}f}" + ("" if esd is None else f" ± {esd:.{digits}f}")

    shape = candidate.shape or candidate.name
    return [
        candidate.rank, candidate.type, shape, candidate.n_atoms, f"{candidate.rw:.4f}", number("bond_length", 4),
        number("biso", 3), candidate.method, candidate.group,
    ]  # fmt: skip


def solution_html(solution) -> str:
    """Verdict, plot of the best fit, table of the first candidates, what was assumed."""
    heads = ["rank", "type", "shape", "atoms", "Rw", "bond length (Å)", "Biso (Å²)", "method", "group"]

    def line(tag, cells):
        return "<tr>" + "".join(f"<{tag}>{html.escape(str(cell))}</{tag}>" for cell in cells) + "</tr>"

    rows = [line("th", heads)] + [line("td", _cells(candidate)) for candidate in solution[:_ROWS]]
    more = f"<p>{len(solution)} candidates; those of one group cannot be told apart by the data.</p>"
    assumed = "".join(f"<li>{html.escape(note)}</li>" for note in solution.assumed)
    verdict = solution.verdict
    title = verdict.why if verdict.why else f"{len(solution)} structures refined"
    return (
        f"<div><p><b>{html.escape(title)}</b></p>"
        f"<div style='max-width: 640px'>{_plot(solution)}</div>"
        f"<table>{''.join(rows)}</table>{more}" + (f"<p>Assumed:</p><ul>{assumed}</ul>" if assumed else "") + "</div>"
    )
