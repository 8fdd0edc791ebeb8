"""Forks a worker for each line it reads, and tells its process id: `python -m tests.search.engines.working FOLDER`."""

import os
import signal
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from search import analysis  # noqa: E402

if __name__ == "__main__":
    settings.TORV_SEARCH_PATH = Path(sys.argv[1])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    for language in ("da", "sv", "en"):
        analysis.index_tokens("Kantine", language)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            call_command("outbox", "work")
            os._exit(0)
        print(child, flush=True)
