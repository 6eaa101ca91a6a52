import io
import sys
from wsgiref.handlers import BaseHandler

from app import App


class Handler(BaseHandler):
    """One request in memory, run by the standard library's handler."""

    def __init__(self, body, kind):
        self.body, self.kind = io.BytesIO(body), kind
        self.written = b""

    def get_stdin(self):
        return self.body

    def get_stderr(self):
        return sys.stderr

    def add_cgi_vars(self):
        self.environ.update(
            REQUEST_METHOD="PUT",
            PATH_INFO="/files/prices.csv",
            CONTENT_TYPE=self.kind,
            CONTENT_LENGTH=str(len(self.body.getvalue())),
            SERVER_PROTOCOL="HTTP/1.1",
        )

    def _write(self, data):
        self.written += data

    def _flush(self):
        pass

    def log_exception(self, exc_info):
        raise exc_info[1]


def main():
    body = "Artikel;Preis\nKüche;12,50 €\n".encode("cp1252")
    Handler(body, "text/csv").run(App())


if __name__ == "__main__":
    main()
