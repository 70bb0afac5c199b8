"""The words of templates are found in every kind of file that has some."""

from pathlib import Path

from reports.translations.extraction import Words, from_plain, texts_of, words_in
from reports.translations.texts import Text

TEMPLATE = """{% include "parts/" ~ id ~ ".html.j2" %}
<h1>{% trans %}
  A <em>fine</em>
  day
{% endtrans %}</h1> {{ _("Contents") }} {{ _(name) }} {{ pgettext("month", "May") }}
{% trans n=days | length %}One day{% pluralize %}{{ n }} days{% endtrans %} {{ view.title }} <img src="figure:bars" alt="100 %">
"""
PART = '{% trans since=start | date %}Since {{ since }} (100 %){% endtrans %} {{ _("Contents") }}'


def write(folder: Path, **files: str) -> Path:
    """Write *files* into *folder*, by their names with two underscores in the place of a slash, and one more of a dot."""
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_j2", ".html.j2").replace("_yaml", ".yaml").replace("_json", ".vl.json")
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, "utf-8")
    return folder


def test_the_words_of_each_file_are_found_as_jinja_gives_them(tmp_path: Path) -> None:
    """White space is trimmed, a number has its plural, and what is worked out is no text."""
    words = words_in(write(tmp_path, a__page_j2=TEMPLATE, parts__one_j2=PART, a__broken_j2="{% trans %}"))
    assert words["a/page.html.j2"] == Words(
        (
            Text("", "A <em>fine</em> day"),
            Text("", "Contents"),
            Text("month", "May"),
            Text("", "One day", plural="%(n)s days"),
        ),
        ("parts/*.html.j2", "figures/*.vl.json"),
    )
    assert words["parts/one.html.j2"] == Words((Text("", "Since %(since)s (100 %%)"), Text("", "Contents")))
    assert from_plain({name: [*found] for name, found in words.items()}) == words


def test_declarations_workbooks_and_figures_have_words(tmp_path: Path) -> None:
    """A name is known by its document; of a workbook only the expressions count, and of a figure what its readers see."""
    workbook = 'sheets:\n  - title: \'_("Contents") ~ ": " ~ ngettext("One", "%(num)s", count)\'\n    name: Contents'
    spec = '{"title": {"text": ["Per year", "–"]}, "name": "bars", "axis": {"title": "Value"}, "mark": {"type": "text"}, "expr": "year"}'
    folder = write(
        tmp_path,
        a__document_yaml="name: Record\ntitle: A title\noutputs: {}",
        a__book_yaml=workbook,
        figures__bars_json=spec,
        locale__en_yaml="tag: _('en')",
    )
    assert {name: found.texts for name, found in words_in(folder).items()} == {
        "a/document.yaml": (Text("a/name", "Record"), Text("a/title", "A title")),
        "a/book.yaml": (Text("", "Contents"), Text("", "One", plural="%(num)s")),
        "figures/bars.vl.json": (Text("", "Per year"), Text("", "Value")),
    }


def test_a_document_has_the_words_of_all_that_its_template_takes_in(tmp_path: Path) -> None:
    """Each once: what is included, imported or drawn, also by a name that is put together."""
    folder = write(tmp_path, a__page_j2=TEMPLATE, parts__one_j2=PART, b__page_j2='{{ _("Else") }}', figures__bars_json='{"title": "Bars"}')
    texts = texts_of(["a/page.html.j2"], words_in(folder))
    assert [text.value for text in texts] == ["A <em>fine</em> day", "Contents", "May", "One day", "Since %(since)s (100 %%)", "Bars"]
