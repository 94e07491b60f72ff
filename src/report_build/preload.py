"""What do all workers share? Imported once, before they are forked."""

import contextlib

with contextlib.suppress(OSError):  # without Pango the machine is told about it in words
    import weasyprint  # noqa: F401
