"""The functions of gettext that templates call: their words in the language of the document, with values filled in."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from reports.translations.checks import plural_form
from reports.translations.texts import Foreign, Text
from reports.translations.wording import WRITTEN_IN, Wording


class Phrases:
    """The words of templates as *wording* has them, for HTML or as plain text; those that it lacks stay English, and say so."""

    def __init__(self, wording: Wording, is_html: bool = True) -> None:
        self.wording = wording
        self.is_html = is_html

    @property
    def functions(self) -> Mapping[str, Callable[..., str]]:
        """The functions, by the names that Jinja's extension calls them by."""
        return {name: getattr(self, name) for name in ("gettext", "ngettext", "pgettext", "npgettext")} | {"_": self.gettext}

    def gettext(self, text: str, /, **values: object) -> str:
        """Return *text* in the language, with *values* in the places of their names."""
        return self._told(Text("", text), None, values)

    def ngettext(self, text: str, plural: str, number: int | float | Decimal, /, **values: object) -> str:
        """Return the same in the form for a *number* of things; *text* is the form for one, and *plural* the other, in English."""
        return self._told(Text("", text, plural=plural), number, {"num": number, **values})

    def pgettext(self, context: str, text: str, /, **values: object) -> str:
        """Return the translation of *text* in *context*."""
        return self._told(Text(context, text), None, {"context": context, **values})

    def npgettext(self, context: str, text: str, plural: str, number: int | float | Decimal, /, **values: object) -> str:
        """Return the translation of *text* in *context*, in the form for a *number* of things."""
        return self._told(Text(context, text, plural=plural), number, {"context": context, "num": number, **values})

    def _told(self, text: Text, number: int | float | Decimal | None, values: Mapping[str, object]) -> str:
        forms = self.wording.forms.get(text.key)
        if forms is None:
            words = text.value if number is None or number == 1 else text.plural
            plain = {name: _same_language(value) for name, value in values.items()}
            filled = self._filled(words, plain)
            return filled if self.wording.is_original or not self.is_html else _foreign(filled)
        # A text that is told with a number in one place may stand without one in another.
        words = forms[0 if number is None or len(forms) == 1 else plural_form(self.wording.language, number)]
        try:
            return self._filled(words, values)
        except _NoCaseError as error:
            raise self.wording.problem(text, f"asks for the case '{error}' of a date, which the language does not have") from None

    def _filled(self, words: str, values: Mapping[str, object]) -> str:
        # Always as a format, as Jinja does, so that '%%' is one sign in all texts.
        return (Markup(words) if self.is_html else words) % _Values(values)  # noqa: S704 - templates are kept and reviewed with the program


class _NoCaseError(Exception):
    """There is no grammatical case of this name."""


class _Values(dict[str, Any]):
    """Values by their names, or by these with a case: `date:genitive`. A text that is no date reads the same in all cases."""

    def __missing__(self, key: str) -> Any:
        name, colon, case = key.partition(":")
        if not colon:
            raise KeyError(key)
        value = self[name]
        try:
            return value.case(case) if hasattr(value, "case") else value
        except LookupError:
            raise _NoCaseError(case) from None


def _same_language(value: object) -> object:
    """Return *value*, which is filled into words in the language of templates, and need not say that it is in that too."""
    return str(value) if isinstance(value, Foreign) and value.language == WRITTEN_IN else value


def _foreign(text: str) -> str:
    """Return *text*, which is HTML in the language of templates, so that it says so wherever it is printed."""
    return Foreign("", WRITTEN_IN).tagged("span", Markup(text)) if "<" in text else Foreign(Markup(text).unescape(), WRITTEN_IN)  # noqa: S704
