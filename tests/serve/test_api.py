#!/usr/bin/env python3
"""The JSON API of deepstruc serve, asked as a script would: a file from upload to downloads, the queue, a server killed
in the middle of a job, the latent map."""
import io, json, os, pathlib, sys, tempfile, time, zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import served

PROGRAM = os.path.abspath(sys.argv[1])
QUICK = {"catalogue": "paper", "max-atoms": "150", "samples": "60"}
failed = 0


def check(ok, what):
    global failed
    failed += not ok
    print(("ok    " if ok else "FAIL  ") + what, flush=True)


def test_a_job(server, gr):
    status, found = server.post_form("/api/inspect", [("a.gr", gr), ("empty.gr", b"")])
    first, second = found["files"]
    check(status == 200 and first["used"]["qmax"] == 24 and first["points"] == 2010, "inspect tells what is in a file")
    check("error" in second and "empty.gr" in second["error"], "and what is wrong with one")

    status, answer = server.post_form("/api/jobs", [("my sample.gr", gr)], element="Au", **QUICK)
    check(status == 201 and answer["jobs"] == [1], "a job is queued")
    job = server.wait(1)
    check(job["state"] == "done", f"it is solved: {job['error']}")
    verdict = job["verdict"]
    check(verdict["type"] == "decahedron" and verdict["n_atoms"] == 85 and verdict["rw"] < 0.03, f"verdict: {verdict}")
    check(job["settings"]["element"] == "Au" and job["name"] == "my sample.gr", "name and settings are kept")


def test_files(server, gr):
    status, headers, body = server.ask("GET", "/api/jobs/1/files/result.json")
    result = json.loads(body)
    check(status == 200 and result["candidates"][0]["n_atoms"] == 85, "result.json")
    status, headers, body = server.ask("GET", "/api/jobs/1/files/data.json")
    data = json.loads(body)
    check(data["picks"][0]["n_atoms"] == 85 and len(data["picks"][0]["xyz"]) == 255, "data.json holds the atoms")
    check(len(data["latent"]["x"]) > 100, "and the latent map")
    status, headers, body = server.ask("GET", "/api/jobs/1/files/candidates.csv?download=1")
    check(body.startswith(b"rank,method,type") and headers["Content-Disposition"] ==
          'attachment; filename="my sample-candidates.csv"', "candidates.csv, with a name to save it under")
    check(server.ask("GET", "/api/jobs/1/files/input.gr")[2] == gr, "the input comes back byte for byte")
    for ending, first in (("xyz", b"85\n"), ("cif", b"data_"), ("stru", b"title")):
        status, headers, body = server.ask("GET", f"/api/jobs/1/candidates/1.{ending}")
        check(status == 200 and body.startswith(first), f"the first candidate as {ending}")
    xyz = result["candidates"][0]["xyz"]
    check(server.ask("GET", f"/api/jobs/1/files/{xyz}")[0] == 200, "structures by the names that report.html has")
    for name in ("report.html", "fit.svg", "fit.png", "fit.pdf", "fit-001.fgr", "rw-size.svg", "latent.svg"):
        status, headers, body = server.ask("GET", f"/api/jobs/1/files/{name}")
        check(status == 200 and len(body) > 1000, name)
    status, headers, body = server.ask("GET", "/api/jobs/1/zip")
    names = zipfile.ZipFile(io.BytesIO(body)).namelist()
    check(status == 200 and xyz in names and "report.html" in names and zipfile.ZipFile(io.BytesIO(body)).testzip() is None,
          "everything as zip")
    for name in ("../1/files/result.json", "..%2f..%2fjobs.sqlite", "%2e%2e/jobs.sqlite", "jobs.sqlite", "result.json/",
                 "candidates/..%2fresult.json", "candidates", "/etc/passwd"):
        check(server.ask("GET", f"/api/jobs/1/files/{name}")[0] in (400, 404), f"no file {name}")
    for name in ("0.xyz", "9999.xyz", "1.exe", "-1.xyz", "1", "99999999999999999999.xyz", "x.xyz"):
        check(server.ask("GET", f"/api/jobs/1/candidates/{name}")[0] == 404, f"no candidate {name}")


def test_map(server):
    status, cloud = server.json("GET", "/api/jobs/1/map?n=150&sigma=3")
    check(status == 200 and 50 < len(cloud["x"]) <= 150 and cloud["structures"] > 0, "a cloud of structures on the map")
    latent = json.loads(server.ask("GET", "/api/jobs/1/files/data.json")[2])["latent"]
    status, found = server.post_json("/api/jobs/1/samples", {"places": [latent["mean"]], "n": 6, "sigma": 3})
    picks = found["data"]["picks"]
    check(status == 200 and all(place == [round(v, 4) for v in latent["mean"]] for place in found["places"].values()),
          "samples lie where they were asked for")
    check(all(pick["name"] in found["places"] and 0 < pick["rw"] < 1 for pick in picks), "and are fitted")
    for body in ({"places": [[1]]}, {"places": 3}, {"n": 0}, {"n": 1000}, {"focus": "cube"}, {"sigma": "x"}, {"sigma": 99},
                 [], {"places": [[1, 2]] * 65}, {"n": 1.5}):
        check(server.post_json("/api/jobs/1/samples", body)[0] == 400, f"no sampling of {str(body)[:40]}")
    check(server.json("GET", "/api/jobs/1/map?n=9999999")[0] == 400, "no map of too many points")
    check(server.json("GET", "/api/jobs/1/map?sigma=nan")[0] == 400, "nor of sigma nan")


def test_refusals(server, gr):
    status, answer = server.post_form("/api/jobs", [("a.gr", gr)], qmax="hello")
    check(status == 400 and "qmax" in answer["error"], answer["error"])
    status, answer = server.post_form("/api/jobs", [("a.gr", gr)], model="/etc/passwd")
    check(status == 400 and "model" in answer["error"], answer["error"])
    status, answer = server.post_form("/api/jobs", [("a.gr", gr)], tree="/etc/passwd")
    check(status == 400 and "tree" in answer["error"], "files of this machine are nothing to name: " + answer["error"])
    status, answer = server.post_form("/api/jobs", [("bad.gr", b"\x00\x01\x02")])
    check(status == 400 and "bad.gr" in answer["error"], answer["error"])
    check(server.post_form("/api/jobs")[0] == 400, "a form without files")
    check(server.json("GET", "/api/jobs/77")[0] == 404, "a job that is not there")
    check(server.json("POST", "/api/jobs/1/cancel")[0] == 409, "a job that is done is not cancelled")


def test_queue(server, gr):
    """Two jobs: the one that waits and the one that runs are cancelled; a third outlives its server."""
    status, answer = server.post_form("/api/jobs", [("slow.gr", gr), ("waits.gr", gr)], catalogue="full")
    slow, waits = answer["jobs"]
    job = server.wait(slow, ["running"])
    check(server.json("GET", f"/api/jobs/{waits}")[1]["ahead"] == 0, "a job that waits knows its place")
    check(server.json("DELETE", f"/api/jobs/{waits}")[0] == 409, "a job that waits is not deleted")
    check(server.json("POST", f"/api/jobs/{waits}/cancel")[0] == 202, "but cancelled")
    check(server.wait(waits)["state"] == "cancelled", "and then is")
    check(server.json("POST", f"/api/jobs/{slow}/cancel")[0] == 202, "a running job is cancelled")
    check(server.wait(slow)["state"] == "cancelled", "and stops")
    check(server.json("DELETE", f"/api/jobs/{waits}")[0] == 200, "a cancelled job is deleted")
    check(server.json("GET", f"/api/jobs/{waits}")[0] == 404, "and then is gone")
    status, answer = server.json("POST", f"/api/jobs/{slow}/again")
    check(status == 201, "a job is asked for again")
    return answer["jobs"][0]


def test_kill(server, data, job):
    server.wait(job, ["running"])
    time.sleep(0.3)
    server.kill()
    (data / "results" / f"{job}.tmp-abcdef").mkdir()
    server.start()
    found = server.json("GET", f"/api/jobs/{job}")[1]
    check(found["state"] == "interrupted" and "stopped" in found["error"], "the interrupted job is named")
    check(sorted(path.name for path in (data / "results").iterdir()) == ["1"], "what it left is gone")
    check(server.ask("GET", "/api/jobs/1/files/result.json")[0] == 200, "finished results are kept")
    jobs = server.json("GET", "/api/jobs")[1]["jobs"]
    check([each["state"] for each in jobs] == ["interrupted", "cancelled", "done"], "history: the newest first")
    check(server.json("DELETE", "/api/jobs/1")[0] == 200 and not (data / "results" / "1").exists(), "a deleted job's files go")


def test_second_server(data):
    try:
        served.Server(PROGRAM, data)
        check(False, "a second server on the same folder is refused")
    except AssertionError as refusal:
        check("another server" in str(refusal), "a second server on the same folder is refused")


if served.no_serve(PROGRAM):
    print("skipped: this build has no server")
    sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    data = pathlib.Path(folder) / "jobs"
    gr = served.simulated(PROGRAM, folder)
    server = served.Server(PROGRAM, data)
    try:
        about = server.json("GET", "/api")[1]
        check(about["model"] and any(field["name"] == "qmax" for field in about["settings"]), "the server describes itself")
        test_a_job(server, gr)
        test_files(server, gr)
        test_map(server)
        test_refusals(server, gr)
        test_second_server(data)
        test_kill(server, data, test_queue(server, gr))
        code, said = server.stop()
        check(code == 0 and not said, f"Ctrl-C ends it: {code} {said}")
    finally:
        if server.process.poll() is None:
            server.kill()
sys.exit(failed > 0)
