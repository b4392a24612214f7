"""What starts, keeps and mends an installation: PostgreSQL, its roles, processes, jobs, backups, the log."""
