"""What the program exists for, measured against raw SQL and against peers on the same machine."""
