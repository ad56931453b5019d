#!/usr/bin/env python3
"""Which lines of src/ no test reached, after cmake --preset coverage, its build and ctest --preset coverage.

tools/coverage.py            lines and functions reached, by module
tools/coverage.py MODULE...  the lines of these that were not, with their text
"""
import collections, json, pathlib, subprocess, sys

if {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

root = pathlib.Path(__file__).resolve().parent.parent
build = root / "build/coverage"


def reports():
    """What gcov says of every object, of which several may come from one source."""
    data = sorted(map(str, build.rglob("*.gcda")))
    if not data:
        sys.exit("no counts in build/coverage: build that preset and run its tests first")
    for first in range(0, len(data), 50):
        said = subprocess.run(["gcov", "--json-format", "--stdout", *data[first : first + 50]], cwd=build, capture_output=True, check=True)
        for line in said.stdout.splitlines():
            yield json.loads(line)


def gather():
    lines, functions = collections.defaultdict(dict), collections.defaultdict(dict)
    for report in reports():
        for file in report["files"]:
            path = (pathlib.Path(report["current_working_directory"]) / file["file"]).resolve()
            if not path.is_relative_to(root / "src"):
                continue
            name = path.relative_to(root / "src")
            for line in file["lines"]:
                number = line["line_number"]
                lines[name][number] = max(lines[name].get(number, 0), line["count"])
            for function in file["functions"]:
                key = function["name"]
                functions[name][key] = max(functions[name].get(key, 0), function["execution_count"])
    return lines, functions


def table(lines, functions):
    modules = sorted({name.parts[0] for name in lines})
    print(f"{'module':10} {'lines':>6} {'reached':>8} {'functions':>10} {'reached':>8}")
    for module in [*modules, "all"]:
        of = [name for name in lines if module in (name.parts[0], "all")]
        counts = [count for name in of for count in lines[name].values()]
        calls = [count for name in of for count in functions[name].values()]
        share = lambda values: f"{100 * sum(v > 0 for v in values) / len(values):.1f} %"
        print(f"{module:10} {len(counts):6} {share(counts):>8} {len(calls):10} {share(calls):>8}")


def missed(lines, modules):
    for name in sorted(lines):
        if name.parts[0] in modules:
            text = (root / "src" / name).read_text().splitlines()
            if max(lines[name]) > len(text):
                sys.exit(f"{name} was changed since its lines were counted: build the preset and run its tests again")
            for number in sorted(n for n, count in lines[name].items() if count == 0):
                print(f"{name}:{number}: {text[number - 1].strip()}")


found = gather()
missed(found[0], sys.argv[1:]) if len(sys.argv) > 1 else table(*found)
