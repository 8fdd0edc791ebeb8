""" "Was this page useful?": asked on every page, answered without a cookie, read by editors."""
