"""``python -m trackbench``."""

import sys

# Python begins to look for modules in the working folder, so a numpy.py or select.py that lies
# there would be run instead of the library. It is the last place from now on: modules of one's own
# are still found, and so is what no library of this system is called (msvcrt.py). What Python
# imports for -m is imported before this line: little, and loaded with the interpreter.
if not sys.flags.safe_path:
    sys.path.append(sys.path.pop(0))

from trackbench.cli.app import main

main()
