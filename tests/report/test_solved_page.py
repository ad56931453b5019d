#!/usr/bin/env python3
"""A simulated PDF solved by the program, and what lies in the folder opened as its readers would: plots as XML, the page
by a browser where one is installed."""
import json, os, re, shutil, subprocess, sys, tempfile
import xml.etree.ElementTree as xml

PROGRAM = sys.argv[1]


def run(*arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=80)
    assert done.returncode == 0, f"{' '.join(arguments)}: {done.stderr}"


def check_plots(folder):
    for stem in ("fit", "next-family", "rw-size"):
        root = xml.parse(f"{folder}/{stem}.svg").getroot()
        assert root.tag.endswith("svg") and len(list(root.iter())) > 50, stem
        assert open(f"{folder}/{stem}.png", "rb").read(8) == b"\x89PNG\r\n\x1a\n", stem
        assert open(f"{folder}/{stem}.pdf", "rb").read(5) == b"%PDF-", stem


def check_links(folder):
    page = open(f"{folder}/report.html").read()
    links = re.findall(r'href="([^"#]+)"', page)
    assert len(links) > 10
    for link in links:
        assert os.path.exists(f"{folder}/{link}"), link
    return page


def check_browser(folder, profile):
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not browser:
        print("no browser: the page's script was not run")
        return
    done = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                           "--disable-background-networking", "--disable-component-update", "--disable-sync",
                           f"--user-data-dir={profile}", "--enable-logging=stderr", "--virtual-time-budget=3000",
                           "--dump-dom", f"file://{folder}/report.html"], capture_output=True, text=True, timeout=90)
    assert "CONSOLE" not in done.stderr, [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    best = json.load(open(f"{folder}/result.json"))["candidates"][0]
    assert done.stdout.count('class="slot"') >= 2, "structures are drawn"
    named = re.search(r'id="fit-name">([^<]+)<', done.stdout)
    assert named and f"{best['n_atoms']} atoms" in named.group(1), "the fit of rank 1 is shown"
    assert 'aria-selected="true"' in done.stdout and done.stdout.count('aria-pressed="true"') > 2


with tempfile.TemporaryDirectory() as folder:
    run("build", "decahedron", "--pqr", "3,2,0", "--element", "Au", "--bond-length", "2.88", "-o", f"{folder}/in.xyz")
    run("simulate", f"{folder}/in.xyz", "-o", f"{folder}/in.gr", "--qmin", "1", "--qmax", "24", "--qdamp", "0.03", "--rmax", "20.1")
    run("solve", f"{folder}/in.gr", "-o", f"{folder}/out", "--catalogue", "paper", "--top", "60", "--quiet")
    check_plots(f"{folder}/out")
    check_links(f"{folder}/out")
    check_browser(f"{folder}/out", f"{folder}/profile")
