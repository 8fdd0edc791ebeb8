"""Looking at what is on the server: mappings that differ, versions, who answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from elasticsearch import ApiError, Elasticsearch
from packaging.version import InvalidVersion, Version

from torv import __version__

OLDEST, NEXT = Version("8.19"), Version("10")


def difference(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """What is different about a mapping, in a few words; "" when all that we rely on is as we made it."""
    if str(found.get("dynamic", "")).lower() != "strict":
        return "it takes fields that were not defined"
    there, ours = found.get("properties", {}), wanted["properties"]
    if missing := sorted(ours.keys() - there.keys()):
        return f"{len(missing)} fields are missing, {missing[0]} among them"
    for name, field in ours.items():
        if there[name].get("type", "object") != field.get("type", "object"):
            return f"the field {name} is a {there[name].get('type', 'object')}"
    return ""


class Inspection:
    """Questions about the server that are asked now and then."""

    def __init__(self, client: Elasticsearch) -> None:
        self.client = client

    def newer(self, indexes: Sequence[str]) -> str:
        """The version of Torv that built one of these indexes, if it is newer than this one; else ""."""
        found = self.client.indices.get_mapping(index=list(indexes), ignore_unavailable=True).body
        made = [str(said["mappings"].get("_meta", {}).get("made_by", "0")) for said in found.values()]
        return next((version for version in made if _version(version) > _version(__version__)), "")

    def problem(self) -> str:
        """Why this server is not to be used, as a sentence; "" when it is. Raises the client's exceptions."""
        try:
            nodes = self.client.nodes.info(filter_path=["nodes.*.version"]).body.get("nodes", {})
        except ApiError as error:
            if error.status_code == 403:  # a user with few rights cannot ask; searching will tell
                return ""
            raise
        versions = sorted({_version(node["version"]) for node in nodes.values()})
        wrong = [version for version in versions if not OLDEST <= version < NEXT]
        return f"This Elasticsearch is {wrong[0]}; 8.19 and 9.x are supported." if wrong else ""


def _version(text: str) -> Version:
    try:
        return Version(text.removesuffix("-SNAPSHOT"))
    except InvalidVersion:
        return Version("0")
