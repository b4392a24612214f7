#!/usr/bin/env python
"""The same as the command `weiyifang`, for those who are used to `manage.py`."""

from weiyifang.__main__ import main

if __name__ == "__main__":
    main()
