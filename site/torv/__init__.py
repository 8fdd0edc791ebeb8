"""The website project: settings, URLs, the plugin contract and the outbox."""

__version__ = "0.1.0"
