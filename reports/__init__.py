"""A curated dataset about one country's partnership -> briefing, summary and register, which agree."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - before anything is imported that an older Python can't read
    sys.exit("reports needs Python 3.11 or newer, and this is Python " + sys.version.split()[0] + " (" + sys.executable + ")")

__version__ = "0.1.0"
