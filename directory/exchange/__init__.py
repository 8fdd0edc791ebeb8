"""Enterprises and offers as CSV files: out for a spreadsheet, in with a report of every cell that is wrong.

`files` reads and writes the files, `columns` and `sheets` say what a cell means, `plan` compares files with the
database without writing, `exporting` writes everything out. The writing itself is
`directory.actions.import_enterprises`.
"""
