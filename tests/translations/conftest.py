"""Catalogues of the tiny dataset, which a test may fill."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reports.dataset.load import TRANSLATIONS, load_dataset
from reports.translations.catalogue import draw
from reports.translations.texts import texts
from tests.conftest import edit

Fill = Callable[..., Path]


@pytest.fixture
def fill(tiny_data: Path) -> Fill:
    """A function that declares a language, and draws its catalogue with translations by their contexts, or by locators."""

    def filled(translations: Mapping[str, str], language: str = "bs", flags: tuple[str, ...] = ()) -> Path:
        if "languages:" not in (tiny_data / "dataset.yaml").read_text("utf-8"):
            edit(tiny_data / "dataset.yaml", "language: en\n", f"language: en\nlanguages: [en, {language}]\n")
        dataset = load_dataset(tiny_data)
        path = tiny_data / TRANSLATIONS / f"{language}.po"
        catalogue = draw(path, language, texts(dataset, language).values())
        left = dict(translations)
        for message in catalogue.file:
            name = message.msgctxt if message.msgctxt in left else message.msgid if message.msgctxt in ("locator", "publisher") else ""
            if name in left:
                message.msgstr = left.pop(name)
                message.flags += flags
        assert not left, f"no text is {left}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(catalogue.to_bytes())
        return path

    return filled
