"""Runs the command line as `python -m tidewaiter`."""

from tidewaiter.cli import main

main()
