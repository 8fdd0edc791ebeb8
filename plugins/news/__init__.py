"""News: what happened, by topic and year, in feeds, and beneath the pages it is about."""
