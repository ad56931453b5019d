"""A real server on 127.0.0.1 for tests: started, asked, killed."""
import http.client, json, os, signal, subprocess, time, uuid


class Server:
    def __init__(self, program, data, *options):
        self.arguments = [program, "serve", "--port", "0", "--data", str(data), *map(str, options)]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("http://127.0.0.1:"), line + self.process.stderr.read()
        self.port = int(line.rstrip("/\n").rsplit(":", 1)[1])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close(), self.process.stderr.close()

    def stop(self):
        """Ends it as Ctrl-C does; answers the exit code and what it said on stderr."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=60)
        said = self.process.stderr.read()
        self.process.stdout.close(), self.process.stderr.close()
        return code, said

    def ask(self, method, path, body=None, headers={}, timeout=60):
        """Status, headers and body of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def json(self, method, path, body=None, headers={}, timeout=60):
        status, _, text = self.ask(method, path, body, headers, timeout)
        return status, json.loads(text)

    def post_json(self, path, value, timeout=60):
        return self.json("POST", path, json.dumps(value), {"Content-Type": "application/json"}, timeout)

    def post_form(self, path, files=(), timeout=60, **fields):
        """files: pairs of name and bytes."""
        body, kind = form(files, fields)
        return self.json("POST", path, body, {"Content-Type": kind}, timeout)

    def wait(self, job, states=("done", "failed", "cancelled", "interrupted"), seconds=90):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            status, found = self.json("GET", f"/api/jobs/{job}")
            assert status == 200, found
            if found["state"] in states:
                return found
            time.sleep(0.1)
        raise AssertionError(f"job {job} is still {found}")


def form(files, fields):
    boundary, parts = uuid.uuid4().hex, []
    for name, value in fields.items():
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def simulated(program, folder):
    """A gold decahedron of 85 atoms as a .gr file."""
    made = [["build", "decahedron", "--pqr", "4,2,0", "--element", "Au", "--bond-length", "2.88", "-o", f"{folder}/in.xyz"],
            ["simulate", f"{folder}/in.xyz", "-o", f"{folder}/in.gr", "--qmin", "1", "--qmax", "24", "--qdamp", "0.03",
             "--rmax", "20.1"]]
    for arguments in made:
        subprocess.run([program, *arguments], check=True, capture_output=True, timeout=60)
    return open(f"{folder}/in.gr", "rb").read()


def no_serve(program):
    """True where this build has no such command; the test then skips, saying so."""
    return subprocess.run([program, "serve", "--help"], capture_output=True).returncode != 0
