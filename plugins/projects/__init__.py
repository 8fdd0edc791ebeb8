"""Networks and projects: who works for what, for how long, with whose money, and what comes of it."""
