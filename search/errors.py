"""What search says no with. No engine's own exception leaves `search.engines`."""


class SearchError(Exception):
    """Base of everything this package raises on purpose."""


class InvalidQuery(SearchError):
    """A request that cannot be answered; carries a translated sentence for the person who asked.

    `status` is the HTTP status for an API (422, or 404 for an unknown source); a page answers 400 with the same
    sentence as a notice. `parameter` names the offending URL parameter.
    """

    def __init__(self, message: str, *, parameter: str = "", status: int = 422) -> None:
        super().__init__(message)
        self.message = message
        self.parameter = parameter
        self.status = status


class IndexUnavailable(SearchError):
    """The engine cannot answer now: no index yet, a broken index, a server that is down."""


class IndexOutdated(IndexUnavailable):
    """The index was made by other analysis tables or another schema; a rebuild mends it."""


class IndexMissing(IndexUnavailable):
    """There is no index; building it mends that."""


class ServerUnavailable(IndexUnavailable):
    """The engine's server cannot do it now: it is down, slow, full, or not to be spoken to. Building would not help."""
