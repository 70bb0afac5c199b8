"""Signing: the files of an edition, by a key of the tests; PDF signatures read back by pyHanko, detached ones by OpenSSL."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfWriter

from reports.build.plan import Folders
from reports.errors import ReportsError
from reports.files import sha256
from reports.sign import sign
from tests.conftest import Show, edit
from tests.editions.conftest import freeze_data
from tests.test_main import Command, command  # noqa: F401 - a fixture

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)  # one for all: to make one takes its time
NOW = datetime.now(UTC)
PHRASE = "correct horse"


def certificate(name: str, issuer: x509.Certificate | None = None, days: tuple[int, int] = (-1, 30), address: str = "") -> x509.Certificate:
    """Return a certificate for KEY, of its own or by *issuer*; *address* is where it would be said to be revoked."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    first, last = (NOW + timedelta(days=day) for day in days)
    builder = (
        x509.CertificateBuilder(issuer.subject if issuer else subject, subject, KEY.public_key(), x509.random_serial_number(), first, last)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(True, True, False, False, False, issuer is None, issuer is None, False, False), critical=True)
    )
    if name == "Time":
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if address:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(address)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return builder.sign(KEY, SHA256())


def pfx(path: Path, own: x509.Certificate | None, chain: list[x509.Certificate], phrase: str = "") -> Path:
    kind = BestAvailableEncryption(phrase.encode()) if phrase else NoEncryption()
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"desk", KEY if own else None, own, chain, kind))
    return path


class Authority(BaseHTTPRequestHandler):
    """An authority that says what time it is, and that no certificate was revoked."""

    root: ClassVar[x509.Certificate]
    stamper: ClassVar[DummyTimeStamper]

    def do_GET(self) -> None:
        builder = x509.CertificateRevocationListBuilder(self.root.subject, NOW - timedelta(hours=1), NOW + timedelta(days=2))
        self._answer(builder.sign(KEY, SHA256()).public_bytes(Encoding.DER))

    def do_POST(self) -> None:
        request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(self.stamper.request_tsa_response(request).dump(), "application/timestamp-reply")

    def _answer(self, content: bytes, kind: str = "application/pkix-crl") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def issued(folders: Folders) -> Folders:
    """A frozen edition of the tiny dataset, which has issued one PDF."""
    place = freeze_data(folders.data)
    writer, made = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(made)
    pdf = folders.out / "en" / "note.pdf"
    pdf.parent.mkdir(parents=True)
    pdf.write_bytes(made.getvalue())
    told = f'{{"en/note.pdf": {{"sha256": "{sha256(made.getvalue())}", "bytes": {len(made.getvalue())}, "view": "v"}}}}'
    edit(place / "manifest.json", '"files": {}', f'"files": {told}')
    return folders


@pytest.fixture
def authority() -> Iterator[str]:
    """The address of an Authority, on this computer."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Authority)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def no_phrase() -> str:
    pytest.fail("a key without a passphrase is not asked for one")


def read_signature(path: Path, root: x509.Certificate) -> tuple[Any, Any]:
    """Return the one signature in the PDF *path*, and what becomes of checking it."""
    from asn1crypto.x509 import Certificate

    reader = PdfFileReader(BytesIO(path.read_bytes()))
    (signature,) = reader.embedded_signatures
    trusted = ValidationContext(trust_roots=[Certificate.load(root.public_bytes(Encoding.DER))])
    return signature, validate_pdf_signature(signature, trusted, ts_validation_context=trusted)


def test_a_signed_edition_proves_itself(issued: Folders, tmp_path: Path, command: Command) -> None:  # noqa: F811
    """The PDF is certified and allows no change, the manifest's signature is what OpenSSL takes, and the issued bytes are still there."""
    root = certificate("Desk")
    made = [*sign(issued, pfx(tmp_path / "desk.p12", root, []), no_phrase)]
    folder = issued.data / "editions" / "1"
    assert made == [folder / "signed" / "en" / "note.pdf", folder / "signed" / "manifest.json.p7s"]
    signature, status = read_signature(made[0], root)
    assert (status.bottom_line, status.docmdp_ok, signature.docmdp_level.name) == (True, True, "NO_CHANGES")
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    before = (issued.out / "en" / "note.pdf").read_bytes()
    assert made[0].read_bytes().startswith(before)
    assert "edition 1, as issued (en/note.pdf), with something added behind it" in command("verify", made[0]).out
    (tmp_path / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    if not shutil.which("openssl"):
        pytest.skip("OpenSSL is not installed")
    check = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", str(made[1]), "-CAfile", str(tmp_path / "root.pem")]
    for content, status_code in (((folder / "manifest.json").read_bytes(), 0), (b"{}", 4)):
        (tmp_path / "content").write_bytes(content)
        done = subprocess.run([*check, "-content", str(tmp_path / "content"), "-purpose", "any"], capture_output=True, timeout=60)
        assert done.returncode == status_code, done.stderr


def test_a_signature_bears_a_time_and_its_proofs(issued: Folders, tmp_path: Path, authority: str) -> None:
    """In one revision: B-T has the time of an authority, B-LT also what says that no certificate was revoked."""
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate
    from cryptography.hazmat.primitives.serialization import PrivateFormat
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    root = certificate("Root")
    own, time = (certificate(name, root, address=f"{authority}/crl") for name in ("Desk", "Time"))
    store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(Certificate.load(root.public_bytes(Encoding.DER)))
    info = PrivateKeyInfo.load(KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    Authority.root, Authority.stamper = root, DummyTimeStamper(Certificate.load(time.public_bytes(Encoding.DER)), info, store)
    key = pfx(tmp_path / "desk.p12", own, [root], PHRASE)
    made = [*sign(issued, key, lambda: PHRASE, tsa=f"{authority}/tsa", long_term=True)]
    _, status = read_signature(made[0], root)
    assert (status.bottom_line, status.timestamp_validity.valid) == (True, True)
    reader = PdfFileReader(BytesIO(made[0].read_bytes()))
    assert len(reader.root["/DSS"]["/CRLs"]) >= 1
    assert reader.xrefs.total_revisions == 2
    shutil.rmtree(made[1].parent)
    made = [*sign(issued, key, lambda: PHRASE, tsa=f"{authority}/tsa")]
    signature, status = read_signature(made[0], root)
    assert (status.timestamp_validity.valid, "/DSS" in signature.reader.root) == (True, False)


UNREADABLE = "desk.p12: can't be read: the passphrase is wrong, or it is no"
Change = Callable[[Folders, Path], Path]
MISTAKES: dict[str, tuple[Change, dict[str, Any], str]] = {
    "wrong phrase": (
        lambda _, at: pfx(at, certificate("D"), [], "other"),
        {},
        UNREADABLE,
    ),
    "no key": (lambda _, at: (at.write_bytes(b"no key") and at) or at, {}, UNREADABLE),
    "no certificate": (
        lambda _, at: pfx(at, None, [certificate("D")]),
        {},
        UNREADABLE,
    ),
    "not there": (lambda _, at: at, {}, "desk.p12: can't be read: no such file or directory"),
    "expired": (lambda _, at: pfx(at, certificate("D", days=(-9, -2)), []), {}, "desk.p12: its certificate is valid from "),
    "no address": (lambda _, at: pfx(at, certificate("D"), []), {"tsa": "ftp://x"}, "desk.p12: 'ftp://x' is no address of a time-stamping"),
    "no time": (lambda _, at: pfx(at, certificate("D"), []), {"long_term": True}, "desk.p12: a long-term signature needs the time of an"),
    "nobody there": (
        lambda _, at: pfx(at, certificate("D"), []),
        {"tsa": "http://127.0.0.1:9/"},
        "desk.p12: the time-stamping authority http://127.0.0.1:9/ gives no time: ",
    ),
    "edited": (
        lambda folders, at: ((folders.out / "en" / "note.pdf").write_bytes(b"%PDF") and pfx(at, certificate("D"), [])) or at,
        {},
        "build/en/note.pdf: is not there as edition 1 issued it: `build --edition 1` makes it again",
    ),
    "no edition": (
        lambda folders, at: shutil.rmtree(folders.data / "editions") or pfx(at, certificate("D"), []),
        {},
        "data/editions: there is no edition to sign: `edition` freezes one",
    ),
    "another": (lambda _, at: pfx(at, certificate("D"), []), {"number": 3}, "data/editions: there is no edition 3; there are: 1"),
    "twice": (
        lambda folders, at: (folders.data / "editions" / "1" / "signed").mkdir() or pfx(at, certificate("D"), []),
        {},
        "data/editions/1/signed: edition 1 is signed already: remove the folder to sign it again",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_said_and_nothing_written(name: str, issued: Folders, tmp_path: Path, show: Show) -> None:
    """A key that can't sign, an authority that does not answer, a file that is not as issued."""
    change, options, said = MISTAKES[name]
    key = change(issued, tmp_path / "desk.p12")
    with pytest.raises(ReportsError) as raised:
        [*sign(issued, key, lambda: "phrase", **options)]
    (line,) = show(raised.value.problems)
    assert line.startswith(said)
    assert not list((issued.data / "editions").rglob("*.p*"))


def test_a_passphrase_is_never_an_argument(issued: Folders, tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """The environment may have it; where there is no terminal, nobody is asked."""
    pfx(tmp_path / "desk.p12", certificate("Desk"), [], PHRASE)
    said = "the key needs its passphrase: at a terminal it is asked for, else set REPORTS_PASSPHRASE"
    assert said in command("sign", "--key", "desk.p12").err
    monkeypatch.setenv("REPORTS_PASSPHRASE", PHRASE)
    done = command("sign", "--key", "desk.p12")
    assert (done.status, done.out.count(": signed")) == (0, 2)
