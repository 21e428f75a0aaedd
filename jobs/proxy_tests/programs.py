"""The proxies, each with its example of docs/proxies, and a certificate that is made for the test."""

import datetime
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from jobs.tests.waiting import eventually
from project.local import web
from project.local.paths import ROOT

EXAMPLES: Final = ROOT / "docs" / "proxies"
HOST: Final = "jobs.example.com"
# Where Debian's packages have them, also for those who do not have these folders in their PATH
FOLDERS: Final = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


@dataclass(frozen=True)
class Certificate:
    chain: Path
    key: Path
    both: Path


def certificate(folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, SHA256())
    )
    chain = made.public_bytes(Encoding.PEM)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    files = Certificate(folder / "chain.pem", folder / "key.pem", folder / "both.pem")
    for file, text in ((files.chain, chain), (files.key, secret), (files.both, chain + secret)):
        file.write_bytes(text)
    return files


@dataclass(frozen=True)
class Proxy:
    """`prepare` writes the configuration, and returns the words after the program."""

    program: str
    prepare: Callable[[Path, int, int, Certificate], list[str]]

    @property
    def path(self) -> str | None:
        return shutil.which(self.program, path=FOLDERS)


def example(name: str, port: int, upstream: int) -> str:
    text = (EXAMPLES / name).read_text()
    assert "127.0.0.1:8000" in text
    return text.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")


def nginx(folder: Path, port: int, upstream: int, files: Certificate) -> list[str]:
    text = example("nginx.conf", port, upstream)
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}")
    text = text.replace("/etc/ssl/jobs.example.com.pem", str(files.chain))
    text = text.replace("/etc/ssl/jobs.example.com.key", str(files.key))
    paths = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}{text}}}\n"
    )
    return ["-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, upstream: int, files: Certificate) -> list[str]:
    text = example("Caddyfile", port, upstream)
    text = text.replace(
        f"{HOST} {{", f"https://{HOST}:{port} {{\n\ttls {files.chain} {files.key}", 1
    )
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{text}")
    return ["run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def haproxy(folder: Path, port: int, upstream: int, files: Certificate) -> list[str]:
    text = example("haproxy.cfg", port, upstream)
    text = text.replace(
        "bind :443 ssl crt /etc/haproxy/jobs.example.com.pem",
        f"bind 127.0.0.1:{port} ssl crt {files.both}",
    )
    (folder / "haproxy.cfg").write_text(text)
    return ["-f", str(folder / "haproxy.cfg")]


PROXIES: Final = {
    "nginx": Proxy("nginx", nginx),
    "Caddy": Proxy("caddy", caddy),
    "HAProxy": Proxy("haproxy", haproxy),
}


@contextmanager
def running(proxy: Proxy, folder: Path, upstream: int) -> Iterator[int]:
    """Its port."""
    program = proxy.path
    assert program
    port = web.free_port()
    words = proxy.prepare(folder, port, upstream, certificate(folder))
    env = {
        **os.environ,
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    with subprocess.Popen([program, *words], env=env, cwd=folder) as process:
        try:
            eventually(lambda: process.poll() is not None or not web.is_free(port))
            assert process.poll() is None, f"{program} ended with {process.returncode}"
            yield port
        finally:
            process.terminate()
