"""A curated dataset about one country's partnership -> briefing, summary and register, which agree."""

__version__ = "0.1.0"
