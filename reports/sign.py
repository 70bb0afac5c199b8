"""An edition -> data/editions/N/signed/: its PDFs with certifying signatures (PAdES), its manifest with a detached one (CMS).

Whoever has a signed PDF sees in any reader who issued it, and that nothing changed since; a signed manifest vouches for all other files by
their digests. A signature stands behind the bytes that were issued, so `verify` still knows the file.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from getpass import getpass
from io import BytesIO
from pathlib import Path
from typing import Any

from reports.build.plan import Folders
from reports.dataset.fields import is_web_address
from reports.dataset.load import EDITIONS
from reports.editions.editions import MANIFEST, Edition, find, load_editions
from reports.errors import Location, Problem, ReportsError, one_line
from reports.files import MOST_BYTES, MOST_DIGESTED, is_file_in, read_bytes, sha256, write_whole

SIGNED, DETACHED = "signed", ".p7s"
FIELD, DIGEST = "Signature", "sha256"

Ask = Callable[[], str]
FROM_ENVIRONMENT = "REPORTS_PASSPHRASE"  # the variable of the environment that may hold that of a key


def ask_passphrase() -> str:
    """Return the passphrase of a key: from the environment, or from whoever sits at the terminal; never from the command line."""
    if FROM_ENVIRONMENT in os.environ:
        return os.environ[FROM_ENVIRONMENT]
    if not sys.stdin.isatty():
        message = f"the key needs its passphrase: at a terminal it is asked for, else set {FROM_ENVIRONMENT}"
        raise ReportsError(Problem(Location(Path()), message))
    return getpass("Passphrase of the key: ")


def sign(folders: Folders, key: Path, ask: Ask, number: int | None = None, tsa: str = "", long_term: bool = False) -> Iterator[Path]:
    """Sign the PDFs and the manifest of the edition with *number*, by default the last, and yield the files that are written.

    *key* is a PKCS #12 file, whose passphrase *ask* returns if it has one. With the address of a time-stamping authority, *tsa*, the
    signatures bear its time (B-T); *long_term* ones also hold what proves that the certificate had not been revoked (B-LT). Raises
    ReportsError, and writes nothing, if the key can't sign, if a file is not as issued, or if the edition is signed already.
    """
    editions = load_editions(folders.data)
    if not editions:
        raise ReportsError(Problem(Location(folders.data / EDITIONS), "there is no edition to sign: `edition` freezes one"))
    edition = find(editions, number, folders.data) if number is not None else editions[-1]
    issued, target = _issued(folders, edition), edition.folder / SIGNED
    if target.exists():
        raise ReportsError(Problem(Location(target), f"edition {edition.number} is signed already: remove the folder to sign it again"))
    with _in_words(key, tsa):
        pen = Pen(key, ask, tsa, long_term)
        signed = {name: pen.sign_pdf(content) for name, content in issued.items()}
        signed[f"{MANIFEST}{DETACHED}"] = pen.sign_detached(read_bytes(edition.folder / MANIFEST, edition.folder))
    for name, content in signed.items():
        write_whole(target / name, content)
        yield target / name


def _issued(folders: Folders, edition: Edition) -> Mapping[str, bytes]:
    """Return the PDFs that *edition* issued, by their names; raises ReportsError for each that is not there as it was."""
    places, found, problems = (folders.out, folders.out / EDITIONS / str(edition.number)), {}, []
    for name, file in edition.manifest.files.items():
        there = [place / name for place in places if is_file_in(place / name, place)] if name.endswith(".pdf") else []
        contents = [read_bytes(path, path.parent, MOST_DIGESTED) for path in there]
        same = [content for content in contents if sha256(content) == file.sha256]
        if same:
            found[name] = same[0]
        elif name.endswith(".pdf"):
            said = f"is not there as edition {edition.number} issued it: `build --edition {edition.number}` makes it again"
            problems.append(Problem(Location(folders.out / name), said))
    if problems:
        raise ReportsError(*problems)
    return found


class Pen:
    """A key with its certificate, and what is put beside each signature."""

    def __init__(self, key: Path, ask: Ask, tsa: str = "", long_term: bool = False) -> None:
        from pyhanko.sign.timestamps import HTTPTimeStamper
        from pyhanko_certvalidator import ValidationContext

        if tsa and not is_web_address(tsa):
            raise ReportsError(Problem(Location(key), f"'{tsa}' is no address of a time-stamping authority; write it as https://…"))
        if long_term and not tsa:
            raise ReportsError(Problem(Location(key), "a long-term signature needs the time of an authority: name one by --tsa"))
        self._signer = _load(key, ask)
        self._stamper = HTTPTimeStamper(tsa) if tsa else None
        chain = list(self._signer.cert_registry)
        roots = [certificate for certificate in chain if certificate.self_issued]
        self._context = ValidationContext(trust_roots=roots, other_certs=chain, allow_fetching=True) if long_term else None

    def sign_pdf(self, content: bytes) -> bytes:
        """Return the PDF *content* with an invisible signature, in one revision behind it, that allows no change."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers
        from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference

        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm=DIGEST,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            subfilter=fields.SigSeedSubFilter.PADES,
            embed_validation_info=self._context is not None,
            validation_context=self._context,
            # In the same revision as the signature, which allows none behind it, and so not under its digest (VRI).
            dss_settings=DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE),
        )
        # Outside of the page: PDF/A wants the field to be printed, and PDF/UA wants it hidden, or where no page is.
        place = fields.SigFieldSpec(FIELD, invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True))
        signer = signers.PdfSigner(metadata, self._signer, timestamper=self._stamper, new_field_spec=place)
        made = BytesIO()
        signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), output=made)
        return made.getvalue()

    def sign_detached(self, content: bytes) -> bytes:
        """Return the signature of *content* in DER, apart from it."""
        signing = self._signer.async_sign_general_data(content, digest_algorithm=DIGEST, detached=True, timestamper=self._stamper)
        return bytes(asyncio.run(signing).dump())


def _load(key: Path, ask: Ask) -> Any:
    """Return what signs by the file *key*; raises ReportsError if it can't be read, has no key, or no certificate that is valid now."""
    from pyhanko.sign.signers import SimpleSigner

    content = read_bytes(key, key.parent, MOST_BYTES)

    def load(passphrase: bytes) -> Any:
        with suppress(ValueError, AttributeError):  # the second, if there is a key without its certificate, or neither
            return SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=passphrase)

    if (signer := load(b"") or load(ask().encode())) is None:
        raise ReportsError(
            Problem(Location(key), "can't be read: the passphrase is wrong, or it is no PKCS #12 file (.p12, .pfx) with a key")
        )
    certificate, now = signer.signing_cert, datetime.now(UTC)
    if not certificate.not_valid_before <= now <= certificate.not_valid_after:
        first, last = certificate.not_valid_before.date(), certificate.not_valid_after.date()
        raise ReportsError(Problem(Location(key), f"its certificate is valid from {first} to {last}, and not today"))
    return signer


@contextmanager
def _in_words(key: Path, tsa: str) -> Iterator[None]:
    """Make problems of what pyHanko says, and of the network."""
    try:
        from pyhanko.sign.general import SigningError
        from pyhanko.sign.timestamps import TimestampRequestError
        from pyhanko_certvalidator.errors import PathError, ValidationError
    except ModuleNotFoundError as error:
        said = f"signing needs the package '{error.name}': use `nox -s sign`, which installs it"
        raise ReportsError(Problem(Location(key), said)) from None
    try:
        yield
    except TimestampRequestError as error:
        raise ReportsError(Problem(Location(key), f"the time-stamping authority {tsa} gives no time: {one_line(str(error))}")) from None
    except (SigningError, PathError, ValidationError) as error:
        raise ReportsError(Problem(Location(key), f"can't sign: {one_line(str(error))}")) from None
