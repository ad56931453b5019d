#!/usr/bin/env python3
"""Requests that no friend sends: each is refused cleanly, and the server then answers as before. Loopback only; one server,
some three hundred connections, bounded in time."""
import json, os, pathlib, re, socket, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import served

PROGRAM = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(__file__).resolve().parents[2]
failed = 0


def limit(name):
    return int(re.search(rf"{name} = (\d+)", (ROOT / "src/serve/limits.h").read_text())[1])


def check(ok, what):
    global failed
    failed += not ok
    print(("ok    " if ok else "FAIL  ") + what, flush=True)


def raw(server, data, timeout=30, more=()):
    """What comes back until the server closes; "" for nothing."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=timeout) as connection:
        answer = b""
        try:
            connection.sendall(data)
            for piece in more:
                connection.sendall(piece)
            while piece := connection.recv(65536):
                answer += piece
        except (ConnectionError, socket.timeout):
            pass
        return answer.decode("latin-1")


def status_of(answer):
    return int(answer.split(" ", 2)[1]) if answer.startswith("HTTP/1.") else 0


def request(server, line, *headers, body=b"", host=True):
    lines = [line, *([f"Host: 127.0.0.1:{server.port}"] if host else []), "Connection: close", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def asks(server, wanted, what, line, *headers, **rest):
    got = status_of(raw(server, request(server, line, *headers, **rest)))
    check(got in wanted, f"{what}: {got}")


def test_senders(server):
    for host in ("evil.example", f"evil.example:{server.port}", f"127.0.0.1.evil.example:{server.port}", "127.0.0.1", "localhost:1",
                 f"127.0.0.1:{server.port}.evil.example", "", f"[::1]:{server.port}"):
        asks(server, [403], f"Host {host!r}", "GET /api HTTP/1.1", f"Host: {host}", host=False)
    asks(server, [400, 403], "no Host", "GET /api HTTP/1.1", host=False)
    asks(server, [200], "localhost", "GET /api HTTP/1.1", f"Host: localhost:{server.port}", host=False)
    for origin in ("https://evil.example", "null", f"https://127.0.0.1:{server.port}", f"http://127.0.0.1:{server.port}.evil.example"):
        asks(server, [403], f"Origin {origin}", "POST /api/jobs/1/cancel HTTP/1.1", f"Origin: {origin}")
    asks(server, [404], "its own Origin", "POST /api/jobs/1/cancel HTTP/1.1", f"Origin: http://127.0.0.1:{server.port}")
    asks(server, [403], "a browser's cross-site request", "GET /api/jobs HTTP/1.1", "Sec-Fetch-Site: cross-site")
    answer = raw(server, request(server, "GET /api HTTP/1.1"))
    check("Access-Control-Allow-Origin" not in answer and "nosniff" in answer, "no other site may read an answer")


def test_methods_and_paths(server):
    for method in ("PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "DELETE"):
        asks(server, [405], f"{method} of the list", f"{method} /api/jobs HTTP/1.1")
    for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/../../etc/passwd", "/assets/..%2f..%2fetc/passwd", "/api/jobs/0",
                 "/api/jobs/-1", "/api/jobs/1e3", "/api/jobs/99999999999999999999", "/api/jobs/1/files/", "/api/jobs//1", "/API", "/assets/", "//",
                 "/api/jobs/1;drop table job", "/api/jobs/1'--", "/assets/%s%s%n", "/api/jobs/%31%00/x"):
        asks(server, [400, 404], f"GET {path}", f"GET {path.replace(' ', '%20')} HTTP/1.1")
    for query in ("limit=0", "limit=-1", "limit=1e9", "before=x", "limit=nan", "limit=1;2"):
        asks(server, [400], f"?{query}", f"GET /api/jobs?{query} HTTP/1.1")


def test_sizes(server):
    asks(server, [413, 414, 431], "a line of a megabyte", "GET /" + "a" * (1 << 20) + " HTTP/1.1")
    asks(server, [413, 431], "headers of a megabyte", "GET /api HTTP/1.1", *[f"X-{i}: {'b' * 1000}" for i in range(1000)])
    asks(server, [413], "a promised terabyte", "POST /api/jobs HTTP/1.1", "Content-Type: multipart/form-data; boundary=x", f"Content-Length: {1 << 40}")
    asks(server, [400, 413], "a length that is no number", "POST /api/jobs HTTP/1.1", "Content-Type: multipart/form-data; boundary=x", "Content-Length: many")
    asks(server, [400, 413], "a negative length", "POST /api/jobs HTTP/1.1", "Content-Type: multipart/form-data; boundary=x", "Content-Length: -1")
    asks(server, [411], "chunks without end", "POST /api/jobs HTTP/1.1", "Content-Type: multipart/form-data; boundary=x", "Transfer-Encoding: chunked",
         body=b"5\r\nhello\r\n")
    asks(server, [413], "a body where none is taken", "POST /api/jobs/1/cancel HTTP/1.1", "Content-Length: 5", body=b"hello")
    body, kind = served.form([("a.gr", b"1 2\n" * ((limit("LIMIT_FILE_BYTES") << 20) // 4 + 1))], {})
    asks(server, [413], "a file too large", "POST /api/jobs HTTP/1.1", f"Content-Type: {kind}", f"Content-Length: {len(body)}", body=body)
    body, kind = served.form([(f"{i}.gr", b"1 2\n") for i in range(limit("LIMIT_FILES") + 1)], {})
    asks(server, [413], "too many files", "POST /api/jobs HTTP/1.1", f"Content-Type: {kind}", f"Content-Length: {len(body)}", body=body)
    body = json.dumps({"places": [[0.123456789, 1]] * 4000}).encode()
    asks(server, [413], "too much JSON", "POST /api/jobs/1/samples HTTP/1.1", "Content-Type: application/json", f"Content-Length: {len(body)}", body=body)


def test_bodies(server):
    form = "Content-Type: multipart/form-data; boundary=x"
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.gr"\r\n\r\n'
    for what, kind, body in (
            ("a form that does not end", form, head + b"1 2\n"),
            ("a form without its boundary", form, b"hello"),
            ("a form without a boundary's name", "Content-Type: multipart/form-data", head),
            ("a part without a name", form, b"--x\r\n\r\nhello\r\n--x--\r\n"),
            ("a form of nothing", form, b""),
            ("an unknown kind of body", "Content-Type: text/plain", b"hello"),
            ("a setting that is not UTF-8", form, b'--x\r\nContent-Disposition: form-data; name="element"\r\n\r\n\xff\xfe\r\n--x--\r\n')):
        asks(server, [400, 415], what, "POST /api/jobs HTTP/1.1", kind, f"Content-Length: {len(body)}", body=body)
    nested = b"[" * 50000
    for what, body in (("JSON that is none", b"{"), ("JSON nested deeply", nested), ("JSON with a key twice", b'{"n": 1, "n": 2}'), ("no JSON", b"")):
        asks(server, [400, 404], what, "POST /api/jobs/1/samples HTTP/1.1", "Content-Type: application/json", f"Content-Length: {len(body)}", body=body)
    asks(server, [415], "JSON by another name", "POST /api/jobs/1/samples HTTP/1.1", "Content-Type: text/plain", "Content-Length: 2", body=b"{}")
    for what, data in (("binary", bytes(range(256)) * 40), ("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500), ("empty lines", b"\r\n" * 2000)):
        answer = raw(server, data, timeout=limit("LIMIT_IDLE_SECONDS") + 10)
        check(status_of(answer) in (0, 400, 403, 501, 505), f"{what}: {status_of(answer)}")
    check(server.json("GET", "/api/jobs")[1]["jobs"] == [], "none of all that became a job")
    name = '..\\..\\C:\\<script>alert(1)</script>/../"x".gr'
    status, answer = server.post_form("/api/inspect", [(name.replace('"', "%22"), b"junk")])
    found = answer["files"][0]["name"]
    check(status == 200 and "/" not in found and "\\" not in found and '"' not in found, f"a file's name is its last part only: {found}")


def test_slow(server):
    """All three at once, since their work is to wait."""
    idle, header = limit("LIMIT_IDLE_SECONDS"), limit("LIMIT_HEADER_SECONDS")
    began = time.monotonic()
    kinds = {"says nothing": b"", "stops in its headers": b"GET /api HT", "trickles": b"GET /api HTTP/1.1\r\nX: "}
    waiting = {}
    for kind, first in kinds.items():
        waiting[kind] = socket.create_connection(("127.0.0.1", server.port))
        waiting[kind].sendall(first)
        waiting[kind].setblocking(False)
    closed = {}
    while waiting and time.monotonic() - began < header + idle + 20:
        time.sleep(1)
        for kind, connection in list(waiting.items()):
            try:
                if kind == "trickles":
                    connection.send(b"x")
                if connection.recv(100) == b"":
                    raise ConnectionError
            except BlockingIOError:
                continue
            except ConnectionError:
                closed[kind] = time.monotonic() - began
                waiting.pop(kind).close()
    for kind in kinds:
        check(closed.get(kind, 1e9) < header + idle + 15, f"a connection that {kind} is closed after {closed.get(kind, 1e9):.0f} s")
    check(server.json("GET", "/api")[0] == 200, "while others are answered")


def test_crowd(server):
    crowd = []
    for _ in range(limit("LIMIT_CONNECTIONS") + 44):
        connection = socket.socket()
        connection.settimeout(5)
        try:
            connection.connect(("127.0.0.1", server.port))
        except OSError:
            pass
        crowd.append(connection)
    crowd[0].sendall(request(server, "GET /api HTTP/1.1"))
    check(crowd[0].recv(12) == b"HTTP/1.1 200", "those who came in time are answered in a crowd")
    for connection in crowd:
        connection.close()
    end = time.monotonic() + 20
    while True:
        try:
            answered = server.json("GET", "/api", timeout=5)[0] == 200
        except OSError:
            answered = False
        if answered or time.monotonic() > end:
            break
        time.sleep(0.2)
    check(answered, "and everybody when it has gone")


if served.no_serve(PROGRAM):
    print("skipped: this build has no server")
    sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    server = served.Server(PROGRAM, pathlib.Path(folder) / "jobs")
    try:
        for test in (test_senders, test_methods_and_paths, test_sizes, test_bodies, test_crowd, test_slow):
            test(server)
        code, said = server.stop()
        check(code == 0 and not said, f"it ends cleanly: {code} {said}")
    finally:
        if server.process.poll() is None:
            server.kill()
sys.exit(failed > 0)
