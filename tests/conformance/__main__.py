"""The command line: `python -m conformance`, which `nox -s conformance` runs when every document is built."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conformance import report
from tests.conformance.judge import BLIND, FAILED, NOT_RUN, PASSED, judge
from tests.conformance.validators import VALIDATORS

ROOT = Path(__file__).parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every validator on every file of its format.

    Return 1 if one fails a file or is blind, or if none passes: people who lack a tool can still prove the rest. With
    --complete, which is how continuous integration asks, return 1 also if one was not run.
    """
    parser = _parser()
    given = parser.parse_args(arguments)
    if not given.build.is_dir():
        parser.error(f"there is no folder {given.build}: nox -s build")
    results = []
    with TemporaryDirectory(prefix="conformance-") as scratch:
        for validator in VALIDATORS:
            results.append(judge(validator, given.build, Path(scratch)))
            print("\n".join(report.lines(results[-1])), flush=True)
    (given.build / "tests.conformance.json").write_text(report.record(results, given.build), "utf-8")
    if given.readme:
        report.write_table(ROOT / "README.md", results)
    print(report.summary(results))
    outcomes = {result.outcome for result in results}
    bad = {FAILED, BLIND, NOT_RUN} if given.complete else {FAILED, BLIND}
    return int(bool(outcomes & bad) or PASSED not in outcomes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m conformance", description="Show the finished documents to the validators of their formats."
    )
    parser.add_argument("--build", type=Path, default=ROOT / "build", metavar="FOLDER", help="where the documents are (default: build/)")
    parser.add_argument("--complete", action="store_true", help="fail also if a validator is not installed")
    parser.add_argument("--readme", action="store_true", help="write the results into the README")
    return parser


if __name__ == "__main__":
    sys.exit(main())
