"""What people do in the directory: each a function, in one transaction, permission-checked and audited.

``user=None`` is the system itself (a command): nothing is checked then, and the log names nobody.
"""

from directory.actions.importing import import_enterprises
from directory.actions.listings import amend, confirm_listing, publish_enterprise
from directory.actions.roles import end_ownership, ensure_roles, forget_owner_group, make_owner

__all__ = [
    "amend",
    "confirm_listing",
    "end_ownership",
    "ensure_roles",
    "forget_owner_group",
    "import_enterprises",
    "make_owner",
    "publish_enterprise",
]
