"""A copy of a dataset -> the same in its own language alone."""

import re
import shutil
from pathlib import Path


def in_one_language(data: Path) -> None:
    """Take the other languages out of the dataset in the folder *data*."""
    head = data / "dataset.yaml"
    head.write_text(re.sub(r"(?m)^languages: .*\n", "", head.read_text("utf-8")), "utf-8")
    shutil.rmtree(data / "translations", ignore_errors=True)
