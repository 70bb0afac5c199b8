"""What is alike in every format."""

from reports.audit.shown import squeeze


def test_hyphens_at_which_words_are_broken_do_not_count() -> None:
    """A word with a soft hyphen is the same word where a PDF breaks it, and where it does not; a hyphen that somebody typed stays."""
    assert squeeze("har\N{SOFT HYPHEN}bour") == squeeze("har\N{HYPHEN} bour") == "harbour"
    assert squeeze("co-operate") == "co-operate"
