"""Who may see mails, and send those in trouble again."""

from typing import Any

PERMISSION = "mail.change_message"


def may_see(user: Any) -> bool:
    """Whoever has the permission: addresses are personal data."""
    return bool(user.is_active and user.has_perm(PERMISSION))
