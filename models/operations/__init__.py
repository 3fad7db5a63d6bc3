"""The life of an operation in the database: claimed by a lease, carried on step by step, ended once."""
