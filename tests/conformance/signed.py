"""PDFs that were signed: the signature changes nothing of what a document conforms to."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.conformance import verapdf
from tests.conformance.validator import Finding


def check_signed(path: Path, scratch: Path) -> list[Finding]:
    """Return what veraPDF says of a signed copy of *path*, as PDF/A-3a and as PDF/UA-1."""
    from reports.sign import Pen

    folder = Path(mkdtemp(dir=scratch))
    key, copy = folder / "desk.p12", folder / path.name
    key.write_bytes(_key())
    copy.write_bytes(Pen(key, str).sign_pdf(path.read_bytes()))
    return [finding for flavour in ("3a", "ua1") for finding in verapdf.check_pdf(flavour, copy, folder)]


@cache
def _key() -> bytes:
    """Return a key for this run, with a certificate of its own."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Desk")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    return pkcs12.serialize_key_and_certificates(
        b"desk", key, builder.add_extension(usage, critical=True).sign(key, SHA256()), None, NoEncryption()
    )
