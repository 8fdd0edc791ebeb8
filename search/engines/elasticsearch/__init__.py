"""Elasticsearch behind the Engine protocol: one node or a cluster, servers 8.19 and 9.x.

Built on `elasticsearch.dsl`, the library that was called `elasticsearch-dsl` until it became part of the client.
"""

from search.engines.elasticsearch.engine import ElasticsearchEngine

__all__ = ["ElasticsearchEngine"]
