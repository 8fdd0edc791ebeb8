"""The embedded engine: tantivy in this process, files in one folder, no server."""

from search.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
