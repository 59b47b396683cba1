"""``trackbench view``: the HTML report served on this machine while a run goes on."""
