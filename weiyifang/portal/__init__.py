"""Pages made of several topics: the front page, "my page", the workbench's today; and finding one's community.

It reads the topics' `queries` and writes nothing. `chrome.py` makes the dock, the rail and the
workbench's side of what each package says in its `menu.py`.
"""
