"""The pure core: values in, values out; no clock, no log, no socket, no file."""
