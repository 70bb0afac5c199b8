"""Who passes, who fails, who is blind and who was not run: with validators that look at words."""

from pathlib import Path
from zipfile import BadZipFile

import pytest

from tests.conformance.judge import Result, judge
from tests.conformance.programs import ProgramError
from tests.conformance.validator import Check, Fault, Finding, Tool, Validator

TYPO = Fault("a typo", lambda content: content.replace(b"harbour", b"harbor"), "^'harbor' is no word$")
ABSENT = Fault("no ship", lambda content: content.replace(b"ship", b""), "there is no ship")


def spell(path: Path, scratch: Path) -> list[Finding]:
    """Find what is wrong with a text: a word, no ship, and, as a warning, shouting."""
    text = path.read_text("utf-8")
    found = [Finding("'harbor' is no word")] if "harbor" in text else []
    found += [] if "ship" in text else [Finding("there is no ship")]
    return found + ([Finding("'!' shouts", is_warning=True)] if "!" in text else [])


def silent(path: Path, scratch: Path) -> list[Finding]:
    """Find nothing, ever."""
    return []


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A folder with two good texts; the one with a harbour is the smaller."""
    (tmp_path / "build" / "en").mkdir(parents=True)
    (tmp_path / "build" / "en" / "a.txt").write_text("a ship far from any port", "utf-8")
    (tmp_path / "build" / "en" / "b.txt").write_text("harbour, ship", "utf-8")
    return tmp_path / "build"


def judged(build: Path, check: Check = spell, *faults: Fault, tools: tuple[Tool, ...] = ()) -> Result:
    """Return what a validator says of the texts in *build*."""
    scratch = build.parent / "scratch"
    scratch.mkdir()
    return judge(Validator(".txt", "words", tools, check, faults or (TYPO, ABSENT)), build, scratch)


def texts(result: Result) -> dict[str, list[str]]:
    return {path.name: [one.text for one in findings] for path, findings in result.found.items()}


def test_good_files_pass(build: Path) -> None:
    """A validator that finds nothing in our files, and every fault in a broken one, passes them; its tools' versions are told."""
    result = judged(build, tools=(Tool("Speller", lambda: "1.2", "get speller"),))
    assert (result.outcome, result.unseen, result.versions) == ("passed", [], {"Speller": "1.2"})
    assert texts(result) == {"a.txt": [], "b.txt": []}


def test_a_bad_file_fails(build: Path) -> None:
    """One error in one file fails the validator, whatever it sees elsewhere."""
    (build / "c.txt").write_text("the harbor of a ship, and nothing else", "utf-8")
    result = judged(build)
    assert (result.outcome, result.unseen) == ("failed", [])
    assert texts(result) == {"a.txt": [], "b.txt": [], "c.txt": ["'harbor' is no word"]}


def test_the_smallest_good_file_is_broken(build: Path) -> None:
    """A file that is bad already says nothing of who looks at it; without a good one nobody is put to the test."""
    (build / "c.txt").write_text("harbor ship", "utf-8")
    assert judged(build).tried == {"a typo": "", "no ship": ""}
    for name in ("a.txt", "b.txt"):
        (build / "en" / name).unlink()
    (build.parent / "scratch").rename(build.parent / "before")
    result = judged(build)
    assert (result.outcome, result.tried) == ("failed", {})


def test_a_warning_fails_nothing(build: Path) -> None:
    """A warning is kept, and the file passes."""
    (build / "c.txt").write_text("a ship far from any port!", "utf-8")
    result = judged(build)
    assert (result.outcome, [one.text for one in result.warnings], result.errors) == ("passed", ["'!' shouts"], [])


def test_who_sees_nothing_is_blind(build: Path) -> None:
    """A validator that passes a broken file has proved nothing of the good ones."""
    result = judged(build, silent)
    assert (result.outcome, result.unseen) == ("blind", ["a typo", "no ship"])


def test_a_broken_file_that_fails_for_another_reason_proves_nothing(build: Path) -> None:
    """Who is to see a fault has to name it."""
    result = judged(build, spell, Fault("a typo", ABSENT.put, TYPO.says))
    assert (result.outcome, result.unseen) == ("blind", ["a typo"])


def test_a_warning_of_a_fault_is_not_enough(build: Path) -> None:
    """A fault that is only warned of would pass in a document of ours too."""
    result = judged(build, spell, Fault("shouting", lambda content: content + b"!", "shouts"))
    assert (result.outcome, result.unseen) == ("blind", ["shouting"])


def test_a_fault_that_changes_nothing_is_not_seen(build: Path) -> None:
    """When there is nothing to break, nobody has been put to the test."""
    result = judged(build, spell, Fault("nothing", lambda content: content, "."))
    assert (result.outcome, result.tried) == ("blind", {"nothing": "no good file has what it breaks"})


def test_a_fault_is_put_into_the_first_file_that_has_what_it_breaks(build: Path) -> None:
    """A document that lacks what a fault breaks, or makes the fault stumble, leaves it to the next larger one."""

    def far(content: bytes) -> bytes:
        content.index(b"far")
        return content.replace(b"ship", b"")

    def misspelt(content: bytes) -> bytes:
        return content.replace(b"port", b"harbor")

    result = judged(build, spell, Fault("far away", far, ABSENT.says), Fault("no port", misspelt, TYPO.says))
    assert (result.outcome, result.tried) == ("passed", {"far away": "", "no port": ""})


def test_a_fault_that_stumbles_ends_nothing(build: Path) -> None:
    """A fault that can't be put into any file was not seen: it is told why, and the others are tried."""

    def stumble(content: bytes) -> bytes:
        return {}["xl/worksheets/sheet2.xml"]

    result = judged(build, spell, Fault("half a part", stumble, "."), TYPO)
    why = "it can't be put into a.txt: KeyError: 'xl/worksheets/sheet2.xml'"
    assert (result.outcome, result.tried) == ("blind", {"half a part": why, "a typo": ""})


def test_who_is_not_installed_was_not_run(build: Path) -> None:
    """A validator without its tool has passed nothing; the command that installs it is told."""
    result = judged(build, tools=(Tool("Speller", lambda: None, "get speller"),))
    assert (result.outcome, result.not_run, result.found) == ("not run", "Speller is not installed: get speller", {})


def test_who_has_nothing_to_look_at_was_not_run(build: Path) -> None:
    """Without a file of its format a validator has passed nothing."""
    for path in build.rglob("*.txt"):
        path.unlink()
    result = judged(build)
    assert (result.outcome, result.not_run) == ("not run", f"there is no .txt in {build}: nox -s build")


def test_a_program_that_does_not_end_has_failed(build: Path) -> None:
    """What a program did not come to the end of is not proved."""

    def slow(path: Path, scratch: Path) -> list[Finding]:
        raise ProgramError("speller took longer than 120 seconds")

    result = judged(build, slow)
    assert result.outcome == "failed"
    assert texts(result)["a.txt"] == ["speller took longer than 120 seconds"]


def test_our_files_are_left_alone(build: Path) -> None:
    """What is broken is a copy."""
    before = {path: path.read_bytes() for path in build.rglob("*.txt")}
    judged(build)
    assert {path: path.read_bytes() for path in build.rglob("*") if path.is_file()} == before


def test_a_check_that_stumbles_has_not_passed(build: Path) -> None:
    """What a library raises of a damaged file is a finding: the run goes on with the next validator."""

    def stumble(path: Path, scratch: Path) -> list[Finding]:
        raise BadZipFile("File is not a zip file")

    result = judged(build, stumble)
    assert result.outcome == "failed"
    assert texts(result)["a.txt"] == ["can't be checked: BadZipFile: File is not a zip file"]
