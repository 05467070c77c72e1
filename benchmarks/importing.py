"""Advocates imported from a file, beside one bare connection that writes the same rows.

Ours is all that `goodword import` does: it reads the CSV file, checks every row, looks whether
ids, codes and people are known, and writes people, advocates and codes in one transaction.  Bare is
the driver's ``executemany`` of just those rows, ready made, on a copy of the same database, so with
the same tables, indexes and durability.
"""
