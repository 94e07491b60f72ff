"""Runs one validator: python -m report_build.validators NAME FILE …."""

import sys
from pathlib import Path

from report_build.validators import main

if __name__ == "__main__":
    main(sys.argv[1], [Path(name) for name in sys.argv[2:]])
