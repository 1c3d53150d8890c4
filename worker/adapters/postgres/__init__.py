"""The ports over PostgreSQL: one module a side of the ledger, SQL and nothing else."""
