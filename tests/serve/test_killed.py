#!/usr/bin/env python3
"""kill -9 while jobs are written into the server's store: each job that was acknowledged is there after a restart, once,
and the server goes on."""
import pathlib, random, sys, tempfile, threading, time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from served import Server

KILLS = 8
program, failures = sys.argv[1], []
random.seed(8)
GR = ("[DEFAULT]\nqmax = 25\n#### start data\n" + "".join(f"{i / 10:.2f} {(i % 7) / 7 - 0.4:.3f}\n" for i in range(10, 120))).encode()


def send(server, numbers, acknowledged):
    """Jobs, until the server is gone. Settings that no fit takes end a job as soon as it is begun: its states are written, too."""
    try:
        for number in numbers:
            status, answer = server.post_form("/api/jobs", [(f"{number}.gr", GR)], **{"fit-rmin": 7, "fit-rmax": 7})
            if status == 201:
                acknowledged[answer["jobs"][0]] = f"{number}.gr"
            elif status != 503:
                failures.append(f"job {number}: {status} {answer}")
    except OSError:
        pass
    except Exception as problem:  # an answer cut off in the middle
        if "Incomplete" not in repr(problem) and "BadStatus" not in repr(problem):
            raise


with tempfile.TemporaryDirectory() as folder:
    acknowledged, number = {}, 0
    server = Server(program, folder)
    for kill in range(KILLS):
        sender = threading.Thread(target=send, args=(server, range(number, number + 1000), acknowledged))
        sender.start()
        number += 1000
        time.sleep(random.uniform(0.05, 0.4))
        server.kill()
        sender.join()
        server.start()
        found = {}
        before = 0
        while True:
            jobs = server.json("GET", f"/api/jobs?before={before}")[1]["jobs"]
            for job in jobs:
                if job["id"] in found:
                    failures.append(f"job {job['id']} is listed twice")
                found[job["id"]] = job["name"]
            if not jobs or jobs[-1]["id"] == 1:
                break
            before = jobs[-1]["id"]
        lost = {i for i, name in acknowledged.items() if found.get(i) != name}
        if lost:
            failures.append(f"kill {kill + 1}: acknowledged and not there: {sorted(lost)}")
    code, said = server.stop()
    if code != 0:
        failures.append(f"exit code {code}: {said}")
    if len(acknowledged) < KILLS:
        failures.append(f"only {len(acknowledged)} jobs were acknowledged: too few to mean anything")
print(f"{len(acknowledged)} jobs acknowledged, {KILLS} kills")
print(*failures, sep="\n")
sys.exit(bool(failures))
