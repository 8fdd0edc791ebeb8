"""Meetings: announced, moved, postponed, cancelled, so that everybody who should know learns of it."""
