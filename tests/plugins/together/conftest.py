"""Where plugins meet, each through hooks alone. A file's name says which it is about, and it stays away without one."""

from pathlib import Path

from django.conf import settings

collect_ignore = [
    file.name
    for file in Path(__file__).parent.glob("test_*.py")
    if set(file.stem.split("_")) & set(settings.TORV_PLUGINS_DISABLED)
]
