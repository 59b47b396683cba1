"""``trackbench bisect``: the commit of an author's repository where a tracker got worse."""
