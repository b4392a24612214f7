"""Django's database backend for PostgreSQL, with a pool that outlives its server (`ENGINE` in the settings)."""
