#!/usr/bin/env python3
"""The clock is set back by an hour at every look (clock_back.c, preloaded): training keeps its time limit, a search finds the
same and takes a time that is not negative, the server answers and its jobs run forward."""
import json, os, pathlib, subprocess, sys, tempfile, time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "serve"))
from served import Server

program = os.path.realpath(sys.argv[1])
shim = pathlib.Path(program).parent / "tests/clock_back.so"
if not shim.exists() or "thread" in os.environ.get("DEEPSTRUC_SANITIZE", ""):
    print("skipped: no clock can be put before this program's")  # ThreadSanitizer has its own
    sys.exit(77)
example = pathlib.Path("examples/decahedron.gr").read_text().splitlines()
preloaded = {**os.environ, "LD_PRELOAD": str(shim), "ASAN_OPTIONS": "verify_asan_link_order=0"}


def run(*arguments, **options):
    return subprocess.run([program, *arguments, "--quiet"], capture_output=True, text=True, timeout=100, **options)


def is_time_of(seconds):
    return all(value >= 0 for value in (seconds.values() if isinstance(seconds, dict) else [seconds]))


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    looks = subprocess.run([sys.executable, "-c", "import time; print(time.time() - time.time())"], env=preloaded, capture_output=True)
    assert float(looks.stdout) > 1800, "the clock is not set back"

    small = "train -o model --arch sites --batch 16 --latent 3 --trunk 16 --decoder 16 --last 8 --max-atoms 40 --steps 1000000"
    began = time.monotonic()
    done = run(*small.split(), "--time-limit", "0.5", env=preloaded)
    assert done.returncode == 0 and time.monotonic() - began >= 0.5, done
    assert pathlib.Path("model.checkpoint").exists()

    pathlib.Path("a.gr").write_text("\n".join(line for line in example if not line[:1].isdigit() or float(line.split()[0]) < 6))
    search = "solve a.gr --methods library --catalogue paper --max-atoms 13 --qmin 0.9"
    for output, environment in ("alone", os.environ), ("back", preloaded):
        done = run(*search.split(), "-o", output, env=environment)
        assert done.returncode == 0, done
    assert pathlib.Path("alone/candidates.csv").read_bytes() == pathlib.Path("back/candidates.csv").read_bytes()
    assert is_time_of(json.loads(pathlib.Path("back/result.json").read_text())["timing_s"])

    os.environ.update(preloaded)
    server = Server(program, "jobs")
    jobs = []
    for _ in range(2):  # settings that no fit takes end a job as soon as it is begun
        status, answer = server.post_form("/api/jobs", [("a.gr", pathlib.Path("a.gr").read_bytes())], **{"fit-rmin": 5, "fit-rmax": 5})
        assert status == 201, answer
        jobs.append(server.wait(answer["jobs"][0]))
    code, said = server.stop()
    assert code == 0, said
    assert jobs[1]["created"] < jobs[0]["created"] - 1800, "the server's clock was not set back"
    for job in jobs:
        assert job["created"] <= job["started"] <= job["finished"], job
