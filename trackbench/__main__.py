"""``python -m trackbench``."""

from trackbench.cli.app import main

main()
