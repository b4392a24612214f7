"""Pages made of several topics: the front page, "my page", the workbench's today; and finding one's community.

It reads the topics' `queries` and writes nothing. `chrome.py` says which places the dock, the rail and the
workbench's side lead to.
"""
