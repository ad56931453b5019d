#!/usr/bin/env python3
"""Writes src/binding/layout.c, the table of the public structs, from the headers. Run it when a public struct changed.

usage: tools/layout.py [--check]     --check: writes nothing; fails when the table is not that of the headers
"""
import pathlib, re, sys

if {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

ROOT = pathlib.Path(__file__).resolve().parents[1]
TABLE = ROOT / "src/binding/layout.c"

HEAD = '''/* The table of layout.h, written from the public headers by tools/layout.py. Where this file does not compile, a header
 * has changed: run tools/layout.py. The compiler fills in kinds, offsets and sizes. */
{includes}

#define CODE(pointer)                                                                                                  \\
    _Generic((pointer), double *: 'd', float *: 'f', bool *: '?', char *: 'c', unsigned char *: 'B', int *: 'i',       \\
             unsigned *: 'I', long *: 'l', unsigned long *: 'L', default: 'P')
#define PART(type, member) (((type *)0)->member)
/* clang-format off */
#define BEGIN(type) {{#type, NULL, NULL, 0, sizeof(type), 0}}
#define ONE(type, member) {{#type, #member, NULL, CODE(&PART(type, member)), offsetof(type, member), 1}}
#define MANY(type, member, n) {{#type, #member, NULL, CODE(&PART(type, member)[0]), offsetof(type, member), n}}
#define INNER(type, member, inner, n) {{#type, #member, #inner, 'T', offsetof(type, member), n}}

const deepstruc_layout_row deepstruc_layout[] = {{
{rows}
    {{0}},
}};
'''


def read_headers():
    """Yields (header, struct, [(type, member, count)]) for every public struct."""
    for path in sorted((ROOT / "include/deepstruc").glob("*.h")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        text = re.sub(r"^[ \t]*#(?:.*\\\n)*.*$", "", text, flags=re.M)
        for body, name in re.findall(r"typedef struct(?: \w+)? \{([^}]*)\}\s*(deepstruc_\w+);", text):
            yield path.name, name, [member for line in body.split(";") for member in read_declaration(line)]


def read_declaration(line):
    """'double *g, weight[3]' -> [('pointer', 'g', '1'), ('double', 'weight', '3')]"""
    line = " ".join(line.split())
    if not line:
        return
    function = re.search(r"\(\*(\w+)\)\(", line)
    if function:
        yield "pointer", function[1], "1"
        return
    base, declarators = re.match(r"((?:const |unsigned )*\w+) (.*)", line).groups()
    for declarator in declarators.split(","):
        stars, name, count = re.match(r"\s*(?:const )?(\**)(?:const )?(\w+)(?:\[(\w+)\])?$", declarator).groups()
        yield "pointer" if stars else base, name, count or "1"


def write_table():
    structs = list(read_headers())
    names = {name for _, name, _ in structs}
    rows, headers = [], []
    for header, struct, members in structs:
        if header not in headers:
            headers.append(header)
        rows.append(f"    BEGIN({struct}),")
        for kind, member, count in members:
            if kind in names:
                rows.append(f"    INNER({struct}, {member}, {kind}, {count}),")
            elif count != "1":
                rows.append(f"    MANY({struct}, {member}, {count}),")
            else:
                rows.append(f"    ONE({struct}, {member}),")
    return HEAD.format(includes="\n".join(f"#include <deepstruc/{header}>" for header in headers), rows="\n".join(rows))


def main():
    table = write_table()
    if sys.argv[1:] != ["--check"]:
        TABLE.write_text(table)
        return 0
    if TABLE.read_text() == table:
        print(f"{table.count('BEGIN(deepstruc')} structs, as in the headers")
        return 0
    print("src/binding/layout.c is not that of the public headers: run tools/layout.py and commit what it writes")
    return 1


if __name__ == "__main__":
    sys.exit(main())
