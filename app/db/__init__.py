"""The database: engine, unit of work, migration, backup, ledger.

SQLite-only statements live here and in the migrations alone.
"""
