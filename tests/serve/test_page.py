#!/usr/bin/env python3
"""The page in a browser (web/test/page.mjs): from a dropped file to downloads, and again after kill -9. Skips, saying so,
where the build has no page or the machine no browser."""
import os, pathlib, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import served

PROGRAM = os.path.abspath(sys.argv[1])
WEB = pathlib.Path(__file__).resolve().parents[2] / "web"


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def drive(server, part, folder):
    address = f"http://127.0.0.1:{server.port}/"
    done = subprocess.run(["node", WEB / "test/page.mjs", address, f"{folder}/in.gr", part], timeout=400)
    assert done.returncode == 0, part


if os.environ.get("DEEPSTRUC_SANITIZE"):
    skip("the page is the same in a build with sanitizers; test_api asks that server all it asks")
if served.no_serve(PROGRAM):
    skip("this build has no server")
if not shutil.which("node") or not (WEB / "node_modules/playwright-core").exists():
    skip("no Node.js, or the page's npm packages were not fetched")
if not any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")):
    skip("no Chromium")
types = subprocess.run(["node", "node_modules/typescript/bin/tsc", "--noEmit"], cwd=WEB, timeout=100)
assert types.returncode == 0, "the page's types"
with tempfile.TemporaryDirectory() as folder:
    served.simulated(PROGRAM, folder)
    server = served.Server(PROGRAM, pathlib.Path(folder) / "jobs")
    try:
        if server.ask("GET", "/")[1]["Content-Encoding"] != "gzip":
            skip("this build has no page")
        drive(server, "solve", folder)
        server.kill()
        server.start()
        drive(server, "return", folder)
    finally:
        if server.process.poll() is None:
            server.kill()
