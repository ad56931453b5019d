#!/usr/bin/env python3
"""The load test of deepstruc serve: 200 clients ask for the state of jobs as the page does, while 50 jobs wait and run.

usage: tools/load_serve.py PROGRAM [SECONDS]      (60; loopback only, bounded in count and time)

Prints how long answers took, the server's memory, and whether every job came out.
"""
import asyncio, json, os, pathlib, random, sys, tempfile, time

if {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/serve"))
import served

CLIENTS, JOBS, PAUSE_S = 200, 50, 0.5


async def ask(reader, writer, port, path):
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return int(head.split(b" ")[1]), await reader.readexactly(length)


async def client(port, end, seconds, bad):
    """One page: the list now and then, one job's state mostly, on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(random.uniform(0, PAUSE_S))
    while time.monotonic() < end:
        path = "/api/jobs?limit=20" if random.random() < 0.1 else f"/api/jobs/{random.randint(1, JOBS)}"
        began = time.monotonic()
        status, _ = await ask(reader, writer, port, path)
        seconds.append(time.monotonic() - began)
        if status != 200:
            bad.append((status, path))
        await asyncio.sleep(PAUSE_S)
    writer.close()


async def crowd(port, duration, pid):
    seconds, bad, memory = [], [], []
    end = time.monotonic() + duration

    async def watch():
        while time.monotonic() < end:
            memory.append(resident_mb(pid))
            await asyncio.sleep(1)

    await asyncio.gather(watch(), *(client(port, end, seconds, bad) for _ in range(CLIENTS)))
    return sorted(seconds), bad, memory


def resident_mb(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0


def main():
    program, duration = os.path.abspath(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 60
    with tempfile.TemporaryDirectory() as folder:
        gr = served.simulated(program, folder)
        server = served.Server(program, pathlib.Path(folder) / "jobs")
        try:
            files = [(f"{i}.gr", gr) for i in range(JOBS)]
            quick = {"catalogue": "paper", "max-atoms": "100", "samples": "50"}
            status, answer = server.post_form("/api/jobs", files, **quick)
            assert status == 201 and len(answer["jobs"]) == JOBS, answer
            seconds, bad, memory = asyncio.run(crowd(server.port, duration, server.process.pid))
            jobs = server.json("GET", "/api/jobs")[1]["jobs"]
            states = {state: sum(job["state"] == state for job in jobs) for state in {job["state"] for job in jobs}}
        finally:
            server.kill()
    at = lambda share: 1000 * seconds[min(len(seconds) - 1, int(share * len(seconds)))]
    print(json.dumps({"clients": CLIENTS, "seconds": duration, "answers": len(seconds), "not_200": len(bad), "p50_ms": round(at(0.5), 2),
                      "p99_ms": round(at(0.99), 2), "worst_ms": round(at(1), 2), "memory_mb": [round(memory[0]), round(max(memory)), round(memory[-1])],
                      "jobs": states}, indent=1))
    lost = JOBS - sum(states.values()) + states.get("failed", 0)
    return bool(bad or lost)


if __name__ == "__main__":
    sys.exit(main())
