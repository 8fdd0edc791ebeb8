"""A server's process is warm before its first request."""

import gc

from torv import serving


def test_start_tells_the_apps_and_then_the_collector():
    told = []

    def read(**arguments):
        told.append(gc.get_freeze_count())

    before = gc.get_freeze_count()
    serving.starting.connect(read)
    try:
        serving.start()
        assert told == [before]
        assert gc.get_freeze_count() > before
    finally:
        serving.starting.disconnect(read)
        gc.unfreeze()


def test_start_reads_the_tables_of_the_search_without_a_query(django_assert_num_queries, db):
    from search import concepts

    concepts._cpv.cache_clear()
    with django_assert_num_queries(0):
        serving.starting.send(sender=None)
    assert concepts._cpv.cache_info().currsize == 1
