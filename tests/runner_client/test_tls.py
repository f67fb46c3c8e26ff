"""Over https the agent speaks to the server it was told, and to nobody who only says so."""

import datetime
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from runner_client.channel import Channel, Unreachable

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"hello": "you"}'


@pytest.fixture
def certificate(tmp_path):
    """Signed by itself, for the name localhost; the path of certificate and key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    made = made.public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(today - datetime.timedelta(days=1))
    made = made.not_valid_after(today + datetime.timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    encoding = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    path = tmp_path / "server.pem"
    path.write_bytes(
        signed.public_bytes(encoding)
        + key.private_bytes(encoding, form, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def port(certificate):
    """A server that greets whoever completes a handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = socket.create_server(("127.0.0.1", 0))
    heard = []

    def serve():
        while True:
            try:
                plain, _ = listening.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(plain, server_side=True) as tls:
                    heard.append(tls.recv(65536))
                    tls.sendall(ANSWER)
            except OSError:
                plain.close()  # whoever called did not trust us

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listening.getsockname()[1], heard
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(10)


def call(server):
    channel = Channel(server, "a-secret-credential")
    try:
        return channel.call("poll", {}, 5)
    finally:
        channel.close()


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_said(port):
    number, heard = port
    with pytest.raises(Unreachable, match="certificate verify failed"):
        call(f"https://localhost:{number}")
    assert heard == []


def test_one_that_the_machine_trusts_is_taken(port, certificate, monkeypatch):
    number, heard = port
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert call(f"https://localhost:{number}") == {"hello": "you"}
    assert b"Bearer a-secret-credential" in heard[0]


def test_a_trusted_one_for_another_name_is_refused(port, certificate, monkeypatch):
    number, heard = port
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(Unreachable, match="certificate"):
        call(f"https://127.0.0.1:{number}")
    assert heard == []
