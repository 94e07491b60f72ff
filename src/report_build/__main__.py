"""What does `python -m report_build` do? The same as the command."""

import sys

from report_build.cli import main

sys.exit(main())
