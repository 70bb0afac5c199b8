"""The command line: `python -m tests.conformance`, which `nox -s conformance` runs when every document is built."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conformance.validator import BLIND, FAILED, NOT_RUN, PASSED, Result, judge
from tests.conformance.validators import VALIDATORS

BUILD = Path(__file__).parents[2] / "build"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every validator on every file of its format.

    Return 1 if one fails a file or is blind, or if none passes: people who lack a tool can still prove the rest. With
    --complete, which is how continuous integration asks, return 1 also if one was not run.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tests.conformance", description="Show the finished documents to the validators of their formats."
    )
    parser.add_argument("--build", type=Path, default=BUILD, metavar="FOLDER", help="where the documents are (default: build/)")
    parser.add_argument("--language", default="en", metavar="TAG", help="the language of the data (default: en)")
    parser.add_argument("--own", action="store_true", help="look at the files in the language of the data alone: a third of the time")
    parser.add_argument("--complete", action="store_true", help="fail also if a validator is not installed")
    given = parser.parse_args(arguments)
    if not given.build.is_dir():
        parser.error(f"there is no folder {given.build}: nox -s build")
    outcomes: Counter[str] = Counter()
    with TemporaryDirectory(prefix="conformance-") as scratch:
        for result in _results(given.build, Path(scratch), given.language, given.own):
            print("\n".join(result.lines()), flush=True)
            outcomes[result.outcome] += 1
    print(", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()))
    bad = {FAILED, BLIND, NOT_RUN} if given.complete else {FAILED, BLIND}
    return int(bool(outcomes.keys() & bad) or PASSED not in outcomes)


def _results(build: Path, scratch: Path, language: str, own: bool) -> Iterator[Result]:
    """Yield the results in the order of VALIDATORS; the browser, which takes longest, works beside the others."""
    validators = [replace(validator, in_each=validator.in_each and not own) for validator in VALIDATORS]
    with ThreadPoolExecutor(max_workers=1) as beside:
        pages = {
            validator: beside.submit(judge, validator, build, scratch, language) for validator in validators if validator.suffix == ".html"
        }
        for validator in validators:
            yield pages[validator].result() if validator in pages else judge(validator, build, scratch, language)


if __name__ == "__main__":
    sys.exit(main())
