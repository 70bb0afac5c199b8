"""Every format says the same: ordinary texts, read back from each finished file by a library that did not write it."""

from dataclasses import replace
from pathlib import Path

import pytest

from reports.documents.view import View
from reports.readers import read
from reports.readers.content import squeeze
from reports.renderers import renderer
from tests.conftest import TABLE
from tests.dataset.test_marks import ORDINARY
from tests.renderers.word.conftest import copy_templates

PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>T</title><link rel="stylesheet" href="shared/fonts.css"></head>
<body><h1>T</h1>
{% for milestone in view.milestones %}<h2>{{ milestone.title }}</h2>{{ milestone.text | prose }}{% endfor %}</body></html>"""


@pytest.mark.parametrize("suffix", [".pdf", ".html", ".docx", ".xlsx", ".csv"])
def test_ordinary_texts_are_printed_letter_by_letter(suffix: str, tmp_path: Path, tiny_view: View) -> None:
    """Titles, which are no Markdown, and texts, which are, come out of each format sign by sign, however much like marks they look."""
    templates = copy_templates(tmp_path / "templates")
    (templates / "note" / "texts.html.j2").write_text(PAGE, "utf-8")
    (templates / "note" / "texts.yaml").write_text(
        f"{TABLE}      - {{ heading: \"'Text'\", width: 34, value: milestone.text | plain }}\n", "utf-8"
    )
    pairs = [(f"{number}. *{text.splitlines()[0]}*", text) for number, text in enumerate(ORDINARY)]
    milestones = tuple(tiny_view.milestones[0].model_copy(update={"title": title, "text": text}) for title, text in pairs)
    name = "note/texts.yaml" if suffix in (".xlsx", ".csv") else "note/texts.html.j2"
    (tmp_path / f"texts{suffix}").write_bytes(renderer(suffix)(replace(tiny_view, milestones=milestones), templates, name).content)
    said = [squeeze(cell) for block in read(tmp_path / f"texts{suffix}").blocks for cell in block.cells]
    wanted = [squeeze(part) for title, text in pairs for part in (title, *(text.split("\n\n") if name.endswith(".j2") else [text]))]
    assert said[-len(wanted) :] == wanted
