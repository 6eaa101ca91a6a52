"""A small service that takes files: PUT /files/<name>, GET /files/<name>."""
import hashlib
import json
from urllib.parse import unquote
from wsgiref.util import setup_testing_defaults

MAX_BYTES = 5 * 1024 * 1024
TEXT_TYPES = ("text/plain", "text/csv", "application/json")


class Store:
    def __init__(self):
        self.files = {}

    def put(self, name, content, kind):
        digest = hashlib.sha256(content).hexdigest()
        self.files[name] = {"content": content, "kind": kind, "digest": digest}
        return digest

    def get(self, name):
        return self.files.get(name)


def preview(content, kind, limit=80):
    """The first characters of a text; of other files nothing."""
    if kind.split(";")[0].strip() not in TEXT_TYPES:
        return None
    text = content.decode("utf-8")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def answer(start_response, status, body):
    payload = json.dumps(body).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(payload)))])
    return [payload]


class App:
    def __init__(self, store=None):
        self.store = store or Store()

    def __call__(self, environ, start_response):
        setup_testing_defaults(environ)
        method, path = environ["REQUEST_METHOD"], unquote(environ["PATH_INFO"])
        if not path.startswith("/files/"):
            return answer(start_response, "404 Not Found", {"error": "no such page"})
        name = path[len("/files/") :]
        if method == "PUT":
            return self.put(name, environ, start_response)
        file = self.store.get(name)
        if file is None:
            return answer(start_response, "404 Not Found", {"error": f"no file {name}"})
        start_response("200 OK", [("Content-Type", file["kind"]), ("ETag", file["digest"])])
        return [file["content"]]

    def put(self, name, environ, start_response):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > MAX_BYTES:
            return answer(start_response, "413 Payload Too Large", {"error": f"{MAX_BYTES} bytes at most"})
        content = environ["wsgi.input"].read(length)
        kind = environ.get("CONTENT_TYPE") or "application/octet-stream"
        digest = self.store.put(name, content, kind)
        body = {"name": name, "bytes": len(content), "digest": digest, "preview": preview(content, kind)}
        return answer(start_response, "201 Created", body)
