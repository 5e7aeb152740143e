"""`script/fuzz`."""

import sys

from .fuzz import main

if __name__ == "__main__":
    sys.exit(main())
