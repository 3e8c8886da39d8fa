"""Telling another system over real sockets: what arrives is signed, and what lies where it may not is never called."""

import asyncio
import hashlib
import hmac
import json
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from anhuan.connectors.webhook import HttpSender
from anhuan.ports.deliveries import Delivery, Undelivered, Webhook

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SECRET = "a secret that both sides know, and nobody else"
OWED = Delivery(id="case-1:9", body=json.dumps({"id": "case-1:9", "title": "整改逾期"}, ensure_ascii=False), attempts=1)
LOOPBACK = "127.0.0.0/8, ::1/128"


class Receiver(ThreadingHTTPServer):
    """A small HTTP server that keeps what came and answers as it is told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.came: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 204
        self.location = ""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The other system, on a port of its own."""
    server = Receiver()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def hook(url: str) -> Webhook:
    return Webhook(url=url, secret=SECRET, kinds={})


def send(sender: HttpSender, url: str) -> None:
    asyncio.run(sender.send(hook(url), OWED, AT))


def test_what_arrives_is_the_body_byte_for_byte_under_its_signature(receiver: Receiver) -> None:
    send(HttpSender(LOOPBACK, plain_http=True), f"http://127.0.0.1:{receiver.port}/in/anhuan?plant=1")
    ((path, headers, body),) = receiver.came
    assert (path, body) == ("/in/anhuan?plant=1", OWED.body.encode())
    assert headers["X-Anhuan-Delivery"] == OWED.id
    assert headers["X-Anhuan-Timestamp"] == str(int(AT.timestamp()))
    signed = headers["X-Anhuan-Timestamp"].encode() + b"." + body
    assert headers["X-Anhuan-Signature"] == "v1=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("status", [200, 202, 299])
def test_every_success_is_one(receiver: Receiver, status: int) -> None:
    receiver.status = status
    send(HttpSender(LOOPBACK, plain_http=True), f"http://127.0.0.1:{receiver.port}/")


@pytest.mark.parametrize("status", [302, 307, 400, 404, 500, 503])
def test_anything_else_is_not_taken_and_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    receiver.status, receiver.location = status, f"http://127.0.0.1:{receiver.port}/elsewhere"
    with pytest.raises(Undelivered, match=str(status)):
        send(HttpSender(LOOPBACK, plain_http=True), f"http://127.0.0.1:{receiver.port}/")
    assert len(receiver.came) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https:///nowhere",
        "https://user:word@example.com/",
        "https://example.com:0/",
        "https://example.com:port/",
        "https://[::1",
    ],
)
def test_an_address_that_is_none_of_ours_is_not_called(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    with pytest.raises(Undelivered):
        send(HttpSender(), url)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1"),
    ],
)
def test_a_name_that_leads_into_ones_own_network_is_not_called(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One private address among public ones is enough: which of them would be called is chance."""
    found = [(2, 1, 6, "", ("93.184.215.14", 443)), (2, 1, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("it was called"))
    with pytest.raises(Undelivered, match="no public address"):
        send(HttpSender(), "https://hr.example.com/")


def test_a_network_that_is_allowed_is_called_and_no_other(receiver: Receiver) -> None:
    url = f"http://127.0.0.1:{receiver.port}/"
    send(HttpSender("127.0.0.1/32", plain_http=True), url)
    with pytest.raises(Undelivered, match="no public address"):
        send(HttpSender("10.0.0.0/8", plain_http=True), url)
    assert len(receiver.came) == 1


def test_nobody_there_is_said_in_words() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        with pytest.raises(Undelivered, match="could not be reached"):
            send(HttpSender(LOOPBACK, plain_http=True), f"http://127.0.0.1:{held.getsockname()[1]}/")


# --- TLS


def certificate(folder: Path, name: str) -> Path:
    """A certificate for a name and 127.0.0.1, signed by itself, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_over_tls_the_name_and_the_certificate_must_be_right(receiver: Receiver, tmp_path: Path) -> None:
    pem = certificate(tmp_path, "hr.example.com")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    receiver.socket = serving.wrap_socket(receiver.socket, server_side=True)
    url = f"https://127.0.0.1:{receiver.port}/"
    with pytest.raises(Undelivered, match="CERTIFICATE_VERIFY_FAILED"):
        send(HttpSender(LOOPBACK), url)
    trusted = ssl.create_default_context(cafile=str(pem))
    send(HttpSender(LOOPBACK, trusted=trusted), url)
    with pytest.raises(Undelivered, match="could not be reached"):
        send(HttpSender(LOOPBACK, trusted=trusted), f"https://localhost:{receiver.port}/")
    assert len(receiver.came) == 1
