"""One Markdown master in, proved deliverables for every edition out."""

__version__ = "0.1.0"
