"""Registering for a meeting without an account: the form, the links in mails, and what editors see of it."""
