#!/usr/bin/env python3
"""Writes the reference pages that are made from the code: reference/cli.md, python.md, c.md.

usage: tools/site_reference.py PROGRAM FOLDER     Standard library only; the Python package is read and not imported.
"""
import ast, pathlib, re, subprocess, sys

if {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

ROOT = pathlib.Path(__file__).resolve().parents[1]
MODULES = "solving structures pdfs calibration latents training _settings _library".split()


def python_page():
    public = set(re.search(r"__all__ = \[(.*?)\]", (ROOT / "python/deepstruc/__init__.py").read_text(), re.S)[1].replace('"', "").replace(",", " ").split())
    lines = ["# Python", "", ast.get_docstring(ast.parse((ROOT / "python/deepstruc/__init__.py").read_text())).split("\n\n")[-1]]
    found = []
    for module in MODULES:
        text = (ROOT / f"python/deepstruc/{module}.py").read_text()
        for node in ast.parse(text).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in public:
                found.append((isinstance(node, ast.ClassDef), describe(node, text.splitlines())))
    for _, page in sorted(found, key=lambda pair: pair[0]):  # what is called first, then what it answers
        lines += page
    return "\n".join(lines) + "\n"


def describe(node, source):
    """A function, or a class with its public members, as Markdown."""
    if isinstance(node, ast.FunctionDef):
        return ["", f"## {node.name}", "", "```text", signature(node), "```", "", *text_of(node)]
    lines = ["", f"## {node.name}", "", *text_of(node), ""]
    for member in node.body:
        name = getattr(member, "name", None)
        if isinstance(member, ast.FunctionDef) and not name.startswith("_"):
            kind = [ast.unparse(d) for d in member.decorator_list]
            head = f"`{name}`" if "property" in kind else f"`{signature(member)}`"
            lines.append(f"- {head}: " + " ".join((ast.get_docstring(member) or "").split()))
        elif isinstance(member, ast.Assign) and isinstance(member.value, ast.Call) and ast.unparse(member.value.func) == "property":
            doc = next((k.value.value for k in member.value.keywords if k.arg == "doc"), "")
            lines.append(f"- `{member.targets[0].id}`" + (f": {doc}" if doc else ""))
        elif isinstance(member, ast.AnnAssign):
            _, _, remark = source[member.lineno - 1].partition("#: ")
            lines.append(f"- `{member.target.id}`: {ast.unparse(member.annotation)}" + (f", {remark}" if remark else ""))
    return lines


def signature(node):
    arguments = ast.unparse(node.args)
    arguments = re.sub(r"^(self|cls)(, |$)", "", arguments)
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{node.name}({arguments}){returns}"


def text_of(node):
    """The docstring; indented tables in it stay as they are written."""
    text = ast.get_docstring(node) or ""
    parts = []
    for paragraph in text.split("\n\n"):
        aligned = re.search(r"^\w+ {2,}\S", paragraph, re.M)
        parts += (["```text", paragraph, "```"] if aligned else [paragraph]) + [""]
    return parts


def c_page():
    lines = ["# C", "", "The public headers, word for word. Include `<deepstruc/solve.h>` or what is wanted; link `-ldeepstruc`."]
    headers = sorted((ROOT / "include/deepstruc").glob("*.h"), key=lambda path: (path.name != "deepstruc.h", path.name))
    for path in headers:
        lines += ["", f"## {path.name}", "", "```c", path.read_text().rstrip(), "```"]
    return "\n".join(lines) + "\n"


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cli.md").write_text(subprocess.run([program, "options", "markdown"], capture_output=True, text=True, check=True).stdout)
    (folder / "python.md").write_text(python_page())
    (folder / "c.md").write_text(c_page())


if __name__ == "__main__":
    main()
