"""Bundled plugins: each is a Django app that uses nothing an outside package could not."""
